//! Rules: heads of every kind, bodies, chained bodies, `else`, `default`.

use std::collections::BTreeSet;

use crate::rego::fault::Fault;
use crate::rego::lexer::TokenKind;
use crate::rego::syntax::{Body, Else, Head, HeadKind, Rule, Span, Term, TermKind, Version};

use super::term::Commas;
use super::{FUTURE_KEYWORDS, Parsed, Parser, is_mark};

/// A head as it was written, before it is known whether a body with `if` follows.
struct Written {
    span: Span,
    path: Vec<Term>,
    arguments: Option<Vec<Term>>,
    /// What follows `contains`.
    element: Option<Term>,
    value: Option<Term>,
}

impl Parser<'_> {
    pub(super) fn rule(&mut self) -> Parsed<Rule> {
        self.chain = 0;
        let start = self.token().span;
        let default = self.is_keyword("default");
        if default {
            self.advance();
        }
        let head = self.head()?;
        if default {
            return self.default_rule(start, head);
        }
        let has_if = self.is_keyword("if");
        let has_body = has_if || self.is("{");
        let contains = head.element.is_some();
        self.check_version(&head, has_if, has_body)?;
        let head = kind_of(head, has_if);
        let body = if has_if {
            self.advance();
            self.body_after_if()?
        } else if has_body {
            self.block()?
        } else {
            Vec::new()
        };
        let mut rule = Rule {
            span: start.to(self.last()),
            default,
            head,
            body,
            chained: Vec::new(),
            otherwise: Vec::new(),
        };
        if has_body || contains {
            self.elses(&mut rule)?;
        }
        if has_body {
            while self.is("{") {
                if !rule.otherwise.is_empty() {
                    return self.unexpected("`else`, or the next rule");
                }
                let body = self.block()?;
                rule.chained.push(body);
            }
        }
        rule.span = start.to(self.last());
        Ok(rule)
    }

    fn head(&mut self) -> Parsed<Written> {
        let start = self.token();
        let Some(word) = self.word(0) else {
            return self.unexpected("a rule, which starts with its name");
        };
        if self.reserved(word) && !self.starts_reference() {
            let fault = Fault::new(
                "rego.parse",
                start.span,
                format!("`{word}` is a keyword and cannot name a rule"),
            )
            .with_help("choose another name");
            return self.fail(fault);
        }
        let misread = self.version == Version::V0 && FUTURE_KEYWORDS.contains(&word) && !start.first;
        if misread || word == "_" {
            return self.unexpected("a rule on a new line");
        }
        let name = Term::var(self.advance().span, word);
        // In a head, and only there, a space may stand between the name and what follows.
        let term = match self.token().kind {
            TokenKind::Mark("[" | "(" | ".") => self.head_steps(name)?,
            _ => name,
        };
        let (function, arguments) = match term.kind {
            TermKind::Call(function, arguments) => (*function, Some(arguments)),
            kind => (Term::new(term.span, kind), None),
        };
        let path = match function.kind {
            TermKind::Var(_) => vec![function],
            TermKind::Ref(head, steps) if head.as_var().is_some() => std::iter::once(*head).chain(steps).collect(),
            _ => {
                let fault = Fault::new("rego.parse", function.span, "this cannot be the head of a rule")
                    .with_help("a head is a name, a path, or a name with arguments");
                return self.fail(fault);
            }
        };
        let mut head = Written {
            span: start.span.to(self.last()),
            path,
            arguments,
            element: None,
            value: None,
        };
        if self.is_keyword("contains") {
            if head.arguments.is_some() {
                let fault = Fault::new("rego.parse", head.span, "a function cannot use `contains`")
                    .with_help("return a set: `f(x) := {y | …}`");
                return self.fail(fault);
            }
            self.advance();
            head.element = Some(self.infix(Commas::Membership)?);
        } else if self.eat("=") || self.eat(":=") {
            head.value = Some(self.infix(Commas::Membership)?);
        }
        head.span = start.span.to(self.last());
        Ok(head)
    }

    fn check_version(&mut self, head: &Written, has_if: bool, has_body: bool) -> Parsed<()> {
        let wrong = |message: &str, help: &str| Fault::new("rego.parse", head.span, message).with_help(help);
        if !has_body && head.value.is_none() && head.element.is_none() {
            let bare = head.path.len() == 1 && head.arguments.is_none();
            if bare {
                return self.unexpected("`:=`, `if`, `contains` or a body behind the rule's name");
            }
            if self.version == Version::V1 && head.arguments.is_none() {
                return self.fail(wrong(
                    "the rule has neither a value nor a body",
                    "write `:=` and a value, or `if` and a condition",
                ));
            }
        }
        if self.version == Version::V1 && has_body && !has_if {
            return self.fail(wrong(
                "`if` is missing before the rule's body",
                "write `if {`; for policies written for OPA before 1.0, choose Rego v0",
            ));
        }
        Ok(())
    }

    fn default_rule(&mut self, start: Span, head: Written) -> Parsed<Rule> {
        let span = start.to(self.last());
        let wrong = |message: String, help: &str| Fault::new("rego.parse", span, message).with_help(help);
        let Some(value) = head.value else {
            return self.fail(wrong(
                "the default rule has no value".to_owned(),
                "write it as in `default allow := false`",
            ));
        };
        if let Some(what) = not_constant(&value) {
            return self.fail(wrong(
                format!("the value of a default rule contains {what}"),
                "use a constant, or compute the value in an `else`",
            ));
        }
        let kind = match head.arguments {
            Some(arguments) => {
                let mut seen = BTreeSet::new();
                for argument in &arguments {
                    let Some(name) = argument.as_var() else {
                        return self.fail(wrong(
                            "the arguments of a default function must be names".to_owned(),
                            "use a different name for each argument, or `_`",
                        ));
                    };
                    if !seen.insert(name.clone()) {
                        return self.fail(wrong(
                            format!("the argument `{name}` is repeated"),
                            "use a different name for each argument, or `_`",
                        ));
                    }
                }
                HeadKind::Function(arguments, Some(value))
            }
            None => HeadKind::Value(Some(value)),
        };
        Ok(Rule {
            span,
            default: true,
            head: Head {
                span: head.span,
                path: head.path,
                kind,
            },
            body: Vec::new(),
            chained: Vec::new(),
            otherwise: Vec::new(),
        })
    }

    /// A block or a single literal. `{` may start either: `p if {"a": 1} == input.x`.
    fn body_after_if(&mut self) -> Parsed<Body> {
        if !self.is("{") {
            return Ok(vec![self.literal()?]);
        }
        let (at, wildcards, faults, depth) = (self.at, self.wildcards, self.faults.len(), self.depth);
        if let Ok(literal) = self.literal() {
            let is_set = matches!(&literal.kind,
                crate::rego::syntax::LiteralKind::Term(term) if matches!(term.kind, TermKind::Set(_)));
            if !is_set {
                return Ok(vec![literal]);
            }
        }
        self.faults.truncate(faults);
        (self.at, self.wildcards, self.depth) = (at, wildcards, depth);
        self.block()
    }

    fn elses(&mut self, rule: &mut Rule) -> Parsed<()> {
        while self.is_keyword("else") {
            let start = self.token().span;
            let has_variables = rule.head.path.iter().skip(1).any(|step| not_constant(step).is_some());
            let reason = match rule.head.kind {
                HeadKind::Element(_) => Some("a rule that adds to a set cannot have `else`"),
                _ if has_variables => Some("a rule with variables in its path cannot have `else`"),
                _ => None,
            };
            if let Some(reason) = reason {
                let fault =
                    Fault::new("rego.parse", start, reason).with_help("move the `else` into a helper rule or function");
                return self.fail(fault);
            }
            self.advance();
            let value = if self.eat("=") || self.eat(":=") {
                Some(self.infix(Commas::Membership)?)
            } else {
                None
            };
            let has_if = self.is_keyword("if");
            let body = if has_if {
                self.advance();
                if self.is("{") {
                    self.block()?
                } else {
                    vec![self.literal()?]
                }
            } else if self.is("{") {
                if self.version == Version::V1 {
                    return self.unexpected("`if` before the body of `else`");
                }
                self.block()?
            } else if value.is_none() {
                return self.unexpected("a value or a body behind `else`");
            } else {
                Vec::new()
            };
            rule.otherwise.push(Else {
                span: start.to(self.last()),
                value,
                body,
            });
        }
        Ok(())
    }

    /// The steps of a head: like those of any term, but the first may stand apart from the name.
    fn head_steps(&mut self, name: Term) -> Parsed<Term> {
        let at = self.at;
        let spaced = self.token().spaced;
        if !spaced {
            return self.steps(name);
        }
        // A step on a line of its own belongs to no head.
        if self.token().first && is_mark(self.token(), ".") {
            return self.unexpected("a rule's name on one line");
        }
        self.spaced_step = Some(at);
        let term = self.steps(name);
        self.spaced_step = None;
        term
    }
}

/// OPA's rules on what a head means: `p[x]` alone is an element of a set in v0, with `if` an entry of an object.
fn kind_of(head: Written, has_if: bool) -> Head {
    let Written {
        span,
        mut path,
        arguments,
        element,
        value,
    } = head;
    let kind = if let Some(element) = element {
        HeadKind::Element(element)
    } else if let Some(arguments) = arguments {
        if arguments.is_empty() {
            HeadKind::Value(value)
        } else {
            HeadKind::Function(arguments, value)
        }
    } else if !has_if && path.len() == 2 && value.is_none() {
        match path.pop() {
            Some(key) => HeadKind::Element(key),
            None => HeadKind::Value(value),
        }
    } else {
        HeadKind::Value(value)
    };
    Head { span, path, kind }
}

/// What keeps a term from being a constant. Comprehensions are allowed: OPA evaluates them.
fn not_constant(term: &Term) -> Option<&'static str> {
    match &term.kind {
        TermKind::Null
        | TermKind::Bool(_)
        | TermKind::Number(_)
        | TermKind::String(_)
        | TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..) => None,
        TermKind::Array(items) | TermKind::Set(items) => items.iter().find_map(not_constant),
        TermKind::Object(members) => members
            .iter()
            .find_map(|(key, value)| not_constant(key).or_else(|| not_constant(value))),
        TermKind::Var(_) => Some("a variable"),
        TermKind::Ref(..) => Some("a reference"),
        TermKind::Call(..) | TermKind::Infix(..) | TermKind::In(_) | TermKind::Template(_) => Some("a call"),
    }
}
