//! What no member of a plan says and all of them together tell: the tool, the mode, and reasons to distrust the plan.

use super::configuration::Configuration;
use super::doubts::Doubts;
use crate::input::{Action, Mode, Plan, ResourceMode, Tool};
use crate::json::Value;

const OPENTOFU_REGISTRY: &str = "registry.opentofu.org";

/// Reasons that only OpenTofu gives.
const OPENTOFU_REASONS: &[&str] = &[
    "delete_because_enabled_false",
    "forgot_because_lifecycle_destroy_in_config",
    "forgot_because_lifecycle_destroy_in_state",
];

/// The program that made the plan. No member names it, and the version is either one's.
pub(super) fn tool(plan: &Plan, configuration: &Configuration) -> Tool {
    let actions_are = |words: &[&str]| plan.resources.iter().any(|resource| resource.actions == words);
    // Only Terraform writes these, whatever registry its providers come from.
    let has_terraform_members =
        plan.applyable.is_some() || plan.complete.is_some() || !plan.actions.is_empty() || !plan.deferred.is_empty();
    if has_terraform_members || actions_are(&["create", "forget"]) {
        return Tool::Terraform;
    }
    let hosts = plan
        .resources
        .iter()
        .chain(&plan.drift)
        .filter_map(|resource| resource.provider.host.as_deref());
    let declared = configuration.provider_names().filter_map(|name| name.split('/').next());
    let is_opentofu = |resource: &std::sync::Arc<crate::input::Resource>| {
        resource.mode == ResourceMode::Ephemeral
            || resource
                .reason
                .as_deref()
                .is_some_and(|reason| OPENTOFU_REASONS.contains(&reason))
    };
    if hosts.chain(declared).any(|host| host == OPENTOFU_REGISTRY)
        || actions_are(&["forget", "create"])
        || plan.resources.iter().any(is_opentofu)
    {
        return Tool::Opentofu;
    }
    // OpenTofu began with format 1.2 and version 1.6.
    if is_before(plan.format_version.as_deref(), (1, 2)) || is_before(plan.version.as_deref(), (1, 6)) {
        return Tool::Terraform;
    }
    Tool::Unknown
}

fn is_before(version: Option<&str>, limit: (u32, u32)) -> bool {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok());
    let mut parts = version.unwrap_or_default().splitn(3, '.');
    match (number(parts.next()), number(parts.next())) {
        (Some(major), Some(minor)) => (major, minor) < limit,
        _ => false,
    }
}

/// What kind of plan it is, from what is in it.
pub(super) fn mode(plan: &Plan, planned_values: &Value) -> Mode {
    let remains = planned_values.member("root_module").is_some_and(|root| {
        let is_filled = |name| {
            root.member(name)
                .and_then(Value::as_array)
                .is_some_and(|items| !items.is_empty())
        };
        is_filled("resources") || is_filled("child_modules")
    });
    // Who empties a configuration gets deletions with a reason; who asks for destruction gets them without.
    let mut managed = plan.managed().peekable();
    if managed.peek().is_some()
        && managed.all(|resource| resource.action == Action::Delete && resource.reason.is_none())
        && !remains
    {
        return Mode::Destroy;
    }
    let is_idle = !plan.changes_resources() && plan.actions.is_empty() && plan.deferred.is_empty() && !plan.errored;
    let outputs_change = plan.outputs.values().any(|output| output.action != Action::NoOp);
    // A refresh-only plan lists no changes at all; another one lists unchanged resources too.
    let lists_nothing = plan.resources.is_empty() && plan.applyable != Some(false);
    let is_applyable_for_drift = plan.applyable == Some(true) && !outputs_change;
    if is_idle && !plan.drift.is_empty() && (lists_nothing || is_applyable_for_drift) {
        return Mode::RefreshOnly;
    }
    Mode::Normal
}

/// Raises the doubts that the finished plan gives reason for.
pub(super) fn doubts(plan: &Plan, doubts: &mut Doubts) {
    let raise_if = [
        ("actions_only", !plan.actions.is_empty() && !plan.changes_resources()),
        ("errored", plan.errored),
        ("incomplete", plan.complete == Some(false)),
        ("refresh_only", plan.mode == Mode::RefreshOnly),
        ("unknown_tool", plan.tool == Tool::Unknown),
    ];
    for (code, holds) in raise_if {
        if holds {
            doubts.raise(code);
        }
    }
    for deferred in &plan.deferred {
        doubts.raise_about("deferred", deferred.resource.address.clone());
    }
    for action in plan.actions.iter().filter(|action| action.deferred.is_some()) {
        doubts.raise_about("deferred", action.address.clone());
    }
    if !doubts.has("values_only") {
        let listed = plan.resources.iter().chain(&plan.drift);
        for resource in listed.filter(|resource| resource.action == Action::Unknown) {
            doubts.raise_about("unknown_action", resource.address.clone());
        }
    }
}
