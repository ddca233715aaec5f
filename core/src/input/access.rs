//! Who asks, for what, and in which run: small documents that the caller writes.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::json::Value;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Actor {
    /// A stable id from the identity provider. Logins are renamed and given to others; ids are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The login. Compared without regard to case.
    pub login: String,
    /// A name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Teams or groups, by slug.
    pub teams: Vec<String>,
    /// Whether `teams` is the whole list. False where the caller could not see all teams.
    pub teams_complete: bool,
    /// Whether the session came by a second factor, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa: Option<bool>,
    /// Whatever else a policy wants to know.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Value>,
}

impl Actor {
    /// An actor of this login, in no team.
    pub fn new(login: impl Into<String>) -> Self {
        Self {
            id: None,
            login: login.into(),
            name: None,
            email: None,
            teams: Vec::new(),
            teams_complete: true,
            mfa: None,
            attributes: BTreeMap::new(),
        }
    }
}

/// What for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Stack {
    /// A stable id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name.
    pub name: String,
    /// Labels such as `team:payments`.
    pub labels: Vec<String>,
    /// The space, folder or project it lives in, as a path: `root/payments`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
    /// The environment: `production`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The repository it is made from, `owner/name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Whatever else a policy wants to know.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Value>,
}

impl Stack {
    /// A stack of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            id: None,
            name: name.into(),
            labels: Vec::new(),
            space: None,
            environment: None,
            repository: None,
            attributes: BTreeMap::new(),
        }
    }
}

/// What the actor wants to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Request {
    /// `read`, `write` or `admin`, each including the one before; any other word stands for itself.
    pub action: String,
    /// Why, in the actor's words, as break-glass rules ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Request {
    /// A request for this action.
    pub fn new(action: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            reason: None,
        }
    }
}

/// The run that asks for a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Run {
    /// A stable id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `proposed` for a preview, `tracked` for one that would be applied, or the caller's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// When the run began, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Who or what started it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub triggered_by: Option<String>,
    /// The commit that it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The branch that it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Whatever else a policy wants to know.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Value>,
}

/// One of the documents that callers write themselves, for [`Input::with`](crate::Input::with).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Part {
    /// Who asks.
    Actor(Actor),
    /// What for.
    Stack(Stack),
    /// What the actor wants to do.
    Request(Request),
    /// The run that asks.
    Run(Run),
}

impl From<Actor> for Part {
    fn from(actor: Actor) -> Self {
        Self::Actor(actor)
    }
}

impl From<Stack> for Part {
    fn from(stack: Stack) -> Self {
        Self::Stack(stack)
    }
}

impl From<Request> for Part {
    fn from(request: Request) -> Self {
        Self::Request(request)
    }
}

impl From<Run> for Part {
    fn from(run: Run) -> Self {
        Self::Run(run)
    }
}
