//! `cargo xtask opa-cases DIR [--list-failures]`: runs a folder of OPA's compliance cases.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use plangate_tests::opa::{self, Outcome};

/// How much of a failure is listed, in characters.
const LONGEST: usize = 600;

/// Prints pass, fail and error by topic, and one last line `N of M passed`. Fails only when the folder cannot be read.
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let list = arguments.iter().any(|argument| argument == "--list-failures");
    let folders: Vec<&String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let [folder] = folders.as_slice() else {
        report_error("usage: cargo xtask opa-cases DIR [--list-failures]");
        return ExitCode::from(2);
    };
    match opa::run_folder(Path::new(folder)) {
        Ok(summary) => print(&summary, list).map_or_else(|_| ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        Err(error) => {
            report_error(&format!("cannot run the cases in `{folder}`: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn print(summary: &opa::Summary, list: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if list {
        for case in summary.failures() {
            let (what, why) = match &case.outcome {
                Outcome::Pass => continue,
                Outcome::Fail(why) => ("fail ", why),
                Outcome::Error(why) => ("error", why),
            };
            // Without the source lines that the engine quotes.
            let why = why.rfind("error: ").and_then(|at| why.get(at..)).unwrap_or(why);
            let why: String = why
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .chars()
                .take(LONGEST)
                .collect();
            writeln!(out, "{what} {}: {}: {why}", case.topic, case.note)?;
        }
    }
    writeln!(out, "{summary}")
}

fn report_error(message: &str) {
    drop(writeln!(io::stderr(), "{message}"));
}
