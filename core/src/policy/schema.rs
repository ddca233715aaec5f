//! The part of JSON Schema in which policies describe their configuration: checked, defaults filled in, every error with a path.
//!
//! A schema that uses any other keyword is refused, so that nothing in it is silently without effect.

use std::collections::BTreeMap;
use std::str::FromStr;

use regex::Regex;

use crate::json::Value;
use crate::suggest;

/// The keywords that have an effect, and those that are for people.
const KEYWORDS: &[&str] = &[
    "additionalProperties",
    "default",
    "description",
    "enum",
    "examples",
    "items",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
];
const TYPES: &[&str] = &["array", "boolean", "integer", "null", "number", "object", "string"];

/// What is wrong with a configuration, and where in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// Member names and indexes from the top.
    pub(super) path: Vec<String>,
    pub(super) message: String,
    /// What to write instead, where that is clear.
    pub(super) help: Option<String>,
}

/// Checks that a schema uses only what is supported. The message says what does not.
pub(super) fn check_schema(schema: &Value) -> Result<(), String> {
    let members = schema
        .as_object()
        .ok_or_else(|| format!("a schema is {}, expected an object", schema.kind()))?;
    for (keyword, value) in members {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties {
                    check_schema(property).map_err(|message| format!("property `{name}`: {message}"))?;
                    if let Some(default) = property.member("default") {
                        let mut default = default.clone();
                        apply(property, &mut default)
                            .map_err(|mismatch| format!("default of `{name}`: {}", mismatch.message))?;
                    }
                }
            }
            ("items", items) => check_schema(items)?,
            ("additionalProperties", Value::Object(_)) => check_schema(value)?,
            ("additionalProperties", Value::Bool(_)) => {}
            ("type", value) => {
                for name in names(value) {
                    if !TYPES.contains(&name) {
                        return Err(format!("unknown type `{name}`"));
                    }
                }
            }
            ("pattern", Value::String(pattern)) => {
                Regex::new(pattern).map_err(|_| format!("`{pattern}` is not a regular expression"))?;
            }
            (keyword, _) if KEYWORDS.contains(&keyword) => {}
            (keyword, _) => return Err(format!("keyword `{keyword}` is not supported here")),
        }
    }
    Ok(())
}

/// Checks a value against a schema that [`check_schema`] has seen, and fills in defaults.
pub(super) fn apply(schema: &Value, value: &mut Value) -> Result<(), Mismatch> {
    let wrong = |message: String| {
        Err(Mismatch {
            path: Vec::new(),
            message,
            help: None,
        })
    };
    if let Some(kind) = schema.member("type")
        && !names(kind).any(|name| has_type(value, name))
    {
        let expected: Vec<_> = names(kind).collect();
        return wrong(format!("expected {}, found {}", expected.join(" or "), value.kind()));
    }
    if let Some(Value::Array(allowed)) = schema.member("enum")
        && !allowed.contains(value)
    {
        let allowed: Vec<_> = allowed
            .iter()
            .map(|value| serde_json::to_string(value).unwrap_or_default())
            .collect();
        return wrong(format!("expected one of {}", allowed.join(", ")));
    }
    match value {
        Value::Number(number) => {
            let number: f64 = number.as_str().parse().unwrap_or(f64::NAN);
            if let Some(least) = bound(schema, "minimum").filter(|least| number < *least) {
                return wrong(format!("expected at least {least}"));
            }
            if let Some(most) = bound(schema, "maximum").filter(|most| number > *most) {
                return wrong(format!("expected at most {most}"));
            }
        }
        Value::String(text) => {
            if let Some(pattern) = schema.member("pattern").and_then(Value::as_str)
                && !Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
            {
                return wrong(format!("`{text}` does not match `{pattern}`"));
            }
            if bound(schema, "minLength").is_some_and(|least| text.chars().count() < least) {
                return wrong("too short".to_owned());
            }
        }
        Value::Array(items) => {
            if bound(schema, "minItems").is_some_and(|least| items.len() < least) {
                return wrong("too few elements".to_owned());
            }
            if let Some(schema) = schema.member("items") {
                for (index, item) in items.iter_mut().enumerate() {
                    apply(schema, item).map_err(|mismatch| mismatch.below(index.to_string()))?;
                }
            }
        }
        Value::Object(members) => object(schema, members)?,
        Value::Null | Value::Bool(_) => {}
    }
    Ok(())
}

fn object(schema: &Value, members: &mut BTreeMap<String, Value>) -> Result<(), Mismatch> {
    let none = BTreeMap::new();
    let properties = schema.member("properties").and_then(Value::as_object).unwrap_or(&none);
    for (name, property) in properties {
        if let Some(default) = property.member("default") {
            members.entry(name.clone()).or_insert_with(|| default.clone());
        }
    }
    for name in schema
        .member("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !members.contains_key(name) {
            return Err(Mismatch {
                path: Vec::new(),
                message: format!("`{name}` is missing"),
                help: None,
            });
        }
    }
    // Unlike in plain JSON Schema, members that no property names are refused unless the schema says otherwise: a misspelt
    // setting must not look like one that works.
    let others = schema.member("additionalProperties");
    for (name, value) in members.iter_mut() {
        let property = properties
            .get(name)
            .or(others.filter(|others| others.as_object().is_some()));
        match property {
            Some(property) => apply(property, value).map_err(|mismatch| mismatch.below(name.clone()))?,
            None if others == Some(&Value::Bool(true)) => {}
            None => {
                return Err(Mismatch {
                    path: vec![name.clone()],
                    message: format!("unknown setting `{name}`"),
                    help: suggest::help(name, properties.keys().map(String::as_str)),
                });
            }
        }
    }
    Ok(())
}

impl Mismatch {
    fn below(mut self, step: String) -> Self {
        self.path.insert(0, step);
        self
    }
}

fn names(kind: &Value) -> impl Iterator<Item = &str> {
    let one = kind.as_str();
    one.into_iter()
        .chain(kind.as_array().into_iter().flatten().filter_map(Value::as_str))
}

/// A bound that is a number: of values as `f64`, of lengths as `usize`.
fn bound<T: FromStr>(schema: &Value, keyword: &str) -> Option<T> {
    match schema.member(keyword)? {
        Value::Number(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

fn has_type(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Number(number) => name == "number" || (name == "integer" && number.as_i64().is_some()),
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        Value::from_json("test", text.as_bytes()).unwrap()
    }

    const SCHEMA: &str = r#"{"type": "object", "properties": {
        "required": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}, "default": ["owner"]},
        "level": {"enum": ["low", "high"]}, "most": {"type": "integer", "minimum": 1}}}"#;

    #[test]
    fn defaults_are_filled_in() {
        check_schema(&json(SCHEMA)).unwrap();
        let mut value = json("{}");
        apply(&json(SCHEMA), &mut value).unwrap();
        assert_eq!(value, json(r#"{"required": ["owner"]}"#));
    }

    #[test]
    fn mismatches_name_their_path() {
        for (value, path, message) in [
            (r#"{"requierd": []}"#, vec!["requierd"], "unknown setting `requierd`"),
            (
                r#"{"required": "owner"}"#,
                vec!["required"],
                "expected array, found a string",
            ),
            (
                r#"{"required": ["a", "B"]}"#,
                vec!["required", "1"],
                "`B` does not match `^[a-z]+$`",
            ),
            (
                r#"{"level": "medium"}"#,
                vec!["level"],
                r#"expected one of "low", "high""#,
            ),
            (r#"{"most": 0}"#, vec!["most"], "expected at least 1"),
            (r#"{"most": 1.5}"#, vec!["most"], "expected integer, found a number"),
        ] {
            let mismatch = apply(&json(SCHEMA), &mut json(value)).unwrap_err();
            assert_eq!(
                (mismatch.path, mismatch.message.as_str()),
                (path.iter().map(|s| (*s).to_owned()).collect(), message)
            );
        }
        let mismatch = apply(&json(SCHEMA), &mut json(r#"{"requierd": []}"#)).unwrap_err();
        assert_eq!(mismatch.help.as_deref(), Some("did you mean `required`?"));
    }

    #[test]
    fn schemas_with_unsupported_keywords_are_refused() {
        assert!(check_schema(&json(r#"{"oneOf": []}"#)).unwrap_err().contains("oneOf"));
        assert!(
            check_schema(&json(r#"{"properties": {"a": {"type": "sting"}}}"#))
                .unwrap_err()
                .contains("sting")
        );
        assert!(check_schema(&json(r#"{"properties": {"a": {"type": "string", "default": 1}}}"#)).is_err());
    }
}
