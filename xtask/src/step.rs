//! One step of a command: a heading, a child process, and the tests that it says it ran.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where everything that is built goes: `target/`, or what `CARGO_TARGET_DIR` says.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// A command that runs in the root of the workspace.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// The cargo that runs this program, on the committed lock file.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments);
    // Set for this program by `cargo run`. They would make build scripts of the child look changed.
    for name in [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PKG_NAME",
        "CARGO_PKG_VERSION",
    ] {
        command.env_remove(name);
    }
    command
}

/// Prints what comes next.
pub(crate) fn heading(text: &str) {
    println!("\n=== {text}");
}

/// Runs a command and waits for it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// Runs a command and gives what it prints.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| cannot_start(command))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", line(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` printed bytes that are not UTF-8", line(command)))
}

/// Whether a command exists and says yes. What it prints is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Makes sure that a program answers. Where it does not, Debian's packages are installed if that needs nobody's leave (as in a container
/// of a fresh image); elsewhere the error says what to install.
pub(crate) fn provide(probe: &mut Command, packages: &[&str], need: &'static str) -> Result<()> {
    if succeeds(probe) {
        return Ok(());
    }
    let is_root = read(&mut command("id", &["-u"])).is_ok_and(|id| id.trim() == "0");
    if is_root && succeeds(&mut command("apt-get", &["--version"])) {
        heading(&format!("installing {}", packages.join(", ")));
        run(&mut command("apt-get", &["update", "-qq"]))?;
        run(command("apt-get", &["install", "-y", "-qq", "--no-install-recommends"]).args(packages))?;
    }
    if succeeds(probe) { Ok(()) } else { bail!(need) }
}

/// How many tests came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs tests, showing what they print, and counts them by the summary lines of their runner.
///
/// A run that fails without a failed test (it does not compile, it crashes) counts as one failure.
pub(crate) fn count(command: &mut Command, summary: fn(&str) -> Option<Tally>) -> Result<Tally> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.context("cannot read what a test run prints")?;
            println!("{line}");
            if let Some(counted) = summary(&line) {
                tally += counted;
            }
        }
    }
    let status = child.wait().with_context(|| cannot_start(command))?;
    if !status.success() && tally.failed == 0 {
        println!("`{}` failed ({status})", line(command));
        tally.failed = 1;
    }
    Ok(tally)
}

/// `test result: ok. 12 passed; 0 failed; ...`, as libtest and libtest-mimic print it.
pub(crate) fn libtest(line: &str) -> Option<Tally> {
    let counts = line.trim_start().strip_prefix("test result: ")?;
    Some(Tally {
        passed: before(counts, " passed")?,
        failed: before(counts, " failed")?,
    })
}

/// `12 passed, 1 failed, 2 skipped in 0.10s`, as pytest prints it. A test that cannot start is an error there, and a failure here.
pub(crate) fn pytest(line: &str) -> Option<Tally> {
    let line = line.trim_matches('=').trim();
    if !line.ends_with(')') && !line.ends_with('s') || !line.contains(" in ") {
        return None;
    }
    let named = |names: &[&str]| names.iter().filter_map(|name| before(line, name)).sum();
    let tally = Tally {
        passed: named(&[" passed"]),
        failed: named(&[" failed", " error"]),
    };
    (tally != Tally::default()).then_some(tally)
}

/// `# pass 12` and `# fail 0`, as node's TAP reporter prints them.
pub(crate) fn tap(line: &str) -> Option<Tally> {
    let mut tally = Tally::default();
    if let Some(passed) = line.strip_prefix("# pass ") {
        tally.passed = passed.parse().ok()?;
    } else if let Some(failed) = line
        .strip_prefix("# fail ")
        .or_else(|| line.strip_prefix("# cancelled "))
    {
        tally.failed = failed.parse().ok()?;
    } else {
        return None;
    }
    Some(tally)
}

/// The number right before a word.
fn before(text: &str, word: &str) -> Option<u64> {
    let (head, _) = text.split_once(word)?;
    head.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`: is it installed?", line(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn reads_the_summaries_of_three_runners() {
        assert_eq!(
            libtest("test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured"),
            Some(tally(12, 3))
        );
        assert_eq!(libtest("test cases::result ... ok"), None);
        assert_eq!(
            pytest("==== 2 failed, 10 passed, 1 error in 0.11s ===="),
            Some(tally(10, 3))
        );
        assert_eq!(pytest("7 passed in 61.02s (0:01:01)"), Some(tally(7, 0)));
        assert_eq!(pytest("the tests passed in my head"), None);
        assert_eq!(tap("# pass 9"), Some(tally(9, 0)));
        assert_eq!(tap("# fail 2"), Some(tally(0, 2)));
        assert_eq!(tap("# tests 11"), None);
    }

    #[test]
    fn a_run_that_fails_without_a_failed_test_counts() {
        assert_eq!(
            count(&mut command("false", &[]), libtest).unwrap(),
            Tally { passed: 0, failed: 1 }
        );
        assert_eq!(count(&mut command("true", &[]), libtest).unwrap(), Tally::default());
    }
}
