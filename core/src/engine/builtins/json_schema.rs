//! `json.match_schema` and `json.verify_schema`: JSON Schema drafts 4 to 7, in the words of `gojsonschema`.

mod check;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};

use regorus::Value;

use super::operand::{any, float};
use super::{Builtin, Call, Failure, json_text, layout, regex, time_parse};
use check::Checker;

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("json.match_schema", 2, match_schema),
    Builtin::here("json.verify_schema", 1, verify_schema),
];

/// How deep a schema or a chain of references may go.
const MAX_DEPTH: usize = 100;
/// How many schemas are tried before it is too many.
const MAX_STEPS: usize = 1_000_000;

fn document(value: &Value) -> Result<Value, Failure> {
    match value {
        Value::String(text) => json_text::parse(text).ok_or_else(|| Failure::failed("invalid JSON string")),
        // Sets are arrays, and keys texts.
        Value::Object(_) | Value::Array(_) => {
            json_text::parse(&json_text::write(value, None)).ok_or_else(|| Failure::failed("not a JSON value"))
        }
        _ => Err(Failure::failed("wrong type, expected string or object")),
    }
}

fn verify_schema(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let checked = document(any(operands, 1)).and_then(|schema| Checker { call, root: &schema }.schema(&schema, 0));
    match checked {
        Ok(()) => Ok(vec![Value::from(true), Value::Null].into()),
        Err(Failure::Failed(message)) => Ok(vec![Value::from(false), format!("jsonschema: {message}").into()].into()),
        Err(other) => Err(other),
    }
}

fn match_schema(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let found = document(any(operands, 1))?;
    let schema = document(any(operands, 2))?;
    Checker { call, root: &schema }.schema(&schema, 0)?;
    let mut matcher = Matcher {
        call,
        root: &schema,
        steps: 0,
    };
    let errors = matcher.errors(&schema, &found, "(Root)", 0)?;
    let valid = errors.is_empty();
    let errors: Vec<Value> = errors.into_iter().map(Mismatch::value).collect();
    Ok(vec![Value::from(valid), errors.into()].into())
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(object) => object.get(&Value::from(name)),
        _ => None,
    }
}

fn members(value: &Value) -> Vec<(&str, &Value)> {
    let Value::Object(object) = value else {
        return Vec::new();
    };
    let named = object.iter_sorted().map(|(key, value)| {
        if let Value::String(key) = key {
            Some((&**key, value))
        } else {
            None
        }
    });
    named.flatten().collect()
}

fn elements(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(array) => array.iter().collect(),
        _ => Vec::new(),
    }
}

fn texts(value: &Value) -> Vec<&str> {
    elements(value)
        .into_iter()
        .filter_map(|value| {
            if let Value::String(text) = value {
                Some(&**text)
            } else {
                None
            }
        })
        .collect()
}

/// The schema that a reference means. Only those inside the document can be followed.
fn resolve<'a>(root: &'a Value, reference: &str) -> Result<&'a Value, Failure> {
    let Some(pointer) = reference.strip_prefix('#') else {
        return Err(Failure::Refused(
            "a schema that refers to another document, which is not fetched".into(),
        ));
    };
    let missing = || Failure::failed("a reference to what is not in the schema");
    pointer.split('/').skip(1).try_fold(root, |value, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        match value {
            Value::Array(array) => step.parse().ok().and_then(|index| array.get(index)).ok_or_else(missing),
            value => member(value, &step).ok_or_else(missing),
        }
    })
}

fn types(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        other => texts(other),
    }
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null | Value::Undefined => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_integer() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) | Value::Set(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Where a document is not as a schema has it.
struct Mismatch {
    kind: &'static str,
    field: String,
    description: String,
}

impl Mismatch {
    fn value(self) -> Value {
        let error = format!("{}: {}", self.field, self.description);
        let members = [
            ("error", error),
            ("type", self.kind.to_owned()),
            ("field", self.field),
            ("desc", self.description),
        ];
        members
            .into_iter()
            .map(|(name, text)| (Value::from(name), Value::from(text)))
            .collect::<BTreeMap<Value, Value>>()
            .into()
    }
}

struct Matcher<'a> {
    call: &'a Call<'a>,
    root: &'a Value,
    steps: usize,
}

/// The mismatches found so far at one place.
struct Found<'f> {
    field: &'f str,
    errors: Vec<Mismatch>,
}

impl Found<'_> {
    fn add(&mut self, kind: &'static str, description: impl Into<String>) {
        self.errors.push(Mismatch {
            kind,
            field: self.field.to_owned(),
            description: description.into(),
        });
    }
}

impl Matcher<'_> {
    fn errors(&mut self, schema: &Value, value: &Value, field: &str, depth: usize) -> Result<Vec<Mismatch>, Failure> {
        self.steps += 1;
        if depth > MAX_DEPTH || self.steps > MAX_STEPS {
            return Err(Failure::Limit(format!(
                "the schema takes more than {MAX_DEPTH} levels or {MAX_STEPS} steps"
            )));
        }
        let mut found = Found {
            field,
            errors: Vec::new(),
        };
        if let Value::Bool(passes) = schema {
            if !passes {
                found.add("false", "False always fails validation");
            }
            return Ok(found.errors);
        }
        if let Some(Value::String(reference)) = member(schema, "$ref") {
            return self.errors(resolve(self.root, reference)?, value, field, depth + 1);
        }
        if let Some(kinds) = member(schema, "type").map(types) {
            let given = json_type(value);
            if !kinds
                .iter()
                .any(|kind| *kind == given || (*kind == "number" && given == "integer"))
            {
                let expected = if let [one] = kinds.as_slice() {
                    (*one).to_owned()
                } else {
                    format!("[{}]", kinds.join(","))
                };
                found.add(
                    "invalid_type",
                    format!("Invalid type. Expected: {expected}, given: {given}"),
                );
                return Ok(found.errors);
            }
        }
        self.combined(schema, value, depth, &mut found)?;
        match value {
            Value::Array(_) => self.array(schema, &elements(value), depth, &mut found)?,
            Value::Object(_) => self.object(schema, value, depth, &mut found)?,
            _ => {}
        }
        self.common(schema, value, &mut found)?;
        match value {
            Value::Number(_) => number(schema, value, &mut found),
            Value::String(text) => self.string(schema, text, &mut found)?,
            Value::Object(_) => {
                for (name, inner) in member(schema, "properties").map(members).unwrap_or_default() {
                    if let Some(value) = member(value, name) {
                        found
                            .errors
                            .extend(self.errors(inner, value, &below(field, name), depth + 1)?);
                    }
                }
            }
            _ => {}
        }
        Ok(found.errors)
    }

    fn combined(&mut self, schema: &Value, value: &Value, depth: usize, found: &mut Found<'_>) -> Result<(), Failure> {
        let field = found.field;
        let mut each = |schemas: &Value| {
            elements(schemas)
                .into_iter()
                .map(|schema| self.errors(schema, value, field, depth + 1))
                .collect::<Result<Vec<_>, _>>()
        };
        if let Some(results) = member(schema, "anyOf").map(&mut each).transpose()?
            && results.iter().all(|errors| !errors.is_empty())
        {
            found.add("number_any_of", "Must validate at least one schema (anyOf)");
            found.errors.extend(results.into_iter().next().unwrap_or_default());
        }
        if let Some(results) = member(schema, "oneOf").map(&mut each).transpose()? {
            let passed = results.iter().filter(|errors| errors.is_empty()).count();
            if passed != 1 {
                found.add("number_one_of", "Must validate one and only one schema (oneOf)");
            }
            if passed == 0 {
                found.errors.extend(results.into_iter().next().unwrap_or_default());
            }
        }
        if let Some(results) = member(schema, "allOf").map(&mut each).transpose()? {
            let failed = results.iter().any(|errors| !errors.is_empty());
            found.errors.extend(results.into_iter().flatten());
            if failed {
                found.add("number_all_of", "Must validate all the schemas (allOf)");
            }
        }
        if let Some(not) = member(schema, "not")
            && self.errors(not, value, field, depth + 1)?.is_empty()
        {
            found.add("number_not", "Must not validate the schema (not)");
        }
        for (name, dependency) in member(schema, "dependencies").map(members).unwrap_or_default() {
            if member(value, name).is_none() {
                continue;
            }
            for missing in texts(dependency)
                .into_iter()
                .filter(|needed| member(value, needed).is_none())
            {
                found.add("missing_dependency", format!("Has a dependency on {missing}"));
            }
            if !matches!(dependency, Value::Array(_)) {
                found.errors.extend(self.errors(dependency, value, field, depth + 1)?);
            }
        }
        let Some(condition) = member(schema, "if") else {
            return Ok(());
        };
        let holds = self.errors(condition, value, field, depth + 1)?.is_empty();
        let (branch, kind, description) = if holds {
            ("then", "condition_then", "Must validate \"then\" as \"if\" was valid")
        } else {
            (
                "else",
                "condition_else",
                "Must validate \"else\" as \"if\" was not valid",
            )
        };
        if let Some(branch) = member(schema, branch) {
            let errors = self.errors(branch, value, field, depth + 1)?;
            if !errors.is_empty() {
                found.add(kind, description);
                found.errors.extend(errors);
            }
        }
        Ok(())
    }

    fn array(&mut self, schema: &Value, values: &[&Value], depth: usize, found: &mut Found<'_>) -> Result<(), Failure> {
        let field = found.field;
        let at = |index: usize| below(field, &index.to_string());
        match member(schema, "items") {
            Some(positions @ Value::Array(_)) => {
                let positions = elements(positions);
                for (index, value) in values.iter().enumerate() {
                    match (positions.get(index).copied(), member(schema, "additionalItems")) {
                        (Some(schema), _) | (None, Some(schema @ Value::Object(_))) => {
                            found.errors.extend(self.errors(schema, value, &at(index), depth + 1)?);
                        }
                        (None, Some(Value::Bool(false))) => {
                            found.add("array_no_additional_items", "No additional items allowed on array");
                            break;
                        }
                        _ => {}
                    }
                }
            }
            Some(every) => {
                for (index, value) in values.iter().enumerate() {
                    found.errors.extend(self.errors(every, value, &at(index), depth + 1)?);
                }
            }
            None => {}
        }
        if let Some(least) = bound(schema, "minItems").filter(|least| values.len() < *least) {
            found.add("array_min_items", format!("Array must have at least {least} items"));
        }
        if let Some(most) = bound(schema, "maxItems").filter(|most| values.len() > *most) {
            found.add("array_max_items", format!("Array must have at most {most} items"));
        }
        if member(schema, "uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen: BTreeMap<&Value, usize> = BTreeMap::new();
            for (index, value) in values.iter().enumerate() {
                if let Some(before) = seen.insert(value, index) {
                    found.add("unique", format!("array items[{before},{index}] must be unique"));
                }
            }
        }
        if let Some(wanted) = member(schema, "contains") {
            let mut any = false;
            for value in values {
                any = any || self.errors(wanted, value, field, depth + 1)?.is_empty();
            }
            if !any {
                found.add("contains", "At least one of the items must match");
            }
        }
        Ok(())
    }

    fn object(&mut self, schema: &Value, value: &Value, depth: usize, found: &mut Found<'_>) -> Result<(), Failure> {
        let field = found.field;
        let given = members(value);
        if let Some(least) = bound(schema, "minProperties").filter(|least| given.len() < *least) {
            found.add("array_min_properties", format!("Must have at least {least} properties"));
        }
        if let Some(most) = bound(schema, "maxProperties").filter(|most| given.len() > *most) {
            found.add("array_max_properties", format!("Must have at most {most} properties"));
        }
        for missing in member(schema, "required")
            .map(texts)
            .unwrap_or_default()
            .into_iter()
            .filter(|name| member(value, name).is_none())
        {
            found.add("required", format!("{missing} is required"));
        }
        let known: BTreeSet<&str> = member(schema, "properties")
            .map(members)
            .unwrap_or_default()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let patterns = member(schema, "patternProperties").map(members).unwrap_or_default();
        for (name, value) in given {
            let mut matched = known.contains(name);
            for (pattern, inner) in &patterns {
                if regex::is_match(self.call, pattern, name)? {
                    matched = true;
                    found
                        .errors
                        .extend(self.errors(inner, value, &below(field, name), depth + 1)?);
                }
            }
            match member(schema, "additionalProperties") {
                Some(Value::Bool(false)) if !matched => {
                    found.add(
                        "additional_property_not_allowed",
                        format!("Additional property {name} is not allowed"),
                    );
                }
                Some(inner @ Value::Object(_)) if !matched => {
                    found
                        .errors
                        .extend(self.errors(inner, value, &below(field, name), depth + 1)?);
                }
                _ => {}
            }
            if let Some(names) = member(schema, "propertyNames") {
                let errors = self.errors(names, &name.into(), field, depth + 1)?;
                if !errors.is_empty() {
                    found.add(
                        "invalid_property_name",
                        format!("Property name of \"{name}\" does not match"),
                    );
                    found.errors.extend(errors);
                }
            }
        }
        Ok(())
    }

    fn common(&self, schema: &Value, value: &Value, found: &mut Found<'_>) -> Result<(), Failure> {
        let field = found.field;
        if let Some(allowed) = member(schema, "const").filter(|allowed| *allowed != value) {
            found.add(
                "const",
                format!("{field} does not match: {}", json_text::write(allowed, None)),
            );
        }
        if let Some(allowed) = member(schema, "enum")
            .map(elements)
            .filter(|allowed| !allowed.contains(&value))
        {
            let allowed: Vec<String> = allowed
                .into_iter()
                .map(|allowed| json_text::write(allowed, None))
                .collect();
            found.add(
                "enum",
                format!("{field} must be one of the following: {}", allowed.join(", ")),
            );
        }
        let (Some(Value::String(format)), Value::String(text)) = (member(schema, "format"), value) else {
            return Ok(());
        };
        let fits = match &**format {
            "date" => time_parse::parse("2006-01-02", text).is_some(),
            "date-time" => time_parse::parse(layout::RFC3339, text).is_some(),
            "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
            "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
            "regex" => !matches!(regex::is_match(self.call, text, ""), Err(Failure::Failed(_))),
            _ => true,
        };
        if !fits {
            found.add("format", format!("Does not match format '{format}'"));
        }
        Ok(())
    }

    fn string(&self, schema: &Value, text: &str, found: &mut Found<'_>) -> Result<(), Failure> {
        let length = text.chars().count();
        if let Some(least) = bound(schema, "minLength").filter(|least| length < *least) {
            found.add(
                "string_gte",
                format!("String length must be greater than or equal to {least}"),
            );
        }
        if let Some(most) = bound(schema, "maxLength").filter(|most| length > *most) {
            found.add(
                "string_lte",
                format!("String length must be less than or equal to {most}"),
            );
        }
        if let Some(Value::String(pattern)) = member(schema, "pattern")
            && !regex::is_match(self.call, pattern, text)?
        {
            found.add("pattern", format!("Does not match pattern '{pattern}'"));
        }
        Ok(())
    }
}

fn below(field: &str, name: &str) -> String {
    if field == "(Root)" {
        name.to_owned()
    } else {
        format!("{field}.{name}")
    }
}

fn bound(schema: &Value, name: &str) -> Option<usize> {
    member(schema, name)
        .and_then(|bound| bound.as_u64().ok())
        .and_then(|bound| usize::try_from(bound).ok())
}

fn number(schema: &Value, value: &Value, found: &mut Found<'_>) {
    let limit = |name: &str| member(schema, name).filter(|limit| matches!(limit, Value::Number(_)));
    let exclusive = |name: &str| member(schema, name) == Some(&Value::Bool(true));
    if let Some(multiple) = limit("multipleOf") {
        let quotient = float(value)
            .zip(float(multiple))
            .map(|(value, multiple)| value / multiple);
        if quotient.is_none_or(|quotient| quotient.fract() != 0.0) {
            found.add("multiple_of", format!("Must be a multiple of {multiple}"));
        }
    }
    // Drafts 4 and 6 say differently that a limit does not belong to what is allowed.
    let (below, most) = if exclusive("exclusiveMaximum") {
        (limit("maximum"), None)
    } else {
        (limit("exclusiveMaximum"), limit("maximum"))
    };
    let (above, least) = if exclusive("exclusiveMinimum") {
        (limit("minimum"), None)
    } else {
        (limit("exclusiveMinimum"), limit("minimum"))
    };
    if let Some(most) = most.filter(|most| value > *most) {
        found.add("number_lte", format!("Must be less than or equal to {most}"));
    }
    if let Some(limit) = below.filter(|limit| value >= *limit) {
        found.add("number_lt", format!("Must be less than {limit}"));
    }
    if let Some(least) = least.filter(|least| value < *least) {
        found.add("number_gte", format!("Must be greater than or equal to {least}"));
    }
    if let Some(limit) = above.filter(|limit| value <= *limit) {
        found.add("number_gt", format!("Must be greater than {limit}"));
    }
}
