//! `cargo xtask opa-cases DIR`: a folder of OPA's compliance cases through our engine, in a release build.

use anyhow::{Context, Result};

use crate::step;

/// Hands over to the runner, which lives with the tests: this program must not wait for the engine to compile.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let mut command = step::cargo(&[
        "run",
        "--locked",
        "--quiet",
        "--release",
        "-p",
        "plangate-tests",
        "--bin",
        "opa_cases",
        "--",
    ]);
    for argument in arguments {
        if argument.starts_with("--") {
            command.arg(argument);
        } else {
            command
                .arg(std::fs::canonicalize(argument).with_context(|| format!("cannot read the folder `{argument}`"))?);
        }
    }
    step::run(&mut command)
}
