//! The bundled policies: their own tests, run by the engine that users get.

use plangate::{PolicySet, Source};

#[test]
fn every_test_of_a_bundled_policy_passes() {
    let tests = plangate_policies::TESTS
        .iter()
        .map(|(path, text)| Source::new(*path, *text));
    let results = PolicySet::bundled().unwrap().run_tests(tests).unwrap();
    let failed: Vec<String> = results
        .iter()
        .filter(|result| !result.passed)
        .map(|result| {
            format!(
                "{}: {} {}",
                result.source,
                result.name,
                result.error.as_ref().map_or(String::new(), ToString::to_string)
            )
        })
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {} tests failed:\n{}",
        failed.len(),
        results.len(),
        failed.join("\n")
    );
    assert!(results.len() > 100, "only {} tests were found", results.len());
}

#[test]
fn every_bundled_policy_says_what_it_is() {
    for policy in PolicySet::bundled().unwrap().policies() {
        let id = policy.id();
        assert_ne!(policy.title(), id, "{id} has no title");
        assert!(
            policy.description().is_some_and(|text| text.len() > 40),
            "{id} has no description"
        );
        assert!(
            policy.remediation().is_some(),
            "{id} does not say how to put a finding right"
        );
        assert!(
            policy.rules().iter().any(|rule| rule == "undetermined"),
            "{id} is never undetermined"
        );
        let test = policy
            .source()
            .name()
            .replace("plangate:", "")
            .replace(".rego", "_test.rego");
        assert!(
            plangate_policies::TESTS.iter().any(|(path, _)| *path == test),
            "{id} has no tests"
        );
    }
}
