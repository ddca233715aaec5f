//! Arithmetic, comparisons, bits and ranges: integers exactly, whatever their size, and fractions in `big.Float`'s 64 bits.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use regorus::Value;

use super::big_float::BigFloat;
use super::operand::{any, big_integer, exact_integer, from_integer, number, wrong_kind};
use super::{Builtin, Call, Failure, term};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("abs", 1, abs),
    Builtin::here("bits.and", 2, |call, operands| bits(call, operands, |a, b| a & b)),
    Builtin::here("bits.lsh", 2, shift_left),
    Builtin::here("bits.negate", 1, |_, operands| {
        Ok(from_integer(&!big_integer(operands, 1)?))
    }),
    Builtin::here("bits.or", 2, |call, operands| bits(call, operands, |a, b| a | b)),
    Builtin::here("bits.rsh", 2, shift_right),
    Builtin::here("bits.xor", 2, |call, operands| bits(call, operands, |a, b| a ^ b)),
    Builtin::here("ceil", 1, ceil),
    Builtin::here("div", 2, div),
    Builtin::here("equal", 2, |_, operands| Ok(order(operands).is_eq().into())),
    Builtin::here("floor", 1, floor),
    Builtin::here("gt", 2, |_, operands| Ok(order(operands).is_gt().into())),
    Builtin::here("gte", 2, |_, operands| Ok(order(operands).is_ge().into())),
    Builtin::here("lt", 2, |_, operands| Ok(order(operands).is_lt().into())),
    Builtin::here("lte", 2, |_, operands| Ok(order(operands).is_le().into())),
    Builtin::here("minus", 2, minus),
    Builtin::here("mul", 2, mul),
    Builtin::here("neq", 2, |_, operands| Ok(order(operands).is_ne().into())),
    Builtin::here("numbers.range", 2, range),
    Builtin::here("numbers.range_step", 3, range_step),
    Builtin::here("plus", 2, plus),
    Builtin::here("rem", 2, rem),
    Builtin::here("round", 1, round),
    Builtin::here("to_number", 1, to_number),
];

fn order(operands: &[Value]) -> Ordering {
    term::compare(any(operands, 1), any(operands, 2))
}

/// The size of integers that a function computes, in bits. Squaring doubles it, so a few calls could take all memory.
const MAX_INTEGER_BITS: u64 = 1 << 20;

fn sized(integer: &BigInt) -> Result<Value, Failure> {
    check_bits(integer.bits())?;
    Ok(from_integer(integer))
}

fn check_bits(bits: u64) -> Result<(), Failure> {
    if bits > MAX_INTEGER_BITS {
        return Err(Failure::Limit(format!(
            "the result has more than {MAX_INTEGER_BITS} bits"
        )));
    }
    Ok(())
}

/// An operation exactly on integers, else in floats.
fn arithmetic(
    operands: &[Value],
    exact: impl Fn(&BigInt, &BigInt) -> BigInt,
    float: impl Fn(&BigFloat, &BigFloat) -> BigFloat,
) -> Result<Value, Failure> {
    let (a, b) = (number(operands, 1)?, number(operands, 2)?);
    if let (Some(a), Some(b)) = (exact_integer(a), exact_integer(b)) {
        check_bits(a.bits().saturating_add(b.bits()))?;
        return sized(&exact(&a, &b));
    }
    floats(a, b, float)
}

fn floats(a: &Value, b: &Value, operation: impl Fn(&BigFloat, &BigFloat) -> BigFloat) -> Result<Value, Failure> {
    let operands = BigFloat::of(a).zip(BigFloat::of(b));
    operands
        .and_then(|(a, b)| operation(&a, &b).value())
        .ok_or_else(out_of_range)
}

fn out_of_range() -> Failure {
    Failure::failed("number out of range")
}

fn plus(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    arithmetic(operands, |a, b| a + b, BigFloat::add)
}

fn mul(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    arithmetic(operands, |a, b| a * b, BigFloat::multiply)
}

/// Of two numbers, or of two sets.
fn minus(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    match (any(operands, 1), any(operands, 2)) {
        (Value::Number(_), Value::Number(_)) => arithmetic(operands, |a, b| a - b, |a, b| a.add(&b.negated())),
        (Value::Set(a), Value::Set(b)) => Ok(a.difference(b).into()),
        (Value::Set(_), other @ Value::Number(_)) => Err(wrong_kind(2, other, &["set"])),
        (Value::Number(_) | Value::Set(_), other) => Err(wrong_kind(2, other, &["number"])),
        (other, _) => Err(wrong_kind(1, other, &["number", "set"])),
    }
}

fn div(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (a, b) = (number(operands, 1)?, number(operands, 2)?);
    if BigFloat::of(b).is_none_or(|divisor| divisor.is_zero()) {
        return Err(Failure::failed("divide by zero"));
    }
    if let (Value::Number(x), Value::Number(y)) = (a, b)
        && let (Some(x), Some(y)) = (x.as_i64(), y.as_i64())
        && let (Some(quotient), Some(0)) = (x.checked_div(y), x.checked_rem(y))
    {
        return Ok(Value::from(quotient));
    }
    floats(a, b, BigFloat::divide)
}

fn rem(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (a, b) = (number(operands, 1)?, number(operands, 2)?);
    let (Some(a), Some(b)) = (exact_integer(a), exact_integer(b)) else {
        return Err(Failure::failed("modulo on floating-point number"));
    };
    if b.sign() == Sign::NoSign {
        return Err(Failure::failed("modulo by zero"));
    }
    Ok(from_integer(&(a % b)))
}

fn unary(operands: &[Value], exact: impl Fn(BigInt) -> BigInt, float: impl Fn(f64) -> f64) -> Result<Value, Failure> {
    let operand = number(operands, 1)?;
    if let Some(integer) = exact_integer(operand) {
        return Ok(from_integer(&exact(integer)));
    }
    let result = Value::from(float(super::operand::float(operand).ok_or_else(out_of_range)?));
    Ok(exact_integer(&result).map_or(result, |integer| from_integer(&integer)))
}

fn abs(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    unary(operands, |integer| BigInt::from(integer.magnitude().clone()), f64::abs)
}

fn round(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    unary(operands, |integer| integer, f64::round)
}

/// OPA truncates first and corrects by the sign of that, so between -1 and 0 it answers 1 here and 0 in [`floor`].
fn ceil(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    unary(
        operands,
        |integer| integer,
        |float| {
            if float > -1.0 {
                float.trunc() + 1.0
            } else {
                float.trunc()
            }
        },
    )
}

fn floor(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    unary(
        operands,
        |integer| integer,
        |float| {
            if float > -1.0 {
                float.trunc()
            } else {
                float.trunc() - 1.0
            }
        },
    )
}

fn bits(_: &Call<'_>, operands: &[Value], operation: fn(BigInt, BigInt) -> BigInt) -> Result<Value, Failure> {
    Ok(from_integer(&operation(
        big_integer(operands, 1)?,
        big_integer(operands, 2)?,
    )))
}

fn shift(operands: &[Value]) -> Result<(BigInt, Option<u64>), Failure> {
    let (integer, by) = (big_integer(operands, 1)?, big_integer(operands, 2)?);
    if by.sign() == Sign::Minus {
        return Err(Failure::Operand(
            "operand 2 must be an unsigned integer number but got a negative integer".into(),
        ));
    }
    Ok((integer, u64::try_from(by).ok()))
}

fn shift_left(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (integer, by) = shift(operands)?;
    let by = by.unwrap_or(u64::MAX);
    check_bits(integer.bits().saturating_add(by))?;
    Ok(from_integer(&(integer << by)))
}

fn shift_right(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (integer, by) = shift(operands)?;
    Ok(from_integer(&(integer >> by.unwrap_or(u64::MAX))))
}

fn range(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    series(
        call,
        &big_integer(operands, 1)?,
        &big_integer(operands, 2)?,
        &BigInt::from(1),
    )
}

fn range_step(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (from, to, step) = (
        big_integer(operands, 1)?,
        big_integer(operands, 2)?,
        big_integer(operands, 3)?,
    );
    if step.sign() != Sign::Plus {
        return Err(Failure::failed("step must be a positive integer"));
    }
    series(call, &from, &to, &step)
}

/// From one integer to another, both included, up or down.
fn series(call: &Call<'_>, from: &BigInt, to: &BigInt, step: &BigInt) -> Result<Value, Failure> {
    let distance = BigInt::from((to - from).magnitude().clone());
    let count = usize::try_from(distance / step).unwrap_or(usize::MAX).saturating_add(1);
    call.check_items(count)?;
    let step = if from <= to { step.clone() } else { -step };
    let mut next = from.clone();
    let mut numbers = Vec::with_capacity(count);
    for _ in 0..count {
        numbers.push(from_integer(&next));
        next += &step;
    }
    Ok(numbers.into())
}

fn to_number(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    match any(operands, 1) {
        Value::Null => Ok(Value::from(0_i64)),
        Value::Bool(truth) => Ok(Value::from(i64::from(*truth))),
        number @ Value::Number(_) => Ok(number.clone()),
        Value::String(text) => from_text(text),
        other => Err(wrong_kind(1, other, &["null", "boolean", "number", "string"])),
    }
}

fn from_text(text: &str) -> Result<Value, Failure> {
    let unsigned = text.trim_start_matches(['+', '-']).to_lowercase();
    if matches!(unsigned.as_str(), "inf" | "infinity" | "nan") {
        return Err(Failure::Operand(
            "operand 1 must be valid number string but got string".into(),
        ));
    }
    let well_formed = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let float = text
        .parse::<f64>()
        .ok()
        .filter(|float| well_formed && float.is_finite());
    let float = float.ok_or_else(|| Failure::failed("not the text of a number"))?;
    let digits = text.strip_prefix('+').unwrap_or(text);
    Ok(match digits.parse::<BigInt>() {
        Ok(integer) => from_integer(&integer),
        Err(_) => exact_integer(&Value::from(float)).map_or(Value::from(float), |integer| from_integer(&integer)),
    })
}
