//! The project's own commands: `cargo xtask <command>`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people at a terminal"
)]

mod bless;
mod lint;
mod python;
mod step;
mod test;
mod wasm;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask <command>

  test     set up and run every test: native, Python, WebAssembly
  python   the Python part of `test`: wheel, stubs, pytest
  wasm     the WebAssembly part of `test`: module, sizes, node
  lint     format, clippy, docs, licences and sources of dependencies
  bless    write generated files and snapshots anew
  ci       lint, then test
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["test"] => test::run(&[test::native, python::test, wasm::test]),
        ["python"] => test::run(&[python::test]),
        ["wasm"] => test::run(&[wasm::test]),
        ["lint"] => lint::run(),
        ["bless"] => bless::run(),
        ["ci"] => lint::run().and_then(|()| test::run(&[test::native, python::test, wasm::test])),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => bail!("unknown command `{}`\n\n{USAGE}", arguments.join(" ")),
    }
}
