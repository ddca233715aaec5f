//! Declarations: arguments, `:=`, `some`, `every`, and the names that the declared variables get.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rego::syntax::{LiteralKind, Name, Term, TermKind, is_wildcard};

use super::{How, Resolver, is_root};

impl Resolver<'_> {
    pub(super) fn argument(&mut self, term: &mut Term) {
        match &mut term.kind {
            TermKind::Var(name) if is_wildcard(name) => {}
            TermKind::Var(name) => {
                let name = name.clone();
                let known = self.scopes.last().and_then(|scope| scope.declared.get(&name)).cloned();
                let renamed = match known {
                    Some((renamed, _)) => renamed,
                    None => self.declare(
                        &Name {
                            text: name,
                            span: term.span,
                        },
                        How::Argument,
                    ),
                };
                term.kind = TermKind::Var(renamed);
            }
            TermKind::Array(items) | TermKind::Set(items) => {
                for item in items {
                    self.argument(item);
                }
            }
            TermKind::Object(members) => {
                for (key, value) in members {
                    self.argument(key);
                    self.argument(value);
                }
            }
            _ => self.term(term),
        }
    }

    /// A variable of `every`.
    pub(super) fn introduce(&mut self, term: &mut Term) {
        let Some(text) = term.as_var().cloned().filter(|text| !is_wildcard(text)) else {
            return;
        };
        let name = Name { text, span: term.span };
        self.pattern(term, How::Declared);
        if let Some(renamed) = term.as_var() {
            self.introduced.push((renamed.clone(), name));
        }
    }

    pub(super) fn unused(&mut self) {
        for (renamed, name) in std::mem::take(&mut self.introduced) {
            if !self.used.contains(&renamed) {
                self.fault(
                    name.span,
                    format!("`{}` is declared and never used", name.text),
                    "remove it, or write `_` in its place",
                );
            }
        }
    }

    /// The variables of a pattern are declared; what else is in it is resolved.
    pub(super) fn pattern(&mut self, term: &mut Term, how: How) {
        match &mut term.kind {
            TermKind::Var(name) if is_wildcard(name) => {}
            TermKind::Var(name) => {
                let name = Name {
                    text: name.clone(),
                    span: term.span,
                };
                if is_root(&name.text) {
                    self.fault(
                        term.span,
                        "a variable cannot be named `input` or `data`",
                        "choose another name",
                    );
                    return;
                }
                term.kind = TermKind::Var(self.declare(&name, how));
            }
            TermKind::Array(items) => {
                for item in items {
                    self.pattern(item, how);
                }
            }
            TermKind::Object(members) => {
                for (key, value) in members {
                    self.term(key);
                    self.pattern(value, how);
                }
            }
            TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) if how == How::Declared => {}
            _ if how == How::Assigned => {
                self.fault(
                    term.span,
                    "only variables can be assigned to",
                    "put a new name on the left of `:=`, or compare with `==`",
                );
            }
            _ => self.term(term),
        }
    }

    pub(super) fn declare(&mut self, name: &Name, how: How) -> Arc<str> {
        let text = &name.text;
        if is_root(text) {
            self.fault(
                name.span,
                "an argument or variable cannot be named `input` or `data`",
                "choose another name",
            );
        }
        let scope = self.scopes.last();
        let known = scope.and_then(|scope| scope.declared.get(text)).cloned();
        if let Some((renamed, before)) = known {
            let message = match before {
                How::Argument => format!("`{text}` is an argument of the function and is declared again"),
                How::Assigned => format!("`{text}` is assigned above"),
                How::Declared => format!("`{text}` is declared above"),
            };
            self.fault(name.span, message, "choose another name, or compare with `==`");
            return renamed;
        }
        if scope.is_some_and(|scope| scope.seen.contains(text)) {
            self.fault(
                name.span,
                format!("`{text}` is used above, before it is declared here"),
                "move the declaration up, or choose another name",
            );
        }
        let renamed = self.unique(text);
        if let Some(scope) = self.scopes.last_mut() {
            scope.declared.insert(text.clone(), (renamed.clone(), how));
        }
        renamed
    }

    /// The name itself, where it means nothing else in the rule, or one made up.
    fn unique(&mut self, name: &Arc<str>) -> Arc<str> {
        let nested = self.scopes.len() > 1;
        let hides = self.globals.paths.contains_key(name) || is_root(name);
        if !nested && !hides && self.taken.insert(name.clone()) {
            return name.clone();
        }
        let mut number = 0;
        let made: Arc<str> = loop {
            number += 1;
            let candidate = format!("{name}__{number}");
            let text = candidate.as_str();
            let used = self.uses.contains_key(text) || self.taken.contains(text);
            if !used && !self.globals.paths.contains_key(text) {
                break candidate.into();
            }
        };
        self.taken.insert(made.clone());
        made
    }
}

/// The names that a statement declares in the body it stands in.
pub(super) fn declared_by(kind: &LiteralKind, names: &mut BTreeSet<Arc<str>>) {
    match kind {
        LiteralKind::Assign(left, _) => pattern_names(left, names),
        LiteralKind::Some(declared) => names.extend(declared.iter().map(|name| name.text.clone())),
        LiteralKind::SomeIn(membership) => {
            if let Some(key) = &membership.key {
                pattern_names(key, names);
            }
            pattern_names(&membership.value, names);
        }
        LiteralKind::Term(_)
        | LiteralKind::Not(_)
        | LiteralKind::Unify(..)
        | LiteralKind::Operand(..)
        | LiteralKind::Every(..) => {}
    }
}

fn pattern_names(term: &Term, names: &mut BTreeSet<Arc<str>>) {
    match &term.kind {
        TermKind::Var(name) if !is_wildcard(name) => {
            names.insert(name.clone());
        }
        TermKind::Array(items) => {
            for item in items {
                pattern_names(item, names);
            }
        }
        TermKind::Object(members) => {
            for (_, value) in members {
                pattern_names(value, names);
            }
        }
        _ => {}
    }
}
