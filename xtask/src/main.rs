//! The project's own commands: `cargo xtask <command>`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people at a terminal"
)]

mod bench;
mod bless;
mod lint;
mod opa_cases;
mod python;
mod step;
mod test;
mod wasm;

use std::process::ExitCode;

use anyhow::{Result, bail};

const EVERYTHING: &[test::Part] = &[test::native, python::test, wasm::test];

const USAGE: &str = "\
usage: cargo xtask <command>

  test     set up and run every test: native, Python, WebAssembly
  python   the Python part of `test`: wheel, stubs, pytest
  wasm     the WebAssembly part of `test`: module, sizes, node
  lint     format, clippy, docs, licences and sources of dependencies
  opa-cases DIR [--list-failures]
           run a folder of OPA's compliance cases
  bless    write generated files and snapshots anew
  bench    time every stage over plans of three sizes
  ci       lint, then test
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run(&arguments).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &[&str]) -> Result<ExitCode> {
    match arguments {
        ["test"] => Ok(test::run(EVERYTHING)),
        ["python"] => Ok(test::run(&[python::test])),
        ["wasm"] => Ok(test::run(&[wasm::test])),
        ["lint"] => lint::run().map(|()| ExitCode::SUCCESS),
        ["opa-cases", arguments @ ..] if !arguments.is_empty() => opa_cases::run(arguments).map(|()| ExitCode::SUCCESS),
        ["bless"] => bless::run().map(|()| ExitCode::SUCCESS),
        ["bench"] => bench::run().map(|()| ExitCode::SUCCESS),
        ["ci"] => lint::run().map(|()| test::run(EVERYTHING)),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("unknown command `{}`\n\n{USAGE}", arguments.join(" ")),
    }
}
