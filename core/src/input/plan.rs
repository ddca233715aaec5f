//! A Terraform or OpenTofu plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::Tri;
use super::resource::{Action, Path, Provider, Resource};
use crate::json::Value;
use crate::report::Decision;

/// A plan: what would change, and how much of that this document can be trusted to show.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Plan {
    /// The program that made the plan, told by what it writes.
    pub tool: Tool,
    /// That program's version. Plans do not name the product, so `1.11.0` can be either one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The plan's `format_version`, such as `1.2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format_version: Option<String>,
    /// What kind of plan it is. No plan says so: inferred from what is in it.
    pub mode: Mode,
    /// False when another round of plan and apply is expected, or planning failed. Absent: the tool does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
    /// True when planning failed part way: the rest is what was planned until then.
    pub errored: bool,
    /// False when there is nothing to apply or apply would refuse. Absent: the tool does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applyable: Option<bool>,
    /// When the plan was made, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// Reasons to distrust the document, sorted by code.
    pub doubts: Vec<Doubt>,
    /// Every resource instance in the plan, unchanged ones included, sorted by address, then deposed key.
    pub resources: Vec<Arc<Resource>>,
    /// The same resources by type.
    pub by_type: BTreeMap<String, Vec<Arc<Resource>>>,
    /// Changes of the root module's outputs.
    pub outputs: BTreeMap<String, OutputChange>,
    /// Changes that were made outside, found by refresh: what already happened, not what will.
    pub drift: Vec<Arc<Resource>>,
    /// Changes that had to be put off. They will be made by a later plan that nobody has seen.
    pub deferred: Vec<Deferred>,
    /// Actions that would be invoked (Terraform 1.14 and newer).
    pub actions: Vec<ActionInvocation>,
    /// Results of checks and conditions.
    pub checks: Vec<Check>,
    /// Root variables. Those declared sensitive are handles, and so are all when the plan does not tell.
    pub variables: BTreeMap<String, Variable>,
}

/// The program that made a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Tool {
    /// `HashiCorp` Terraform.
    Terraform,
    /// OpenTofu.
    Opentofu,
    /// Nothing in the plan tells.
    #[default]
    Unknown,
}

/// What kind of plan it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Mode {
    /// Changes to reach the configuration.
    #[default]
    Normal,
    /// Everything is deleted.
    Destroy,
    /// Nothing changes but the state, which takes over what was changed outside.
    RefreshOnly,
}

/// A reason to distrust a plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Doubt {
    /// A stable name: one of [`Doubt::CODES`].
    #[cfg_attr(feature = "schema", schemars(extend("enum" = Doubt::CODES.iter().map(|(code, ..)| *code).collect::<Vec<_>>())))]
    pub code: &'static str,
    /// What was found, in one sentence.
    pub message: String,
}

impl Doubt {
    /// Every doubt there is, with the mildest decision it lets pass unless `plangate.toml` says otherwise, and what it means.
    pub const CODES: &[(&'static str, Decision, &'static str)] = &[
        (
            "actions_only",
            Decision::Review,
            "the plan invokes actions and changes no resource",
        ),
        (
            "address_mismatch",
            Decision::Review,
            "a resource's address disagrees with the members that say the same",
        ),
        ("address_repeated", Decision::Review, "a resource is in the plan twice"),
        ("deferred", Decision::Review, "changes were deferred to a later plan"),
        (
            "errored",
            Decision::Deny,
            "planning failed part way, so the plan is partial",
        ),
        (
            "format_version_missing",
            Decision::Allow,
            "the plan does not say its format version",
        ),
        (
            "incomplete",
            Decision::Review,
            "the plan does not bring everything to its goal; another one is expected",
        ),
        (
            "no_resource_changes",
            Decision::Allow,
            "the plan has no list of resource changes",
        ),
        (
            "reduced",
            Decision::Allow,
            "attributes that were null seem to have been removed from the plan",
        ),
        (
            "nothing_to_decide",
            Decision::Review,
            "the input has neither a plan, nor a change, nor a request for access",
        ),
        ("refresh_only", Decision::Allow, "nothing changes but the state"),
        (
            "sensitivity_unknown",
            Decision::Allow,
            "the plan does not mark sensitive values (Terraform before 0.15)",
        ),
        (
            "unknown_action",
            Decision::Review,
            "a resource has a combination of actions that is not known",
        ),
        (
            "unknown_member",
            Decision::Allow,
            "the plan has a top-level member that is not known",
        ),
        (
            "unknown_mode",
            Decision::Review,
            "a resource has a mode that is not known, and counts as managed",
        ),
        (
            "unknown_tool",
            Decision::Allow,
            "the plan does not tell whether Terraform or OpenTofu made it",
        ),
        (
            "unread_member",
            Decision::Allow,
            "a member of the plan does not have the form that it should have, and was left out",
        ),
        (
            "values_only",
            Decision::Review,
            "the plan has planned values only, in which nothing that is destroyed shows",
        ),
    ];

    /// The doubt of this code, in the words of [`Doubt::CODES`].
    pub(crate) fn usual(code: &'static str) -> Self {
        let meaning = Self::CODES.iter().find(|(known, ..)| *known == code);
        Self {
            code,
            message: meaning.map_or(code, |(_, _, meaning)| meaning).to_owned(),
        }
    }

    /// The mildest decision that it lets pass unless `plangate.toml` says otherwise.
    pub(crate) fn usual_decision(&self) -> Decision {
        let known = Self::CODES.iter().find(|(code, ..)| *code == self.code);
        known.map_or(Decision::Review, |(_, decision, _)| *decision)
    }
}

/// A change of a root module output.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OutputChange {
    /// What happens to the output.
    pub action: Action,
    /// The value until now; a handle where sensitive.
    pub before: Value,
    /// The value from now on; null where unknown.
    pub after: Value,
    /// Paths in `after` that are known only after apply.
    pub unknown: Vec<Path>,
    /// Whether the output is declared sensitive.
    pub sensitive: Tri,
}

/// A change that was put off.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Deferred {
    /// Why, in the plan's word: `instance_count_unknown`, `provider_config_unknown`, ...
    pub reason: String,
    /// The resource as far as it is known. Its address can have a wildcard for a key.
    pub resource: Arc<Resource>,
}

/// An action that would be invoked.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ActionInvocation {
    /// The absolute address, such as `action.aws_lambda_invoke.warm_up`.
    pub address: String,
    /// The action's type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The action's name.
    pub name: String,
    /// The provider.
    pub provider: Provider,
    /// The resource whose change triggers it. Absent when invoked from the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub triggered_by: Option<String>,
    /// The event that triggers it, such as `after_create`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Whether it was put off, and the plan's word for why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferred: Option<String>,
    /// Its configuration; handles where sensitive.
    pub config: Value,
    /// Paths in `config` that are known only after apply.
    pub unknown: Vec<Path>,
}

/// The result of a check, or of a condition of a resource or output.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Check {
    /// What is checked, as the tool displays it.
    pub address: String,
    /// `resource`, `output_value`, `check` or `var`.
    pub kind: String,
    /// The result over all instances.
    pub status: CheckStatus,
    /// The error messages of failed conditions. Empty does not mean passed.
    pub problems: Vec<String>,
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum CheckStatus {
    /// All conditions hold.
    Pass,
    /// A condition does not hold.
    Fail,
    /// A condition could not be evaluated.
    Error,
    /// Known only after apply.
    Unknown,
}

/// A root variable.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Variable {
    /// The value; a handle unless the variable is known not to be sensitive.
    pub value: Value,
    /// Whether the configuration declares it sensitive.
    pub sensitive: Tri,
}
