//! Real plans and payloads, where `../shared` is beside the repository: each is decided, nothing fails and no secret gets out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "a test that skips says why")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use plangate::{Format, Input, PolicySet, Source};
use serde_json::Value;

/// The folder of real inputs, or `None` with the reason printed.
fn shared(folder: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared"));
    let root = std::env::var_os("PLANGATE_SHARED").map_or(beside, PathBuf::from);
    let folder = root.join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = shared(folder) else {
        return Vec::new();
    };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(path).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

/// The texts under a sensitivity mark, and those that stand elsewhere in the open.
fn sort_texts(
    value: &Value,
    mark: &Value,
    is_marked: bool,
    hidden: &mut BTreeSet<String>,
    open: &mut BTreeSet<String>,
) {
    let is_marked = is_marked || mark == &Value::Bool(true);
    match value {
        Value::String(text) => drop(if is_marked { hidden } else { open }.insert(text.clone())),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                sort_texts(item, mark.get(index).unwrap_or(&Value::Null), is_marked, hidden, open);
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                sort_texts(item, mark.get(name).unwrap_or(&Value::Null), is_marked, hidden, open);
            }
        }
        _ => {}
    }
}

fn secrets(plan: &Value) -> Vec<String> {
    let (mut hidden, mut open) = (BTreeSet::new(), BTreeSet::new());
    let entries = ["resource_changes", "resource_drift"]
        .iter()
        .flat_map(|list| plan[list].as_array().into_iter().flatten());
    let outputs = plan["output_changes"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, change)| change);
    for change in entries.map(|entry| &entry["change"]).chain(outputs) {
        for side in ["before", "after"] {
            sort_texts(
                &change[side],
                &change[format!("{side}_sensitive")],
                false,
                &mut hidden,
                &mut open,
            );
        }
    }
    // A short text, or one that stands in the open as well, is found in an output without having leaked.
    hidden
        .into_iter()
        .filter(|text| text.len() >= 6 && !open.iter().any(|other| other.contains(text)))
        .collect()
}

/// Prints whatever a policy can reach.
const TELLTALE: &str = "package plangate.plan.telltale\ndeny contains json.marshal(input)\n";

#[test]
fn every_plan_is_decided_and_no_secret_gets_out() {
    let policies = PolicySet::compile(Source::bundled().chain([Source::new("telltale.rego", TELLTALE)])).unwrap();
    let mut hidden = 0;
    for (name, bytes) in files("plans") {
        let input = Input::from_terraform(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let report = policies.evaluate(&input);
        let errored: Vec<_> = report.policies.iter().filter(|outcome| outcome.errored).collect();
        assert!(errored.is_empty(), "{name}: {errored:?}");
        let plan: Value = serde_json::from_slice(&bytes).unwrap();
        let mut outputs: Vec<String> = Format::ALL.iter().map(|format| report.render(*format)).collect();
        outputs.push(input.to_json());
        for secret in secrets(&plan) {
            hidden += 1;
            let escaped = serde_json::to_string(&secret).unwrap();
            for output in &outputs {
                assert!(
                    !output.contains(&secret) && !output.contains(escaped.trim_matches('"')),
                    "{name}: a secret got out"
                );
            }
        }
    }
    assert!(
        shared("plans").is_none() || hidden >= 10,
        "only {hidden} secrets were looked for"
    );
}

#[test]
fn every_payload_of_github_is_decided() {
    let policies = PolicySet::bundled().unwrap();
    for (name, bytes) in files("vcs") {
        if name.starts_with("github__") {
            let input = Input::new()
                .with_github(&bytes)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let report = policies.evaluate(&input);
            assert!(
                report.policies.iter().all(|outcome| !outcome.errored),
                "{name}: {:?}",
                report.policies
            );
        }
    }
}
