//! What a policy says of itself in its `# METADATA` block.

use serde::{Deserialize, Serialize};

/// What a policy decides about, from its package: `plangate.<family>.<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Family {
    /// Tags and labels of resources.
    Tagging,
    /// Anything else about a plan.
    Plan,
    /// Who may do what with a stack.
    Access,
    /// Who must approve a change.
    Approval,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Severity {
    /// A matter of taste or tidiness.
    Low,
    /// Should be put right.
    #[default]
    Medium,
    /// Must be put right soon.
    High,
    /// Must not happen.
    Critical,
}

/// Whether a policy weighs on the decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Enforcement {
    /// It does not run.
    Disabled,
    /// Its findings are told and no more.
    Advisory,
    /// Its findings deny, its doubts ask for review.
    #[default]
    Mandatory,
}
