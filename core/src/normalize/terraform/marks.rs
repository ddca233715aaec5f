//! Marks beside a value: what is unknown, what is sensitive, down to one element.
//!
//! `after_unknown`, `before_sensitive` and `after_sensitive` have the shape of the value and `true` where something is marked. A mark
//! counts for everything below it. Anything may be absent, null, cut short or of another shape than the value.

use crate::error::{Error, ErrorKind};
use crate::input::{Path, Secrets, Step, looks_like_handle};
use crate::json::Value;

/// One tree of marks, or two of which either counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks<'a>(Option<&'a Value>, Option<&'a Value>);

impl<'a> Marks<'a> {
    pub(super) fn one(tree: &'a Value) -> Self {
        Self(Some(tree), None)
    }

    pub(super) fn either(left: &'a Value, right: &'a Value) -> Self {
        Self(Some(left), Some(right))
    }

    /// Whether there is anything here, a mark or not: the plan has then a value of this name.
    pub(super) fn is_given(self) -> bool {
        self.0.is_some() || self.1.is_some()
    }

    /// Whether the value here is marked, and with it everything below.
    pub(super) fn here(self) -> bool {
        // Anything that is neither `false` nor a container would be a mark that we do not understand: it counts.
        let marked = |tree: Option<&Value>| {
            !matches!(
                tree,
                None | Some(Value::Null | Value::Bool(false) | Value::Array(_) | Value::Object(_))
            )
        };
        marked(self.0) || marked(self.1)
    }

    /// Whether anything is marked, here or below.
    pub(super) fn anywhere(self) -> bool {
        fn any(tree: &Value) -> bool {
            match tree {
                Value::Array(items) => items.iter().any(any),
                Value::Object(members) => members.values().any(any),
                scalar => Marks::one(scalar).here(),
            }
        }
        [self.0, self.1].into_iter().flatten().any(any)
    }

    pub(super) fn member(self, name: &str) -> Self {
        let member = |tree: Option<&'a Value>| tree.and_then(|tree| tree.member(name));
        Self(member(self.0), member(self.1))
    }

    pub(super) fn element(self, index: usize) -> Self {
        let element = |tree: Option<&'a Value>| tree.and_then(|tree| tree.element(index));
        Self(element(self.0), element(self.1))
    }

    /// The names of members that have marks of their own.
    pub(super) fn names(self) -> impl Iterator<Item = &'a str> {
        let names = |tree: Option<&'a Value>| {
            tree.and_then(Value::as_object)
                .into_iter()
                .flat_map(|members| members.keys())
        };
        let first = self.0;
        let is_new = move |name: &&String| first.and_then(|tree| tree.member(name)).is_none();
        names(self.0).chain(names(self.1).filter(is_new)).map(String::as_str)
    }

    /// The number of elements that have marks of their own.
    pub(super) fn elements(self) -> usize {
        let length = |tree: Option<&Value>| tree.and_then(Value::as_array).map_or(0, <[Value]>::len);
        length(self.0).max(length(self.1))
    }
}

/// How many steps all paths of one plan may have together.
///
/// A mark deep down costs a few bytes in the plan and a step for each level in the document: without a limit, a small
/// hostile plan would fill the memory.
pub(super) struct Budget(usize);

impl Budget {
    /// For a plan of this many bytes: far more than any real one of that size needs.
    pub(super) fn for_size(bytes: usize) -> Self {
        Self(1_000_000 + bytes / 8)
    }

    fn spend(&mut self, steps: usize) -> Result<(), Error> {
        self.0 = self.0.checked_sub(steps + 1).ok_or_else(|| {
            let message = "more paths to unknown and sensitive values than a plan of this size has";
            Error::new(ErrorKind::Limit, "plan.paths", message).with_help(super::SHOW)
        })?;
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum At<'a> {
    Member(&'a str),
    Element(usize),
}

fn path(steps: &[At<'_>]) -> Path {
    let step = |step: &At<'_>| match step {
        At::Member(name) => Step::Name((*name).to_owned()),
        At::Element(index) => Step::Index(*index as u64),
    };
    Path(steps.iter().map(step).collect())
}

/// The paths of all marks, sorted: the topmost of each subtree.
pub(super) fn paths(marks: Marks<'_>, budget: &mut Budget) -> Result<Vec<Path>, Error> {
    fn collect<'a>(
        marks: Marks<'a>,
        steps: &mut Vec<At<'a>>,
        found: &mut Vec<Path>,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        if marks.here() {
            budget.spend(steps.len())?;
            found.push(path(steps));
            return Ok(());
        }
        for name in marks.names() {
            steps.push(At::Member(name));
            collect(marks.member(name), steps, found, budget)?;
            steps.pop();
        }
        for index in 0..marks.elements() {
            steps.push(At::Element(index));
            collect(marks.element(index), steps, found, budget)?;
            steps.pop();
        }
        Ok(())
    }
    let mut found = Vec::new();
    collect(marks, &mut Vec::new(), &mut found, budget)?;
    found.sort();
    Ok(found)
}

/// Marks of unknown values without the names of what is inside sensitive ones: there, one mark says that something is unknown.
pub(super) fn without_names(unknown: &mut Value, sensitive: Marks<'_>) {
    if sensitive.here() {
        *unknown = Value::Bool(Marks::one(unknown).anywhere());
        return;
    }
    match unknown {
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                without_names(item, sensitive.element(index));
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                without_names(member, sensitive.member(name));
            }
        }
        _ => {}
    }
}

/// Puts a handle in place of every marked value, and of every text that would pass for a handle. A null stays: it hides nothing.
///
/// The paths of the texts that were not marked go to `forged`.
pub(super) fn seal(value: &mut Value, marks: Marks<'_>, secrets: &mut Secrets, forged: &mut Vec<Path>) {
    fn walk<'v>(
        value: &'v mut Value,
        marks: Marks<'_>,
        secrets: &mut Secrets,
        steps: &mut Vec<At<'v>>,
        forged: &mut Vec<Path>,
    ) {
        if marks.here() && !value.is_null() {
            *value = Value::String(secrets.seal(value));
            return;
        }
        match value {
            Value::String(text) if looks_like_handle(text) => {
                *value = Value::String(secrets.seal(value));
                forged.push(path(steps));
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    steps.push(At::Element(index));
                    walk(item, marks.element(index), secrets, steps, forged);
                    steps.pop();
                }
            }
            Value::Object(members) => {
                for (name, member) in members.iter_mut() {
                    steps.push(At::Member(name));
                    walk(member, marks.member(name), secrets, steps, forged);
                    steps.pop();
                }
            }
            _ => {}
        }
    }
    walk(value, marks, secrets, &mut Vec::new(), forged);
}

/// A path cut off at the first mark on it, so that it names nothing inside a sensitive value.
pub(super) fn covered(path: Path, cover: Marks<'_>) -> Path {
    let mut marks = cover;
    let mut length = 0;
    for step in &path.0 {
        if marks.here() {
            break;
        }
        marks = match step {
            Step::Name(name) => marks.member(name),
            Step::Index(index) => {
                usize::try_from(*index).map_or_else(|_| Marks::default(), |index| marks.element(index))
            }
        };
        length += 1;
    }
    Path(path.0.into_iter().take(length).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        Value::from_json("x", text.as_bytes()).unwrap()
    }

    fn texts(unknown: &str, sensitive: &str) -> Vec<String> {
        let (mut unknown, sensitive) = (json(unknown), json(sensitive));
        without_names(&mut unknown, Marks::one(&sensitive));
        let found = paths(Marks::one(&unknown), &mut Budget::for_size(0)).unwrap();
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_path_for_each_topmost_mark() {
        let marks = r#"{"id": true, "tags": {"b": true, "a": false}, "rule": [{}, {"port": true}, true], "x": null, "y": {}, "z": []}"#;
        assert_eq!(texts(marks, "false"), ["id", "rule[1].port", "rule[2]", "tags.b"]);
        assert_eq!(texts("true", "false"), [""]);
        assert_eq!(texts("false", "false"), [""; 0]);
    }

    #[test]
    fn nothing_inside_a_sensitive_value_is_named() {
        assert_eq!(texts(r#"{"m": {"key": true, "other": true}}"#, r#"{"m": true}"#), ["m"]);
        assert_eq!(texts(r#"{"m": [{"key": true}]}"#, r#"{"m": [true]}"#), ["m[0]"]);
        assert_eq!(texts(r#"{"m": {"key": false}}"#, r#"{"m": true}"#), [""; 0]);
        let cover = json(r#"{"m": true}"#);
        let inner = Path::default().member("m").member("key");
        assert_eq!(covered(inner, Marks::one(&cover)).to_string(), "m");
        let other = Path::default().member("n").element(0);
        assert_eq!(covered(other, Marks::one(&cover)).to_string(), "n[0]");
    }

    #[test]
    fn seals_what_either_side_marks() {
        let mut value = json(r#"{"a": "x", "b": {"k": 1}, "c": null, "d": ["x", "y"], "e": "(sensitive #1)"}"#);
        let (before, after) = (
            json(r#"{"a": true, "c": true}"#),
            json(r#"{"b": true, "d": [false, true, true]}"#),
        );
        let mut secrets = Secrets::default();
        let mut forged = Vec::new();
        seal(&mut value, Marks::either(&before, &after), &mut secrets, &mut forged);
        let expected = r#"{"a": "(sensitive #1)", "b": "(sensitive #2)", "c": null, "d": ["x", "(sensitive #3)"], "e": "(sensitive #4)"}"#;
        assert_eq!(value, json(expected));
        assert_eq!(forged, [Path::default().member("e")]);
    }

    #[test]
    fn paths_are_limited() {
        let deep = format!(
            "{}{}{}",
            "[".repeat(400),
            vec!["true"; 10_000].join(","),
            "]".repeat(400)
        );
        let marks = json(&deep);
        let mut budget = Budget::for_size(deep.len());
        let error = paths(Marks::one(&marks), &mut budget).unwrap_err();
        assert_eq!(error.code(), "plan.paths");
    }
}
