//! The committed JSON Schemas are those of the types, and what is written fits them.

use plangate::{Input, Report, schema};
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::sources::check_generated;

#[test]
fn the_schema_of_the_document_is_current() {
    check_generated("core/schema/input.schema.json", &generate::<Input>());
}

#[test]
fn the_schema_of_the_report_is_current() {
    check_generated("core/schema/report.schema.json", &generate::<Report>());
}

#[test]
fn what_cases_write_fits_the_schemas() {
    let input = jsonschema::validator_for(&parse(schema::INPUT)).unwrap();
    let report = jsonschema::validator_for(&parse(schema::REPORT)).unwrap();
    let mut reports = 0;
    for case in plangate_tests::cases().unwrap() {
        let Ok(document) = case.input().unwrap() else { continue };
        fits(&case.name(), &input, &parse(&document.to_json()));
        if let plangate_tests::Answer::Report(text) = case.answer().unwrap() {
            fits(&case.name(), &report, &parse(&text));
            reports += 1;
        }
    }
    assert!(reports > 0, "no case has a report");
}

/// A document for the validator, which holds numbers in 64 bits: what a machine number cannot hold becomes one that it can.
fn parse(text: &str) -> Value {
    fn plain(value: plangate::json::Value) -> Value {
        match value {
            plangate::json::Value::Number(number) => serde_json::from_str(number.as_str()).unwrap_or(Value::from(0)),
            plangate::json::Value::Array(items) => items.into_iter().map(plain).collect(),
            plangate::json::Value::Object(members) => {
                members.into_iter().map(|(name, value)| (name, plain(value))).collect()
            }
            other => serde_json::to_value(other).unwrap(),
        }
    }
    plain(plangate::json::Value::from_json("document", text.as_bytes()).unwrap())
}

fn fits(name: &str, schema: &jsonschema::Validator, document: &Value) {
    let errors: Vec<_> = schema
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{name}: {}", errors.join("\n"));
}

fn generate<T: JsonSchema>() -> String {
    let mut schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(close))
        .with_transform(RecursiveTransform(never_null))
        .with_transform(RecursiveTransform(plain_description))
        .into_generator()
        .into_root_schema_for::<T>();
    schema.insert(
        "title".to_owned(),
        format!("Plangate {}", T::schema_name().to_lowercase()).into(),
    );
    serde_json::to_string_pretty(&schema).unwrap() + "\n"
}

/// What is written has the members of its type and no others. serde says so by construction; the derive cannot know.
fn close(schema: &mut Schema) {
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema.insert("additionalProperties".to_owned(), false.into());
    }
}

/// A member that is not required is left out when there is nothing to say, and never null.
fn never_null(schema: &mut Schema) {
    let required: Vec<Value> = schema
        .get("required")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    for (name, property) in properties {
        let Value::Object(property) = property else { continue };
        if required.contains(&Value::String(name.clone())) {
            continue;
        }
        if let Some(Value::Array(types)) = property.get("type")
            && let [kind, Value::String(null)] = types.as_slice()
            && null == "null"
        {
            property.insert("type".to_owned(), kind.clone());
        }
        if let Some(Value::Array(kinds)) = property.get("anyOf")
            && let [Value::Object(kind), null] = kinds.as_slice()
            && *null == serde_json::json!({"type": "null"})
        {
            let kind = kind.clone();
            property.remove("anyOf");
            property.extend(kind);
        }
    }
}

/// Doc comments are written for rustdoc. Of an example or a link, a reader of the schema has nothing.
fn plain_description(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        let prose = text.split("\n\n```").next().unwrap_or(text);
        let paragraphs: Vec<_> = prose
            .split("\n\n")
            .map(|paragraph| paragraph.replace('\n', " "))
            .collect();
        *text = without_links(&paragraphs.join("\n\n"));
    }
}

/// "[`Input::new`](Self::new)" as "`Input::new`".
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, after)) = link.split_once("`]") else {
            break;
        };
        plain.extend([before, "`", name, "`"]);
        rest = after
            .strip_prefix('(')
            .and_then(|target| target.split_once(')'))
            .map_or(after, |(_, after)| after);
    }
    plain + rest
}

/// Proves that the transforms reach definitions: `transform_subschemas` is what `RecursiveTransform` walks with.
#[test]
fn every_object_in_the_schemas_is_closed() {
    struct Open(usize);
    impl Transform for Open {
        fn transform(&mut self, schema: &mut Schema) {
            self.0 += usize::from(schema.get("properties").is_some() && schema.get("additionalProperties").is_none());
            transform_subschemas(self, schema);
        }
    }
    for text in [schema::INPUT, schema::REPORT] {
        let mut open = Open(0);
        open.transform(&mut Schema::try_from(serde_json::from_str::<Value>(text).unwrap()).unwrap());
        assert_eq!(open.0, 0);
    }
}
