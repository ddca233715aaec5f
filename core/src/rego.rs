//! The Rego language front end: lexer, parser, syntax tree, resolver, checks, footprint, lowering.
//!
//! [`compile()`] takes sources and gives packages of plain Rego v1 on which the engine agrees with OPA, or all errors of all sources:
//!
//! ```text
//! text ─ lexer ─ parser ─► syntax ─ resolve ─► check ─► lower ─ safety ─► print ─► Package
//!                            └─ metadata          └─► footprint
//! ```
//!
//! Nothing here knows what policies are about, and nothing runs them.

mod builtin;
mod check;
mod compile;
mod fault;
mod footprint;
mod lexer;
mod lower;
mod metadata;
mod mock;
mod parser;
mod print;
#[cfg(feature = "compliance")]
mod query;
mod resolve;
mod safety;
mod syntax;
mod tree;
pub(crate) mod visit;

pub(crate) use builtin::{Builtins, Form, Signature};
pub(crate) use compile::{Package, SourceText, compile, detect, footprint, parse};
#[cfg(feature = "compliance")]
pub(crate) use query::Query;
pub(crate) use syntax::{Annotation, HeadKind, LiteralKind, Module, Rule, Scope, Span, Term, TermKind, Version};
