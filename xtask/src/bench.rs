//! `cargo xtask bench`: runs the benches and prints their times as the table of `benches/RESULTS.md`.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::step;

/// The columns: one for each size of plan, by its number of resources.
const SIZES: &[&str] = &["100", "1000", "10000"];

/// The rows, in the order in which a plan passes through.
const STAGES: &[&str] = &[
    "scan",
    "parse",
    "normalize",
    "evaluate",
    "render_text",
    "render_json",
    "render_markdown",
];

pub(crate) fn run() -> Result<()> {
    step::heading("benches");
    step::run(&mut step::cargo(&["bench", "--locked", "--package=plangate-benches"]))?;

    step::heading("medians, and how many times that of a scan of the same bytes");
    println!("| stage | {} |", SIZES.join(" | "));
    println!("| --- |{}", " ---: |".repeat(SIZES.len()));
    for stage in STAGES {
        let cells = SIZES.iter().map(|size| {
            let (time, scan) = (median(&[size, stage])?, median(&[size, "scan"])?);
            Ok(format!("{} ({:.2})", readable(time), time / scan))
        });
        println!("| {stage} | {} |", cells.collect::<Result<Vec<_>>>()?.join(" | "));
    }
    println!("\ncompile_bundled: {}", readable(median(&["compile_bundled"])?));
    Ok(())
}

/// The median of a bench, in nanoseconds, where criterion leaves it.
fn median(bench: &[&str]) -> Result<f64> {
    let mut file = step::target().join("criterion");
    file.extend(bench);
    file.extend(["new", "estimates.json"]);
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let estimates: Value = serde_json::from_str(&text)?;
    estimates
        .pointer("/median/point_estimate")
        .and_then(Value::as_f64)
        .with_context(|| format!("no median in {}", file.display()))
}

fn readable(nanoseconds: f64) -> String {
    match nanoseconds {
        short if short < 1e6 => format!("{:.1} us", short / 1e3),
        middle if middle < 1e9 => format!("{:.1} ms", middle / 1e6),
        long => format!("{:.2} s", long / 1e9),
    }
}
