//! Operands taken as the kind that a function wants, with OPA's words when they are of another.

use num_bigint::BigInt;
use regorus::Value;

use super::Failure;

/// The name of a value's kind.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Set(_) => "set",
        Value::Object(_) => "object",
        Value::Undefined => "undefined",
    }
}

/// The operand at a position, counted from 1 as in the messages.
pub(super) fn any(operands: &[Value], position: usize) -> &Value {
    operands.get(position.wrapping_sub(1)).unwrap_or(&Value::Undefined)
}

/// `operand 1 must be string but got number`.
pub(super) fn wrong_kind(position: usize, found: &Value, expected: &[&str]) -> Failure {
    let found = kind(found);
    match expected {
        [one] => Failure::Operand(format!("operand {position} must be {one} but got {found}")),
        several => Failure::Operand(format!(
            "operand {position} must be one of {{{}}} but got {found}",
            several.join(", ")
        )),
    }
}

/// `operand 2 must be array of strings but got array containing number`.
pub(super) fn wrong_element(position: usize, composite: &Value, found: &Value, expected: &str) -> Failure {
    let (composite, found) = (kind(composite), kind(found));
    Failure::Operand(format!(
        "operand {position} must be {composite} of {expected}s but got {composite} containing {found}"
    ))
}

pub(super) fn string(operands: &[Value], position: usize) -> Result<&str, Failure> {
    match any(operands, position) {
        Value::String(text) => Ok(text),
        other => Err(wrong_kind(position, other, &["string"])),
    }
}

/// The elements of an array.
pub(super) fn array(operands: &[Value], position: usize) -> Result<Vec<&Value>, Failure> {
    match any(operands, position) {
        Value::Array(array) => Ok(array.iter().collect()),
        other => Err(wrong_kind(position, other, &["array"])),
    }
}

/// The elements of an array, or of a set in their order. `expected` is how OPA's message lists the two for this function.
pub(super) fn elements<'a>(
    operands: &'a [Value],
    position: usize,
    expected: &[&str],
) -> Result<Vec<&'a Value>, Failure> {
    sequence(any(operands, position)).ok_or_else(|| wrong_kind(position, any(operands, position), expected))
}

/// The elements of a value that is an array or a set.
pub(super) fn sequence(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(array) => Some(array.iter().collect()),
        Value::Set(set) => Some(set.iter_sorted().collect()),
        _ => None,
    }
}

/// The texts of an array or a set of strings.
pub(super) fn strings(operands: &[Value], position: usize) -> Result<Vec<&str>, Failure> {
    let operand = any(operands, position);
    elements(operands, position, &["array", "set"])?
        .into_iter()
        .map(|element| match element {
            Value::String(text) => Ok(&**text),
            other => Err(wrong_element(position, operand, other, "string")),
        })
        .collect()
}

/// The members of an object, by key.
pub(super) fn object(operands: &[Value], position: usize) -> Result<Vec<(&Value, &Value)>, Failure> {
    match any(operands, position) {
        Value::Object(object) => Ok(object.iter_sorted().collect()),
        other => Err(wrong_kind(position, other, &["object"])),
    }
}

/// An integer that fits a machine word.
pub(super) fn integer(operands: &[Value], position: usize) -> Result<i64, Failure> {
    match any(operands, position) {
        Value::Number(number) => number.as_i64().ok_or_else(|| not_an_integer(position)),
        other => Err(wrong_kind(position, other, &["number"])),
    }
}

/// An integer of any size.
pub(super) fn big_integer(operands: &[Value], position: usize) -> Result<BigInt, Failure> {
    match any(operands, position) {
        Value::Number(_) => exact_integer(any(operands, position)).ok_or_else(|| not_an_integer(position)),
        other => Err(wrong_kind(position, other, &["integer"])),
    }
}

/// The integer that a number is, if it is one.
pub(super) fn exact_integer(value: &Value) -> Option<BigInt> {
    let Value::Number(number) = value else { return None };
    if let Some(small) = number.as_i64() {
        return Some(BigInt::from(small));
    }
    if !number.is_integer() {
        return None;
    }
    number.as_big().map(|big| (*big).clone()).or_else(|| {
        // Integral floats past the 64 bits: their decimal expansion is exact.
        let float = number.as_f64()?;
        format!("{float:.0}").parse().ok()
    })
}

/// The nearest float to a number. The engine's own conversion refuses integers past 53 bits.
pub(super) fn float(value: &Value) -> Option<f64> {
    let Value::Number(_) = value else { return None };
    value.to_string().parse().ok().filter(|float: &f64| float.is_finite())
}

/// A big integer as a value.
pub(super) fn from_integer(integer: &BigInt) -> Value {
    i64::try_from(integer).map_or_else(
        |_| Value::from_numeric_string(&integer.to_string()).unwrap_or(Value::Undefined),
        Value::from,
    )
}

pub(super) fn number(operands: &[Value], position: usize) -> Result<&Value, Failure> {
    match any(operands, position) {
        number @ Value::Number(_) => Ok(number),
        other => Err(wrong_kind(position, other, &["number"])),
    }
}

fn not_an_integer(position: usize) -> Failure {
    Failure::Operand(format!(
        "operand {position} must be integer number but got floating-point number"
    ))
}
