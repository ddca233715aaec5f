//! `cargo xtask bless`: generated files and snapshots, written anew. The difference is reviewed like code.

use anyhow::Result;

use crate::step;

pub(crate) fn run() -> Result<()> {
    step::heading("generated files, case reports and snapshots");
    step::run(
        step::cargo(&["test", "--locked", "--no-fail-fast"])
            .env("PLANGATE_BLESS", "1")
            .env("INSTA_UPDATE", "always"),
    )
}
