//! `graphql.*`: schemas and queries as syntax trees, and whether one fits the other.

mod definitions;
mod lexer;
mod parser;
mod query;
mod schema;
mod tree;
mod values;

use std::collections::BTreeMap;

use regorus::Value;

use super::operand::{any, string, wrong_kind};
use super::{Builtin, Failure};
use parser::Parser;
use schema::Schema;

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("graphql.is_valid", 2, |_, operands| valid(parse_both(operands))),
    Builtin::here("graphql.parse", 2, |_, operands| {
        parse_both(operands).map(|(query, schema)| vec![query, schema].into())
    }),
    Builtin::here("graphql.parse_and_verify", 2, |_, operands| {
        parse_and_verify(parse_both(operands))
    }),
    Builtin::here("graphql.parse_query", 1, |_, operands| {
        Parser::new(string(operands, 1)?)?.query_document()
    }),
    Builtin::here("graphql.parse_schema", 1, |_, operands| {
        Parser::new(string(operands, 1)?)?.schema_document()
    }),
    Builtin::here("graphql.schema_is_valid", 1, |_, operands| {
        valid(schema_document(operands, 1).and_then(|document| Schema::of(&document)))
    }),
];

/// False of whatever fails, except a limit.
fn valid<T>(result: Result<T, Failure>) -> Result<Value, Failure> {
    match result {
        Ok(_) => Ok(true.into()),
        Err(limit @ Failure::Limit(_)) => Err(limit),
        Err(_) => Ok(false.into()),
    }
}

fn parse_and_verify(result: Result<(Value, Value), Failure>) -> Result<Value, Failure> {
    match result {
        Ok((query, schema)) => Ok(vec![Value::from(true), query, schema].into()),
        Err(limit @ Failure::Limit(_)) => Err(limit),
        Err(_) => Ok(vec![Value::from(false), Value::new_object(), Value::new_object()].into()),
    }
}

/// The trees of a query and a schema that fit.
fn parse_both(operands: &[Value]) -> Result<(Value, Value), Failure> {
    let query = document(operands, 1, |text| Parser::new(text)?.query_document())?;
    let schema = schema_document(operands, 2)?;
    query::check(&Schema::of(&schema)?, &query)?;
    Ok((query, schema))
}

fn schema_document(operands: &[Value], position: usize) -> Result<Value, Failure> {
    document(operands, position, |text| Parser::new(text)?.schema_document())
}

/// A text, parsed, or the tree of one.
fn document(
    operands: &[Value],
    position: usize,
    parse: impl FnOnce(&str) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    match any(operands, position) {
        Value::String(text) => parse(text),
        tree @ Value::Object(_) => Ok(pruned(tree)),
        other => Err(wrong_kind(position - 1, other, &["string", "object"])),
    }
}

/// Without what is empty, and without positions.
fn pruned(value: &Value) -> Value {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(array) => array.first().is_none(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    };
    match value {
        Value::Array(array) => array
            .iter()
            .map(pruned)
            .filter(|value| !is_empty(value))
            .collect::<Vec<Value>>()
            .into(),
        Value::Object(object) => {
            let members = object
                .iter()
                .filter(|(key, _)| **key != Value::from("Position"))
                .map(|(key, value)| (key.clone(), pruned(value)));
            members
                .filter(|(_, value)| !is_empty(value))
                .collect::<BTreeMap<Value, Value>>()
                .into()
        }
        other => other.clone(),
    }
}
