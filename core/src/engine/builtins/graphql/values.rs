//! Whether a literal in a query is of the type that is expected of it.

use regorus::Value;

use super::super::Failure;
use super::schema::{Definition, is_required};
use super::tree::{ValueKind, flag, list, member, named, text};

type Checked = Result<(), Failure>;

fn wrong(message: &str) -> Failure {
    Failure::failed(message)
}

/// A literal of a kind, where a type is expected that a definition goes with.
pub(super) fn check_value(value: &Value, kind: ValueKind, definition: &Definition, reference: &Value) -> Checked {
    let fits = |names: &[&str]| names.contains(&definition.name.as_str());
    let unexpected = || Err(wrong("a value is not of the type that is expected"));
    if kind == ValueKind::Null {
        return if flag(reference, "NonNull") {
            unexpected()
        } else {
            Ok(())
        };
    }
    if definition.kind == "SCALAR" && !fits(&["Int", "Float", "String", "Boolean", "ID"]) {
        return Ok(());
    }
    let raw = text(value, "Raw");
    let accepted = match kind {
        ValueKind::List => member(reference, "Elem").is_some(),
        ValueKind::Int => fits(&["Int", "Float", "ID"]) && raw.parse::<i64>().is_ok(),
        ValueKind::Float => fits(&["Float"]) && raw.parse::<f64>().is_ok_and(f64::is_finite),
        ValueKind::Text | ValueKind::Block => definition.kind != "ENUM" && fits(&["String", "ID"]),
        ValueKind::Enum => {
            definition.kind == "ENUM" && definition.enum_values.iter().any(|known| text(known, "Name") == raw)
        }
        ValueKind::Boolean => fits(&["Boolean"]),
        ValueKind::Object => return check_object(value, definition),
        ValueKind::Null | ValueKind::Variable => true,
    };
    if accepted { Ok(()) } else { unexpected() }
}

fn check_object(value: &Value, definition: &Definition) -> Checked {
    let children = list(value, "Children");
    if definition
        .fields
        .iter()
        .any(|field| is_required(field) && named(&children, text(field, "Name")).is_none())
    {
        return Err(wrong("a field of a required type was not provided"));
    }
    if definition
        .directives
        .iter()
        .any(|directive| text(directive, "Name") == "oneOf")
    {
        let given =
            |child: &&Value| member(child, "Value").is_some_and(|value| ValueKind::of(value) != ValueKind::Null);
        if children.len() != 1 || !children.iter().all(given) {
            return Err(wrong("a OneOf input object must specify exactly one key, and not null"));
        }
    }
    if children
        .iter()
        .any(|child| definition.field(text(child, "Name")).is_none())
    {
        return Err(wrong("a field is not defined by the type"));
    }
    Ok(())
}
