//! GitHub's payloads, through the public API: real ones, hand-made histories for every trap, and properties.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests fail by panicking, and say why they are skipped"
)]

mod build;
mod payloads;
mod properties;
mod refusals;
mod reviews;
mod traps;
