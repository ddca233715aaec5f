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

mod changes;
mod documents;
mod effective_tags;

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
