//! wasm-bindgen as a program: `xtask-bindgen <file.wasm> <folder>` writes the package for Node.js and its types.
//!
//! A crate of its own, because it brings 50 others that a plain `cargo test` should not wait for.

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let module = arguments.next().context("the first argument is a .wasm file")?;
    let folder = arguments
        .next()
        .context("the second argument is a folder to write to")?;
    Bindgen::new()
        .input_path(module)
        .out_name("plangate")
        .nodejs(true)?
        .typescript(true)
        .generate(folder)
}
