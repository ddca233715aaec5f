//! Policies: sources, metadata, configuration and the compiled set.

mod metadata;

pub use metadata::{Enforcement, Family, Severity};
