//! Tests of policies, written in Rego: every `test_` rule of the given sources.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{PolicySet, Source};
use crate::engine::{self, Document, Program};
use crate::error::Error;
use crate::input::Secrets;
use crate::json::{Object, Value};
use crate::rego::{self, Rule, SourceText, Term};
use crate::stack;

/// How one test came out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TestResult {
    /// The source that the test is in.
    pub source: String,
    /// The rule: `test_missing_tag`, or `test_tags.no_owner` for one case of a table.
    pub name: String,
    /// Whether it is true.
    pub passed: bool,
    /// What went wrong while it ran.
    pub error: Option<Error>,
}

impl PolicySet {
    /// Runs every `test_` rule of the sources against the policies of this set, in order of source and rule.
    ///
    /// A test passes where its rule is true. Where it is an object, each member is a case of its own. Sources without a `test_` rule
    /// (fixtures, builders) are loaded beside all tests; each test source is loaded alone, so that one broken file spoils no other.
    ///
    /// # Errors
    /// `rego.*` for sources that do not compile.
    pub fn run_tests(&self, tests: impl IntoIterator<Item = Source>) -> Result<Vec<TestResult>, Error> {
        let tests: Vec<SourceText> = tests.into_iter().map(|source| source.source_text().clone()).collect();
        stack::roomy(|| self.run_suites(&tests))?
    }

    fn run_suites(&self, tests: &[SourceText]) -> Result<Vec<TestResult>, Error> {
        let is_test = |rule: &Rule| {
            rule.head
                .path
                .first()
                .and_then(Term::as_var)
                .is_some_and(|name| name.starts_with("test_"))
        };
        let parsed = rego::parse(tests);
        let (suites, fixtures): (Vec<_>, Vec<_>) = tests
            .iter()
            .zip(&parsed)
            .partition(|(_, module)| module.rules.iter().any(is_test));
        let mut results = Vec::new();
        for (suite, module) in suites {
            let sources = self
                .sources
                .iter()
                .chain(fixtures.iter().map(|(source, _)| *source))
                .chain([suite]);
            let sources: Arc<[SourceText]> = sources.cloned().collect();
            let compiled = rego::compile(&sources, engine::callable());
            if let Some(error) = Error::all(compiled.errors) {
                return Err(error);
            }
            let packages = compiled.packages.into_iter().map(Arc::new).collect();
            let program = Program::load(packages, sources, &Value::Object(Object::new()), &self.limits)?;
            let document = Document::new(&Object::new(), Secrets::default());
            let package = module.package_path().join(".");
            let names: BTreeSet<&str> = module
                .rules
                .iter()
                .filter(|rule| is_test(rule))
                .filter_map(|rule| Some(&**rule.head.path.first()?.as_var()?))
                .collect();
            for name in names {
                let outcome = program.run(&document).rule(&format!("data.{package}.{name}"));
                results.extend(read(&suite.name, name, outcome));
            }
        }
        Ok(results)
    }
}

fn read(source: &str, name: &str, outcome: Result<Option<Value>, Error>) -> Vec<TestResult> {
    let result = |name: String, passed: bool, error: Option<Error>| TestResult {
        source: source.to_owned(),
        name,
        passed,
        error,
    };
    match outcome {
        Ok(Some(Value::Object(cases))) => cases
            .iter()
            .map(|(case, value)| result(format!("{name}.{case}"), value.as_bool() == Some(true), None))
            .collect(),
        Ok(value) => vec![result(name.to_owned(), value == Some(Value::Bool(true)), None)],
        Err(error) => vec![result(name.to_owned(), false, Some(error))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_pass_where_they_are_true() {
        let policy = Source::new(
            "p.rego",
            "package plangate.plan.p\ndeny contains input.run.attributes.x if input.run.attributes.x > data.config.most",
        );
        let set = PolicySet::compile([policy]).unwrap();
        let tests = Source::new(
            "p_test.rego",
            "package plangate.plan.p_test\n\
             denied := data.plangate.plan.p.deny\n\
             test_over if denied == {3} with input as data.fixtures.three with data.config as {\"most\": 2}\n\
             test_wrong if count(denied) == 1 with input as {\"run\": {\"attributes\": {\"x\": 1}}} with data.config as {\"most\": 2}\n\
             test_table[name] := x > 1 if some name, x in {\"one\": 1, \"two\": 2}\n",
        );
        let fixture = Source::new(
            "fixtures.rego",
            "package fixtures\nthree := {\"run\": {\"attributes\": {\"x\": 3}}}",
        );
        let results = set.run_tests([tests, fixture]).unwrap();
        let found: Vec<_> = results
            .iter()
            .map(|result| (result.name.as_str(), result.passed))
            .collect();
        assert_eq!(
            found,
            [
                ("test_over", true),
                ("test_table.one", false),
                ("test_table.two", true),
                ("test_wrong", false)
            ]
        );
    }
}
