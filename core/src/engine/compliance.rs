//! One case of OPA's compliance suite, evaluated as the engine room does it. Not part of the API.

use std::collections::BTreeMap;

use regorus::{Engine, Value};

use super::builtins::{self, BuiltinOptions, OnFailure};
use super::{callable, convert};
use crate::rego::{self, Query, SourceText, Version};

/// Modules, documents and a query.
#[derive(Debug)]
pub struct Case<'a> {
    /// Rego v1 sources, loaded together.
    pub modules: &'a [String],
    /// The base document, JSON.
    pub data: Option<&'a str>,
    /// The input.
    pub input: Input<'a>,
    /// The query to evaluate.
    pub query: &'a str,
    /// What a failing built-in function does.
    pub builtin_errors: BuiltinErrors,
}

/// The input of a [`Case`].
#[derive(Debug)]
pub enum Input<'a> {
    /// None: `input` is undefined.
    None,
    /// A JSON document.
    Json(&'a str),
    /// A Rego term, which can hold sets.
    Term(&'a str),
}

/// What a failing built-in function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltinErrors {
    /// The call is undefined.
    Undefined,
    /// The query ends with the error.
    Raised,
}

/// Why a case has no result: a code such as `eval_builtin_error`, and the text.
#[derive(Debug)]
pub struct Failure {
    /// OPA's code where the failure has one, else `other`.
    pub code: &'static str,
    /// What the engine said.
    pub message: String,
}

/// The bindings of each result, as JSON in which sets are arrays.
///
/// # Errors
///
/// When a module does not compile, or the query ends with an error.
pub fn run(case: &Case<'_>) -> Result<Vec<BTreeMap<String, serde_json::Value>>, Failure> {
    evaluate(case).map_err(|error| {
        let message = error.to_string();
        Failure {
            code: code(&message),
            message,
        }
    })
}

/// When the cases are evaluated: the middle of 2026. Some hold tokens that have expired by now.
const NOW_NS: i64 = 1_782_864_000_000_000_000;

fn evaluate(case: &Case<'_>) -> anyhow::Result<Vec<BTreeMap<String, serde_json::Value>>> {
    let sources: Vec<SourceText> = (0..)
        .zip(case.modules)
        .map(|(index, text)| source(&format!("test-{index}.rego"), text))
        .collect();
    let compiled = rego::compile(&sources, callable());
    if let Some(error) = compiled.errors.first() {
        anyhow::bail!("error: {}: {error}", error.code());
    }
    let query = Query::compile(case.query, &compiled, callable()).map_err(|faults| {
        anyhow::anyhow!(
            "error: {}: {}",
            faults.first().map_or("", |fault| fault.code),
            faults.first().map_or("", |fault| &fault.message)
        )
    })?;
    let mut engine = engine(case)?;
    let document = |text: &str| {
        anyhow::Ok(convert::from_serde(&crate::json::Value::from_json(
            "document",
            text.as_bytes(),
        )?))
    };
    if let Some(data) = case.data {
        engine.add_data(document(data)?)?;
    }
    match case.input {
        Input::None => {}
        Input::Json(text) => engine.set_input(document(text)?),
        Input::Term(term) => engine.set_input(value_of(case, term)?),
    }
    for (index, package) in compiled.packages.into_iter().enumerate() {
        engine.add_policy(format!("package-{index}"), package.text)?;
    }
    engine.add_policy("query".to_owned(), query.text)?;
    bindings(&engine.eval_rule(Query::RULE.to_owned())?)
}

fn source(name: &str, text: &str) -> SourceText {
    SourceText {
        name: name.into(),
        text: text.into(),
        version: Version::V1,
    }
}

fn engine(case: &Case<'_>) -> anyhow::Result<Engine> {
    let mut engine = Engine::new();
    let mut options = BuiltinOptions {
        time_ns: Some(NOW_NS),
        seed: Some(0),
        environment: Some(BTreeMap::new()),
        ..BuiltinOptions::default()
    };
    if case.builtin_errors == BuiltinErrors::Raised {
        options.on_failure = OnFailure::Raise;
    }
    builtins::register(&mut engine, &options)?;
    engine.set_policy_length_config(super::LENGTHS);
    engine.set_strict_builtin_errors(case.builtin_errors == BuiltinErrors::Raised);
    Ok(engine)
}

/// The value of a Rego term.
fn value_of(case: &Case<'_>, term: &str) -> anyhow::Result<Value> {
    let compiled = rego::compile(
        &[source("term.rego", &format!("package term\nvalue := {term}"))],
        callable(),
    );
    let package = compiled
        .packages
        .into_iter()
        .next()
        .ok_or_else(|| anyhow::anyhow!("the input term does not compile"))?;
    let mut engine = engine(case)?;
    engine.add_policy("term".to_owned(), package.text)?;
    engine.eval_rule("data.term.value".to_owned())
}

fn bindings(value: &Value) -> anyhow::Result<Vec<BTreeMap<String, serde_json::Value>>> {
    match value {
        Value::Set(results) => results
            .iter_sorted()
            .map(|result| Ok(serde_json::from_str(&result.to_json_str()?)?))
            .collect(),
        _ => Ok(Vec::new()),
    }
}

/// OPA's code for what the engine said.
fn code(message: &str) -> &'static str {
    const ENGINES_OWN: [(&str, &str); 6] = [
        ("produce multiple outputs", "eval_conflict_error"),
        ("function produced multiple outputs", "eval_conflict_error"),
        ("rule conflicts with rule at", "eval_conflict_error"),
        ("error: divide by zero", "eval_builtin_error"),
        ("error: modulo by zero", "eval_builtin_error"),
        ("error: modulo on floating-point number", "eval_builtin_error"),
    ];
    const FRONT_END: [(&str, &str); 5] = [
        ("error: rego.parse: ", "rego_parse_error"),
        ("error: rego.unsafe_var: ", "rego_unsafe_var_error"),
        ("error: rego.recursion: ", "rego_recursion_error"),
        ("error: rego.type: ", "rego_type_error"),
        ("error: rego.", "rego_compile_error"),
    ];
    const OURS: [&str; 4] = [
        "eval_type_error",
        "eval_builtin_error",
        "eval_limit_error",
        "eval_refused_error",
    ];
    let ours = OURS
        .into_iter()
        .find(|code| message.contains(&format!("error: {code}: ")));
    let own = || {
        FRONT_END
            .into_iter()
            .chain(ENGINES_OWN)
            .into_iter()
            .find(|(text, _)| message.contains(text))
            .map(|(_, code)| code)
    };
    ours.or_else(own).unwrap_or("other")
}
