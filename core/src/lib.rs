//! Policy as code for Terraform and OpenTofu changes: a plan and the pull request behind it go in, policies written in Rego are asked,
//! and a decision comes out: *allow*, *review* or *deny*, and exactly why.
//!
//! ```
//! use plangate::{Decision, Format, Input, PolicySet, Source};
//!
//! # fn main() -> Result<(), plangate::Error> {
//! let plan = br#"{
//!     "format_version": "1.2",
//!     "resource_changes": [{
//!         "address": "aws_db_instance.main",
//!         "mode": "managed",
//!         "type": "aws_db_instance",
//!         "name": "main",
//!         "provider_name": "registry.terraform.io/hashicorp/aws",
//!         "change": {"actions": ["delete"], "before": {"engine": "postgres"}, "after": null}
//!     }]
//! }"#;
//! let policy = Source::new("keep_databases.rego", r#"
//! package plangate.plan.keep_databases
//!
//! deny contains {"message": "the database is deleted", "resource": database.address} if {
//!     some database in input.plan.by_type.aws_db_instance
//!     database.destroys
//! }
//! "#);
//!
//! let input = Input::from_terraform(plan)?;
//! let report = PolicySet::compile([policy])?.evaluate(&input);
//!
//! assert_eq!(report.decision(), Decision::Deny);
//! assert_eq!(report.findings()[0].message, "the database is deleted");
//! println!("{}", report.render(Format::Text));
//! # Ok(())
//! # }
//! ```
//!
//! # Three nouns
//!
//! - [`Input`] is what is decided about: the plan ([`Input::from_terraform`]), the pull request ([`Input::with_github`]), who asks
//!   ([`Input::with_actor`]), for which stack ([`Input::with_stack`]), and when ([`Input::with_time`]). Its parts are plain data, see [`input`].
//! - [`PolicySet`] is what decides: [`Source`]s compiled together ([`PolicySet::compile`]), or those that come with the crate
//!   ([`PolicySet::bundled`]), with the levels and settings of a [`Config`] ([`PolicySet::with_config`]). It is immutable, cheap to clone
//!   and shared between threads.
//! - [`Report`] is the answer ([`PolicySet::evaluate`]): a [`Decision`], a [`Verdict`] of each policy, [`Finding`]s, approvals that are
//!   missing. It serializes as JSON and renders as text and Markdown ([`Report::render`]). See [`report`].
//!
//! What cannot be read, and policies that are wrong, are an [`Error`] with a stable code, a place and a line of help; [`Error::each`]
//! has all that are wrong with a set. A policy that fails while it runs is part of the report, and denies: [`PolicySet::evaluate`] has no error
//! that a caller could forget.
//!
//! # What policies are
//!
//! Packages `plangate.<family>.<name>` in Rego v1 (or v0, [`Source::rego_v0`]), which also run under OPA. The family says by which rules a
//! policy decides:
//!
//! | family | rules |
//! |---|---|
//! | `tagging`, `plan` | `deny`, `warn`, `undetermined` |
//! | `access` | `grant`, `deny`, `undetermined` |
//! | `approval` | `require`, `reject`, `undetermined` |
//!
//! They read the input as `input` ([`Input::to_json`] shows it, [`schema::INPUT`] describes it) and their settings as `data.config`.
//! What hangs on a value that is known only after apply they call `undetermined`: it asks for review, and passes for nothing.
//!
//! # Features
//!
//! | feature | what it adds | by default |
//! |---|---|---|
//! | `bundled-policies` | [`Source::bundled`] and [`PolicySet::bundled`] | yes |
//! | `crypto` | the functions `crypto.*` and `providers.aws.sign_req` | yes |
//! | `jwt` | the functions `io.jwt.*` | yes |
//! | `graphql` | the functions `graphql.*` | yes |
//! | `schema` | `schemars::JsonSchema` on the document and the report | no |
//!
//! # What it does not do
//!
//! It opens no file, calls no network, and knows no time, environment or chance: the same bytes in give the same report out. It reads no
//! state and no HCL, and runs no plan. It does not hide values that Terraform does not mark as sensitive.

// Core is a function of its arguments: no file, no environment, no clock (clippy.toml says which methods these are), no order by chance.
#![cfg_attr(
    not(test),
    deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::iter_over_hash_type)
)]

mod engine;
mod error;
mod evaluate;
mod limits;
mod location;
mod normalize;
mod rego;
mod render;
mod stack;
mod suggest;

pub mod input;
pub mod json;
pub mod policy;
pub mod report;
pub mod schema;

// What goes in, what decides, what comes out, and what is said of things that are wrong.
#[doc(inline)]
pub use {
    error::{Error, ErrorKind},
    input::Input,
    limits::Limits,
    location::{Location, Pointer, Position},
    policy::{Config, Policy, PolicySet, Source},
    render::{Format, Style},
    report::{Decision, Finding, Report, Verdict},
};

/// The entry point of the OPA compliance runner. Not part of the API.
#[cfg(feature = "compliance")]
#[doc(hidden)]
pub mod compliance {
    pub use crate::engine::compliance::{BuiltinErrors, Case, Failure, Input, run};
}

/// The README's examples, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
