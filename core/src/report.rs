//! The answer: plain data in a stable order. It holds no formatted text but what policies wrote, and no sensitive value.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::input::{Doubt, Path};
use crate::location::Location;
use crate::policy::{Enforcement, Family, Severity};

/// The version of the report, as it stands in its `schema` member.
pub const REPORT_SCHEMA: &str = "plangate.report/v1";

/// What a policy set says about an input. A pure function of both: no clock, no chance, no name of the machine.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Report {
    /// Always `plangate.report/v1`.
    #[cfg_attr(feature = "schema", schemars(extend("const" = REPORT_SCHEMA)))]
    pub schema: &'static str,
    /// Which engine decided.
    pub engine: EngineInfo,
    /// The decision: the worst of what policies, obligations, doubts and errors ask for.
    pub decision: Decision,
    /// How many checks came out how. One check is one policy on one resource, or on the whole input.
    pub counts: Counts,
    /// What each policy did, sorted by id.
    pub policies: Vec<Outcome>,
    /// What policies said, worst first, then by policy, resource and path.
    pub findings: Vec<Finding>,
    /// What approval policies ask for, sorted by policy and reason.
    pub obligations: Vec<Obligation>,
    /// The answer to `input.request`, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// Reasons to distrust the plan, and what each means for the decision.
    pub doubts: Vec<WeighedDoubt>,
    /// What the plan would do: the number of managed resources by action, unchanged ones included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanSummary>,
    /// SHA-256 of everything that the decision was made from.
    pub digests: Digests,
}

/// The engine and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EngineInfo {
    /// Always `plangate`.
    #[cfg_attr(feature = "schema", schemars(extend("const" = "plangate")))]
    pub name: &'static str,
    /// The version of the core.
    pub version: &'static str,
}

/// May the change go ahead? Ordered: the worst wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Decision {
    /// Yes.
    #[default]
    Allow,
    /// Not before somebody has looked at it.
    Review,
    /// No.
    Deny,
}

impl Decision {
    /// The word in reports: `allow`, `review`, `deny`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Review => "review",
            Self::Deny => "deny",
        }
    }
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Verdict {
    /// The policy looked and has nothing to say.
    Pass,
    /// There was nothing for the policy to look at.
    NotApplicable,
    /// The answer hangs on values that are known only after apply, or that nobody could tell.
    Undetermined,
    /// The policy objects, or failed while running.
    Fail,
}

impl Verdict {
    /// The word in reports: `pass`, `not_applicable`, `undetermined`, `fail`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::NotApplicable => "not_applicable",
            Self::Undetermined => "undetermined",
            Self::Fail => "fail",
        }
    }
}

/// How many checks came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Counts {
    /// Checks that passed.
    pub pass: u64,
    /// Checks that failed.
    pub fail: u64,
    /// Checks that could not be decided yet.
    pub undetermined: u64,
    /// Policies that had nothing to look at.
    pub not_applicable: u64,
}

/// What one policy did.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Outcome {
    /// The policy's id, such as `tagging.required_tags`.
    pub policy: String,
    /// Its title.
    pub title: String,
    /// Its family.
    pub family: Family,
    /// How bad its findings are.
    pub severity: Severity,
    /// How it is enforced here: the policy's own level, or that of `plangate.toml`.
    pub level: Enforcement,
    /// The worst verdict of its checks.
    pub verdict: Verdict,
    /// What it asks the decision to be at least.
    pub decision: Decision,
    /// Its checks.
    pub counts: Counts,
    /// Why it was not applicable, or what went wrong while it ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether it failed while running. Such a policy denies, whatever its level.
    pub errored: bool,
}

/// One thing that a policy said.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Finding {
    /// Policy, resource and path in one: `tagging.required_tags@aws_s3_bucket.logs#/tags/owner`. Never depends on the message.
    pub id: String,
    /// The policy's id.
    pub policy: String,
    /// How bad it is.
    pub severity: Severity,
    /// `mandatory`: it weighs on the decision. `advisory`: it is told and no more.
    pub level: Enforcement,
    /// `fail` or `undetermined`.
    pub verdict: Verdict,
    /// What is wrong, for people.
    pub message: String,
    /// The address of the resource, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The attribute: a path into the resource's attributes, empty where it is about the whole.
    pub path: Path,
    /// The paths whose unknown values decide it, with `undetermined`.
    pub unknown: Vec<Path>,
    /// How to put it right: the policy's word on this finding, or its general advice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// The policy's source.
    pub location: Location,
}

/// What an approval policy asks for, matched with the reviews that there are.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Obligation {
    /// Policy and reviewers in one: `approval.by_type@team:security`.
    pub id: String,
    /// The policy's id.
    pub policy: String,
    /// `mandatory` or `advisory`.
    pub level: Enforcement,
    /// Whose approval counts: `team:security`, `user:ada`, or `anyone`.
    pub from: Vec<String>,
    /// How many of them must approve.
    pub count: u64,
    /// Why.
    pub reason: String,
    /// The resources that it is about, sorted.
    pub resources: Vec<String>,
    /// How it stands.
    pub status: ObligationStatus,
    /// Who has approved, by login, sorted.
    pub approved_by: Vec<String>,
    /// How many approvals are missing.
    pub missing: u64,
    /// Who could still approve, by login, sorted, as far as the teams are known.
    pub candidates: Vec<String>,
    /// Approvals that do not count, and why.
    pub not_counted: Vec<NotCounted>,
}

/// How an obligation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ObligationStatus {
    /// Enough have approved.
    Satisfied,
    /// Approvals are missing.
    Missing,
    /// It cannot be told: reviews or team members were not given, or not all.
    CannotTell,
}

/// An approval that does not count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotCounted {
    /// The reviewer's login.
    pub reviewer: String,
    /// Why it does not count.
    pub why: String,
}

/// The answer to a request for access.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Access {
    /// What was asked for.
    pub action: String,
    /// Whether it is granted.
    pub granted: bool,
    /// What is granted, and by which policies.
    pub grants: BTreeMap<String, Vec<String>>,
}

/// A doubt and what it means for the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct WeighedDoubt {
    /// The doubt.
    #[serde(flatten)]
    pub doubt: Doubt,
    /// What the decision is at least because of it.
    pub decision: Decision,
}

/// What a plan would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlanSummary {
    /// `terraform`, `opentofu` or `unknown`.
    pub tool: crate::input::Tool,
    /// The tool's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The number of managed resources by action: `{"create": 3, "replace": 1}`.
    pub actions: BTreeMap<&'static str, u64>,
}

/// SHA-256 digests, in hexadecimal, of everything that went into the decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Digests {
    /// Each policy source by name, in order.
    pub policies: BTreeMap<String, String>,
    /// The configuration that policies ran with.
    pub config: String,
    /// Each document that was read, in the order given.
    pub inputs: Vec<InputDigest>,
}

/// The digest of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InputDigest {
    /// What it was read as: `plan`, `change`, `actor`, ...
    pub kind: &'static str,
    /// SHA-256 of its bytes as given.
    pub sha256: String,
}

impl Report {
    /// The decision.
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// What policies said, worst first.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}
