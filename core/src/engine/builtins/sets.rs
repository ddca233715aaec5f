//! Built-in functions on sets, and on the kinds of values.

use std::collections::BTreeSet;

use regorus::Value;

use super::operand::{any, kind, sequence, wrong_kind};
use super::{Builtin, Call, Failure};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("and", 2, and),
    Builtin::here("cast_array", 1, cast_array),
    Builtin::here("cast_boolean", 1, |_, operands| cast(operands, "boolean")),
    Builtin::here("cast_null", 1, |_, operands| cast(operands, "null")),
    Builtin::here("cast_object", 1, |_, operands| cast(operands, "object")),
    Builtin::here("cast_set", 1, cast_set),
    Builtin::here("cast_string", 1, |_, operands| cast(operands, "string")),
    Builtin::here("intersection", 1, intersection),
    Builtin::here("is_array", 1, |_, operands| is(operands, "array")),
    Builtin::here("is_boolean", 1, |_, operands| is(operands, "boolean")),
    Builtin::here("is_null", 1, |_, operands| is(operands, "null")),
    Builtin::here("is_number", 1, |_, operands| is(operands, "number")),
    Builtin::here("is_object", 1, |_, operands| is(operands, "object")),
    Builtin::here("is_set", 1, |_, operands| is(operands, "set")),
    Builtin::here("is_string", 1, |_, operands| is(operands, "string")),
    Builtin::here("or", 2, or),
    Builtin::here("set_diff", 2, difference),
    Builtin::here("type_name", 1, |_, operands| Ok(kind(any(operands, 1)).into())),
    Builtin::here("union", 1, union),
];

/// Two sets, or the failure that names the first that is none.
fn pair(operands: &[Value]) -> Result<(BTreeSet<&Value>, BTreeSet<&Value>), Failure> {
    Ok((set(any(operands, 1), 1)?, set(any(operands, 2), 2)?))
}

fn set(value: &Value, position: usize) -> Result<BTreeSet<&Value>, Failure> {
    match value {
        Value::Set(set) => Ok(set.iter().collect()),
        other => Err(wrong_kind(position, other, &["set"])),
    }
}

fn owned<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    values.into_iter().cloned().collect::<BTreeSet<Value>>().into()
}

fn and(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (a, b) = pair(operands)?;
    Ok(owned(a.intersection(&b).copied()))
}

fn or(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (a, b) = pair(operands)?;
    Ok(owned(a.union(&b).copied()))
}

fn difference(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (a, b) = pair(operands)?;
    Ok(owned(a.difference(&b).copied()))
}

fn intersection(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let mut sets = set(any(operands, 1), 1)?.into_iter().map(|inner| set(inner, 1));
    let Some(first) = sets.next() else {
        return Ok(Value::new_set());
    };
    let common = sets.try_fold(first?, |common, inner| {
        Ok(common.intersection(&inner?).copied().collect())
    })?;
    Ok(owned(common))
}

fn union(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let sets = set(any(operands, 1), 1)?
        .into_iter()
        .map(|inner| set(inner, 1))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(owned(sets.into_iter().flatten()))
}

fn is(operands: &[Value], expected: &str) -> Result<Value, Failure> {
    Ok((kind(any(operands, 1)) == expected).into())
}

fn cast(operands: &[Value], expected: &str) -> Result<Value, Failure> {
    match any(operands, 1) {
        value if kind(value) == expected => Ok(value.clone()),
        other => Err(wrong_kind(1, other, &[expected])),
    }
}

fn cast_array(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let values = sequence(any(operands, 1)).ok_or_else(|| wrong_kind(1, any(operands, 1), &["array", "set"]))?;
    Ok(values.into_iter().cloned().collect::<Vec<Value>>().into())
}

fn cast_set(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    sequence(any(operands, 1))
        .map(owned)
        .ok_or_else(|| wrong_kind(1, any(operands, 1), &["array", "set"]))
}
