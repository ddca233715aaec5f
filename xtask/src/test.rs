//! `cargo xtask test`: every part that is asked for, then one line with the count over all of them.

use std::process::ExitCode;

use anyhow::Result;

use crate::step::{self, Tally};

/// A part of the tests. Fails where it cannot even begin: a tool is missing, or something does not compile.
pub(crate) type Part = fn() -> Result<Tally>;

/// Runs all parts, so that one run shows everything that is wrong. The last line is `N passed, N failed`.
pub(crate) fn run(parts: &[Part]) -> ExitCode {
    let mut total = Tally::default();
    for part in parts {
        total += part().unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally { passed: 0, failed: 1 }
        });
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    // Where nothing ran, nothing was shown to work.
    ExitCode::from(u8::from(total.failed > 0 || total.passed == 0))
}

/// Everything but the two bindings, which need other toolchains, and the tool that brings wasm-bindgen.
pub(crate) fn native() -> Result<Tally> {
    step::heading("native tests");
    step::count(
        &mut step::cargo(&[
            "test",
            "--locked",
            "--no-fail-fast",
            "--workspace",
            "--exclude=plangate-python",
            "--exclude=plangate-wasm",
            "--exclude=xtask-bindgen",
        ]),
        step::libtest,
    )
}
