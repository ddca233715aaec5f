//! `cargo xtask python`: builds the wheel, installs it in a new virtual environment, and runs its tests there.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::step::{self, Tally};

pub(crate) fn test() -> Result<Tally> {
    step::heading("Python environment");
    let folder = step::target().join("python");
    let environment = folder.join("venv");
    let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    step::provide(
        &mut step::command(&python, &["-c", "import ensurepip, venv"]),
        &["python3", "python3-venv"],
        "the Python tests need Python 3.9 or newer with its `venv` module: install python3 and python3-venv, or name one in PYTHON",
    )?;
    step::run(step::command(&python, &["-m", "venv", "--clear"]).arg(&environment))?;
    let bin = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = bin.join("python");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    step::run(step::command(&python, &pip).args(["--requirement", "bindings-python/requirements-dev.txt"]))?;

    step::heading("Python wheel");
    let wheels = folder.join("dist");
    if wheels.exists() {
        fs::remove_dir_all(&wheels).with_context(|| format!("cannot empty {}", wheels.display()))?;
    }
    step::run(
        step::command(
            bin.join("maturin"),
            &[
                "build",
                "--locked",
                "--manifest-path=bindings-python/Cargo.toml",
                "--out",
            ],
        )
        .arg(&wheels)
        .arg("--interpreter")
        .arg(&python),
    )?;
    step::run(
        step::command(&python, &pip)
            .args(["--no-deps", "--force-reinstall"])
            .arg(only_wheel(&wheels)?),
    )?;

    step::heading("Python types");
    step::run(&mut step::command(&python, &["-m", "mypy.stubtest", "plangate"]))?;
    step::run(&mut step::command(
        &python,
        &["-m", "mypy", "--strict", "bindings-python/tests"],
    ))?;

    step::heading("Python tests");
    step::count(
        &mut step::command(&python, &["-m", "pytest", "--quiet", "bindings-python/tests"]),
        step::pytest,
    )
}

fn only_wheel(folder: &Path) -> Result<std::path::PathBuf> {
    let mut wheels = Vec::new();
    for file in fs::read_dir(folder)? {
        let file = file?.path();
        if file.extension().is_some_and(|extension| extension == "whl") {
            wheels.push(file);
        }
    }
    match wheels.pop() {
        Some(wheel) if wheels.is_empty() => Ok(wheel),
        _ => bail!("expected one wheel in {}", folder.display()),
    }
}
