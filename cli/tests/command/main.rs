//! The command as its users meet it: arguments and files in, standard output, standard error and exit codes out.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and one that is skipped says so"
)]

mod check;
mod errors;
mod help;
mod readme;
mod sandbox;
