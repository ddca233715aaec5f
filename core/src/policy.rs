//! Policies: sources, metadata, configuration and the compiled set.

mod compile;
mod config;
mod metadata;
mod paths;
mod reads;
mod schema;
mod source;
mod testing;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use config::Config;
pub use metadata::{Enforcement, Family, Severity};
pub use source::Source;
pub use testing::TestResult;

use crate::engine::Program;
use crate::error::Error;
use crate::json::Value;
use crate::limits::Limits;
use crate::location::{Location, Position};
use crate::rego::{Module, Package, SourceText};
use metadata::Metadata;

/// One compiled policy: a Rego package `plangate.<family>.<name>`.
#[derive(Clone, Debug)]
pub struct Policy {
    id: String,
    family: Family,
    metadata: Metadata,
    source: Source,
    severity: Severity,
    level: Enforcement,
    config: Value,
    /// The decision rules that the policy has.
    rules: Vec<String>,
    /// The line of its package.
    position: Position,
    /// The lowered packages that run with it, for a change of configuration.
    packages: Vec<Arc<Package>>,
    program: Program,
}

impl Policy {
    /// The id: `<family>.<name>`, from the package.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The family, from the package.
    pub fn family(&self) -> Family {
        self.family
    }

    /// The title, or the id where the metadata has none.
    pub fn title(&self) -> &str {
        self.metadata.title.as_deref().unwrap_or(&self.id)
    }

    /// What the policy does, in prose.
    pub fn description(&self) -> Option<&str> {
        self.metadata.description.as_deref()
    }

    /// How bad its findings are here: its own word, or that of `plangate.toml`.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// How it is enforced here: its own word, or that of `plangate.toml`.
    pub fn level(&self) -> Enforcement {
        self.level
    }

    /// The rules of other frameworks that it implements, such as `PCI-DSS 6.4`.
    pub fn frameworks(&self) -> &[String] {
        &self.metadata.frameworks
    }

    /// General advice on putting a finding right.
    pub fn remediation(&self) -> Option<&str> {
        self.metadata.remediation.as_deref()
    }

    /// The JSON Schema of its configuration, where it has one.
    pub fn config_schema(&self) -> Option<&Value> {
        self.metadata.config.as_ref()
    }

    /// The configuration that it runs with, defaults filled in.
    pub fn config(&self) -> &Value {
        &self.config
    }

    /// Where it was compiled from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The decision rules that it has, such as `deny` and `undetermined`, sorted.
    pub fn rules(&self) -> &[String] {
        &self.rules
    }

    /// Where its package line is.
    pub fn location(&self) -> Location {
        Location::text(self.source.name(), self.position)
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    pub(crate) fn has_rule(&self, name: &str) -> bool {
        self.rules.iter().any(|rule| rule == name)
    }
}

/// Policies compiled together: immutable, cheap to clone, shared between threads.
///
/// ```
/// # fn main() -> Result<(), plangate::Error> {
/// use plangate::{Config, Input, PolicySet, Source};
///
/// let no_destroy = Source::new("no_destroy.rego", r#"
/// package plangate.plan.no_destroy
///
/// deny contains {"message": "nothing is destroyed on a Friday", "resource": resource.address} if {
///     some resource in input.plan.resources
///     resource.destroys
/// }
/// "#);
/// let policies = PolicySet::compile([no_destroy])?.with_config(&Config::default())?;
/// let input = Input::from_terraform(br#"{"format_version": "1.2", "resource_changes": []}"#)?;
/// assert_eq!(policies.evaluate(&input).decision(), plangate::Decision::Allow);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PolicySet {
    /// Sorted by id.
    policies: Arc<[Policy]>,
    /// Everything that was compiled, libraries included, as texts and as read.
    sources: Arc<[SourceText]>,
    modules: Arc<[Module]>,
    /// Digest of each source by name.
    digests: Arc<BTreeMap<String, String>>,
    config: Config,
    limits: Limits,
}

impl PolicySet {
    /// The policies, sorted by id.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.iter()
    }

    /// The policies of one family only: an access decision needs no other.
    ///
    /// # Errors
    /// `policy.empty` when the set has none of that family, because an empty set would allow everything.
    pub fn family(&self, family: Family) -> Result<Self, Error> {
        let policies: Arc<[Policy]> = self
            .policies
            .iter()
            .filter(|policy| policy.family == family)
            .cloned()
            .collect();
        if policies.is_empty() {
            return Err(compile::empty_set(&format!(
                "no policy of the family `{}`",
                family.as_str()
            )));
        }
        Ok(Self {
            policies,
            sources: Arc::clone(&self.sources),
            modules: Arc::clone(&self.modules),
            digests: Arc::clone(&self.digests),
            config: self.config.clone(),
            limits: self.limits,
        })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn digests(&self) -> &BTreeMap<String, String> {
        &self.digests
    }
}
