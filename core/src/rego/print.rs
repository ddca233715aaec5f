//! Syntax tree to Rego v1 text, with a map from the text back to where each part came from.

use std::fmt::Write as _;

use super::parser::is_name;
use super::syntax::{
    Body, Else, Head, HeadKind, Literal, LiteralKind, Membership, Operator, Part, Rule, Span, Term, TermKind, With,
    is_wildcard,
};

/// Where the parts of a printed text came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct PositionMap {
    /// Offsets in the printed text, ascending, and the source and span that the text from there on came from.
    marks: Vec<(usize, Origin)>,
}

/// A place in one of the sources that a printed text was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Which source, in the order in which they were given.
    pub(crate) source: usize,
    pub(crate) span: Span,
}

impl PositionMap {
    /// Where the printed text at this byte came from. `None` before the first rule.
    pub(crate) fn origin(&self, offset: usize) -> Option<Origin> {
        let behind = self.marks.partition_point(|(start, _)| *start <= offset);
        let (_, origin) = self.marks.get(behind.checked_sub(1)?)?;
        Some(*origin)
    }
}

/// Text under construction.
#[derive(Debug, Default)]
pub(crate) struct Printer {
    text: String,
    map: PositionMap,
    source: usize,
    indent: usize,
}

impl Printer {
    /// What was printed.
    pub(crate) fn finish(self) -> (String, PositionMap) {
        (self.text, self.map)
    }

    /// What is printed from here on came from this source.
    pub(crate) fn set_source(&mut self, source: usize) {
        self.source = source;
    }

    /// `package a.b["c-d"]`
    pub(crate) fn package<'a>(&mut self, path: impl IntoIterator<Item = &'a str>) {
        self.text.push_str("package ");
        for (at, part) in path.into_iter().enumerate() {
            self.step_name(part, at > 0);
        }
        self.text.push('\n');
    }

    fn mark(&mut self, span: Span) {
        let origin = Origin {
            source: self.source,
            span,
        };
        match self.map.marks.last_mut() {
            Some((offset, last)) if *offset == self.text.len() => *last = origin,
            _ => self.map.marks.push((self.text.len(), origin)),
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn new_line(&mut self) {
        self.text.push('\n');
        for _ in 0..self.indent {
            self.text.push_str("  ");
        }
    }

    /// A rule, its chained bodies as rules of their own.
    pub(crate) fn rule(&mut self, rule: &Rule) {
        for body in std::iter::once(&rule.body).chain(&rule.chained) {
            self.text.push('\n');
            self.mark(rule.span);
            if rule.default {
                self.push("default ");
            }
            self.head(&rule.head, body.is_empty());
            self.rule_body(body);
            for otherwise in &rule.otherwise {
                self.otherwise(otherwise);
            }
            self.text.push('\n');
        }
    }

    fn head(&mut self, head: &Head, needs_value: bool) {
        for (at, step) in head.path.iter().enumerate() {
            match &step.kind {
                TermKind::Var(name) if at == 0 => self.push(name),
                _ => self.step(step),
            }
        }
        let value = match &head.kind {
            HeadKind::Element(key) => {
                self.push(" contains ");
                self.term(key);
                return;
            }
            HeadKind::Value(value) => value,
            HeadKind::Function(arguments, value) => {
                self.push("(");
                self.separated(arguments);
                self.push(")");
                value
            }
        };
        match value {
            Some(value) => {
                self.push(" := ");
                self.term(value);
            }
            None if needs_value => self.push(" := true"),
            None => {}
        }
    }

    fn rule_body(&mut self, body: &Body) {
        if !body.is_empty() {
            self.push(" if {");
            self.body(body);
            self.push("}");
        }
    }

    fn otherwise(&mut self, otherwise: &Else) {
        self.push(" else");
        self.mark(otherwise.span);
        match &otherwise.value {
            Some(value) => {
                self.push(" := ");
                self.term(value);
            }
            None => self.push(" := true"),
        }
        self.rule_body(&otherwise.body);
    }

    /// The literals of a body, each on its line, and the start of the line that closes it.
    fn body(&mut self, body: &Body) {
        self.indent += 1;
        for literal in body {
            self.new_line();
            self.literal(literal);
        }
        self.indent -= 1;
        self.new_line();
    }

    /// One statement.
    pub(crate) fn literal(&mut self, literal: &Literal) {
        self.mark(literal.span);
        self.literal_kind(&literal.kind);
        for with in &literal.with {
            self.with(with);
        }
    }

    fn with(&mut self, with: &With) {
        self.push(" with ");
        self.term(&with.target);
        self.push(" as ");
        self.term(&with.value);
    }

    fn literal_kind(&mut self, kind: &LiteralKind) {
        match kind {
            LiteralKind::Term(term) => self.top_term(term),
            LiteralKind::Not(inner) => {
                self.push("not ");
                self.literal_kind(inner);
            }
            LiteralKind::Assign(left, right) | LiteralKind::Operand(left, right) => {
                self.term(left);
                self.push(" := ");
                self.top_term(right);
            }
            LiteralKind::Unify(left, right) => {
                self.term(left);
                self.push(" = ");
                self.top_term(right);
            }
            LiteralKind::Some(names) => {
                self.push("some ");
                for (at, name) in names.iter().enumerate() {
                    self.push(if at > 0 { ", " } else { "" });
                    self.push(&name.text);
                }
            }
            LiteralKind::SomeIn(membership) => {
                self.push("some ");
                self.membership(membership);
            }
            LiteralKind::Every(membership, body) => {
                self.push("every ");
                self.membership(membership);
                self.push(" {");
                self.body(body);
                self.push("}");
            }
        }
    }

    fn membership(&mut self, membership: &Membership) {
        if let Some(key) = &membership.key {
            self.term(key);
            self.push(", ");
        }
        self.term(&membership.value);
        self.push(" in ");
        self.term(&membership.domain);
    }

    /// A term where `in` needs no parentheses.
    fn top_term(&mut self, term: &Term) {
        if let TermKind::In(membership) = &term.kind {
            self.mark(term.span);
            self.membership(membership);
        } else {
            self.term(term);
        }
    }

    /// A term.
    pub(crate) fn term(&mut self, term: &Term) {
        self.mark(term.span);
        match &term.kind {
            TermKind::Null => self.push("null"),
            TermKind::Bool(value) => self.push(if *value { "true" } else { "false" }),
            TermKind::Number(digits) => self.push(digits),
            TermKind::String(text) => self.string(text),
            TermKind::Var(name) if is_wildcard(name) => self.push("_"),
            TermKind::Var(name) => self.push(name),
            TermKind::Ref(head, steps) => {
                self.operand(head);
                for step in steps {
                    self.step(step);
                }
            }
            TermKind::Array(items) => {
                self.push("[");
                self.elements(items);
                self.push("]");
            }
            TermKind::Set(items) if items.is_empty() => self.push("set()"),
            TermKind::Set(items) => {
                self.push("{");
                self.elements(items);
                self.push("}");
            }
            TermKind::Object(members) => {
                self.push("{");
                for (at, (key, value)) in members.iter().enumerate() {
                    self.push(if at > 0 { ", " } else { "" });
                    self.element(key);
                    self.push(": ");
                    self.element(value);
                }
                self.push("}");
            }
            TermKind::ArrayComprehension(head, body) => self.comprehension("[", head, None, body, "]"),
            TermKind::SetComprehension(head, body) => self.comprehension("{", head, None, body, "}"),
            TermKind::ObjectComprehension(head, body) => {
                self.comprehension("{", &head.0, Some(&head.1), body, "}");
            }
            TermKind::Call(function, arguments) => {
                self.term(function);
                self.push("(");
                self.separated(arguments);
                self.push(")");
            }
            // The engine multiplies numbers of any length, for as long as it takes; the function has a limit.
            TermKind::Infix(Operator::Times, operands) => {
                let (left, right) = &**operands;
                self.push("mul(");
                self.term(left);
                self.push(", ");
                self.term(right);
                self.push(")");
            }
            TermKind::Infix(operator, operands) => {
                let (left, right) = &**operands;
                self.infix_operand(left, operator.precedence());
                let _ = write!(self.text, " {} ", operator.symbol());
                self.infix_operand(right, operator.precedence() + 1);
            }
            TermKind::In(membership) => {
                self.push("(");
                self.membership(membership);
                self.push(")");
            }
            TermKind::Template(parts) => self.template(parts),
        }
    }

    fn separated(&mut self, items: &[Term]) {
        for (at, item) in items.iter().enumerate() {
            self.push(if at > 0 { ", " } else { "" });
            self.term(item);
        }
    }

    fn elements(&mut self, items: &[Term]) {
        for (at, item) in items.iter().enumerate() {
            self.push(if at > 0 { ", " } else { "" });
            self.element(item);
        }
    }

    /// An element of a composite. A bare `|` there would read as a comprehension.
    fn element(&mut self, term: &Term) {
        match term.kind {
            TermKind::Infix(operator, _) if operator.precedence() <= 2 => self.parenthesized(term),
            _ => self.term(term),
        }
    }

    fn parenthesized(&mut self, term: &Term) {
        self.push("(");
        self.term(term);
        self.push(")");
    }

    /// A term that binds more tightly than any operator.
    fn operand(&mut self, term: &Term) {
        self.infix_operand(term, u8::MAX);
    }

    fn infix_operand(&mut self, term: &Term, tightness: u8) {
        match term.kind {
            TermKind::Infix(operator, _) if operator.precedence() < tightness => self.parenthesized(term),
            _ => self.term(term),
        }
    }

    fn comprehension(&mut self, open: &str, head: &Term, value: Option<&Term>, body: &Body, close: &str) {
        self.push(open);
        self.operand(head);
        if let Some(value) = value {
            self.push(": ");
            self.operand(value);
        }
        self.push(" | ");
        for (at, literal) in body.iter().enumerate() {
            self.push(if at > 0 { "; " } else { "" });
            self.literal(literal);
        }
        self.push(close);
    }

    fn template(&mut self, parts: &[Part]) {
        self.push("$\"");
        for part in parts {
            match part {
                Part::Text(text) => {
                    let escaped = escape(text).replace('{', "\\{");
                    self.push(&escaped);
                }
                Part::Term(term, with) => {
                    self.push("{");
                    self.term(term);
                    for with in with {
                        self.with(with);
                    }
                    self.push("}");
                }
            }
        }
        self.push("\"");
    }

    fn step(&mut self, step: &Term) {
        if let TermKind::String(name) = &step.kind {
            self.mark(step.span);
            self.step_name(name, true);
        } else {
            self.push("[");
            self.term(step);
            self.push("]");
        }
    }

    fn step_name(&mut self, name: &str, behind: bool) {
        if behind && !is_name(name) {
            self.push("[");
            self.string(name);
            self.push("]");
        } else {
            self.push(if behind { "." } else { "" });
            self.push(name);
        }
    }

    fn string(&mut self, text: &str) {
        let escaped = escape(text);
        let _ = write!(self.text, "\"{escaped}\"");
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for next in text.chars() {
        match next {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if u32::from(control) < 0x20 || control == '\u{7f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            _ => out.push(next),
        }
    }
    out
}
