//! Policy as code for Terraform and OpenTofu changes.

// Core is a function of its arguments: no file, no environment, no clock (clippy.toml says which methods these are), no order by chance.
#![cfg_attr(
    not(test),
    deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::iter_over_hash_type)
)]

mod engine;
mod error;
mod evaluate;
pub mod input;
pub mod json;
mod limits;
mod location;
mod normalize;
pub mod policy;
mod rego;
mod render;
pub mod report;
pub mod schema;
mod stack;
mod suggest;

pub use error::{Error, ErrorKind};
pub use input::Input;
pub use limits::Limits;
pub use location::{Location, Pointer, Position};
pub use policy::{Config, Policy, PolicySet, Source};
pub use render::{Format, Style};
pub use report::{Decision, Finding, Report, Verdict};

/// The entry point of the OPA compliance runner. Not part of the API.
#[cfg(feature = "compliance")]
#[doc(hidden)]
pub mod compliance {
    pub use crate::engine::compliance::{BuiltinErrors, Case, Failure, Input, run};
}

/// The README's examples, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
