//! Sources to a policy set.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::metadata::Metadata;
use super::schema::apply;
use super::{Config, Enforcement, Family, Policy, PolicySet, Source};
use crate::engine::{self, Outline, Program};
use crate::error::{Error, ErrorKind};
use crate::input::sha256;
use crate::json::{Object, Value};
use crate::location::{Location, Position};
use crate::suggest;

impl PolicySet {
    /// Compiles policies, with the configuration that they have by themselves.
    ///
    /// A source is a policy where its package is `plangate.<family>.<name>`, and a library beside every policy where it is
    /// `plangate.lib.<name>` or outside `plangate`.
    ///
    /// # Errors
    /// All errors of all sources at once, see [`Error::each`]. `policy.syntax` for text that is not Rego; `policy.package` for packages
    /// that no decision reads; `policy.rules` for a policy without a decision rule; `policy.metadata`; `policy.duplicate` for two sources of
    /// one policy; `policy.nesting` for literals nested too deep; `policy.empty` for no policy at all, because an empty set would allow everything.
    pub fn compile(sources: impl IntoIterator<Item = Source>) -> Result<Self, Error> {
        let sources: Vec<Source> = sources.into_iter().collect();
        let mut errors = Vec::new();
        let mut modules = Vec::new();
        for source in sources {
            match engine::outline(source.module()).and_then(|outline| Ok((classify(&source, &outline)?, outline))) {
                Ok((part, outline)) => modules.push((source, outline, part)),
                Err(error) => errors.push(error),
            }
        }
        let digests = modules
            .iter()
            .map(|(source, ..)| (source.name().to_owned(), sha256(source.text().as_bytes())))
            .collect();
        let libraries: Arc<[Source]> = modules
            .iter()
            .filter(|(.., part)| matches!(part, Part::Library))
            .map(|(source, ..)| source.clone())
            .collect();
        let mut policies: BTreeMap<String, Policy> = BTreeMap::new();
        for (source, outline, part) in modules {
            let Part::Policy(family, name) = part else { continue };
            let id = format!("{}.{name}", family.as_str());
            if let Some(other) = policies.get(&id) {
                errors.push(duplicate(&source, &id, other));
                continue;
            }
            match policy(source, &outline, family, &id, &libraries) {
                Ok(policy) => drop(policies.insert(id, policy)),
                Err(error) => errors.push(error),
            }
        }
        if let Some(error) = Error::all(errors) {
            return Err(error);
        }
        if policies.is_empty() {
            return Err(empty_set("no policy at all"));
        }
        Ok(Self {
            policies: policies.into_values().collect(),
            digests: Arc::new(digests),
            config: Config::default(),
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
        let mut policies = Vec::new();
        for policy in self.policies.iter() {
            match configure(policy.clone(), config) {
                Ok(policy) => policies.push(policy),
                Err(error) => errors.push(error),
            }
        }
        match Error::all(errors) {
            Some(error) => Err(error),
            None => Ok(Self {
                policies: policies.into(),
                digests: self.digests,
                config: config.clone(),
            }),
        }
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

fn at_top(source: &Source) -> Location {
    let line = (1_u32..)
        .zip(source.text().lines())
        .find(|(_, line)| line.starts_with("package"))
        .map_or(1, |(number, _)| number);
    Location::text(source.name(), Position { line, column: 1 })
}

fn classify(source: &Source, outline: &Outline) -> Result<Part, Error> {
    let wrong = |message: String| Error::new(ErrorKind::Policy, "policy.package", message).at(at_top(source));
    let steps: Vec<&str> = outline.package.iter().map(String::as_str).collect();
    match steps.as_slice() {
        ["plangate", "lib", ..] => Ok(Part::Library),
        ["plangate", family, name] => {
            let Some(known) = Family::ALL.iter().find(|known| known.as_str() == *family) else {
                let families = Family::ALL.iter().map(|family| family.as_str());
                return Err(wrong(format!("unknown family `{family}` in the package")).suggesting(family, families));
            };
            if name.ends_with("_test") {
                return Err(
                    wrong("a test among the policies".to_owned()).with_help("leave out files that end in `_test.rego`")
                );
            }
            Ok(Part::Policy(*known, (*name).to_owned()))
        }
        ["plangate", ..] => Err(wrong(format!("nothing reads the package `{}`", steps.join(".")))
            .with_help("a policy is `package plangate.<family>.<name>`, a library `package plangate.lib.<name>`")),
        _ => {
            // Outside `plangate` a package can only serve others. One that decides would never be asked.
            let decides = Family::ALL
                .iter()
                .flat_map(|family| family.decision_rules())
                .find(|rule| outline.rules.iter().any(|name| name == *rule));
            match decides {
                Some(rule) => Err(
                    wrong(format!("nothing reads `{rule}` of the package `{}`", steps.join("."))).with_help(
                        "name the package `plangate.<family>.<name>`, family one of tagging, plan, access, approval",
                    ),
                ),
                None => Ok(Part::Library),
            }
        }
    }
}

fn duplicate(source: &Source, id: &str, other: &Policy) -> Error {
    Error::new(
        ErrorKind::Policy,
        "policy.duplicate",
        format!("a second policy `{id}`; the first is `{}`", other.source().name()),
    )
    .at(at_top(source))
    .with_help("give it another name, or leave one of the two out")
}

fn policy(
    source: Source,
    outline: &Outline,
    family: Family,
    id: &str,
    libraries: &Arc<[Source]>,
) -> Result<Policy, Error> {
    let metadata = Metadata::read(&source, id)?;
    let known = family.decision_rules();
    // A rule by which other families decide would look as if it decided here too.
    let foreign = Family::ALL
        .iter()
        .flat_map(|family| family.decision_rules())
        .find(|rule| !known.contains(rule) && outline.rules.iter().any(|name| name == *rule));
    if let Some(rule) = foreign {
        let message = format!("`{rule}` decides nothing in the family {}", family.as_str());
        return Err(Error::new(ErrorKind::Policy, "policy.rules", message)
            .at(at_top(&source))
            .with_help(format!(
                "the family {} decides by: {}",
                family.as_str(),
                known.join(", ")
            )));
    }
    let rules: Vec<String> = outline
        .rules
        .iter()
        .filter(|name| *name == "applicable" || known.contains(&name.as_str()))
        .cloned()
        .collect();
    if !rules.iter().any(|name| name != "applicable") {
        let error = Error::new(
            ErrorKind::Policy,
            "policy.rules",
            format!("`{id}` has no rule that decides"),
        )
        .at(at_top(&source));
        let misspelt = outline.rules.iter().find_map(|name| {
            let near = suggest::nearest(name, known.iter().copied())?;
            Some(format!("rule `{name}`: did you mean `{near}`?"))
        });
        return Err(error.with_help(
            misspelt.unwrap_or_else(|| format!("the family {} decides by: {}", family.as_str(), known.join(", "))),
        ));
    }
    let defaults = Value::Object(Object::new());
    let policy = Policy {
        id: id.to_owned(),
        family,
        severity: metadata.severity,
        level: metadata.enforcement,
        program: program(&source, libraries, &defaults)?,
        metadata,
        source,
        config: defaults,
        rules,
        libraries: Arc::clone(libraries),
    };
    configure(policy, &Config::default())
}

fn program(source: &Source, libraries: &[Source], config: &Value) -> Result<Program, Error> {
    let modules: Vec<_> = std::iter::once(source).chain(libraries).map(Source::module).collect();
    let data = Value::Object(Object::from([("config".to_owned(), config.clone())]));
    Program::compile(&modules, &data)
}

fn configure(mut policy: Policy, config: &Config) -> Result<Policy, Error> {
    let setting = config.policies.get(&policy.id);
    let mut values = setting
        .and_then(|setting| setting.config.clone())
        .unwrap_or_else(|| Value::Object(Object::new()));
    match &policy.metadata.config {
        Some(schema) => apply(schema, &mut values).map_err(|mismatch| config.mismatch(&policy.id, mismatch))?,
        None if values.as_object().is_some_and(|values| !values.is_empty()) => {
            let nothing = Value::Object(Object::new());
            apply(&nothing, &mut values).map_err(|mismatch| config.mismatch(&policy.id, mismatch))?;
        }
        None => {}
    }
    policy.severity = setting
        .and_then(|setting| setting.severity)
        .unwrap_or(policy.metadata.severity);
    policy.level = setting
        .and_then(|setting| setting.enforcement)
        .unwrap_or(policy.metadata.enforcement);
    if values != policy.config {
        policy.program = program(&policy.source, &policy.libraries, &values)?;
        policy.config = values;
    }
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
            Source::new("d.rego", "pakage d"),
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
                ("a.rego", "policy.syntax"),
                ("d.rego", "policy.syntax"),
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
            "policy.metadata"
        );
    }
}
