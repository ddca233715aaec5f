//! One resource instance of a plan.

use std::fmt;

use serde::Serialize;

use super::tags::Tags;
use crate::json::Value;

/// A resource instance and what would happen to it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Resource {
    /// The absolute address, such as `module.app["eu"].aws_instance.web[0]`. A deposed object shares it with the current one.
    pub address: String,
    /// The module's address with instance keys; empty for the root module.
    pub module: String,
    /// The names of the module calls on the way, without instance keys.
    pub module_path: Vec<String>,
    /// Managed, data source or ephemeral.
    pub mode: ResourceMode,
    /// The type, such as `aws_instance`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name in the configuration.
    pub name: String,
    /// The instance key: a number with `count`, a string with `for_each`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// The key of an object left behind by an interrupted replacement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deposed: Option<String>,
    /// The provider.
    pub provider: Provider,
    /// What happens. A pure move or import is `no_op` and still changes the state: see `previous_address` and `importing`.
    pub action: Action,
    /// The actions in the plan's own words.
    pub actions: Vec<String>,
    /// Whether an object is destroyed, by deletion or replacement.
    pub destroys: bool,
    /// With `replace`: which comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace_order: Option<ReplaceOrder>,
    /// Why, in the plan's words, such as `replace_because_tainted`. A hint for display: do not decide by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The attributes that force a replacement, as far as attributes do.
    pub replace_paths: Vec<Path>,
    /// The address before a move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_address: Option<String>,
    /// Present when an existing object is taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importing: Option<Importing>,
    /// Attributes until now; null when there is no object yet. Handles where sensitive.
    pub before: Value,
    /// Attributes from now on; null when nothing remains. An unknown member is absent, an unknown element null: see `unknown`.
    pub after: Value,
    /// Paths in `after` that are known only after apply, sorted. The empty path is the whole.
    pub unknown: Vec<Path>,
    /// Paths in `before` or `after` that hold a handle in place of a sensitive value, sorted.
    pub sensitive: Vec<Path>,
    /// The effective tags or labels.
    pub tags: Tags,
}

/// Whether a resource is managed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ResourceMode {
    /// A `resource` block.
    #[default]
    Managed,
    /// A `data` block.
    Data,
    /// An `ephemeral` block: its values are never stored.
    Ephemeral,
}

/// What happens to a resource or output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Action {
    /// Nothing. Also a pure move and a pure import.
    NoOp,
    /// An object is made.
    Create,
    /// A data source is read during apply.
    Read,
    /// The object is changed in place.
    Update,
    /// A new object takes the place of the old one, which is destroyed, or left alone where `actions` has `forget`.
    Replace,
    /// The object is destroyed.
    Delete,
    /// The object is left alone and no longer managed.
    Forget,
    /// A combination that is not known. Never to be taken for `no_op`.
    Unknown,
}

impl Action {
    /// The word in the document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoOp => "no_op",
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Forget => "forget",
            Self::Unknown => "unknown",
        }
    }
}

/// Which half of a replacement comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ReplaceOrder {
    /// The new object is made before the old one goes.
    CreateFirst,
    /// The old object goes before the new one is made: an outage in between, unless it is forgotten and stays alive.
    DeleteFirst,
}

/// An object that is taken over into the state.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Importing {
    /// The provider's id of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The object's identity, where the provider has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Value>,
    /// Whether the id is known only after apply.
    pub unknown: bool,
}

/// A provider, from the plan's provider name: `registry.terraform.io/hashicorp/aws`, or `aws` alone in Terraform 0.12.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Provider {
    /// The registry's host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The namespace in the registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The provider's own name: `aws`, `google-beta`. The same for every registry.
    #[serde(rename = "type")]
    pub kind: String,
}

/// An instance key. `0` and `"0"` are different instances.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Key {
    /// From `count`.
    Number(u64),
    /// From `for_each`.
    String(String),
}

/// A way into a value: `["ingress", 0, "cidr_blocks"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Path(pub Vec<Step>);

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Step {
    /// Into an element of a list.
    Index(u64),
    /// Into a member of an object or map.
    Name(String),
}

impl Path {
    /// This path, one member further down.
    #[must_use]
    pub fn member(&self, name: impl Into<String>) -> Self {
        self.step(Step::Name(name.into()))
    }

    /// This path, one element further down.
    #[must_use]
    pub fn element(&self, index: usize) -> Self {
        self.step(Step::Index(index as u64))
    }

    fn step(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for Path {
    /// As Terraform writes attribute paths: `ingress[0].cidr_blocks`, `tags["cost center"]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Name(name) if is_identifier(name) && position == 0 => f.write_str(name)?,
                Step::Name(name) if is_identifier(name) => write!(f, ".{name}")?,
                Step::Name(name) => write!(f, "[{name:?}]")?,
            }
        }
        Ok(())
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && characters.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_print_as_terraform_writes_them() {
        let path = Path::default().member("ingress").element(0).member("cidr_blocks");
        assert_eq!(path.to_string(), "ingress[0].cidr_blocks");
        assert_eq!(
            Path::default().member("tags").member("cost center").to_string(),
            "tags[\"cost center\"]"
        );
    }
}
