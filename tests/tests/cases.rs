//! Every case folder, as a test of its name: what it comes to is what its files say, byte for byte.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use plangate_tests::{Answer, Case};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = match plangate_tests::cases() {
        Ok(cases) => cases
            .into_iter()
            .map(|case| Trial::test(case.name(), move || check(&case)))
            .collect(),
        Err(error) => vec![Trial::test("cases_are_read", move || Err(error.into()))],
    };
    if trials.is_empty() {
        trials.push(Trial::test("cases_are_read", || Err("there is no case".into())));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn check(case: &Case) -> Result<(), Failed> {
    let answer = case.answer()?;
    let other = match answer {
        Answer::Report(_) => "error.json",
        Answer::Refused(_) => "report.json",
    };
    if blessing() {
        fs::write(case.file(answer.file()), answer.text())?;
        if case.file(other).exists() {
            fs::remove_file(case.file(other))?;
        }
    } else if case.file(other).exists() {
        return Err(format!("expected {other}, got {}:\n{}", answer.file(), answer.text()).into());
    }
    compare(&case.file(answer.file()), answer.text())?;

    let document = case.file("input.json");
    if document.exists() {
        let input = case.input()?.map_err(|error| error.to_string())?.to_json() + "\n";
        if blessing() {
            fs::write(&document, &input)?;
        }
        compare(&document, &input)?;
    }
    Ok(())
}

/// Whether `cargo xtask bless` runs this: expected files are written and not compared.
fn blessing() -> bool {
    std::env::var_os("PLANGATE_BLESS").is_some()
}

fn compare(file: &Path, found: &str) -> Result<(), Failed> {
    let expected = fs::read_to_string(file).unwrap_or_default();
    if expected == found {
        return Ok(());
    }
    let line = expected
        .lines()
        .zip(found.lines())
        .take_while(|(expected, found)| expected == found)
        .count();
    Err(format!(
        "{} differs from line {}:\n  expected: {}\n  found:    {}\nif that is right, run `cargo xtask bless` and review the difference",
        file.display(),
        line + 1,
        expected.lines().nth(line).unwrap_or("(nothing)"),
        found.lines().nth(line).unwrap_or("(nothing)"),
    )
    .into())
}
