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
        "deny", "--locked", "check", "licenses", "bans", "sources",
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
    let metadata = step::read(&mut step::cargo(&[
        "tree",
        "--locked",
        "--workspace",
        "--edges=normal",
        "--prefix=none",
        "--format={p}|{l}",
    ]))?;
    for line in metadata.lines() {
        let (package, licence) = line.split_once('|').unwrap_or((line, ""));
        let name = package.split(' ').next().unwrap_or(package);
        // Satisfied by our own licence files, whichever of the licences is chosen.
        let is_plain = licence.split(" OR ").any(|one| {
            matches!(
                one.trim_matches(['(', ')']),
                "MIT" | "Apache-2.0" | "Unlicense" | "Zlib" | "0BSD"
            )
        });
        ensure!(
            is_plain || notice.contains(&format!("\n{name} ")),
            "`{name}` has the licence {licence}: add it to NOTICE"
        );
    }
    println!("NOTICE names every dependency that is under more than MIT or Apache-2.0");
    Ok(())
}
