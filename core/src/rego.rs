//! The Rego language front end: lexer, parser, syntax tree, resolver, checks, lowering.

mod builtin;
mod check;
mod compile;
mod fault;
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
mod visit;

pub(crate) use builtin::{Builtins, Form, Signature};
pub(crate) use compile::{Package, SourceText, compile, parse};
#[cfg(feature = "compliance")]
pub(crate) use query::Query;
pub(crate) use syntax::{Annotation, Module, Rule, Scope, Term, Version};
