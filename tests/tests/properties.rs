//! What holds for every input: order does not matter, more policies are never milder, secrets stay in, nothing panics.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::sync::LazyLock;

use plangate::{Decision, Format, Input, PolicySet, Report, Source, Style};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

static BUNDLED: LazyLock<PolicySet> = LazyLock::new(|| PolicySet::bundled().unwrap());

/// A policy that prints whatever it can reach: the worst that an author could do to a secret.
static TELLTALE: LazyLock<PolicySet> = LazyLock::new(|| {
    let text = "package plangate.plan.telltale\n\
        deny contains {\"message\": sprintf(\"%v %v\", [resource.before, resource.after]), \"resource\": resource.address, \"fix\": json.marshal(resource)} if {\n\
        \tsome resource in input.plan.resources\n}\n\
        deny contains json.marshal(input)\n\
        deny contains concat(\",\", [value | walk(input, [_, value]); is_string(value)])\n";
    PolicySet::compile([Source::new("telltale.rego", text)]).unwrap()
});

const TYPES: &[&str] = &[
    "aws_s3_bucket",
    "aws_security_group",
    "aws_db_instance",
    "aws_iam_role",
    "google_storage_bucket",
    "azurerm_key_vault",
];
const ACTIONS: &[&[&str]] = &[
    &["no-op"],
    &["create"],
    &["update"],
    &["delete"],
    &["delete", "create"],
    &["create", "delete"],
    &["forget"],
    &["what"],
];

/// Texts that a policy can see, and texts that it must not.
fn secret() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9/+\"\\\\é]{12,24}".prop_map(|text| format!("S3CR3T{text}"))
}

fn attributes(secrets: [String; 3], tags: Vec<(String, String)>) -> (Value, Value) {
    let [password, key, nested] = secrets;
    let tags: serde_json::Map<String, Value> = tags.into_iter().map(|(name, value)| (name, value.into())).collect();
    let values = json!({"name": "x", "password": password, "config": {"keys": [{"value": key, "id": 1}], "plain": true}, "blob": {nested.clone(): nested}, "tags": tags});
    let marks = json!({"password": true, "config": {"keys": [{"value": true}]}, "blob": true, "tags": {}});
    (values, marks)
}

prop_compose! {
    fn resource()(
        kind in prop::sample::select(TYPES),
        actions in prop::sample::select(ACTIONS),
        before in [secret(), secret(), secret()],
        after in [secret(), secret(), secret()],
        tags in vec(("owner|environment|x", "[a-z]{0,6}"), 0..3),
        unknown in prop::sample::select(vec![json!({}), json!({"id": true}), json!({"tags": true}), json!({"tags": {"owner": true}}), json!({"ingress": [{"cidr_blocks": true}]})]),
        module in prop::sample::select(vec!["", "module.a", "module.b[\"k.x\"]"]),
    ) -> (String, Value, Vec<String>) {
        let secrets: Vec<String> = before.iter().chain(&after).cloned().collect();
        let (before, before_sensitive) = attributes(before, tags.clone());
        let (after, after_sensitive) = attributes(after, tags);
        let creates = actions.contains(&"create") || actions.contains(&"update") || actions.contains(&"no-op") || actions.contains(&"what");
        let exists = actions != ["create"];
        let mut value = json!({"mode": "managed", "type": kind, "provider_name": format!("registry.terraform.io/hashicorp/{}", kind.split('_').next().unwrap()),
            "change": {"actions": actions,
                "before": if exists { before } else { Value::Null }, "after": if creates { after } else { Value::Null },
                "after_unknown": if creates { unknown } else { json!({}) },
                "before_sensitive": if exists { before_sensitive } else { json!(false) }, "after_sensitive": if creates { after_sensitive } else { json!(false) }}});
        if !module.is_empty() {
            value["module_address"] = module.into();
        }
        (format!("{}{kind}", if module.is_empty() { String::new() } else { format!("{module}.") }), value, secrets)
    }
}

/// A plan and the secrets in it.
fn plan() -> impl Strategy<Value = (Value, Vec<String>)> {
    (vec(resource(), 0..6), secret()).prop_map(|(resources, output)| {
        let mut secrets = vec![output.clone()];
        let mut changes = Vec::new();
        for (index, (address, mut value, hidden)) in resources.into_iter().enumerate() {
            value["name"] = format!("r{index}").into();
            value["address"] = format!("{address}.r{index}").into();
            changes.push(value);
            secrets.extend(hidden);
        }
        let outputs = json!({"token": {"actions": ["create"], "before": null, "after": output, "after_unknown": false, "before_sensitive": false, "after_sensitive": true}});
        let plan = json!({"format_version": "1.2", "terraform_version": "1.14.0", "resource_changes": changes, "output_changes": outputs,
            "variables": {"password": {"value": output}}, "configuration": {"root_module": {"variables": {"password": {"sensitive": true}}}},
            "applyable": true, "complete": true, "errored": false});
        (plan, secrets)
    })
}

fn read(plan: &Value) -> Input {
    Input::from_terraform(plan.to_string().as_bytes()).unwrap()
}

/// Everything that is ever written about an input.
fn outputs(input: &Input, report: &Report) -> Vec<String> {
    let mut outputs: Vec<String> = Format::ALL.iter().map(|format| report.render(*format)).collect();
    outputs.extend([
        report.render_styled(Style::Ansi),
        input.to_json(),
        format!("{report:?}"),
        format!("{input:?}"),
    ]);
    outputs
}

/// A secret as it is, and as JSON, Rust and Markdown would write it.
fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap();
    vec![
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        format!("{secret:?}").trim_matches('"').to_owned(),
    ]
}

fn assert_hidden(text: &str, secrets: &[String]) {
    for secret in secrets {
        for spelling in spellings(secret) {
            assert!(!text.contains(&spelling), "a secret got out");
        }
    }
    assert!(!text.contains("S3CR3T"), "part of a secret got out");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_resources_does_not_matter((plan, _) in plan(), seed in any::<u64>()) {
        let mut shuffled = plan.clone();
        if let Some(changes) = shuffled["resource_changes"].as_array_mut() {
            let length = changes.len().max(1);
            for index in 0..changes.len() {
                changes.swap(index, usize::try_from(seed % 1000).unwrap().wrapping_mul(index + 7) % length);
            }
        }
        let (one, other) = (read(&plan), read(&shuffled));
        prop_assert_eq!(one.to_json(), other.to_json());
        let (mut one, mut other) = (BUNDLED.evaluate(&one), BUNDLED.evaluate(&other));
        // The files differ, and so do their digests: nothing else does.
        one.digests = plangate::report::Digests::default();
        other.digests = plangate::report::Digests::default();
        prop_assert_eq!(one.render(Format::Json), other.render(Format::Json));
    }

    #[test]
    fn more_policies_are_never_milder((plan, _) in plan(), extra in prop::sample::select(vec![
        "deny contains \"no\" if count(input.plan.resources) > 2",
        "warn contains \"hm\"",
        "undetermined contains \"?\" if input.plan.by_type.aws_s3_bucket",
        "deny contains \"no\" if false",
        "applicable contains 1 if false\ndeny contains \"no\" if false",
        "deny contains \"no\" if count(numbers.range(1, 100000000)) > 0",
    ])) {
        let input = read(&plan);
        let extra = Source::new("extra.rego", format!("package plangate.plan.extra\n{extra}\n"));
        let more = PolicySet::compile(Source::bundled().chain([extra])).unwrap();
        prop_assert!(more.evaluate(&input).decision >= BUNDLED.evaluate(&input).decision);
    }

    #[test]
    fn secrets_stay_in((plan, secrets) in plan()) {
        let input = read(&plan);
        for policies in [&*BUNDLED, &*TELLTALE] {
            for output in outputs(&input, &policies.evaluate(&input)) {
                assert_hidden(&output, &secrets);
            }
        }
        prop_assert_eq!(TELLTALE.evaluate(&input).decision, Decision::Deny);
    }

    #[test]
    fn a_broken_plan_gives_secrets_away_in_no_error((plan, secrets) in plan(), at in any::<prop::sample::Index>(), with in prop::sample::select(vec!["", "\"", "{", "}", "7", "null", ",", "x"])) {
        let text = plan.to_string();
        let mut position = at.index(text.len());
        while !text.is_char_boundary(position) {
            position -= 1;
        }
        let end = (position + 1..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap();
        let broken = format!("{}{with}{}", &text[..position], &text[end..]);
        if let Err(error) = Input::from_terraform(broken.as_bytes()) {
            let shown = format!("{error} {error:?} {}", serde_json::to_string(&error).unwrap());
            assert_hidden(&shown, &secrets);
        }
    }

    #[test]
    fn nothing_panics_on_any_document(text in json_text()) {
        let bytes = text.as_bytes();
        if let Ok(input) = Input::from_terraform(bytes) {
            BUNDLED.evaluate(&input).render(Format::Markdown);
        }
        if let Ok(input) = Input::new().with_github(bytes) {
            BUNDLED.evaluate(&input).render(Format::Text);
        }
        let _ = Input::new().with_actor(bytes);
        let _ = Input::new().with_stack(bytes);
        let _ = Input::new().with_run(bytes);
        let _ = Input::new().with_request(bytes);
        let _ = Input::new().with_github_team("acme/security", bytes);
        let _ = Input::new().with_time(&text);
        let _ = plangate::Config::from_toml("plangate.toml", &text);
        let _ = PolicySet::compile([Source::new("p.rego", text.clone())]);
    }
}

/// JSON made of the words that documents are made of, so that it gets past the first look.
fn json_text() -> impl Strategy<Value = String> {
    let words = vec![
        "format_version",
        "resource_changes",
        "change",
        "actions",
        "after",
        "before",
        "after_unknown",
        "address",
        "type",
        "name",
        "mode",
        "tags",
        "pull_request",
        "reviews",
        "user",
        "login",
        "id",
        "head",
        "base",
        "sha",
        "state",
        "number",
        "teams",
        "configuration",
        "provider_config",
        "output_changes",
        "1.2",
        "managed",
        "create",
        "index",
    ];
    let word = prop::sample::select(words);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((word.clone(), inner), 0..6).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
    .prop_map(|value| value.to_string())
}
