//! Literals: the statements of bodies, with their modifiers.

use crate::limits::Limits;
use crate::rego::fault::Fault;
use crate::rego::lexer::TokenKind;
use crate::rego::syntax::{Body, Literal, LiteralKind, Membership, Term, TermKind, With};

use super::term::Commas;
use super::{Parsed, Parser, is_mark};

impl Parser<'_> {
    /// Literals up to a closing bracket, which is left, or to the end.
    pub(super) fn literals(&mut self, close: Option<&'static str>) -> Parsed<Body> {
        let ends = |parser: &Self| match close {
            Some(close) => parser.is(close),
            None => parser.token().kind == TokenKind::End,
        };
        if ends(self) {
            let fault = Fault::new("rego.parse", self.token().span, "the body is empty")
                .with_help("write at least one condition, or `true`");
            return self.fail(fault);
        }
        let mut body = Vec::new();
        loop {
            if body.len() == Limits::STATEMENTS {
                let message = format!("this body has more than {} statements", Limits::STATEMENTS);
                let fault = Fault::new("rego.too_long", self.token().span, message)
                    .with_help("split it into several rules, and move data into the configuration");
                return self.fail(fault);
            }
            body.push(self.literal()?);
            if ends(self) {
                return Ok(body);
            }
            let separated = self.eat(";");
            if !separated && !self.token().first {
                return self.unexpected(&match close {
                    Some(close) => format!("a new line, `;` or `{close}` behind the statement"),
                    None => "a new line or `;` behind the statement".to_owned(),
                });
            }
        }
    }

    /// `{ … }`
    pub(super) fn block(&mut self) -> Parsed<Body> {
        self.expect("{", "before the body")?;
        let body = self.nested(|parser| parser.literals(Some("}")))?;
        self.expect("}", "behind the body")?;
        Ok(body)
    }

    pub(super) fn literal(&mut self) -> Parsed<Literal> {
        // A statement of a rule's own body has its own budget; one inside a comprehension shares that of the statement around it.
        if self.depth <= 1 {
            self.chain = 0;
        }
        let start = self.token().span;
        let kind = if self.is_keyword("not") {
            let not = self.advance().span;
            if self.is_keyword("some") || self.is_keyword("every") {
                let fault = Fault::new("rego.parse", not, "`not` cannot stand before `some` or `every`")
                    .with_help("move the statement into a helper rule and negate that");
                return self.fail(fault);
            }
            LiteralKind::Not(Box::new(self.expression()?))
        } else if self.is_keyword("some") {
            self.some()?
        } else if self.is_keyword("every") {
            self.every()?
        } else {
            self.expression()?
        };
        let with = self.modifiers()?;
        Ok(Literal {
            span: start.to(self.last()),
            kind,
            with,
        })
    }

    /// A term, `a := b` or `a = b`.
    fn expression(&mut self) -> Parsed<LiteralKind> {
        let left = self.infix(Commas::Membership)?;
        if self.eat(":=") {
            Ok(LiteralKind::Assign(left, self.infix(Commas::Membership)?))
        } else if self.eat("=") {
            Ok(LiteralKind::Unify(left, self.infix(Commas::Membership)?))
        } else {
            Ok(LiteralKind::Term(left))
        }
    }

    fn some(&mut self) -> Parsed<LiteralKind> {
        let keyword = self.advance().span;
        if !self.declares_names() {
            let term = self.infix(Commas::Membership)?;
            if let TermKind::In(membership) = term.kind {
                return Ok(LiteralKind::SomeIn(membership));
            }
            let fault = Fault::new(
                "rego.parse",
                keyword,
                "`some` is followed by neither names nor `x in xs`",
            )
            .with_help("write `some x in xs`, `some k, v in xs` or `some x`");
            return self.fail(fault);
        }
        let mut names = vec![self.name()];
        while self.eat(",") {
            if self.identifier().is_none() {
                return self.unexpected("a name");
            }
            names.push(self.name());
        }
        Ok(LiteralKind::Some(names))
    }

    /// Whether names and commas follow, and then neither `in` nor more of an expression.
    fn declares_names(&self) -> bool {
        let mut ahead = 0;
        loop {
            let name = self.word(ahead).filter(|word| !self.reserved(word));
            if name.is_none() {
                return false;
            }
            let next = self.peek(ahead + 1);
            if is_mark(next, ",") {
                ahead += 2;
                continue;
            }
            let is_in = self.word(ahead + 1) == Some("in") && self.keywords.contains("in");
            let goes_on = !next.spaced && [".", "[", "("].into_iter().any(|mark| is_mark(next, mark));
            return !is_in && !goes_on;
        }
    }

    fn every(&mut self) -> Parsed<LiteralKind> {
        let keyword = self.advance().span;
        let term = self.infix(Commas::Membership)?;
        let TermKind::In(membership) = term.kind else {
            let fault = Fault::new("rego.parse", keyword, "`every` is not followed by `x in xs`")
                .with_help("write `every x in xs { … }` or `every k, v in xs { … }`");
            return self.fail(fault);
        };
        let Membership { key, value, .. } = &membership;
        let names = key.as_deref().into_iter().chain([&**value]);
        if let Some(other) = names.into_iter().find(|name| name.as_var().is_none()) {
            let fault = Fault::new("rego.parse", other.span, "`every` takes names, not patterns")
                .with_help("take the value apart inside the body");
            return self.fail(fault);
        }
        let body = self.block()?;
        Ok(LiteralKind::Every(membership, body))
    }

    /// `with … as …`, any number of them.
    pub(super) fn modifiers(&mut self) -> Parsed<Vec<With>> {
        let mut with = Vec::new();
        while self.is_keyword("with") {
            let start = self.advance().span;
            if self.token().kind != TokenKind::Word {
                return self.unexpected("what to replace behind `with`");
            }
            let target: Term = self.term()?;
            if !matches!(target.kind, TermKind::Var(_) | TermKind::Ref(..)) {
                let fault = Fault::new(
                    "rego.parse",
                    target.span,
                    "`with` replaces `input`, `data` or a function",
                )
                .with_help("write it as in `with input.x as 1`");
                return self.fail(fault);
            }
            if !self.is_keyword("as") {
                return self.unexpected("`as` and a value");
            }
            self.advance();
            let value = self.infix(Commas::Membership)?;
            with.push(With {
                span: start.to(self.last()),
                target,
                value,
            });
        }
        Ok(with)
    }
}
