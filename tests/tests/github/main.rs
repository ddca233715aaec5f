//! GitHub's payloads, through the public API: real ones, hand-made histories for every trap, and properties.

mod build;
mod payloads;
mod properties;
mod refusals;
mod reviews;
mod traps;
