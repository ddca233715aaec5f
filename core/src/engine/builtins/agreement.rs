//! Values that the real OPA printed, against ours.

use regorus::{Engine, Value};

use super::{BuiltinOptions, json_text, register};

/// What an expression is with the table registered, and `undefined` where it has no value.
fn value(expression: &str) -> Result<String, String> {
    let mut engine = Engine::new();
    let options = BuiltinOptions {
        time_ns: Some(0),
        seed: Some(1),
        ..BuiltinOptions::default()
    };
    register(&mut engine, &options).map_err(|error| error.to_string())?;
    engine.set_strict_builtin_errors(false);
    engine
        .add_policy("a.rego".into(), format!("package a\nr := {expression}\n"))
        .map_err(|error| error.to_string())?;
    let results = engine
        .eval_query("data.a.r".into(), false)
        .map_err(|error| error.to_string())?;
    let found = results
        .result
        .first()
        .and_then(|result| result.expressions.first())
        .map(|found| &found.value);
    Ok(match found {
        None | Some(Value::Undefined) => "undefined".into(),
        Some(value) => json_text::write(value, None),
    })
}

#[test]
fn builtins_agree_with_opa() {
    let mut different = Vec::new();
    for line in include_str!("agreement.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let (expression, expected) = line.split_once('\t').unwrap();
        // Through our own reader and writer, so that escapes and the last digit of floats are written one way.
        let expected =
            json_text::parse(expected).map_or_else(|| expected.to_owned(), |value| json_text::write(&value, None));
        let found = value(expression).unwrap_or_else(|error| format!("error: {error}"));
        if found != expected {
            different.push(format!("{expression}\n  ours: {found}\n  OPA:  {expected}"));
        }
    }
    assert!(
        different.is_empty(),
        "{} differ:\n{}",
        different.len(),
        different.join("\n")
    );
}

#[test]
fn limits_end_in_errors_that_name_them() {
    for (expression, limit) in [
        ("numbers.range(1, 1000000000000)", "limit `items`"),
        ("numbers.range_step(1, 9223372036854775807, 1)", "limit `items`"),
        ("net.cidr_expand(\"::/0\")", "limit `items`"),
        (
            "sprintf(\"%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d%1000000d\", numbers.range(1, 17))",
            "limit `text_bytes`",
        ),
        ("bits.lsh(1, 10000000000)", "bits"),
        (
            "regex.match(\"((((a{100}){100}){100}){100}){100}\", \"a\")",
            "regular expression",
        ),
    ] {
        let error = value(&format!("{{x | x := {expression}}}")).unwrap_err();
        assert!(
            error.contains("eval_limit_error") && error.contains(limit),
            "{expression}: {error}"
        );
    }
}

#[test]
fn impure_functions_are_refused_by_name() {
    for (expression, name) in [
        ("http.send({\"method\": \"get\", \"url\": \"http://x\"})", "http.send"),
        ("net.lookup_ip_addr(\"x\")", "net.lookup_ip_addr"),
        ("opa.runtime()", "opa.runtime"),
    ] {
        let error = value(expression).unwrap_err();
        assert!(error.contains(&format!("eval_refused_error: {name}: ")), "{error}");
    }
}

#[test]
fn seed_and_time_decide_what_chance_and_clock_say() {
    assert_eq!(value("time.now_ns()"), Ok("0".into()));
    assert_eq!(
        value("{rand.intn(\"k\", 1000000) | numbers.range(1, 9)[_]}"),
        value("{rand.intn(\"k\", 1000000)}")
    );
    assert_ne!(value("rand.intn(\"k\", 1000000)"), value("rand.intn(\"l\", 1000000)"));
    assert_eq!(
        value(
            "regex.match(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, uuid.rfc4122(\"k\"))"
        ),
        Ok("true".into())
    );
}
