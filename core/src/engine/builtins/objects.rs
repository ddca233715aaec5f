//! Built-in functions on objects, and on documents by path.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use super::operand::{self, any, array, kind, wrong_element, wrong_kind};
use super::{Builtin, Call, Failure};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("json.filter", 2, json_filter),
    Builtin::here("json.remove", 2, json_remove),
    Builtin::here("object.filter", 2, filter),
    Builtin::here("object.get", 3, get),
    Builtin::here("object.keys", 1, keys),
    Builtin::here("object.remove", 2, remove),
    Builtin::here("object.subset", 2, subset),
    Builtin::here("object.union", 2, union),
    Builtin::here("object.union_n", 1, union_n),
];

fn members(pairs: impl IntoIterator<Item = (Value, Value)>) -> Value {
    pairs.into_iter().collect::<BTreeMap<Value, Value>>().into()
}

fn get(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    operand::object(operands, 1)?;
    let (object, default) = (any(operands, 1), any(operands, 3));
    let found = match any(operands, 2) {
        Value::Array(path) => path.iter().try_fold(object, step),
        key => step(object, key),
    };
    Ok(found.unwrap_or(default).clone())
}

/// What a value holds under a key: a member, an element by index, an element of a set by itself.
fn step<'a>(value: &'a Value, key: &Value) -> Option<&'a Value> {
    match value {
        Value::Object(object) => object.get(key),
        Value::Set(set) => set.get(key),
        Value::Array(array) => array.get(key.as_u64().ok().and_then(|index| usize::try_from(index).ok())?),
        _ => None,
    }
}

fn keys(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(operand::object(operands, 1)?
        .into_iter()
        .map(|(key, _)| key.clone())
        .collect::<BTreeSet<Value>>()
        .into())
}

/// The keys that an array or a set lists, or an object has.
fn listed_keys(operands: &[Value]) -> Result<BTreeSet<&Value>, Failure> {
    match any(operands, 2) {
        Value::Array(array) => Ok(array.iter().collect()),
        Value::Set(set) => Ok(set.iter().collect()),
        Value::Object(object) => Ok(object.keys().collect()),
        other => Err(wrong_kind(2, other, &["object", "set", "array"])),
    }
}

fn retain(operands: &[Value], keep: impl Fn(&BTreeSet<&Value>, &Value) -> bool) -> Result<Value, Failure> {
    let object = operand::object(operands, 1)?;
    let keys = listed_keys(operands)?;
    Ok(members(
        object
            .into_iter()
            .filter(|(key, _)| keep(&keys, key))
            .map(|(key, value)| (key.clone(), value.clone())),
    ))
}

fn remove(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    retain(operands, |keys, key| !keys.contains(key))
}

fn filter(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    retain(operands, |keys, key| keys.get(key).is_some())
}

fn union(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    operand::object(operands, 1)?;
    operand::object(operands, 2)?;
    Ok(merged(any(operands, 1), any(operands, 2)))
}

fn union_n(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let objects = array(operands, 1)?;
    if let Some(other) = objects.iter().find(|object| !matches!(object, Value::Object(_))) {
        return Err(wrong_element(1, any(operands, 1), other, "object"));
    }
    Ok(objects
        .into_iter()
        .fold(Value::new_object(), |all, object| merged(&all, object)))
}

/// The second over the first; objects under the same key merge.
fn merged(first: &Value, second: &Value) -> Value {
    let (Value::Object(a), Value::Object(b)) = (first, second) else {
        return second.clone();
    };
    let mut union: BTreeMap<Value, Value> = a.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    for (key, value) in b.iter() {
        let value = a.get(key).map_or_else(|| value.clone(), |old| merged(old, value));
        union.insert(key.clone(), value);
    }
    union.into()
}

fn subset(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (whole, part) = (any(operands, 1), any(operands, 2));
    match (whole, part) {
        (Value::Array(whole), Value::Set(part)) => {
            let found = whole
                .iter()
                .filter(|value| part.contains(value))
                .collect::<BTreeSet<_>>();
            // OPA looks for the last match while it walks the array, and finds none in an empty one.
            Ok((whole.first().is_some() && found.len() == part.len()).into())
        }
        (Value::Object(_), Value::Object(_)) | (Value::Set(_), Value::Set(_)) | (Value::Array(_), Value::Array(_)) => {
            Ok(is_subset(whole, part).into())
        }
        _ => Err(Failure::Operand(
            "both arguments object.subset must be of the same type or array and set".into(),
        )),
    }
}

fn is_subset(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part.iter().all(|(key, value)| {
            whole
                .get(key)
                .is_some_and(|found| found == value || is_subset(found, value))
        }),
        (Value::Set(whole), Value::Set(part)) => part.iter().all(|value| whole.contains(value)),
        (Value::Array(whole), Value::Array(part)) => {
            let (whole, part): (Vec<_>, Vec<_>) = (whole.iter().collect(), part.iter().collect());
            part.is_empty() || whole.windows(part.len()).any(|window| window == part)
        }
        _ => false,
    }
}

/// Paths as a tree. A leaf ends a path, and what would go on below it is dropped.
#[derive(Debug)]
enum Paths {
    Leaf,
    Below(BTreeMap<Value, Paths>),
}

/// How deep a path may go.
const MAX_DEPTH: usize = 1000;

impl Paths {
    fn of(operands: &[Value]) -> Result<Self, Failure> {
        let paths = operand::elements(operands, 2, &["set", "array"])?;
        let mut root = BTreeMap::new();
        for path in paths {
            let segments = segments(path)?;
            if segments.len() > MAX_DEPTH {
                return Err(Failure::Limit(format!("a path has more than {MAX_DEPTH} segments")));
            }
            let Some((last, parents)) = segments.split_last() else {
                continue;
            };
            let mut node = Some(&mut root);
            for segment in parents {
                node = match node.map(|node| {
                    node.entry(segment.clone())
                        .or_insert_with(|| Self::Below(BTreeMap::new()))
                }) {
                    Some(Self::Below(below)) => Some(below),
                    _ => None,
                };
            }
            if let Some(node) = node {
                node.insert(last.clone(), Self::Leaf);
            }
        }
        Ok(Self::Below(root))
    }

    fn at(&self, key: &Value) -> Option<&Self> {
        match self {
            Self::Leaf => None,
            Self::Below(below) => below.get(key),
        }
    }
}

/// A JSON pointer, or an array of keys.
pub(super) fn segments(path: &Value) -> Result<Vec<Value>, Failure> {
    match path {
        Value::String(text) if text.is_empty() => Ok(Vec::new()),
        Value::String(text) => {
            let pointer = text.trim_start_matches('/');
            Ok(pointer
                .split('/')
                .map(|segment| segment.replace("~1", "/").replace("~0", "~").into())
                .collect())
        }
        Value::Array(segments) => Ok(segments.iter().cloned().collect()),
        other => {
            let expected = "must be one of {set, array} containing string paths or array of path segments";
            Err(Failure::Operand(format!(
                "operand 2 {expected} but got {}",
                kind(other)
            )))
        }
    }
}

fn json_filter(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    operand::object(operands, 1)?;
    Ok(filtered(any(operands, 1), &Paths::of(operands)?))
}

fn filtered(value: &Value, paths: &Paths) -> Value {
    if matches!(paths, Paths::Leaf) {
        return value.clone();
    }
    match value {
        Value::Object(object) => {
            let kept = object
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), filtered(value, paths.at(key)?))));
            members(kept)
        }
        Value::Set(set) => set
            .iter()
            .filter_map(|value| Some(filtered(value, paths.at(value)?)))
            .collect::<BTreeSet<_>>()
            .into(),
        Value::Array(array) => {
            let kept = array.iter().enumerate();
            kept.filter_map(|(index, value)| Some(filtered(value, paths.at(&index.to_string().into())?)))
                .collect::<Vec<_>>()
                .into()
        }
        scalar => scalar.clone(),
    }
}

fn json_remove(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    operand::object(operands, 1)?;
    Ok(without(any(operands, 1), Some(&Paths::of(operands)?)).unwrap_or(Value::Undefined))
}

/// `None`: the value itself is removed.
fn without(value: &Value, paths: Option<&Paths>) -> Option<Value> {
    let Some(paths) = paths else { return Some(value.clone()) };
    if matches!(paths, Paths::Leaf) {
        return None;
    }
    Some(match value {
        Value::Object(object) => members(
            object
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), without(value, paths.at(key))?))),
        ),
        Value::Set(set) => set
            .iter()
            .filter_map(|value| without(value, paths.at(value)))
            .collect::<BTreeSet<_>>()
            .into(),
        Value::Array(array) => {
            let kept = array.iter().enumerate();
            kept.filter_map(|(index, value)| without(value, paths.at(&index.to_string().into())))
                .collect::<Vec<_>>()
                .into()
        }
        scalar => scalar.clone(),
    })
}
