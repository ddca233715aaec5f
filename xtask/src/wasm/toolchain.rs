//! A standard library for wasm32: the one that is installed, the one that rustup brings, or Debian's sources built on the spot.
//!
//! The last needs neither rustup nor root, only a Debian mirror. It exists because rustup's server is not to be had everywhere.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::step;

const TRIPLE: &str = "wasm32-unknown-unknown";

/// How long rustup may take: it was seen to hang where its server is not reachable.
const RUSTUP_TIMEOUT: Duration = Duration::from_secs(120);

/// How to build for wasm32.
#[derive(Debug)]
pub(super) struct Toolchain {
    /// Where the standard library comes from, for people.
    pub(super) origin: &'static str,
    /// A target folder of its own: another compiler makes everything in a shared one look stale.
    folder: PathBuf,
    environment: Vec<(&'static str, OsString)>,
    arguments: &'static [&'static str],
}

impl Toolchain {
    /// A cargo command that builds for wasm32.
    pub(super) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = step::cargo(arguments);
        command.args(self.arguments).args(["--target", TRIPLE]);
        command
            .env("CARGO_TARGET_DIR", &self.folder)
            .envs(self.environment.iter().cloned());
        command
    }

    /// The folder that a profile's files are in.
    pub(super) fn output(&self, profile: &str) -> PathBuf {
        self.folder.join(TRIPLE).join(profile)
    }
}

/// The first way that works. `PLANGATE_WASM=debian` takes the last one at once.
pub(super) fn find() -> Result<Toolchain> {
    let sysroot = sysroot("rustc")?;
    if env::var_os("PLANGATE_WASM").is_some_and(|way| way == "debian") {
        return debian(&sysroot);
    }
    let with_std = |origin| Toolchain {
        origin,
        folder: step::target().join("wasm"),
        environment: Vec::new(),
        arguments: &[],
    };
    if has_std(&sysroot) {
        return Ok(with_std("installed"));
    }
    if rustup() && has_std(&sysroot) {
        return Ok(with_std("added by rustup"));
    }
    debian(&sysroot).with_context(|| format!("no standard library for wasm32: run `rustup target add {TRIPLE}`"))
}

fn sysroot(rustc: impl AsRef<std::ffi::OsStr>) -> Result<PathBuf> {
    Ok(step::read(&mut step::command(rustc, &["--print", "sysroot"]))?
        .trim()
        .into())
}

fn has_std(sysroot: &Path) -> bool {
    let folder = sysroot.join("lib/rustlib").join(TRIPLE).join("lib");
    fs::read_dir(folder).is_ok_and(|mut files| {
        files.any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
    })
}

/// Asks rustup for the target. False where there is no rustup, or it cannot, or it takes too long.
fn rustup() -> bool {
    println!("adding the target {TRIPLE} with rustup");
    let mut command = step::command("rustup", &["target", "add", TRIPLE]);
    let Ok(mut child) = command.stdin(Stdio::null()).spawn() else {
        return false;
    };
    let start = Instant::now();
    while start.elapsed() < RUSTUP_TIMEOUT {
        if let Ok(Some(status)) = child.try_wait() {
            return status.success();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    // It may have ended in between; either way it is of no use any more.
    let _ = child.kill();
    let _ = child.wait();
    false
}

/// Debian's `rustc-web` with the sources in `rust-web-src`: installed, or unpacked into the target folder.
///
/// The compiler must fit the sources, so it is Debian's and not rustup's. The linker is the host toolchain's `rust-lld`.
fn debian(sysroot: &Path) -> Result<Toolchain> {
    let linker = linker(sysroot)?;
    let mut environment = vec![
        // `-Zbuild-std` is unstable; only this way sets it.
        ("RUSTC_BOOTSTRAP", "1".into()),
        ("RUSTC_WRAPPER", OsString::new()),
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker.into()),
    ];
    let installed = PathBuf::from("/usr/bin/rustc");
    if has_sources(&installed) {
        environment.push(("RUSTC", installed.into()));
    } else {
        let unpacked = unpack(&step::target().join("wasm-debian-rustc"))?;
        let libraries = unpacked.join(format!("usr/lib/{}-linux-gnu", env::consts::ARCH));
        environment.push(("RUSTC", unpacked.join("usr/bin/rustc").into()));
        environment.push(("LD_LIBRARY_PATH", libraries.into()));
    }
    Ok(Toolchain {
        origin: "built from Debian's rust-web-src",
        folder: step::target().join("wasm-debian"),
        environment,
        arguments: &["-Zbuild-std=std,panic_abort"],
    })
}

fn has_sources(rustc: &Path) -> bool {
    rustc.exists()
        && sysroot(rustc).is_ok_and(|sysroot| sysroot.join("lib/rustlib/src/rust/library/Cargo.toml").exists())
}

fn linker(sysroot: &Path) -> Result<PathBuf> {
    let version = step::read(&mut step::command("rustc", &["-vV"]))?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("`rustc -vV` names no host")?;
    let linker = sysroot.join("lib/rustlib").join(host).join("bin/rust-lld");
    ensure!(
        linker.exists(),
        "the Rust toolchain has no linker for wasm32 at {}",
        linker.display()
    );
    Ok(linker)
}

/// Downloads the packages and unpacks them, for which nobody needs to be root. Kept: 844 MB on disk.
fn unpack(folder: &Path) -> Result<PathBuf> {
    let root = folder.join("root");
    // Written last, so that a download that was interrupted is not taken for a whole one.
    let done = folder.join("done");
    if done.exists() {
        return Ok(root);
    }
    println!(
        "downloading rustc-web and rust-web-src from Debian to {}",
        folder.display()
    );
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let packages = packages()?;
    step::run(
        step::command("apt-get", &["download", "-qq"])
            .args(&packages)
            .current_dir(folder),
    )?;
    for file in fs::read_dir(folder)? {
        let file = file?.path();
        if file.extension().is_some_and(|extension| extension == "deb") {
            step::run(step::command("dpkg", &["-x"]).args([&file, &root]))?;
            fs::remove_file(&file)?;
        }
    }
    fs::write(done, "")?;
    Ok(root)
}

/// The compiler, its sources and the libraries that only it needs.
fn packages() -> Result<Vec<String>> {
    let listed = step::read(&mut step::command(
        "apt-cache",
        &[
            "depends",
            "--recurse",
            "--no-recommends",
            "--no-suggests",
            "--no-conflicts",
            "--no-breaks",
            "--no-replaces",
            "--no-enhances",
            "rustc-web",
            "rust-web-src",
        ],
    ))
    .context("building the standard library needs a Debian system, or rustup")?;
    let ours = ["rustc-web", "rust-web-src", "libstd-rust-web", "libllvm"];
    let mut packages: Vec<_> = listed
        .lines()
        .filter(|line| ours.iter().any(|name| line.starts_with(name)))
        .map(str::to_owned)
        .collect();
    packages.sort();
    packages.dedup();
    if packages.is_empty() {
        bail!("no package `rustc-web` is known here: run `apt-get update` as root");
    }
    Ok(packages)
}
