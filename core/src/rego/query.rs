//! A query over a compiled set: a package of one rule that collects the bindings.

use std::sync::Arc;

use super::builtin::Builtins;
use super::check::Set;
use super::compile::Compiled;
use super::fault::Fault;
use super::lower::{self, Context};
use super::mock::{Mocked, Renamed};
use super::print::Printer;
use super::resolve::{self, Globals};
use super::syntax::{Head, HeadKind, Rule, Span, Term, TermKind, Version, is_wildcard};
use super::{parser, safety};

/// A query as Rego text.
#[derive(Debug)]
pub(crate) struct Query {
    /// A module of the package [`PACKAGE`](Query::PACKAGE).
    pub(crate) text: String,
}

impl Query {
    /// The package of the lowered query.
    pub(crate) const PACKAGE: &str = "query__package";
    /// The rule in it: the set of objects that bind each variable to a value.
    pub(crate) const RULE: &str = "data.query__package.bindings";

    /// Lowers a query such as `data.a.p = x`.
    pub(crate) fn compile(text: &str, compiled: &Compiled, builtins: &dyn Builtins) -> Result<Self, Vec<Fault>> {
        let mut body = parser::parse_query(text, Version::V1)?;
        let mut faults = Vec::new();
        resolve::query(&mut body, &Globals::default(), &mut faults);
        let set = Set::new(&compiled.modules, builtins);
        let context = Context {
            set: &set,
            mocked: &Mocked::of(&compiled.modules, builtins),
            renamed: &Renamed::of(&compiled.modules),
        };
        let written = resolve::names_of(&body);
        let mut body = lower::query(body, &context);
        let bound = safety::query(&mut body, &set, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let variables: Vec<Arc<str>> = bound
            .into_iter()
            .filter(|name| !is_wildcard(name) && written.contains(name))
            .collect();
        let span = Span::default();
        let bindings = variables
            .iter()
            .map(|name| (Term::string(span, name.clone()), Term::var(span, name.clone())))
            .collect();
        let rule = Rule {
            span,
            default: false,
            head: Head {
                span,
                path: vec![Term::var(span, "bindings")],
                kind: HeadKind::Element(Term::new(span, TermKind::Object(bindings))),
            },
            body,
            chained: Vec::new(),
            otherwise: Vec::new(),
        };
        let mut printer = Printer::default();
        printer.package([Self::PACKAGE]);
        printer.rule(&rule);
        Ok(Self {
            text: printer.finish().0,
        })
    }
}
