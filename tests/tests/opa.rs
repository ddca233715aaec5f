//! OPA's compliance cases: no fewer pass than before, and what fails is known by name.

use std::collections::BTreeMap;
use std::path::PathBuf;

use plangate_tests::opa;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// How many cases pass at least. It only rises.
    floor: usize,
    /// The cases that fail, by reason and topic.
    failures: Vec<Reason>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    reason: String,
    /// Names of cases, by topic.
    cases: BTreeMap<String, Vec<String>>,
}

#[test]
fn compliance_cases_pass_but_for_the_known_failures() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let shared = std::env::var_os("PLANGATE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let folder = shared.join("opa-cases");
    if !folder.is_dir() {
        println!("skipped: there are no compliance cases in {}", folder.display());
        return;
    }
    let known: Known = toml::from_str(include_str!("../opa/known-failures.toml")).unwrap();
    assert!(known.failures.iter().all(|failure| !failure.reason.is_empty()));
    let mut expected: Vec<String> = known
        .failures
        .iter()
        .flat_map(|failure| &failure.cases)
        .flat_map(|(topic, notes)| notes.iter().map(move |note| format!("{topic}: {note}")))
        .collect();
    expected.sort();
    let summary = opa::run_folder(&folder).unwrap();
    let mut failed: Vec<String> = summary
        .failures()
        .map(|case| format!("{}: {}", case.topic, case.note))
        .collect();
    failed.sort();
    let new: Vec<&String> = failed.iter().filter(|case| !expected.contains(case)).collect();
    let gone: Vec<&String> = expected.iter().filter(|case| !failed.contains(case)).collect();
    assert!(new.is_empty(), "cases that did not fail before: {new:#?}");
    assert!(
        gone.is_empty(),
        "known failures that pass now, to be taken from tests/opa/known-failures.toml: {gone:#?}"
    );
    assert!(
        summary.passed() >= known.floor,
        "{} pass, and {} did before",
        summary.passed(),
        known.floor
    );
}
