//! What holds for every plan, also for those that no tool would write: nothing panics, order decides nothing, nothing leaks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use plangate::Input;
use proptest::prelude::*;
use serde_json::{Value, json};

const SECRET: &str = "correct horse battery staple";

/// A plan with something of everything.
fn small_plan() -> Value {
    json!({
        "format_version": "1.2", "terraform_version": "1.14.0", "timestamp": "2026-11-23T09:00:00Z", "complete": true, "applyable": true,
        "resource_changes": [
            {"address": "module.a[\"x.y\"].aws_vpc.main[0]", "module_address": "module.a[\"x.y\"]", "mode": "managed", "type": "aws_vpc",
             "name": "main", "index": 0, "provider_name": "registry.terraform.io/hashicorp/aws", "change": {
                "actions": ["delete", "create"], "before": {"tags": {"owner": "a"}, "password": SECRET},
                "after": {"tags": {"owner": ""}, "tags_all": {}, "password": SECRET, "list": [null, 1]},
                "after_unknown": {"tags_all": {"owner": true}, "list": [true, false]},
                "before_sensitive": {"password": true}, "after_sensitive": {"password": true}, "replace_paths": [["list", 0]]}},
            {"address": "aws_autoscaling_group.g", "type": "aws_autoscaling_group", "name": "g", "deposed": "a1b2c3d4",
             "change": {"actions": ["delete"], "before": {"tag": [{"key": "owner", "value": "b"}]}, "after": null}},
            {"address": "google_sql_database_instance.s", "change": {"actions": ["create"],
                "after": {"settings": [{"user_labels": {"owner": "c"}}]}, "after_unknown": {"settings": [{"user_labels": {}}]}}},
        ],
        "resource_drift": [{"address": "datadog_monitor.m", "change": {"actions": ["update"],
            "before": {"tags": ["team:a", "b"]}, "after": {"tags": ["team:a"]}, "after_sensitive": {"tags": [true]}}}],
        "deferred_changes": [{"reason": "unknown", "resource_change": {"address": "aws_vpc.y[*]", "change": {"actions": ["create"], "after_unknown": true}}}],
        "action_invocations": [{"address": "action.a_b.c", "config_values": {"p": SECRET}, "config_sensitive": {"p": true}, "lifecycle_action_trigger": {}}],
        "output_changes": {"o": {"actions": ["create"], "after": SECRET, "after_sensitive": true}},
        "checks": [{"address": {"kind": "check", "to_display": "check.c"}, "status": "fail", "instances": [{"problems": [{"message": "m"}]}]}],
        "variables": {"v": {"value": SECRET}, "w": {"value": 1}},
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "expressions": {"default_tags": [{"tags": {"constant_value": {"a": "b"}}}]}}, "module.a:aws": {"name": "aws"}},
            "root_module": {"variables": {"v": {"sensitive": true}}, "module_calls": {"a": {"module": {"resources": [
                {"address": "aws_vpc.main", "provider_config_key": "module.a:aws"}]}}}}},
        "planned_values": {"root_module": {"resources": [{"address": "aws_vpc.z", "type": "aws_vpc", "name": "z", "values": {}}]}},
        "prior_state": {"values": {"outputs": {"o": {"sensitive": true}}}},
    })
}

/// Any JSON, with a liking for what plans have.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("create"),
        Just("delete"),
        Just("tags"),
        Just("tags_all"),
        Just("(sensitive #1)"),
        Just("aws_vpc.a[\"b\"]"),
        Just(""),
        Just("data.x.y"),
        Just("1.2"),
        Just("$serde_json::private::RawValue"),
        Just("metadata"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let names = prop_oneof![
            word.clone().prop_map(str::to_owned),
            Just("resource_changes".to_owned()),
            Just("change".to_owned()),
            Just("address".to_owned()),
            Just("plan".to_owned()),
            any::<String>(),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The pointers to all values inside a value.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(member, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

fn read(plan: &Value) -> Option<String> {
    let input = Input::from_terraform(&serde_json::to_vec(plan).unwrap());
    input.ok().map(|input| input.to_json())
}

proptest! {
    #[test]
    fn arbitrary_json_never_panics(value in any_json()) {
        read(&value);
        read(&json!({"resource_changes": value.clone()}));
        read(&json!({"resource_changes": [{"address": "a_b.c", "change": value}]}));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Input::from_terraform(&bytes);
    }

    #[test]
    fn cut_and_changed_bytes_never_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = serde_json::to_vec(&small_plan()).unwrap();
        let at = at.index(bytes.len());
        let _ = Input::from_terraform(&bytes[..at]);
        bytes[at] = byte;
        let _ = Input::from_terraform(&bytes);
    }

    #[test]
    fn a_plan_changed_anywhere_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any_json()), 1..4)) {
        let mut plan = small_plan();
        for (at, value) in changes {
            let mut all = Vec::new();
            pointers(&plan, "", &mut all);
            *plan.pointer_mut(&all[at.index(all.len())]).unwrap() = value;
        }
        read(&plan);
    }

    #[test]
    fn shuffled_resources_give_the_same_document(order in Just((0..12).collect::<Vec<usize>>()).prop_shuffle()) {
        let secret = |number: usize| format!("secret-{}", number % 5);
        let changes: Vec<Value> = (0..12)
            .map(|number| json!({"address": format!("aws_vpc.v[{}]", number % 7), "deposed": if number < 7 { Value::Null } else { json!(number.to_string()) },
                "change": {"actions": ["create"], "after": {"p": secret(number)}, "after_sensitive": {"p": true}}}))
            .collect();
        let shuffled: Vec<Value> = order.iter().map(|index| changes[*index].clone()).collect();
        let document = |changes: &[Value]| read(&json!({"format_version": "1.2", "resource_changes": changes, "resource_drift": changes}));
        prop_assert_eq!(document(&changes), document(&shuffled));
    }

    #[test]
    fn what_is_marked_is_nowhere(secret in "[a-zA-Z]{12,20}", container in any::<bool>()) {
        let value = if container { json!({(secret.as_str()): [secret, 1]}) } else { json!(secret) };
        let change = json!({"actions": ["update"], "before": {"tags": value, "x": {"y": [value]}}, "after": {"tags": value, "x": {"y": [value]}},
            "after_sensitive": {"tags": true, "x": {"y": [true]}}, "after_unknown": {"tags": {(secret.as_str()): true}}});
        let document = read(&json!({
            "format_version": "1.2",
            "resource_changes": [{"address": "aws_vpc.a", "change": change}],
            "variables": {"v": {"value": value}},
            "output_changes": {"o": {"actions": ["create"], "after": value}},
        })).unwrap();
        prop_assert!(!document.contains(&secret));
    }
}

#[test]
fn the_small_plan_is_read() {
    let document = read(&small_plan()).unwrap();
    assert!(!document.contains(SECRET));
}
