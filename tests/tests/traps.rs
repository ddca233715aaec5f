//! The traps that make policies wrong on Terraform plans, one test each, by the numbers of `reference/inputs.md`, section 1.9.
//!
//! Traps 30 (digests) and the others' share in policies are tested where reports and policies are.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "tests"
)]

use std::sync::Arc;

use plangate::input::{Action, Key, Mode, Plan, ReplaceOrder, Resource, ResourceMode, TagOrigin, Tags, Tool, Tri};
use plangate::{Error, Input};
use serde_json::{Value, json};

const AWS: &str = "registry.terraform.io/hashicorp/aws";

fn read(plan: &Value) -> Plan {
    refused_or_read(plan).unwrap().plan.unwrap()
}

fn refused_or_read(plan: &Value) -> Result<Input, Error> {
    Input::from_terraform(&serde_json::to_vec(plan).unwrap())
}

fn text(text: &[u8]) -> Result<Plan, Error> {
    Input::from_terraform(text).map(|input| input.plan.unwrap())
}

/// A plan with these resource changes.
fn plan(changes: &[Value]) -> Plan {
    read(
        &json!({"format_version": "1.2", "terraform_version": "1.14.0", "complete": true, "resource_changes": changes}),
    )
}

/// A resource of a type and provider, named `x`, with this change.
fn entry(kind: &str, provider: &str, change: Value) -> Value {
    json!({
        "address": format!("{kind}.x"), "mode": "managed", "type": kind, "name": "x",
        "provider_name": format!("registry.terraform.io/hashicorp/{provider}"), "change": change,
    })
}

fn created(kind: &str, provider: &str, after: Value, unknown: Value) -> Arc<Resource> {
    let change = json!({
        "actions": ["create"], "before": null, "after": after, "after_unknown": unknown,
        "before_sensitive": false, "after_sensitive": {},
    });
    plan(&[entry(kind, provider, change)]).resources.remove(0)
}

fn tags(kind: &str, provider: &str, after: Value, unknown: Value) -> Tags {
    created(kind, provider, after, unknown).tags.clone()
}

fn pairs(tags: &Tags) -> Vec<(&str, &str)> {
    tags.values
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect()
}

fn paths(paths: &[plangate::input::Path]) -> Vec<String> {
    paths.iter().map(ToString::to_string).collect()
}

fn doubts(plan: &Plan) -> Vec<&str> {
    plan.doubts.iter().map(|doubt| doubt.code).collect()
}

/// An AWS plan with a provider block and one resource, `aws_sqs_queue.x`, whose own tags are null and whose merged ones are unknown.
fn with_provider(expressions: &Value) -> Tags {
    let change =
        json!({"actions": ["create"], "after": {"name": null, "tags": null}, "after_unknown": {"tags_all": true}});
    let plan = read(&json!({
        "format_version": "1.2",
        "resource_changes": [entry("aws_sqs_queue", "aws", change)],
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "full_name": AWS, "expressions": expressions}},
            "root_module": {"resources": [{"address": "aws_sqs_queue.x", "provider_config_key": "aws"}]},
        },
    }));
    plan.resources[0].tags.clone()
}

#[test]
fn trap_01_unknown_tags_are_neither_missing_nor_present() {
    let whole = tags(
        "aws_vpc",
        "aws",
        json!({"x": null}),
        json!({"tags": true, "tags_all": true}),
    );
    assert_eq!((whole.supported, whole.all_unknown), (Tri::Yes, true));
    let one = tags(
        "aws_vpc",
        "aws",
        json!({"x": null, "tags": {"owner": "a"}, "tags_all": {"owner": "a"}}),
        json!({"tags": {"team": true}, "tags_all": {"team": true}}),
    );
    assert_eq!(
        (pairs(&one), one.unknown_keys.clone(), one.all_unknown),
        (vec![("owner", "a")], vec!["team".to_owned()], false)
    );
}

#[test]
fn trap_02_unknown_tags_all_does_not_mean_unknown_tags() {
    let untagged = tags(
        "aws_vpc",
        "aws",
        json!({"x": null, "tags": null}),
        json!({"tags_all": true}),
    );
    assert_eq!(
        (untagged.supported, pairs(&untagged), untagged.all_unknown),
        (Tri::Yes, vec![], false)
    );
    let constant = with_provider(&json!({"default_tags": [{"tags": {"constant_value": {"owner": "a"}}}]}));
    assert_eq!((pairs(&constant), constant.all_unknown), (vec![("owner", "a")], false));
    let computed = with_provider(&json!({"default_tags": [{"tags": {"references": ["var.tags"]}}]}));
    assert_eq!((pairs(&computed), computed.all_unknown), (vec![], true));
    let without = with_provider(&json!({"region": {"constant_value": "eu-west-1"}}));
    assert_eq!((pairs(&without), without.all_unknown), (vec![], false));
}

#[test]
fn trap_03_an_empty_value_is_a_value() {
    let empty = tags(
        "aws_vpc",
        "aws",
        json!({"x": null, "tags": {"Name": ""}, "tags_all": {}}),
        json!({"tags": {}, "tags_all": {"Name": true}}),
    );
    assert_eq!(
        (pairs(&empty), empty.unknown_keys.clone(), empty.all_unknown),
        (vec![("Name", "")], vec![], false)
    );
}

#[test]
fn trap_04_tags_and_tags_all_are_both_read() {
    let merged = tags(
        "aws_vpc",
        "aws",
        json!({"x": null, "tags": null, "tags_all": {"owner": "a"}}),
        json!({}),
    );
    assert_eq!(
        (pairs(&merged), merged.origin["owner"]),
        (vec![("owner", "a")], TagOrigin::Merged)
    );
    let old = tags(
        "aws_vpc",
        "aws",
        json!({"x": null, "tags": {"owner": "a"}}),
        json!({"tags": {}}),
    );
    assert_eq!(
        (pairs(&old), old.origin["owner"]),
        (vec![("owner", "a")], TagOrigin::Resource)
    );
}

#[test]
fn trap_05_autoscaling_groups_have_blocks() {
    let after = json!({"x": null, "tags": null, "tag": [{"key": "owner", "value": "a", "propagate_at_launch": true}]});
    let blocks = tags("aws_autoscaling_group", "aws", after, json!({"tag": [{}]}));
    assert_eq!(
        (pairs(&blocks), blocks.attribute.as_deref(), blocks.all_unknown),
        (vec![("owner", "a")], Some("tag"), false)
    );
    let after = json!({"x": null, "tag": [], "tags": [{"key": "owner", "value": "a", "propagate_at_launch": "true"}]});
    assert_eq!(
        pairs(&tags("aws_autoscaling_group", "aws", after, json!({}))),
        [("owner", "a")]
    );
    let after = json!({"x": null, "tags": null, "tag": [{"key": "owner", "propagate_at_launch": true}, null]});
    let partly = tags(
        "aws_autoscaling_group",
        "aws",
        after,
        json!({"tag": [{"value": true}, true]}),
    );
    assert_eq!(
        (partly.unknown_keys, partly.all_unknown),
        (vec!["owner".to_owned()], true)
    );
}

#[test]
fn trap_06_volume_tags_are_not_the_tags_of_the_instance() {
    let after = json!({"tags": null, "volume_tags": {"owner": "a"}, "root_block_device": [{"tags": {"owner": "a"}}]});
    let instance = tags("aws_instance", "aws", after, json!({"tags_all": true}));
    assert_eq!((pairs(&instance), instance.all_unknown), (vec![], false));
    let after = json!({"tags": {"a": "b"}, "tags_all": {"a": "b"}, "tag_specifications": [{"resource_type": "instance", "tags": {"owner": "a"}}]});
    assert_eq!(
        pairs(&tags("aws_launch_template", "aws", after, json!({}))),
        [("a", "b")]
    );
}

#[test]
fn trap_07_google_labels() {
    // Network tags are no labels, and the provider's own label is nobody's.
    let own = json!({"goog-terraform-provisioned": "true"});
    let after = json!({"tags": ["ssh"], "labels": null, "terraform_labels": own, "effective_labels": own});
    let provisioned = tags("google_compute_instance", "google", after, json!({}));
    assert_eq!((provisioned.supported, pairs(&provisioned)), (Tri::Yes, vec![]));
    let after = json!({
        "x": null, "labels": {"owner": "a"}, "terraform_labels": {"owner": "a", "env": "b"},
        "effective_labels": {"owner": "a", "env": "b", "added": "outside"},
    });
    let merged = tags("google_storage_bucket", "google-beta", after, json!({}));
    assert_eq!(pairs(&merged), [("env", "b"), ("owner", "a")]);
    assert_eq!(
        (merged.origin["env"], merged.origin["owner"]),
        (TagOrigin::Merged, TagOrigin::Resource)
    );
    for (kind, after, attribute) in [
        (
            "google_container_cluster",
            json!({"x": null, "resource_labels": {"owner": "a"}}),
            "resource_labels",
        ),
        (
            "google_sql_database_instance",
            json!({"x": null, "settings": [{"user_labels": {"owner": "a"}}]}),
            "settings[0].user_labels",
        ),
        (
            "google_monitoring_notification_channel",
            json!({"x": null, "labels": {"email_address": "a@example.com"}, "user_labels": {"owner": "a"}}),
            "user_labels",
        ),
    ] {
        let found = tags(kind, "google", after, json!({}));
        assert_eq!(
            (found.attribute.as_deref(), pairs(&found)),
            (Some(attribute), vec![("owner", "a")]),
            "{kind}"
        );
    }
}

#[test]
fn trap_08_azure_keys_keep_their_case() {
    let found = tags(
        "azurerm_resource_group",
        "azurerm",
        json!({"x": null, "tags": {"Owner": "A"}}),
        json!({}),
    );
    assert_eq!(pairs(&found), [("Owner", "A")]);
    let none = tags("azurerm_subnet", "azurerm", json!({"x": null}), json!({}));
    assert_eq!(none.supported, Tri::No);
}

#[test]
fn trap_09_kubernetes_labels_are_in_metadata() {
    let after = json!({"metadata": [{"labels": {"app": "web"}, "name": null}], "spec": [{"template": [{"metadata": [{"labels": {"x": "y"}}]}]}]});
    let found = tags("kubernetes_deployment_v1", "kubernetes", after, json!({}));
    assert_eq!(
        (pairs(&found), found.attribute.as_deref()),
        (vec![("app", "web")], Some("metadata[0].labels"))
    );
    let unknown = tags(
        "kubernetes_service",
        "kubernetes",
        json!({"x": null}),
        json!({"metadata": true}),
    );
    assert_eq!((unknown.supported, unknown.all_unknown), (Tri::Yes, true));
    let after = json!({"manifest": {"metadata": {"labels": {"replicas": 3}}}, "x": null});
    assert_eq!(
        pairs(&tags("kubernetes_manifest", "kubernetes", after, json!({}))),
        [("replicas", "3")]
    );
    assert_eq!(
        tags("kubectl_manifest", "kubectl", json!({"yaml_body": "a: b"}), json!({})).supported,
        Tri::CannotTell
    );
    assert_eq!(
        tags("helm_release", "helm", json!({"metadata": null}), json!({})).supported,
        Tri::No
    );
}

#[test]
fn trap_10_lists_blocks_and_namespaces() {
    let after = json!({"tags": ["team:a:b", "bare", "env:x", "env:w"], "x": null});
    let listed = tags("datadog_monitor", "datadog", after, json!({}));
    assert_eq!(pairs(&listed), [("bare", ""), ("env", "w,x"), ("team", "a:b")]);
    let unknown = tags(
        "datadog_monitor",
        "datadog",
        json!({"tags": [null], "x": null}),
        json!({"tags": [true]}),
    );
    assert!(unknown.all_unknown);
    let after = json!({"freeform_tags": {"owner": "a"}, "defined_tags": {"Ops.CostCenter": "42"}, "x": null});
    assert_eq!(
        pairs(&tags("oci_core_instance", "oci", after, json!({}))),
        [("Ops.CostCenter", "42"), ("owner", "a")]
    );
    for (kind, provider, after) in [
        (
            "aiven_kafka",
            "aiven",
            json!({"tag": [{"key": "owner", "value": "a"}], "x": null}),
        ),
        (
            "docker_container",
            "docker",
            json!({"labels": [{"label": "owner", "value": "a"}], "x": null}),
        ),
        (
            "awscc_s3_bucket",
            "awscc",
            json!({"tags": [{"key": "owner", "value": "a"}], "x": null}),
        ),
        (
            "awscc_ssm_parameter",
            "awscc",
            json!({"tags": {"owner": "a"}, "x": null}),
        ),
        ("hcloud_server", "hcloud", json!({"labels": {"owner": "a"}, "x": null})),
        (
            "yandex_vpc_network",
            "yandex",
            json!({"labels": {"owner": "a"}, "x": null}),
        ),
        ("alicloud_vpc", "alicloud", json!({"tags": {"owner": "a"}, "x": null})),
        (
            "digitalocean_droplet",
            "digitalocean",
            json!({"tags": ["owner:a"], "x": null}),
        ),
        ("ibm_is_vpc", "ibm", json!({"tags": ["owner:a"], "x": null})),
        ("madeup_thing", "madeup", json!({"labels": {"owner": "a"}, "x": null})),
    ] {
        let found = tags(kind, provider, after, json!({}));
        assert_eq!(
            (found.supported, pairs(&found)),
            (Tri::Yes, vec![("owner", "a")]),
            "{kind}"
        );
    }
}

#[test]
fn trap_11_untaggable_types_are_told_by_the_plan() {
    let attribute_of_null = tags("aws_iam_user", "aws", json!({"tags": null, "x": null}), json!({}));
    assert_eq!(attribute_of_null.supported, Tri::Yes);
    assert_eq!(
        tags("aws_made_up", "aws", json!({"x": null}), json!({})).supported,
        Tri::No
    );
    assert_eq!(
        tags("random_id", "random", json!({"x": 1}), json!({})).supported,
        Tri::No
    );
    // Without a single null the plan may be reduced, and only well-known types are certain.
    assert_eq!(
        tags("aws_made_up", "aws", json!({"x": 1}), json!({})).supported,
        Tri::CannotTell
    );
    assert_eq!(
        tags("aws_iam_role_policy_attachment", "aws", json!({"x": 1}), json!({})).supported,
        Tri::No
    );
    let change = json!({"actions": ["create"], "after": {"x": 1}, "after_unknown": {}, "after_sensitive": {}});
    let reduced = plan(&[entry("aws_vpc", "aws", change)]);
    assert_eq!(doubts(&reduced), ["reduced"]);
    assert_eq!(
        (
            reduced.resources[0].tags.supported,
            reduced.resources[0].tags.all_unknown
        ),
        (Tri::Yes, false)
    );
    // Without marks of unknown values, an absent attribute is not even known to be absent.
    let change = json!({"actions": ["create"], "after": {"x": 1}, "after_sensitive": {}});
    assert!(plan(&[entry("aws_vpc", "aws", change)]).resources[0].tags.all_unknown);
}

#[test]
fn trap_12_tags_as_resources_are_no_tags_of_theirs() {
    let tag = tags(
        "aws_ec2_tag",
        "aws",
        json!({"key": "owner", "value": "a", "x": null}),
        json!({}),
    );
    assert_eq!((tag.supported, pairs(&tag)), (Tri::No, vec![]));
}

#[test]
fn trap_13_both_replacements_destroy() {
    for (actions, order) in [
        (json!(["delete", "create"]), ReplaceOrder::DeleteFirst),
        (json!(["create", "delete"]), ReplaceOrder::CreateFirst),
    ] {
        let change =
            json!({"actions": actions, "before": {}, "after": {}, "replace_paths": [["ami"], ["list", 1, "id"]]});
        let plan = plan(&[entry("aws_instance", "aws", change)]);
        let resource = &plan.resources[0];
        assert_eq!(
            (resource.action, resource.replace_order, resource.destroys),
            (Action::Replace, Some(order), true)
        );
        assert_eq!(paths(&resource.replace_paths), ["ami", "list[1].id"]);
    }
}

#[test]
fn trap_14_what_does_not_change_is_there_and_says_so() {
    let change = |extra: Value| {
        let mut change = json!({"actions": ["no-op"], "before": {"x": null}, "after": {"x": null}});
        change
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        change
    };
    let mut moved = entry("aws_vpc", "aws", change(json!({})));
    moved["previous_address"] = json!("aws_vpc.old");
    let imported = entry("aws_eip", "aws", change(json!({"importing": {"id": "eip-1"}})));
    let idle = entry("aws_iam_user", "aws", change(json!({})));
    let plan = plan(&[moved, imported, idle]);
    assert!(plan.resources.iter().all(|resource| resource.action == Action::NoOp));
    assert_eq!(
        plan.by_type["aws_eip"][0].importing.as_ref().unwrap().id.as_deref(),
        Some("eip-1")
    );
    assert_eq!(
        plan.by_type["aws_vpc"][0].previous_address.as_deref(),
        Some("aws_vpc.old")
    );
    assert!(plan.by_type["aws_iam_user"][0].importing.is_none());
}

#[test]
fn trap_15_removed_tags_show_in_what_was_before() {
    let change = json!({
        "actions": ["update"], "after_unknown": {},
        "before": {"tags": {"owner": "a"}, "tags_all": {"owner": "a"}}, "after": {"tags": null, "tags_all": {}},
    });
    let plan = plan(&[entry("aws_vpc", "aws", change)]);
    let tags = &plan.resources[0].tags;
    assert_eq!(tags.previous["owner"], "a");
    assert_eq!((pairs(tags), tags.all_unknown), (vec![], false));
}

#[test]
fn trap_16_what_is_deleted_has_the_tags_that_it_had() {
    for action in ["delete", "forget"] {
        let change = json!({"actions": [action], "before": {"tags": {"owner": "a"}, "tags_all": {"owner": "a"}}, "after": null, "after_unknown": {}});
        let plan = plan(&[entry("aws_vpc", "aws", change)]);
        let resource = &plan.resources[0];
        assert!(resource.after.is_null());
        assert_eq!(
            (resource.tags.supported, pairs(&resource.tags)),
            (Tri::Yes, vec![("owner", "a")])
        );
        assert_eq!(resource.tags.previous, resource.tags.values);
    }
}

#[test]
fn trap_17_resources_of_modules_are_in_the_one_list() {
    let address = "module.a[0].module.b[\"x\"].aws_vpc.main";
    let plan = plan(&[json!({"address": address, "change": {"actions": ["create"], "after": {}}})]);
    let resource = &plan.resources[0];
    assert_eq!(
        (resource.module.as_str(), resource.kind.as_str()),
        ("module.a[0].module.b[\"x\"]", "aws_vpc")
    );
    assert_eq!(resource.module_path, ["a", "b"]);
    assert_eq!(plan.by_type["aws_vpc"].len(), 1);
    assert!(doubts(&plan).iter().all(|code| !code.starts_with("address")));
}

#[test]
fn trap_18_addresses_have_quoted_keys() {
    for key in [
        "example.com",
        "a/b",
        "a]b[c",
        "say \"hi\"",
        "back\\slash",
        "${x}",
        "module.x",
    ] {
        let quoted = key.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${");
        let plan = plan(&[json!({
            "address": format!("aws_route53_zone.x[\"{quoted}\"]"), "type": "aws_route53_zone", "name": "x", "index": key,
            "change": {"actions": ["no-op"]},
        })]);
        assert_eq!(plan.resources[0].key, Some(Key::String(key.to_owned())));
        assert!(!doubts(&plan).contains(&"address_mismatch"), "{key}");
    }
}

#[test]
fn trap_18_an_address_that_lies_is_doubted() {
    let honest = json!({"address": "aws_vpc.x[0]", "type": "aws_vpc", "name": "x", "index": 0, "change": {"actions": ["delete"]}});
    for (member, lie) in [
        ("type", json!("aws_eip")),
        ("name", json!("y")),
        ("index", json!("0")),
        ("mode", json!("data")),
        ("module_address", json!("module.a")),
        ("address", json!("nonsense")),
    ] {
        let mut entry = honest.clone();
        entry[member] = lie;
        let plan = plan(&[entry]);
        assert!(doubts(&plan).contains(&"address_mismatch"), "{member}");
        assert_eq!(plan.resources[0].mode, ResourceMode::Managed, "{member}");
    }
}

#[test]
fn trap_19_keys_have_types() {
    let entry = |index: Value| json!({"address": format!("aws_vpc.x[{index}]"), "type": "aws_vpc", "name": "x", "index": index, "change": {"actions": ["no-op"]}});
    let plan = plan(&[entry(json!(0)), entry(json!("0"))]);
    let keys: Vec<_> = plan
        .resources
        .iter()
        .map(|resource| resource.key.clone().unwrap())
        .collect();
    assert_eq!(keys, [Key::String("0".to_owned()), Key::Number(0)]);
    assert!(!doubts(&plan).contains(&"address_repeated"));
}

#[test]
fn trap_20_numbers_keep_their_digits() {
    let plan = br#"{"format_version": "1.2", "resource_changes": [{"address": "a_b.c", "change": {
        "actions": ["update"], "before": {"id": 8071748603418320040, "n": 1.0}, "after": {"id": 8071748603418320041, "n": 1}}}]}"#;
    let input = Input::from_terraform(plan).unwrap();
    assert!(input.to_json().contains("8071748603418320040"));
    assert!(input.to_json().contains("8071748603418320041"));
    let resource = Arc::clone(&input.plan.unwrap().resources[0]);
    assert_ne!(resource.before.member("id"), resource.after.member("id"));
    assert_eq!(resource.before.member("n"), resource.after.member("n"));
}

#[test]
fn trap_20_members_with_the_names_of_internals_are_members() {
    for name in ["$serde_json::private::Number", "$serde_json::private::RawValue"] {
        let change = json!({"actions": ["create"], "after": {name: "1}, {", "deep": {name: "8"}}});
        let mut entry = entry("aws_vpc", "aws", change);
        entry["change"]["after_unknown"] = json!({"list": [{name: true}]});
        let document = json!({"format_version": "1.2", "resource_changes": [entry]});
        let input = refused_or_read(&document).unwrap();
        // `serde_json` itself would take such a member for a number or for JSON: another reason not to read with it.
        let read = plangate::json::Value::from_json("document", input.to_json().as_bytes()).unwrap();
        let member = |path: &[&str]| path.iter().try_fold(&read, |value, name| value.member(name)).unwrap();
        let resource = member(&["plan", "resources"]).element(0).unwrap();
        let after = resource.member("after").unwrap();
        assert_eq!(after.member(name).unwrap().as_str(), Some("1}, {"));
        assert_eq!(after.member("deep").unwrap().member(name).unwrap().as_str(), Some("8"));
        assert_eq!(
            input.plan.unwrap().resources[0].unknown[0].to_string(),
            format!("list[0][{name:?}]")
        );
    }
}

#[test]
fn trap_21_depth_has_a_limit_and_paths_too() {
    let deep = format!(
        "{{\"format_version\": \"1.2\", \"resource_changes\": {}",
        "[".repeat(100_000)
    );
    assert_eq!(text(deep.as_bytes()).unwrap_err().code(), "json.depth");
    let marks = format!(
        "{}{}{}",
        "[".repeat(490),
        vec!["true"; 20_000].join(","),
        "]".repeat(490)
    );
    let wide = format!(
        "{{\"format_version\": \"1.2\", \"resource_changes\": [{{\"address\": \"a_b.c\", \"change\": {{\"actions\": [\"create\"], \"after\": {{}}, \"after_unknown\": {marks}}}}}]}}"
    );
    assert_eq!(text(wide.as_bytes()).unwrap_err().code(), "plan.paths");
}

#[test]
fn trap_22_sensitive_values_become_handles_everywhere() {
    let secret = "correct horse battery";
    let change = json!({
        "actions": ["update"],
        "before": {"password": secret, "keys": {"inner-key-name": secret}, "empty": null},
        "after": {"password": secret, "keys": {"inner-key-name": "x"}, "empty": null},
        "before_sensitive": {"password": true, "empty": true},
        "after_sensitive": {"keys": true, "gone": true},
        "after_unknown": {"keys": {"other-key-name": true}},
        "replace_paths": [["keys", "inner-key-name"]],
        "importing": {"id": "(sensitive #1)"},
    });
    let drift =
        json!({"actions": ["update"], "before": {"p": secret}, "after": {"p": secret}, "after_sensitive": {"p": true}});
    let deferred = json!({"actions": ["create"], "after": {"p": secret}, "after_sensitive": {"p": true}});
    let input = refused_or_read(&json!({
        "format_version": "1.2",
        "resource_changes": [entry("aws_vpc", "aws", change)],
        "resource_drift": [entry("aws_vpc", "aws", drift)],
        "deferred_changes": [{"reason": "unknown", "resource_change": entry("aws_vpc", "aws", deferred)}],
        "action_invocations": [{"address": "action.a.b", "config_values": {"p": secret}, "config_sensitive": {"p": true}}],
        "output_changes": {
            "marked": {"actions": ["create"], "after": secret, "after_sensitive": true},
            "declared": {"actions": ["create"], "after": secret},
            "nobody_says": {"actions": ["create"], "after": secret},
        },
        "variables": {"declared": {"value": secret}, "nobody_says": {"value": secret}, "plain": {"value": "plain"}},
        "configuration": {"root_module": {
            "variables": {"declared": {"sensitive": true}, "plain": {}},
            "outputs": {"declared": {"sensitive": true}},
        }},
    }))
    .unwrap();
    let document = input.to_json();
    for hidden in [secret, "inner-key-name", "other-key-name"] {
        assert!(!document.contains(hidden), "{hidden}");
    }
    let plan = input.plan.unwrap();
    let resource = &plan.resources[0];
    assert_eq!(resource.before.member("password"), resource.after.member("password"));
    assert!(resource.after.member("empty").unwrap().is_null());
    assert_eq!(paths(&resource.sensitive), ["empty", "gone", "keys", "password"]);
    assert_eq!(paths(&resource.unknown), ["keys"]);
    assert_eq!(paths(&resource.replace_paths), ["keys"]);
    // The import's id only looked like the first handle.
    assert_ne!(
        resource.importing.as_ref().unwrap().id.as_deref(),
        Some("(sensitive #1)")
    );
    assert_eq!(plan.variables["plain"].value.as_str(), Some("plain"));
    assert_eq!(
        (
            plan.variables["declared"].sensitive,
            plan.variables["nobody_says"].sensitive
        ),
        (Tri::Yes, Tri::CannotTell)
    );
    assert_eq!(plan.outputs["nobody_says"].sensitive, Tri::CannotTell);
    assert_eq!(plan.variables["declared"].value, plan.outputs["marked"].after);
}

#[test]
fn trap_22_sensitive_tags_are_handles_or_unknown() {
    let tags = |sensitive: Value| {
        let change = json!({"actions": ["create"], "after_sensitive": sensitive, "after_unknown": {},
            "after": {"x": null, "tags": {"owner": "hunter2-hunter2"}, "tags_all": {"owner": "hunter2-hunter2"}}});
        plan(&[entry("aws_vpc", "aws", change)]).resources[0].tags.clone()
    };
    let one = tags(json!({"tags": {"owner": true}, "tags_all": {"owner": true}}));
    assert_eq!(
        (pairs(&one), one.all_unknown),
        (vec![("owner", "(sensitive #1)")], false)
    );
    let whole = tags(json!({"tags": true, "tags_all": true}));
    assert_eq!((pairs(&whole), whole.all_unknown), (vec![], true));
    assert!(tags(json!(true)).all_unknown);
}

#[test]
fn trap_22_plans_without_marks_are_doubted() {
    let plan = read(&json!({
        "format_version": "0.1",
        "resource_changes": [entry("aws_vpc", "aws", json!({"actions": ["create"], "after": {"x": null}, "after_unknown": {}}))],
    }));
    assert_eq!(doubts(&plan), ["sensitivity_unknown"]);
}

#[test]
fn trap_23_drift_is_apart_from_changes() {
    let drift = |action: &str| {
        entry(
            "aws_vpc",
            "aws",
            json!({"actions": [action], "before": {"x": null}, "after": {"x": null}}),
        )
    };
    let refresh_only = read(
        &json!({"format_version": "1.2", "complete": true, "applyable": true, "resource_drift": [drift("update")]}),
    );
    assert_eq!(
        (
            refresh_only.mode,
            refresh_only.resources.len(),
            refresh_only.drift.len()
        ),
        (Mode::RefreshOnly, 0, 1)
    );
    assert_eq!(doubts(&refresh_only), ["no_resource_changes", "refresh_only"]);
    let recreated = read(&json!({
        "format_version": "1.2", "complete": true, "applyable": true,
        "resource_drift": [drift("delete")], "resource_changes": [drift("create")],
    }));
    assert_eq!(recreated.mode, Mode::Normal);
}

#[test]
fn trap_24_destruction_is_inferred() {
    let deleted = entry(
        "aws_vpc",
        "aws",
        json!({"actions": ["delete"], "before": {}, "after": null}),
    );
    assert_eq!(plan(std::slice::from_ref(&deleted)).mode, Mode::Destroy);
    let mut removed = deleted.clone();
    removed["action_reason"] = json!("delete_because_no_resource_config");
    assert_eq!(plan(&[removed]).mode, Mode::Normal);
    let kept = json!({"address": "aws_eip.x", "change": {"actions": ["no-op"], "before": {}, "after": {}}});
    assert_eq!(plan(&[deleted, kept]).mode, Mode::Normal);
    assert_eq!(plan(&[]).mode, Mode::Normal);
}

#[test]
fn trap_25_partial_plans_are_doubted() {
    let plan = read(&json!({"format_version": "1.2", "complete": false, "applyable": true, "resource_changes": []}));
    assert_eq!((plan.complete, doubts(&plan)), (Some(false), vec!["incomplete"]));
    let plan = read(&json!({"format_version": "1.2", "complete": false, "errored": true}));
    assert_eq!(doubts(&plan), ["errored", "incomplete", "no_resource_changes"]);
}

#[test]
fn trap_26_null_absent_unknown_and_empty_are_four_things() {
    let resource = created(
        "aws_vpc",
        "aws",
        json!({"null": null, "empty": {}, "list": [null, null]}),
        json!({"unknown": true, "list": [false, true], "empty": {}}),
    );
    assert!(resource.after.member("null").unwrap().is_null());
    assert!(resource.after.member("absent").is_none());
    assert!(resource.after.member("unknown").is_none());
    assert_eq!(paths(&resource.unknown), ["list[1]", "unknown"]);
    assert!(resource.after.member("empty").unwrap().as_object().unwrap().is_empty());
}

#[test]
fn trap_26_marks_of_any_shape_are_read() {
    let unknown = |marks: Value| paths(&created("aws_vpc", "aws", json!({"a": [1]}), marks).unknown);
    assert_eq!(unknown(json!({"a": [false, true, {"b": true}]})), ["a[1]", "a[2].b"]);
    assert_eq!(unknown(json!({"a": true})), ["a"]);
    assert_eq!(unknown(json!(true)), [""]);
    for nothing in [json!(null), json!(false), json!({}), json!([]), json!({"a": null})] {
        assert_eq!(unknown(nothing), [""; 0]);
    }
}

#[test]
fn trap_27_deposed_objects_share_an_address() {
    let mut deposed = entry(
        "aws_vpc",
        "aws",
        json!({"actions": ["delete"], "before": {}, "after": null}),
    );
    deposed["deposed"] = json!("a1b2c3d4");
    let current = entry(
        "aws_vpc",
        "aws",
        json!({"actions": ["no-op"], "before": {}, "after": {}}),
    );
    let once = plan(&[deposed.clone(), current.clone()]);
    assert_eq!(once.resources.len(), 2);
    assert_eq!(
        (&once.resources[0].deposed, once.resources[1].deposed.as_deref()),
        (&None, Some("a1b2c3d4"))
    );
    assert!(!doubts(&once).contains(&"address_repeated"));
    assert!(doubts(&plan(&[current.clone(), current])).contains(&"address_repeated"));
}

#[test]
fn trap_28_wrappers_logs_and_encodings_are_read() {
    let inner =
        json!({"format_version": "1.2", "resource_changes": [entry("aws_vpc", "aws", json!({"actions": ["delete"]}))]});
    let direct = serde_json::to_string(&inner).unwrap();
    let utf16 = |unit: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        format!("{mark}{direct}").encode_utf16().flat_map(unit).collect()
    };
    let inputs = [
        json!({"plan": inner}).to_string().into_bytes(),
        json!({"tfplan": inner, "tfrun": {}}).to_string().into_bytes(),
        json!({"input": {"tfplan": inner}}).to_string().into_bytes(),
        json!({"spacelift": {"run": {}}, "terraform": inner})
            .to_string()
            .into_bytes(),
        json!({"mock": {"case": {"tfplan": inner}}}).to_string().into_bytes(),
        format!("\u{feff}{direct}").into_bytes(),
        utf16(u16::to_le_bytes, "\u{feff}"),
        utf16(u16::to_be_bytes, "\u{feff}"),
        utf16(u16::to_le_bytes, ""),
        utf16(u16::to_be_bytes, ""),
        format!("[command]/usr/bin/terraform show -json tfplan\n{direct}\n::debug::done\n").into_bytes(),
        format!("time=2026-11-23T09:00:00Z level=info msg=\"running\"\n{direct}\n").into_bytes(),
        format!("\u{1b}[0m\u{1b}[1m{direct}\u{1b}[0m\n").into_bytes(),
        format!("09:00:00.000 STDOUT terraform: {direct}\n").into_bytes(),
        serde_json::to_string_pretty(&inner)
            .unwrap()
            .replace('\n', "\r\n")
            .into_bytes(),
    ];
    for input in inputs {
        let plan = text(&input).unwrap_or_else(|error| panic!("{error} in {}", String::from_utf8_lossy(&input)));
        assert_eq!(plan.resources[0].action, Action::Delete);
    }
}

#[test]
fn trap_28_what_is_no_plan_is_named_with_the_command_to_use() {
    for (input, code) in [
        (&b""[..], "plan.empty"),
        (b"PK\x03\x04\x14\x00\x08\x00", "plan.binary"),
        (b"\x1f\x8b\x08\x00", "plan.compressed"),
        (b"{\"a\": \"\xff\"}", "plan.encoding"),
        (
            b"Terraform will perform the following actions:\n\n  # aws_vpc.x will be created\n",
            "plan.text",
        ),
        (
            b"No changes. Your infrastructure matches the configuration.\n",
            "plan.text",
        ),
        (b"resource \"aws_vpc\" \"x\" {\n}\n", "plan.hcl"),
        (b"{\"format_version\": \"1.0\"}", "plan.state"),
        (b"{\"format_version\": \"1.0\", \"values\": {}}", "plan.state"),
        (b"{\"version\": 4, \"lineage\": \"x\", \"resources\": []}", "plan.state"),
        (
            b"{\"@level\": \"info\", \"type\": \"version\"}\n{\"@level\": \"info\"}\n",
            "plan.json_lines",
        ),
        (
            b"{\"format_version\": \"1.0\", \"provider_schemas\": {}}",
            "plan.schemas",
        ),
        (b"[{\"address\": \"aws_vpc.x\"}]", "plan.array"),
        (b"{\"name\": \"x\"}", "plan.not_a_plan"),
        (b"hello", "plan.not_json"),
        (b"{\"resource_changes\": [", "json.syntax"),
        (
            b"{\"resource_changes\": []}\n{\"resource_changes\": []}\n",
            "plan.several",
        ),
        (
            b"{\"plan\": {\"resource_changes\": []}, \"tfplan\": {\"resource_changes\": []}}",
            "plan.ambiguous",
        ),
        (
            b"{\"format_version\": \"2.0\", \"resource_changes\": []}",
            "plan.format_version",
        ),
        (
            b"{\"format_version\": \"10.0\", \"resource_changes\": []}",
            "plan.format_version",
        ),
        (
            b"{\"format_version\": \"latest\", \"resource_changes\": []}",
            "plan.format_version",
        ),
        (b"{\"resource_changes\": {}}", "plan.shape"),
        (b"{\"resource_changes\": [{\"address\": \"hunter2\"}]}", "plan.shape"),
    ] {
        let error = text(input).unwrap_err();
        assert_eq!(error.code(), code, "{}", String::from_utf8_lossy(input));
        assert!(error.help().is_some(), "{code}");
        assert!(!format!("{error:?}").contains("hunter2"), "{code}");
    }
}

#[test]
fn trap_29_a_member_that_contradicts_itself_is_refused() {
    let error = text(b"{\"resource_changes\": [1],\n \"resource_changes\": []}").unwrap_err();
    assert_eq!(error.code(), "json.duplicate_key");
    assert_eq!(error.location().unwrap().to_string(), "plan:2:2");
}

#[test]
fn trap_31_attributes_that_a_state_does_not_have_are_not_demanded() {
    let change = json!({"actions": ["no-op"], "before": {"tags": {"a": "b"}, "x": null}, "after": {"tags": {"a": "b"}, "x": null}, "after_unknown": {}});
    let plan = plan(&[entry("aws_vpc", "aws", change)]);
    assert_eq!(pairs(&plan.resources[0].tags), [("a", "b")]);
    assert!(!plan.resources[0].tags.all_unknown);
}

#[test]
fn trap_32_ephemeral_resources_and_write_only_values_are_null() {
    let ephemeral = json!({"address": "ephemeral.random_password.x", "mode": "ephemeral", "type": "random_password", "name": "x",
        "provider_name": "registry.opentofu.org/hashicorp/random", "change": {"actions": ["open"], "before": null}});
    let plan = read(&json!({"format_version": "1.2", "resource_changes": [ephemeral]}));
    let resource = &plan.resources[0];
    assert_eq!((resource.mode, plan.tool), (ResourceMode::Ephemeral, Tool::Opentofu));
    assert!(resource.before.is_null() && resource.after.is_null());
    assert_eq!(resource.tags.supported, Tri::No);
    let change = json!({"actions": ["create"], "after": {"secret_wo": null}, "after_sensitive": {"secret_wo": true}});
    let written = read(&json!({"format_version": "1.2", "resource_changes": [entry("aws_vpc", "aws", change)]}));
    assert!(written.resources[0].after.member("secret_wo").unwrap().is_null());
}

#[test]
fn trap_33_the_order_of_a_set_decides_no_tag() {
    let read = |tags_list: Value| {
        tags(
            "datadog_monitor",
            "datadog",
            json!({"tags": tags_list, "x": null}),
            json!({}),
        )
        .values
    };
    assert_eq!(read(json!(["team:a", "team:b"])), read(json!(["team:b", "team:a"])));
}

#[test]
fn trap_34_text_inside_text_stays_text_and_may_be_unknown_as_a_whole() {
    let resource = created(
        "aws_iam_policy",
        "aws",
        json!({"policy": "{\"Version\": \"2012-10-17\"}", "x": null}),
        json!({}),
    );
    assert_eq!(
        resource.after.member("policy").unwrap().as_str(),
        Some("{\"Version\": \"2012-10-17\"}")
    );
    let resource = created("aws_iam_policy", "aws", json!({"x": null}), json!({"policy": true}));
    assert_eq!(paths(&resource.unknown), ["policy"]);
}

#[test]
fn trap_35_the_timestamp_is_the_plans() {
    let at = |time: &str| read(&json!({"format_version": "1.2", "resource_changes": [], "timestamp": time}));
    assert_eq!(
        at("2026-11-23T10:00:00+01:00").timestamp.as_deref(),
        Some("2026-11-23T09:00:00Z")
    );
    let unread = at("yesterday");
    assert_eq!(unread.timestamp, None);
    assert!(doubts(&unread).contains(&"unread_member"));
}

#[test]
fn format_versions_are_numbers() {
    let version = |version: Value| read(&json!({"format_version": version, "complete": true, "resource_changes": []}));
    for accepted in ["0.1", "0.2", "1.0", "1.2", "1.10", "1.999"] {
        assert_eq!(version(json!(accepted)).format_version.as_deref(), Some(accepted));
    }
    assert_eq!(doubts(&version(Value::Null)), ["format_version_missing"]);
}

#[test]
fn the_tool_is_told_by_what_it_writes() {
    let tool = |host: &str, extra: Value| {
        let mut plan = json!({"format_version": "1.2", "terraform_version": "1.11.0", "resource_changes": [
            {"address": "a_b.c", "provider_name": format!("{host}/hashicorp/a"), "change": {"actions": ["create"]}}]});
        plan.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        read(&plan).tool
    };
    assert_eq!(tool("registry.opentofu.org", json!({})), Tool::Opentofu);
    assert_eq!(
        tool("registry.terraform.io", json!({"applyable": true, "complete": true})),
        Tool::Terraform
    );
    // Providers can be pinned to the other registry. What only Terraform writes decides.
    assert_eq!(
        tool("registry.opentofu.org", json!({"applyable": true, "complete": true})),
        Tool::Terraform
    );
    assert_eq!(tool("registry.terraform.io", json!({})), Tool::Unknown);
    assert_eq!(
        tool("registry.terraform.io", json!({"format_version": "1.1"})),
        Tool::Terraform
    );
    assert_eq!(
        tool("registry.terraform.io", json!({"terraform_version": "1.5.7"})),
        Tool::Terraform
    );
}

#[test]
fn deferred_changes_are_beside_the_changes() {
    let deferred = json!({"address": "module.a[*].aws_vpc.x[*]", "module_address": "module.a[*]", "type": "aws_vpc", "name": "x", "index_unknown": true,
        "change": {"actions": ["create"], "after": {"x": null}, "after_unknown": {"tags": true}, "importing": {"unknown": true}}});
    let plan = read(
        &json!({"format_version": "1.2", "complete": false, "resource_changes": [],
        "deferred_changes": [{"reason": "instance_count_unknown", "resource_change": deferred}]}),
    );
    assert_eq!(doubts(&plan), ["deferred", "incomplete"]);
    let deferred = &plan.deferred[0];
    assert_eq!(
        (deferred.reason.as_str(), &deferred.resource.key),
        ("instance_count_unknown", &None)
    );
    assert_eq!(deferred.resource.module_path, ["a"]);
    assert!(deferred.resource.importing.as_ref().unwrap().unknown);
}

#[test]
fn actions_without_resources_are_doubted() {
    let plan = read(
        &json!({"format_version": "1.2", "complete": true, "action_invocations": [
        {"address": "action.a_b.c", "type": "a_b", "name": "c", "provider_name": "registry.terraform.io/x/a", "invoke_action_trigger": {}}]}),
    );
    assert_eq!(doubts(&plan), ["actions_only", "no_resource_changes"]);
    assert_eq!(plan.actions[0].provider.kind, "a");
}

#[test]
fn planned_values_are_a_last_resort() {
    let resource = json!({"address": "aws_vpc.x", "mode": "managed", "type": "aws_vpc", "name": "x", "provider_name": AWS,
        "values": {"cidr": "10.0.0.0/8", "ipam": null, "secret": "hunter2-hunter2"}, "sensitive_values": {"secret": true}});
    let planned = json!({"root_module": {"resources": [resource]}});
    let input =
        refused_or_read(&json!({"format_version": "1.2", "complete": true, "planned_values": planned})).unwrap();
    assert!(!input.to_json().contains("hunter2"));
    let plan = input.plan.unwrap();
    assert_eq!(
        (plan.resources[0].action, doubts(&plan)),
        (Action::Unknown, vec!["values_only"])
    );
    // What equals the state before, or is listed as no change, is no change.
    let state = json!({"values": planned});
    let idle =
        read(&json!({"format_version": "1.2", "complete": true, "planned_values": planned, "prior_state": state}));
    assert_eq!((idle.resources.len(), doubts(&idle)), (0, vec!["no_resource_changes"]));
    let listed =
        read(&json!({"format_version": "1.2", "complete": true, "planned_values": planned, "resource_changes": []}));
    assert_eq!((listed.resources.len(), doubts(&listed)), (0, vec![]));
    let outputs = read(
        &json!({"format_version": "1.2", "complete": true, "output_changes": {"a": {"actions": ["create"], "after": 1, "after_sensitive": false}}}),
    );
    assert_eq!(doubts(&outputs), ["no_resource_changes"]);
}

#[test]
fn checks_keep_what_their_authors_say() {
    let plan = read(&json!({"format_version": "1.2", "resource_changes": [], "checks": [
        {"address": {"kind": "resource", "to_display": "aws_vpc.x"}, "status": "unknown"},
        {"address": {"kind": "check", "to_display": "check.health"}, "status": "fail",
         "instances": [{"status": "fail", "problems": [{"message": "not healthy"}]}]}]}));
    assert_eq!(plan.checks[1].problems, ["not healthy"]);
    assert_eq!(plan.checks[0].kind, "resource");
    assert!(plan.checks[0].problems.is_empty());
}

#[test]
fn members_that_nobody_knows_are_doubted() {
    let plan = read(
        &json!({"format_version": "1.2", "complete": true, "resource_changes": [], "quantum_changes": [], "relevant_attributes": []}),
    );
    assert_eq!(
        plan.doubts[0].message,
        "the plan has a top-level member that is not known: `quantum_changes`"
    );
}
