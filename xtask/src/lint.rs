//! `cargo xtask lint`: everything that can be found without running anything.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::step;

/// The release of cargo-deny that is installed where there is none.
const CARGO_DENY: &str = "0.20.2";

pub(crate) fn run() -> Result<()> {
    step::heading("format");
    step::run(&mut step::cargo(&["fmt", "--all", "--check"]))?;

    step::heading("clippy");
    step::run(&mut step::cargo(&[
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        "--",
        "-Dwarnings",
    ]))?;
    step::heading("clippy, core with no feature and with every one");
    for features in ["--no-default-features", "--all-features"] {
        step::run(&mut step::cargo(&[
            "clippy",
            "--locked",
            "--package=plangate",
            "--all-targets",
            features,
            "--",
            "-Dwarnings",
        ]))?;
    }

    step::heading("documentation");
    step::run(
        step::cargo(&[
            "doc",
            "--locked",
            "--workspace",
            "--no-deps",
            "--document-private-items",
            "--exclude=plangate-cli",
        ])
        .env("RUSTDOCFLAGS", "-Dwarnings"),
    )?;

    dependencies()?;
    notice()
}

/// Licences, bans and sources need nothing but the lock file. Advisories are a repository on GitHub.
fn dependencies() -> Result<()> {
    step::heading("dependencies");
    if !step::succeeds(&mut step::cargo(&["deny", "--version"])) {
        println!("cargo-deny is not installed; installing {CARGO_DENY}");
        step::run(&mut step::cargo(&[
            "install",
            "--locked",
            "cargo-deny",
            "--version",
            CARGO_DENY,
        ]))?;
    }
    step::run(&mut step::cargo(&[
        "deny",
        "--locked",
        "check",
        "--hide-inclusion-graph",
        "licenses",
        "bans",
        "sources",
    ]))?;

    let advisories = [
        "ls-remote",
        "--exit-code",
        "https://github.com/rustsec/advisory-db",
        "HEAD",
    ];
    if step::succeeds(step::command("git", &advisories).env("GIT_TERMINAL_PROMPT", "0")) {
        step::run(&mut step::cargo(&["deny", "--locked", "check", "advisories"]))
    } else {
        println!("advisories SKIPPED: https://github.com/rustsec/advisory-db cannot be reached from here");
        Ok(())
    }
}

/// NOTICE repeats what the licences of dependencies ask for. It must not be forgotten when one of them moves.
fn notice() -> Result<()> {
    step::heading("notices");
    let notice = fs::read_to_string(step::root().join("NOTICE")).context("cannot read NOTICE")?;
    let mut tree = vec![
        "tree",
        "--locked",
        "--edges=normal",
        "--target=all",
        "--prefix=none",
        "--format={p}|{l}",
    ];
    tree.extend(SHIPPED);
    // An empty line stands between the trees of two packages.
    for line in step::read(&mut step::cargo(&tree))?
        .lines()
        .filter(|line| !line.is_empty())
    {
        // `name v1.2.3 (proc-macro)|MIT OR Apache-2.0 (*)`
        let (package, licence) = line.split_once('|').unwrap_or((line, ""));
        let name = package.split(' ').next().unwrap_or(package);
        ensure!(
            is_ours(licence) || notice.contains(&format!("\n{name} (")),
            "`{name}` has the licence {licence}: add it to NOTICE"
        );
    }
    println!("NOTICE names every dependency that is not to be had under MIT or Apache-2.0");
    Ok(())
}

/// What leaves this repository as a program or a package.
const SHIPPED: &[&str] = &[
    "--package=plangate",
    "--package=plangate-cli",
    "--package=plangate-python",
    "--package=plangate-wasm",
];

/// Whether one of the licences to choose from is one of our own. Older manifests write `/` for OR.
fn is_ours(licence: &str) -> bool {
    let licence = licence.trim_end_matches(" (*)");
    !licence.contains(" AND ")
        && licence
            .split(" OR ")
            .flat_map(|one| one.split('/'))
            .any(|one| matches!(one, "MIT" | "Apache-2.0"))
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn a_choice_is_ours_where_one_of_them_is() {
        assert!(is_ours("MIT OR Apache-2.0 (*)") && is_ours("Unlicense/MIT") && is_ours("MIT"));
        assert!(!is_ours("Unicode-3.0") && !is_ours("(MIT OR Apache-2.0) AND Unicode-3.0") && !is_ours(""));
    }
}
