//! Sources to a policy set.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::metadata::Metadata;
use super::paths;
use super::schema::apply;
use super::{Config, Enforcement, Family, Policy, PolicySet, Source};
use crate::engine::{self, Program};
use crate::error::{Error, ErrorKind};
use crate::input::sha256;
use crate::json::{Object, Value};
use crate::limits::Limits;
use crate::location::{Location, Position};
use crate::rego::{self, Annotation, Module, Package, Scope, SourceText};
use crate::stack;
use crate::suggest;

impl PolicySet {
    /// Compiles policies, with the configuration that they have by themselves.
    ///
    /// A source is a policy where its package is `plangate.<family>.<name>`, and a library beside every policy where it is
    /// `plangate.lib.<name>` or outside `plangate`.
    ///
    /// # Errors
    /// All errors of all sources at once, see [`Error::each`]. `rego.*` for what the language forbids; `policy.package` for packages
    /// that no decision reads; `policy.rules` for a policy without a decision rule; `policy.metadata`; `policy.duplicate` for two sources of
    /// one policy; `policy.empty` for no policy at all, because an empty set would allow everything.
    pub fn compile(sources: impl IntoIterator<Item = Source>) -> Result<Self, Error> {
        let sources: Vec<Source> = sources.into_iter().collect();
        stack::roomy(|| Self::compile_all(&sources))?
    }

    fn compile_all(sources: &[Source]) -> Result<Self, Error> {
        let texts: Arc<[SourceText]> = sources.iter().map(|source| source.source_text().clone()).collect();
        let compiled = rego::compile(&texts, engine::callable());
        let mut errors = compiled.errors;
        let unread: BTreeSet<String> = errors
            .iter()
            .filter_map(|error| error.location())
            .map(|location| location.source().to_owned())
            .collect();
        let packages: Vec<Arc<Package>> = compiled.packages.into_iter().map(Arc::new).collect();
        let mut policies: BTreeMap<String, Policy> = BTreeMap::new();
        // What is wrong with a text that is not read in full could follow from what is not read.
        for (source, module) in sources
            .iter()
            .zip(&compiled.modules)
            .filter(|(source, _)| !unread.contains(source.name()))
        {
            let unit = Unit { source, module };
            let found = match unit.classify() {
                Ok(Part::Library) => continue,
                Ok(Part::Policy(family, name)) => {
                    unit.policy(family, &format!("{}.{name}", family.as_str()), &policies, &packages)
                }
                Err(error) => Err(error),
            };
            match found {
                Ok(policy) => drop(policies.insert(policy.id.clone(), policy)),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            errors = paths::check(&compiled.modules);
        }
        if let Some(error) = Error::all(errors) {
            return Err(error);
        }
        if policies.is_empty() {
            return Err(empty_set("no policy at all"));
        }
        let digests = sources
            .iter()
            .map(|source| (source.name().to_owned(), sha256(source.text().as_bytes())))
            .collect();
        let config = Config::default();
        let limits = Limits::default();
        let mut ready = Vec::new();
        for policy in policies.into_values() {
            ready.push(configure(policy, &config, &texts, &limits)?);
        }
        Ok(Self {
            policies: ready.into(),
            sources: texts,
            modules: compiled.modules.into(),
            digests: Arc::new(digests),
            config,
            limits,
        })
    }

    /// The bundled policies with the configuration that they have by themselves.
    ///
    /// # Errors
    /// None in a released version: tests compile the bundled policies. The signature is that of [`PolicySet::compile`].
    #[cfg(feature = "bundled-policies")]
    pub fn bundled() -> Result<Self, Error> {
        Self::compile(Source::bundled())
    }

    /// The same policies under a configuration.
    ///
    /// # Errors
    /// All at once: `config.policy` for a policy that is not in the set, `config.schema` for settings that do not fit its schema.
    pub fn with_config(self, config: &Config) -> Result<Self, Error> {
        let known: Vec<&str> = self.policies.iter().map(Policy::id).collect();
        let mut errors: Vec<Error> = config
            .policies
            .keys()
            .filter(|id| !known.contains(&id.as_str()))
            .map(|id| config.unknown_policy(id, &known))
            .collect();
        let configured: Vec<Result<Policy, Error>> = stack::roomy(|| {
            let policies = self.policies.iter().cloned();
            policies
                .map(|policy| configure(policy, config, &self.sources, &self.limits))
                .collect()
        })?;
        let mut policies = Vec::new();
        for policy in configured {
            match policy {
                Ok(policy) => policies.push(policy),
                Err(error) => errors.push(error),
            }
        }
        match Error::all(errors) {
            Some(error) => Err(error),
            None => Ok(Self {
                policies: policies.into(),
                config: config.clone(),
                ..self
            }),
        }
    }

    /// The same policies, each of which may cost what the limits say.
    ///
    /// # Errors
    /// `engine.stack` where the process has no room for the stack that policies run on.
    pub fn with_limits(self, limits: Limits) -> Result<Self, Error> {
        let policies: Result<Arc<[Policy]>, Error> = stack::roomy(|| {
            let policies = self.policies.iter().cloned();
            policies.map(|policy| load(policy, &self.sources, &limits)).collect()
        })?;
        Ok(Self {
            policies: policies?,
            limits,
            ..self
        })
    }
}

/// The error for a set that would allow everything.
pub(super) fn empty_set(found: &str) -> Error {
    Error::new(
        ErrorKind::Policy,
        "policy.empty",
        format!("{found}: an empty set would allow everything"),
    )
    .with_help("name files or folders with policies, or leave the bundled ones in")
}

/// What a source is to a set.
enum Part {
    Policy(Family, String),
    Library,
}

/// A source and what the front end read in it.
struct Unit<'a> {
    source: &'a Source,
    module: &'a Module,
}

impl Unit<'_> {
    fn position(&self) -> Position {
        let start = self.module.package.first().map_or(0, |name| name.span.start);
        Position {
            column: 1,
            ..Position::of_byte(self.source.text(), start as usize)
        }
    }

    fn error(&self, code: &'static str, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Policy, code, message).at(Location::text(self.source.name(), self.position()))
    }

    /// The names that the rules begin with.
    fn rules(&self) -> BTreeSet<Arc<str>> {
        self.module
            .rules
            .iter()
            .filter_map(|rule| rule.head.path.first()?.as_var().cloned())
            .collect()
    }

    fn classify(&self) -> Result<Part, Error> {
        let path = self.module.package_path();
        let steps: Vec<&str> = path.iter().map(|step| &**step).collect();
        match steps.as_slice() {
            ["plangate", "lib", ..] => Ok(Part::Library),
            ["plangate", family, name] => {
                let Some(known) = Family::ALL.iter().find(|known| known.as_str() == *family) else {
                    let families = Family::ALL.iter().map(|family| family.as_str());
                    return Err(self
                        .error("policy.package", format!("unknown family `{family}` in the package"))
                        .suggesting(family, families));
                };
                if name.ends_with("_test") {
                    return Err(self
                        .error("policy.package", "a test among the policies")
                        .with_help("leave out files that end in `_test.rego`"));
                }
                Ok(Part::Policy(*known, (*name).to_owned()))
            }
            ["plangate", ..] => Err(self
                .error(
                    "policy.package",
                    format!("nothing reads the package `{}`", steps.join(".")),
                )
                .with_help("a policy is `package plangate.<family>.<name>`, a library `package plangate.lib.<name>`")),
            _ => {
                // Outside `plangate` a package can only serve others. One that decides would never be asked.
                let rules = self.rules();
                let decides = Family::ALL
                    .iter()
                    .flat_map(|family| family.decision_rules())
                    .find(|rule| rules.contains(**rule));
                match decides {
                    Some(rule) => Err(self
                        .error("policy.package", format!("nothing reads `{rule}` of the package `{}`", steps.join(".")))
                        .with_help("name the package `plangate.<family>.<name>`, family one of tagging, plan, access, approval")),
                    None => Ok(Part::Library),
                }
            }
        }
    }

    fn policy(
        &self,
        family: Family,
        id: &str,
        others: &BTreeMap<String, Policy>,
        packages: &[Arc<Package>],
    ) -> Result<Policy, Error> {
        if let Some(other) = others.get(id) {
            let message = format!("a second policy `{id}`; the first is `{}`", other.source().name());
            return Err(self
                .error("policy.duplicate", message)
                .with_help("give it another name, or leave one of the two out"));
        }
        let path = self.module.package_path();
        let about_package = |annotation: &&Annotation| matches!(annotation.scope, Scope::Package | Scope::Subpackages);
        let metadata = Metadata::read(self.source, id, self.module.annotations.iter().find(about_package))?;
        Ok(Policy {
            id: id.to_owned(),
            family,
            severity: metadata.severity,
            level: metadata.enforcement,
            rules: self.decision_rules(family, id)?,
            metadata,
            source: self.source.clone(),
            position: self.position(),
            // `configure` fills in the defaults.
            config: Value::Null,
            // Its own package, and all that are no policies.
            packages: packages
                .iter()
                .filter(|package| package.path.starts_with(&path) || !is_policy(&package.path))
                .cloned()
                .collect(),
            program: Program::default(),
        })
    }

    /// The rules of the contract that the policy has.
    fn decision_rules(&self, family: Family, id: &str) -> Result<Vec<String>, Error> {
        let known = family.decision_rules();
        let names = self.rules();
        let help = || format!("the family {} decides by: {}", family.as_str(), known.join(", "));
        // A rule by which other families decide would look as if it decided here too.
        let foreign = Family::ALL
            .iter()
            .flat_map(|family| family.decision_rules())
            .find(|rule| !known.contains(rule) && names.contains(**rule));
        if let Some(rule) = foreign {
            let message = format!("`{rule}` decides nothing in the family {}", family.as_str());
            return Err(self.error("policy.rules", message).with_help(help()));
        }
        let rules: Vec<String> = names
            .iter()
            .filter(|name| &***name == "applicable" || known.contains(&&***name))
            .map(ToString::to_string)
            .collect();
        if rules.iter().any(|name| name != "applicable") {
            return Ok(rules);
        }
        let misspelt = names.iter().find_map(|name| {
            let near = suggest::nearest(name, known.iter().copied())?;
            Some(format!("rule `{name}`: did you mean `{near}`?"))
        });
        Err(self
            .error("policy.rules", format!("`{id}` has no rule that decides"))
            .with_help(misspelt.unwrap_or_else(help)))
    }
}

pub(super) fn is_policy(path: &[Arc<str>]) -> bool {
    match path {
        [root, family, _, ..] => &**root == "plangate" && Family::ALL.iter().any(|known| known.as_str() == &**family),
        _ => false,
    }
}

fn configure(
    mut policy: Policy,
    config: &Config,
    sources: &Arc<[SourceText]>,
    limits: &Limits,
) -> Result<Policy, Error> {
    let setting = config.policies.get(&policy.id);
    let mut values = setting
        .and_then(|setting| setting.config.clone())
        .unwrap_or_else(|| Value::Object(Object::new()));
    // A policy without a schema has no settings.
    let nothing = Value::Object(Object::new());
    let schema = policy.metadata.config.as_ref().unwrap_or(&nothing);
    apply(schema, &mut values).map_err(|mismatch| config.mismatch(&policy.id, mismatch))?;
    policy.severity = setting
        .and_then(|setting| setting.severity)
        .unwrap_or(policy.metadata.severity);
    policy.level = setting
        .and_then(|setting| setting.enforcement)
        .unwrap_or(policy.metadata.enforcement);
    if values == policy.config {
        return Ok(policy);
    }
    policy.config = values;
    load(policy, sources, limits)
}

/// The policy with a program for its configuration and the limits.
fn load(mut policy: Policy, sources: &Arc<[SourceText]>, limits: &Limits) -> Result<Policy, Error> {
    let data = Value::Object(Object::from([("config".to_owned(), policy.config.clone())]));
    policy.program = Program::load(policy.packages.clone(), Arc::clone(sources), &data, limits)?;
    Ok(policy)
}

impl Policy {
    /// Whether it runs at all.
    pub(crate) fn is_enabled(&self) -> bool {
        self.level != Enforcement::Disabled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(text: &str) -> Result<PolicySet, Error> {
        PolicySet::compile([Source::new("p.rego", text)])
    }

    fn code_and_help(text: &str) -> (&'static str, String) {
        let error = compile(text).unwrap_err();
        (error.code(), format!("{} {}", error, error.help().unwrap_or_default()))
    }

    #[test]
    fn policies_that_nobody_would_ask_are_refused() {
        let cases = [
            (
                "package main\ndeny contains 1",
                "policy.package",
                "nothing reads `deny` of the package `main`",
            ),
            (
                "package plangate.taging.x\ndeny contains 1",
                "policy.package",
                "did you mean `tagging`?",
            ),
            (
                "package plangate.x\ndeny contains 1",
                "policy.package",
                "nothing reads the package `plangate.x`",
            ),
            (
                "package plangate.tagging.x\ndenny contains 1",
                "policy.rules",
                "rule `denny`: did you mean `deny`?",
            ),
            (
                "package plangate.approval.x\nrequire contains {}\ndeny contains 1",
                "policy.rules",
                "reject, require, undetermined",
            ),
            (
                "package plangate.tagging.x_test\ntest_a if true",
                "policy.package",
                "a test among the policies",
            ),
            (
                "package lib.only\nf(x) := x",
                "policy.empty",
                "an empty set would allow everything",
            ),
        ];
        for (text, code, part) in cases {
            let (found, message) = code_and_help(text);
            assert_eq!(found, code, "{message}");
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(PolicySet::compile([]).unwrap_err().code(), "policy.empty");
    }

    #[test]
    fn all_errors_of_all_files_are_told() {
        let error = PolicySet::compile([
            Source::new("a.rego", "package plangate.plan.a\nx := "),
            Source::new("b.rego", "package plangate.plan.b\ndeny contains 1"),
            Source::new("c.rego", "package plangate.plan.b\ndeny contains 1"),
            Source::new("d.rego", "package d\ny := ]"),
        ])
        .unwrap_err();
        let found: Vec<_> = error
            .each()
            .map(|error| (error.location().unwrap().source().to_owned(), error.code()))
            .collect();
        let names: Vec<_> = found.iter().map(|(source, code)| (source.as_str(), *code)).collect();
        assert_eq!(
            names,
            [
                ("a.rego", "rego.parse"),
                ("d.rego", "rego.parse"),
                ("c.rego", "policy.duplicate")
            ]
        );
    }

    const POLICY: &str = "# METADATA\n# title: Names\n# custom:\n#   severity: high\n#   enforcement: advisory\n#   config:\n#     properties:\n#       most: {type: integer, default: 3}\npackage plangate.plan.names\ndeny contains data.config.most\n";

    #[test]
    fn configuration_is_checked_and_filled_in() {
        let set = compile(POLICY).unwrap();
        let policy = set.policies().next().unwrap();
        assert_eq!(
            (policy.title(), policy.severity().as_str(), policy.level().as_str()),
            ("Names", "high", "advisory")
        );
        assert_eq!(serde_json::to_string(policy.config()).unwrap(), r#"{"most":3}"#);

        let config = |text: &str| Config::from_toml("plangate.toml", text).unwrap();
        let set = compile(POLICY)
            .unwrap()
            .with_config(&config("[policies.plan.names]\nenforcement='mandatory'\nconfig.most=5"))
            .unwrap();
        assert_eq!(
            serde_json::to_string(set.policies().next().unwrap().config()).unwrap(),
            r#"{"most":5}"#
        );

        let error = compile(POLICY)
            .unwrap()
            .with_config(&config("[policies.plan.names.config]\nmoost = 5"))
            .unwrap_err();
        assert_eq!(
            (error.code(), error.help()),
            ("config.schema", Some("did you mean `most`?"))
        );
        assert!(error.to_string().starts_with("plangate.toml:2:1:"), "{error}");
        let error = compile(POLICY)
            .unwrap()
            .with_config(&config("[policies.plan.name]"))
            .unwrap_err();
        assert_eq!(
            (error.code(), error.help()),
            ("config.policy", Some("did you mean `plan.names`?"))
        );
    }

    #[test]
    fn wrong_metadata_has_a_place() {
        let (code, message) =
            code_and_help("# METADATA\n# custom:\n#   sevrity: high\npackage plangate.plan.x\ndeny contains 1");
        assert_eq!(code, "policy.metadata");
        assert!(
            message.starts_with("p.rego:1:1: unknown metadata `custom.sevrity` did you mean `severity`?"),
            "{message}"
        );
        assert_eq!(
            code_and_help("# METADATA\n# a: [\npackage plangate.plan.x\ndeny contains 1").0,
            "rego.metadata"
        );
    }
}
