//! Built-in functions over whole collections: counts, sums, extremes, order, arrays.

use num_bigint::BigInt;
use regorus::Value;

use super::big_float::BigFloat;
use super::operand::{self, any, array, elements, exact_integer, from_integer, integer, wrong_element, wrong_kind};
use super::{Builtin, Call, Failure, term};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("all", 1, all),
    Builtin::here("any", 1, some),
    Builtin::here("array.concat", 2, array_concat),
    Builtin::here("array.flatten", 1, array_flatten),
    Builtin::here("array.reverse", 1, array_reverse),
    Builtin::here("array.slice", 3, array_slice),
    Builtin::here("count", 1, count),
    Builtin::here("max", 1, max),
    Builtin::here("min", 1, min),
    Builtin::here("product", 1, product),
    Builtin::here("sort", 1, sort),
    Builtin::here("sum", 1, sum),
];

fn count(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(Value::from(match any(operands, 1) {
        Value::Array(array) => array.len(),
        Value::Object(object) => object.len(),
        Value::Set(set) => set.len(),
        Value::String(text) => text.chars().count(),
        other => return Err(wrong_kind(1, other, &["array", "object", "set", "string"])),
    }))
}

/// Either all integers, or the numbers as they are.
enum Numbers<'a> {
    Integers(Vec<BigInt>),
    Floats(Vec<&'a Value>),
}

fn numbers(operands: &[Value]) -> Result<Numbers<'_>, Failure> {
    let values = elements(operands, 1, &["set", "array"])?;
    if let Some(other) = values.iter().find(|value| !matches!(value, Value::Number(_))) {
        return Err(wrong_element(1, any(operands, 1), other, "number"));
    }
    let integers: Option<Vec<BigInt>> = values.iter().map(|value| exact_integer(value)).collect();
    Ok(integers.map_or(Numbers::Floats(values), Numbers::Integers))
}

fn sum(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    match numbers(operands)? {
        Numbers::Integers(integers) => Ok(from_integer(&integers.iter().sum())),
        Numbers::Floats(values) => {
            let sum = values
                .iter()
                .try_fold(BigFloat::zero(), |sum, value| Some(sum.add(&BigFloat::of(value)?)));
            sum.and_then(|sum| sum.value()).ok_or_else(out_of_range)
        }
    }
}

/// Fractions in 53 bits: OPA starts from a `big.NewFloat(1)`, and the result keeps its precision.
fn product(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    match numbers(operands)? {
        Numbers::Integers(integers) => {
            // A digit is more than three bits.
            let bits = integers.iter().map(BigInt::bits).fold(0, u64::saturating_add);
            call.check_text(usize::try_from(bits / 3).unwrap_or(usize::MAX))?;
            Ok(from_integer(&integers.iter().product()))
        }
        Numbers::Floats(values) => {
            let product: f64 = values.iter().filter_map(|value| operand::float(value)).product();
            if !product.is_finite() {
                return Err(out_of_range());
            }
            Ok(Value::from(product))
        }
    }
}

fn out_of_range() -> Failure {
    Failure::failed("number out of range")
}

/// Undefined of nothing.
fn max(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let largest = elements(operands, 1, &["set", "array"])?
        .into_iter()
        .max_by(|a, b| term::compare(a, b));
    Ok(largest.cloned().unwrap_or(Value::Undefined))
}

fn min(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let smallest = elements(operands, 1, &["set", "array"])?
        .into_iter()
        .min_by(|a, b| term::compare(a, b));
    Ok(smallest.cloned().unwrap_or(Value::Undefined))
}

fn sort(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(owned(term::sorted(elements(operands, 1, &["set", "array"])?)))
}

fn all(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(elements(operands, 1, &["array", "set"])?
        .into_iter()
        .all(|value| *value == Value::Bool(true))
        .into())
}

fn some(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(elements(operands, 1, &["array", "set"])?
        .contains(&&Value::Bool(true))
        .into())
}

fn owned<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    values.into_iter().cloned().collect::<Vec<Value>>().into()
}

fn array_concat(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (mut first, second) = (array(operands, 1)?, array(operands, 2)?);
    call.check_items(first.len().saturating_add(second.len()))?;
    first.extend(second);
    Ok(owned(first))
}

/// One level: the elements of inner arrays in place of these.
fn array_flatten(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let mut flat = Vec::new();
    for value in array(operands, 1)? {
        match value {
            Value::Array(inner) => flat.extend(inner.iter()),
            other => flat.push(other),
        }
        call.check_items(flat.len())?;
    }
    Ok(owned(flat))
}

fn array_reverse(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(owned(array(operands, 1)?.into_iter().rev()))
}

/// Both ends clamped to the array, and the first to the second.
fn array_slice(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let values = array(operands, 1)?;
    let clamped = |index: i64, end: usize| usize::try_from(index.max(0)).unwrap_or(usize::MAX).min(end);
    let (start, stop) = (integer(operands, 2)?, integer(operands, 3)?);
    let stop = clamped(stop, values.len());
    let start = clamped(start, stop);
    Ok(owned(values.get(start..stop).unwrap_or_default().iter().copied()))
}
