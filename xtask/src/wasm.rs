//! `cargo xtask wasm`: builds the WebAssembly package for Node.js, prints its size, and runs its tests there.

mod toolchain;

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use flate2::{Compression, write::GzEncoder};

use crate::step::{self, Tally};

/// The cargo profile of the module: see the root Cargo.toml.
const PROFILE: &str = "wasm";

pub(crate) fn test() -> Result<Tally> {
    step::heading("WebAssembly module");
    step::provide(
        &mut step::command("node", &["--version"]),
        &["nodejs"],
        "the WebAssembly tests need Node.js (tried with 20): install it from https://nodejs.org or your package manager",
    )?;
    let node = step::read(&mut step::command("node", &["--version"]))?;
    let toolchain = toolchain::find()?;
    println!(
        "node {}, standard library for wasm32: {}",
        node.trim(),
        toolchain.origin
    );
    step::run(&mut toolchain.cargo(&["build", "--locked", "--package=plangate-wasm", "--profile", PROFILE]))?;

    step::heading("wasm-bindgen");
    let package = step::target().join("wasm").join("package");
    let module = toolchain.output(PROFILE).join("plangate_wasm.wasm");
    step::run(
        step::cargo(&["run", "--locked", "--quiet", "--package=xtask-bindgen", "--"])
            .arg(&module)
            .arg(&package),
    )?;
    let bundled = package.join("plangate_bg.wasm");
    let (raw, gzip) = sizes(&bundled)?;
    println!("{}: {raw} bytes, {gzip} with gzip -9", bundled.display());

    step::heading("WebAssembly tests, in Node.js");
    step::count(
        step::command("node", &["--test", "--test-reporter=tap", "bindings-wasm/tests/"])
            .env("PLANGATE_WASM_PACKAGE", &package),
        step::tap,
    )
}

/// The size of a file, as it is and with gzip.
fn sizes(file: &Path) -> Result<(usize, usize)> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    ensure!(!bytes.is_empty(), "{} is empty", file.display());
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bytes)?;
    Ok((bytes.len(), gzip.finish()?.len()))
}
