//! Who may name what, and how big a file may be.

use crate::sources::{SourceFile, files};

/// Where this comes from: the room names of the design.
fn in_room(file: &SourceFile, room: &str) -> bool {
    file.path == format!("core/src/{room}.rs") || file.path.starts_with(&format!("core/src/{room}/"))
}

/// Files outside a room whose code has a word.
fn trespassers(files: &[SourceFile], room: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| !in_room(file, room)) {
        let code = file.code();
        for (word, line) in words.iter().flat_map(|word| code.lines().map(move |line| (word, line))) {
            if has_word(line, word) {
                found.push(format!("{}: `{word}` in `{}`", file.path, line.trim()));
            }
        }
    }
    found
}

/// Whether a word stands there as a whole: `resource_changes` is not in `no_resource_changes`.
fn has_word(line: &str, word: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word)
        .any(|(at, _)| !joins(line[..at].chars().next_back()) && !joins(line[at + word.len()..].chars().next()))
}

#[test]
fn words_are_whole() {
    assert!(has_word("member(\"resource_changes\")", "resource_changes"));
    assert!(has_word("use std::fs;", "std::fs"));
    assert!(!has_word("\"no_resource_changes\"", "resource_changes"));
}

fn none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn only_the_engine_room_names_regorus() {
    let found = trespassers(&files("core/src", "rs"), "engine", &["regorus"]);
    none(&found, "another engine must be one room's work");
}

#[test]
fn only_normalize_knows_vendors_names() {
    let words = [
        "resource_changes",
        "after_unknown",
        "before_sensitive",
        "after_sensitive",
        "resource_drift",
        "pull_request.user",
        "commit_id",
        "requested_reviewers\"",
        "dismissal_commit_id",
        "\"sender\"",
    ];
    let found = trespassers(&files("core/src", "rs"), "normalize", &words);
    none(&found, "a vendor's name for a thing ends in core/src/normalize");
}

#[test]
fn core_has_no_clock_no_files_and_no_environment() {
    let words = [
        "std::fs",
        "std::env",
        // Addresses are data; these reach out.
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "ToSocketAddrs",
        "std::process",
        "SystemTime",
        "Instant",
        "Utc::now",
        "thread_rng",
    ];
    let found = trespassers(&files("core/src", "rs"), "nowhere", &words);
    none(&found, "core is a function of its arguments");
}

#[test]
fn every_source_file_says_what_it_is() {
    for folder in [
        "core",
        "cli",
        "policies",
        "bindings-python",
        "bindings-wasm",
        "tests",
        "benches",
        "xtask",
    ] {
        for file in files(folder, "rs") {
            assert!(
                file.text.starts_with("//! "),
                "{}: begins without a `//!` line",
                file.path
            );
            let lines = file.text.lines().count();
            assert!(lines <= 600, "{}: {lines} lines; past 600, split it", file.path);
        }
    }
}

#[test]
fn every_dependency_says_why() {
    let mut unexplained = Vec::new();
    for manifest in files(".", "toml")
        .iter()
        .filter(|file| file.path.ends_with("Cargo.toml"))
    {
        let mut in_dependencies = false;
        let mut explained = false;
        for line in manifest.text.lines() {
            if line.starts_with('[') {
                in_dependencies = line.contains("dependencies");
            } else if line.starts_with('#') {
                explained = true;
                continue;
            } else if in_dependencies && line.contains('=') {
                // Explained where the version is. Our own crates and what the brief of the project gives need no reason.
                let given = line.contains("workspace")
                    || line.contains("path =")
                    || GIVEN.iter().any(|name| line.starts_with(name));
                if !given && !explained && !line.contains(" # ") {
                    unexplained.push(format!("{}: {line}", manifest.path));
                }
            }
            explained = false;
        }
    }
    none(&unexplained, "write the reason on the line above");
}

/// What the design gives.
const GIVEN: &[&str] = &[
    "regorus",
    "serde",
    "serde_json",
    "thiserror",
    "pyo3",
    "wasm-bindgen",
    "criterion",
    "insta",
];
