//! Policy as code for Terraform and OpenTofu changes.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests read fixtures"))]

mod engine;
mod error;
mod evaluate;
pub mod input;
pub mod json;
mod location;
mod normalize;
pub mod policy;
mod render;
pub mod report;

pub use error::{Error, ErrorKind};
pub use input::Input;
pub use location::{Location, Pointer, Position};
pub use policy::{Config, Policy, PolicySet, Source};
pub use render::{Format, Style};
pub use report::{Decision, Finding, Report, Verdict};
