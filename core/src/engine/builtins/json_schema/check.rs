//! Whether a schema is one: its types, its patterns, its references.

use regorus::Value;

use super::super::{Call, Failure, regex};
use super::{MAX_DEPTH, elements, json_type, members, resolve, texts, types};

const TYPES: [&str; 7] = ["array", "boolean", "integer", "number", "null", "object", "string"];

/// The schemas right inside one.
fn subschemas(schema: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    for (name, value) in members(schema) {
        match name {
            "additionalItems"
            | "additionalProperties"
            | "contains"
            | "else"
            | "if"
            | "not"
            | "propertyNames"
            | "then" => found.push(value),
            "items" if !matches!(value, Value::Array(_)) => found.push(value),
            "allOf" | "anyOf" | "oneOf" | "items" => found.extend(elements(value)),
            "definitions" | "patternProperties" | "properties" => {
                found.extend(members(value).into_iter().map(|(_, value)| value));
            }
            "dependencies" => found.extend(
                members(value)
                    .into_iter()
                    .map(|(_, value)| value)
                    .filter(|value| !matches!(value, Value::Array(_))),
            ),
            _ => {}
        }
    }
    found
}

/// Whether a schema is one.
pub(super) struct Checker<'a> {
    pub(super) call: &'a Call<'a>,
    pub(super) root: &'a Value,
}

impl Checker<'_> {
    pub(super) fn schema(&self, schema: &Value, depth: usize) -> Result<(), Failure> {
        if depth > MAX_DEPTH {
            return Err(Failure::Limit(format!("the schema nests more than {MAX_DEPTH} levels")));
        }
        if matches!(schema, Value::Bool(_)) {
            return Ok(());
        }
        if !matches!(schema, Value::Object(_)) {
            return Err(Failure::failed("schema must be of an object or boolean"));
        }
        for (name, value) in members(schema) {
            self.keyword(name, value)?;
        }
        subschemas(schema)
            .into_iter()
            .try_for_each(|inner| self.schema(inner, depth + 1))
    }

    fn keyword(&self, name: &str, value: &Value) -> Result<(), Failure> {
        let wrong = |kind: &str| {
            Err(Failure::failed(format!(
                "Invalid type. Expected: {kind}, given: {}",
                json_type(value)
            )))
        };
        match (name, value) {
            ("type", Value::String(_) | Value::Array(_)) => {
                for given in types(value) {
                    if !TYPES.contains(&given) {
                        let expected = TYPES.join(" ");
                        let message = format!(
                            "has a primitive type that is NOT VALID -- given: /{given}/ Expected valid values are:[{expected}]"
                        );
                        return Err(Failure::failed(message));
                    }
                }
                Ok(())
            }
            ("$ref", Value::String(reference)) => resolve(self.root, reference).map(|_| ()),
            ("pattern", Value::String(pattern)) => regex::is_match(self.call, pattern, "").map(|_| ()),
            ("patternProperties", Value::Object(_)) => members(value)
                .into_iter()
                .try_for_each(|(pattern, _)| regex::is_match(self.call, pattern, "").map(|_| ())),
            ("properties" | "patternProperties" | "definitions" | "dependencies", other)
                if !matches!(other, Value::Object(_)) =>
            {
                wrong("object")
            }
            ("required", other) if !matches!(other, Value::Array(_)) => wrong("array"),
            ("required", array) if texts(array).len() != elements(array).len() => {
                Err(Failure::failed("required items must be string"))
            }
            ("enum" | "allOf" | "anyOf" | "oneOf", other) if elements(other).is_empty() => wrong("array"),
            ("minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties", other)
                if other.as_u64().is_err() =>
            {
                Err(Failure::failed(format!("{name} must be of an integer")))
            }
            ("minimum" | "maximum" | "multipleOf", other) if !matches!(other, Value::Number(_)) => wrong("number"),
            ("type" | "$ref" | "pattern" | "title" | "description", other) if !matches!(other, Value::String(_)) => {
                wrong("string")
            }
            ("uniqueItems", other) if !matches!(other, Value::Bool(_)) => wrong("boolean"),
            _ => Ok(()),
        }
    }
}
