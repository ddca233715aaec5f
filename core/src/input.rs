//! The typed document that policies read as `input`: plain data in our own names, whatever the vendor.
//!
//! A member that is absent here is undefined in Rego. Where "no" must be told apart from "nobody knows", the member is a
//! [`Tri`], or the list says in `complete` whether it is whole.

mod access;
mod change;
mod plan;
mod resource;
mod secret;
mod tags;

use serde::Serialize;

pub use access::{Actor, Part, Request, Run, Stack};
pub use change::{
    Branch, Change, ChangedFile, Commit, Completeness, Event, FileStatus, Origin, Person, PersonKind, ProtectionRules,
    PullRequest, Repository, Review, ReviewState, Signature, Team,
};
pub use plan::{ActionInvocation, Check, CheckStatus, Deferred, Doubt, Mode, OutputChange, Plan, Tool, Variable};
pub use resource::{Action, Importing, Key, Path, Provider, ReplaceOrder, Resource, ResourceMode, Step};
pub use secret::Secrets;
pub(crate) use secret::{looks_like_handle, scrub, sha256};
pub use tags::{TagOrigin, Tags};

/// The version of the document, as it stands in its `schema` member.
pub const INPUT_SCHEMA: &str = "plangate.input/v1";

/// Everything a decision is made from: the plan, the change request behind it, who asks, for what, and when.
///
/// Built by reading: [`Input::from_terraform`] and the `with_*` methods. All parts are optional, because an access decision has no
/// plan and a plan may have no pull request; a policy that needs an absent part is *not applicable*, never *passed*.
///
/// ```
/// # fn main() -> Result<(), plangate::Error> {
/// use plangate::Input;
///
/// let plan = br#"{"format_version": "1.2", "resource_changes": []}"#;
/// let input = Input::from_terraform(plan)?.with_time("2026-11-23T09:00:00Z")?;
/// assert_eq!(input.plan.unwrap().resources.len(), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Input {
    /// Always `plangate.input/v1`.
    #[cfg_attr(feature = "schema", schemars(extend("const" = INPUT_SCHEMA)))]
    pub schema: &'static str,
    /// The Terraform or OpenTofu plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// The pull request and what the host of the repository says about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// Who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// What for: the stack, workspace or root module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack: Option<Stack>,
    /// What the actor wants to do with the stack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// The run that asks for a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
    /// When the decision is made, in UTC: `2026-11-23T09:00:00Z`. Nothing else tells the time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// What was read, for the report's digests.
    #[serde(skip)]
    pub(crate) sources: Vec<InputSource>,
    /// The sensitive values of the plan, as digests and handles.
    #[serde(skip)]
    pub(crate) secrets: Secrets,
    /// What GitHub has said so far, kept because later payloads change how earlier ones count.
    #[serde(skip)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub(crate) github: crate::normalize::GithubFacts,
}

/// One document that was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InputSource {
    /// `plan`, `change`, `actor`, `stack`, `request`, `run`, `time`.
    pub(crate) kind: &'static str,
    /// SHA-256 of the bytes as given, in hexadecimal.
    pub(crate) sha256: String,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            schema: INPUT_SCHEMA,
            plan: None,
            change: None,
            actor: None,
            stack: None,
            request: None,
            run: None,
            time: None,
            sources: Vec::new(),
            secrets: Secrets::default(),
            github: crate::normalize::GithubFacts::default(),
        }
    }
}

impl Input {
    /// An input without anything in it yet, for an access decision.
    pub fn new() -> Self {
        Self::default()
    }

    /// Remembers what was read. Payloads about the change add up, in any order; of everything else there is one.
    pub(crate) fn record(&mut self, kind: &'static str, bytes: &[u8]) {
        if kind != "change" {
            self.sources.retain(|source| source.kind != kind);
        }
        let sha256 = secret::sha256(bytes);
        let source = InputSource { kind, sha256 };
        if let Err(place) = self.sources.binary_search(&source) {
            self.sources.insert(place, source);
        }
    }

    /// The document as JSON: what a policy sees as `input`, with handles in place of sensitive values.
    pub fn to_json(&self) -> String {
        // Serializing plain data to a string has no way to fail: keys are strings and numbers are finite.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// A fact that may be unknown. Serialized as `"yes"`, `"no"` or `"cannot_tell"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Tri {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// Nothing that was given tells.
    #[default]
    CannotTell,
}

impl From<bool> for Tri {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

impl From<Option<bool>> for Tri {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::CannotTell, Self::from)
    }
}
