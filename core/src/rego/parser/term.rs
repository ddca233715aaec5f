//! Terms: scalars, references, calls, composites, comprehensions, template strings, infix operators.

use std::sync::Arc;

use crate::rego::fault::Fault;
use crate::rego::lexer::{TokenKind, unquote};
use crate::rego::syntax::{Body, Membership, Operator, Part, Span, Term, TermKind, Version};

use super::{Failed, Parsed, Parser, is_mark};
use crate::limits::Limits;

/// Whether `key, value in domain` may stand here. In lists it may not: the comma separates elements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Commas {
    Membership,
    Separate,
}

impl Parser<'_> {
    /// A term with infix operators.
    pub(super) fn infix(&mut self, commas: Commas) -> Parsed<Term> {
        let first = self.term()?;
        self.infix_after(first, commas)
    }

    /// The same, when its first operand has been read.
    fn infix_after(&mut self, first: Term, commas: Commas) -> Parsed<Term> {
        let mut left = self.operators(first, 1)?;
        let mut key = None;
        if commas == Commas::Membership && self.is(",") && self.membership_follows(self.at) {
            self.advance();
            key = Some(left);
            let second = self.term()?;
            left = self.operators(second, 1)?;
            if !self.is_keyword("in") {
                return self.unexpected("`in` behind key and value");
            }
        }
        while self.is_keyword("in") {
            self.chained()?;
            self.advance();
            let domain = self.term()?;
            let domain = self.operators(domain, 1)?;
            let start = key.as_ref().map_or(left.span, |key| key.span);
            left = Term::new(
                start.to(domain.span),
                TermKind::In(Membership {
                    key: key.take().map(Box::new),
                    value: Box::new(left),
                    domain: Box::new(domain),
                }),
            );
        }
        Ok(left)
    }

    /// Operators that bind at least as tightly as `tightness`, from left to right.
    fn operators(&mut self, mut left: Term, tightness: u8) -> Parsed<Term> {
        while let Some(operator) = self.operator() {
            if operator.precedence() < tightness {
                break;
            }
            self.chained()?;
            self.advance();
            let right = self.term()?;
            let right = self.operators(right, operator.precedence() + 1)?;
            let span = left.span.to(right.span);
            left = Term::new(span, TermKind::Infix(operator, Box::new((left, right))));
        }
        Ok(left)
    }

    fn operator(&self) -> Option<Operator> {
        let TokenKind::Mark(mark) = self.token().kind else {
            return None;
        };
        Some(match mark {
            "==" => Operator::Equal,
            "!=" => Operator::NotEqual,
            "<" => Operator::Less,
            "<=" => Operator::LessOrEqual,
            ">" => Operator::Greater,
            ">=" => Operator::GreaterOrEqual,
            "|" => Operator::Or,
            "&" => Operator::And,
            "+" => Operator::Plus,
            "-" => Operator::Minus,
            "*" => Operator::Times,
            "/" => Operator::Divide,
            "%" => Operator::Remainder,
            _ => return None,
        })
    }

    /// Counts one more link of a chain that the tree holds as one level each.
    fn chained(&mut self) -> Parsed<()> {
        self.chain += 1;
        if self.chain > Limits::CHAIN {
            let fault = Fault::new(
                "rego.too_deep",
                self.token().span,
                format!("this statement has more than {} operators", Limits::CHAIN),
            )
            .with_help("give parts of it names, or use `sum`, `concat` or a comprehension");
            return self.fail(fault);
        }
        Ok(())
    }

    /// Whether, behind this comma, one value and then `in` follow.
    fn membership_follows(&self, comma: usize) -> bool {
        let mut at = comma + 1;
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                TokenKind::Word => match token.span.of(self.text) {
                    "in" if self.keywords.contains("in") => return true,
                    "some" | "every" | "not" | "with" | "if" | "as" | "else" => return false,
                    _ => {}
                },
                TokenKind::Mark("," | ";" | ":=" | "=" | ":" | ")" | "]" | "}")
                | TokenKind::ExpressionClose
                | TokenKind::End => return false,
                _ => {}
            }
            at = self.closers.get(at).copied().unwrap_or(at) + 1;
        }
        false
    }

    /// Whether the `|` here starts the body of a comprehension and is not a union in a list of elements.
    ///
    /// OPA tries the body first and takes the list where a comma ends the body's first statement.
    fn comprehension_follows(&self) -> bool {
        let mut at = self.at + 1;
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                TokenKind::Word => {
                    let word = token.span.of(self.text);
                    if self.reserved(word) && matches!(word, "some" | "every" | "not" | "with") {
                        return true;
                    }
                }
                TokenKind::Mark(",") => return self.membership_follows(at),
                TokenKind::Mark(";" | ":=" | "=" | ")" | "]" | "}") | TokenKind::ExpressionClose | TokenKind::End => {
                    return true;
                }
                _ => {}
            }
            at = self.closers.get(at).copied().unwrap_or(at) + 1;
        }
        true
    }

    /// A term without infix operators around it.
    pub(super) fn term(&mut self) -> Parsed<Term> {
        self.nested(|parser| {
            let term = parser.primary()?;
            parser.steps(term)
        })
    }

    fn primary(&mut self) -> Parsed<Term> {
        let token = self.token();
        match token.kind {
            TokenKind::Word => self.word_term(),
            TokenKind::Number | TokenKind::Mark(".") => self.number(""),
            TokenKind::String | TokenKind::RawString => {
                self.advance();
                Ok(Term::string(token.span, unquote(token, self.text).unwrap_or_default()))
            }
            TokenKind::TemplateOpen { .. } => self.template(),
            TokenKind::Mark("-") => {
                self.advance();
                let next = self.token();
                if next.kind == TokenKind::Number || is_mark(next, ".") {
                    let mut number = self.number("-")?;
                    number.span = token.span.to(number.span);
                    return Ok(number);
                }
                if self.identifier().is_none() {
                    return self.unexpected("a number or a name behind `-`");
                }
                let operand = self.term()?;
                let zero = Term::new(token.span, TermKind::Number("0".into()));
                let span = token.span.to(operand.span);
                Ok(Term::new(
                    span,
                    TermKind::Infix(Operator::Minus, Box::new((zero, operand))),
                ))
            }
            TokenKind::Mark("[") => self.array(),
            TokenKind::Mark("{") => self.set_or_object(),
            TokenKind::Mark("(") => {
                self.advance();
                let mut inner = self.infix(Commas::Membership)?;
                let close = self.expect(")", "to close the parenthesis")?;
                inner.span = token.span.to(close);
                Ok(inner)
            }
            _ => self.unexpected("a value"),
        }
    }

    fn word_term(&mut self) -> Parsed<Term> {
        let token = self.token();
        let word = token.span.of(self.text);
        let kind = match word {
            // As the head of a reference a keyword is a name like any other.
            _ if self.reserved(word) && word != "null" && self.starts_reference() => TermKind::Var(word.into()),
            "null" => TermKind::Null,
            "true" => TermKind::Bool(true),
            "false" => TermKind::Bool(false),
            "_" => {
                self.wildcards += 1;
                TermKind::Var(format!("${}", self.wildcards).into())
            }
            _ if self.reserved(word) && word != "contains" => {
                return self.unexpected("a value");
            }
            _ => TermKind::Var(word.into()),
        };
        self.advance();
        Ok(Term::new(token.span, kind))
    }

    fn number(&mut self, sign: &str) -> Parsed<Term> {
        let start = self.token().span;
        let point = if self.eat(".") { "0." } else { "" };
        if self.token().kind != TokenKind::Number {
            return self.unexpected("a number");
        }
        let written = self.token().span.of(self.text);
        let leading = point.is_empty() && written.len() > 1 && written.starts_with('0');
        if leading && !matches!(written.as_bytes().get(1), Some(b'.' | b'e' | b'E')) {
            let fault = Fault::new("rego.parse", start, "a number starts with a superfluous zero")
                .with_help("remove the zero; write octal permissions as strings");
            return self.fail(fault);
        }
        // Texts that are no numbers have not become tokens.
        if !written.parse::<f64>().is_ok_and(f64::is_finite) {
            let fault = Fault::new(
                "rego.number",
                start,
                "a number is larger than 1.797e308, the largest to compute with",
            )
            .with_help("write it as a string if only its digits matter");
            return self.fail(fault);
        }
        let span = start.to(self.advance().span);
        Ok(Term::new(
            span,
            TermKind::Number(format!("{sign}{point}{written}").into()),
        ))
    }

    /// What follows a term without a space: `.name`, `[index]`, `(arguments)`.
    pub(super) fn steps(&mut self, mut term: Term) -> Parsed<Term> {
        let mut steps: Vec<Term> = Vec::new();
        loop {
            let token = self.token();
            let mark = match token.kind {
                TokenKind::Mark(mark @ ("." | "[" | "(")) if !token.spaced || self.spaced_step == Some(self.at) => mark,
                _ => break,
            };
            if !can_be_head(&term) {
                // A scalar: what follows belongs to the next statement or is an error there.
                let fault = Fault::new("rego.parse", token.span, "this value has nothing inside to refer to")
                    .with_help("only names, calls and composite values can be followed by `.`, `[` or `(`");
                return self.fail(fault);
            }
            self.advance();
            match mark {
                "." => {
                    let name = self.token();
                    if name.kind != TokenKind::Word || name.spaced {
                        return self.unexpected("a name behind `.`");
                    }
                    self.advance();
                    steps.push(Term::string(name.span, name.span.of(self.text)));
                }
                "[" => {
                    let mut step = self.infix(Commas::Membership)?;
                    let close = self.expect("]", "behind the index")?;
                    if step.as_string().is_some() {
                        step.span = token.span.to(close);
                    }
                    steps.push(step);
                }
                _ => {
                    let function = reference(term, std::mem::take(&mut steps), self.last());
                    term = self.arguments(function)?;
                }
            }
            if steps.len() > Limits::CHAIN {
                let fault = Fault::new(
                    "rego.too_deep",
                    token.span,
                    format!("this reference has more than {} steps", Limits::CHAIN),
                )
                .with_help("give a part of it a name");
                return self.fail(fault);
            }
        }
        let end = self.last();
        Ok(reference(term, steps, end))
    }

    fn arguments(&mut self, function: Term) -> Parsed<Term> {
        self.chained()?;
        if !matches!(function.kind, TermKind::Var(_) | TermKind::Ref(..)) {
            let fault = Fault::new("rego.parse", function.span, "only functions can be called")
                .with_help("call a function by its name");
            return self.fail(fault);
        }
        let arguments = self.list(")", Vec::new())?;
        let span = function.span.to(self.last());
        let constructs_set = matches!(&function.kind, TermKind::Var(name) if &**name == "set");
        if constructs_set && arguments.is_empty() {
            return Ok(Term::new(span, TermKind::Set(arguments)));
        }
        Ok(Term::new(span, TermKind::Call(Box::new(function), arguments)))
    }

    /// Elements up to the closing bracket, which is taken. A comma may stand before it.
    fn list(&mut self, close: &'static str, mut items: Vec<Term>) -> Parsed<Vec<Term>> {
        while !self.eat(close) {
            items.push(self.infix(Commas::Separate)?);
            if !self.eat(",") {
                self.expect(close, "or `,` in the list")?;
                break;
            }
        }
        Ok(items)
    }

    fn array(&mut self) -> Parsed<Term> {
        let open = self.advance().span;
        if self.eat("]") {
            return Ok(Term::new(open.to(self.last()), TermKind::Array(Vec::new())));
        }
        let led_by_comma = self.eat(",");
        let head = self.term()?;
        let kind = if self.is("|") && !led_by_comma && self.comprehension_follows() {
            let body = self.comprehension_body("]")?;
            TermKind::ArrayComprehension(Box::new(head), body)
        } else {
            let first = self.infix_after(head, Commas::Separate)?;
            TermKind::Array(self.rest_of_list(first, "]")?)
        };
        Ok(Term::new(open.to(self.last()), kind))
    }

    fn rest_of_list(&mut self, first: Term, close: &'static str) -> Parsed<Vec<Term>> {
        if self.eat(",") {
            return self.list(close, vec![first]);
        }
        self.expect(close, "or `,` in the list")?;
        Ok(vec![first])
    }

    fn comprehension_body(&mut self, close: &'static str) -> Parsed<Body> {
        self.advance();
        let body = self.nested(|parser| parser.literals(Some(close)))?;
        self.expect(close, "behind the comprehension's body")?;
        Ok(body)
    }

    fn set_or_object(&mut self) -> Parsed<Term> {
        let open = self.advance().span;
        if self.eat("}") {
            return Ok(Term::new(open.to(self.last()), TermKind::Object(Vec::new())));
        }
        let led_by_comma = self.eat(",");
        let head = self.term()?;
        let kind = if self.is("|") && !led_by_comma && self.comprehension_follows() {
            let body = self.comprehension_body("}")?;
            TermKind::SetComprehension(Box::new(head), body)
        } else {
            let first = self.infix_after(head, Commas::Separate)?;
            if self.eat(":") {
                self.object(first, led_by_comma)?
            } else {
                TermKind::Set(self.rest_of_list(first, "}")?)
            }
        };
        Ok(Term::new(open.to(self.last()), kind))
    }

    fn object(&mut self, key: Term, led_by_comma: bool) -> Parsed<TermKind> {
        let value = self.term()?;
        if self.is("|") && !led_by_comma && self.comprehension_follows() {
            let body = self.comprehension_body("}")?;
            return Ok(TermKind::ObjectComprehension(Box::new((key, value)), body));
        }
        let value = self.infix_after(value, Commas::Separate)?;
        let mut members = vec![(key, value)];
        while self.eat(",") {
            if self.is("}") {
                break;
            }
            let key = self.infix(Commas::Separate)?;
            self.expect(":", "behind the key of an object")?;
            let value = self.infix(Commas::Separate)?;
            members.push((key, value));
        }
        self.expect("}", "or `,` in the object")?;
        Ok(TermKind::Object(members))
    }

    fn template(&mut self) -> Parsed<Term> {
        let open = self.advance().span;
        if self.version == Version::V0 {
            let fault = Fault::new("rego.parse", open, "Rego v0 has no template strings")
                .with_help("use `sprintf` or `concat`, or `import rego.v1`");
            return self.fail(fault);
        }
        let mut parts = Vec::new();
        loop {
            let token = self.advance();
            match token.kind {
                TokenKind::TemplateText { .. } => {
                    let text: Arc<str> = unquote(token, self.text).unwrap_or_default().into();
                    parts.push(Part::Text(text));
                }
                TokenKind::ExpressionOpen => parts.push(self.template_expression()?),
                TokenKind::TemplateClose => {
                    return Ok(Term::new(open.to(token.span), TermKind::Template(parts)));
                }
                _ => return Err(Failed),
            }
        }
    }

    fn template_expression(&mut self) -> Parsed<Part> {
        let word = self.word(0).unwrap_or_default();
        if matches!(word, "not" | "some" | "every") && self.is_keyword(word) {
            let fault = Fault::new(
                "rego.parse",
                self.token().span,
                format!("`{word}` has no value that could stand in a template string"),
            )
            .with_help("put it in the rule's body");
            return self.fail(fault);
        }
        let term = self.infix(Commas::Membership)?;
        let with = self.modifiers()?;
        if self.token().kind != TokenKind::ExpressionClose {
            return self.unexpected("`}` behind the expression");
        }
        self.advance();
        Ok(Part::Term(term, with))
    }
}

/// A term with steps, or the term itself when there are none.
fn reference(head: Term, steps: Vec<Term>, end: Span) -> Term {
    if steps.is_empty() {
        return head;
    }
    let span = head.span.to(end);
    match head.kind {
        TermKind::Ref(inner, mut first) => {
            first.extend(steps);
            Term::new(span, TermKind::Ref(inner, first))
        }
        _ => Term::new(span, TermKind::Ref(Box::new(head), steps)),
    }
}

fn can_be_head(term: &Term) -> bool {
    !matches!(
        term.kind,
        TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Template(_)
    )
}
