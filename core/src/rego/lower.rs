//! Resolved rules to the plain core of the language, on which the engine agrees with OPA.
//!
//! What has no fixed value by itself gets a statement of its own before the one that uses it, as OPA's compiler does:
//! operands of negated calls, values of `with`, results of `walk`, template strings, deep literals.

mod negation;
mod template;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::json::Value;

use super::check::Set;
use super::mock::{Mocked, Renamed};
use super::syntax::{
    Body, Else, Head, HeadKind, Literal, LiteralKind, Membership, Module, Rule, Span, Term, TermKind, With,
};
use super::{metadata, visit};

/// Literals nested more deeply than this get names: the engine's time to parse is exponential in the depth.
const MAX_NESTING: usize = 5;

/// Splits `p { a } { b }` into rules of their own.
pub(crate) fn split_chained(rules: Vec<Rule>) -> Vec<Rule> {
    let mut split = Vec::with_capacity(rules.len());
    for mut rule in rules {
        let bodies = std::mem::take(&mut rule.chained);
        let bodies: Vec<Rule> = bodies.into_iter().map(|body| Rule { body, ..rule.clone() }).collect();
        split.push(rule);
        split.extend(bodies);
    }
    split
}

/// What lowering has to know of the set that a rule is part of.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) set: &'a Set<'a>,
    /// Built-in functions that some `with` replaces or puts in another's place, by name.
    pub(crate) mocked: &'a Mocked,
    /// Rules whose names the engine would take for keywords.
    pub(crate) renamed: &'a Renamed,
}

/// Lowers a rule of a module.
pub(crate) fn rule(rule: Rule, module: &Module, context: &Context<'_>) -> Rule {
    let mut names = BTreeSet::new();
    visit::names_of_rule(&rule, &mut |name| {
        names.insert(name.clone());
    });
    let chain = metadata::chain(context.set.modules, module, &rule);
    let mut lowering = Lowering {
        context,
        chain,
        names,
        count: 0,
    };
    lowering.rule(rule)
}

/// Lowers a query.
#[cfg(feature = "compliance")]
pub(crate) fn query(body: Body, context: &Context<'_>) -> Body {
    let mut names = BTreeSet::new();
    visit::names_of_body(&body, &mut |name| {
        names.insert(name.clone());
    });
    let mut lowering = Lowering {
        context,
        chain: Value::Array(Vec::new()),
        names,
        count: 0,
    };
    lowering.body(body)
}

struct Lowering<'a> {
    context: &'a Context<'a>,
    /// The metadata that hold for the rule.
    chain: Value,
    /// Names that the rule uses.
    names: BTreeSet<Arc<str>>,
    count: usize,
}

/// Where a term stands: in a pattern, variables may be without a value yet, and nothing can be moved out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Value,
    Pattern,
}

impl Lowering<'_> {
    fn rule(&mut self, rule: Rule) -> Rule {
        if rule.default {
            return rule;
        }
        let Rule {
            span,
            default,
            head,
            body,
            chained,
            otherwise,
        } = rule;
        let mut body = self.body(body);
        let has_else = !otherwise.is_empty();
        let kind = match head.kind {
            HeadKind::Value(value) => HeadKind::Value(self.head_value(value, has_else, &mut body)),
            HeadKind::Function(arguments, value) => {
                HeadKind::Function(arguments, self.head_value(value, has_else, &mut body))
            }
            HeadKind::Element(key) => HeadKind::Element(self.term(key, Place::Value, &[], &mut body)),
        };
        let path = head
            .path
            .into_iter()
            .map(|step| match step.kind {
                TermKind::Ref(..)
                | TermKind::Call(..)
                | TermKind::Infix(..)
                | TermKind::In(_)
                | TermKind::Template(_)
                | TermKind::ArrayComprehension(..)
                | TermKind::SetComprehension(..)
                | TermKind::ObjectComprehension(..) => {
                    let step = self.term(step, Place::Value, &[], &mut body);
                    self.hoist(step, &[], &mut body)
                }
                _ => step,
            })
            .collect();
        Rule {
            span,
            default,
            head: Head {
                span: head.span,
                path,
                kind,
            },
            body,
            chained,
            otherwise: otherwise
                .into_iter()
                .map(|otherwise| self.otherwise(otherwise))
                .collect(),
        }
    }

    fn otherwise(&mut self, otherwise: Else) -> Else {
        let mut body = self.body(otherwise.body);
        let value = self.head_value(otherwise.value, true, &mut body);
        Else {
            span: otherwise.span,
            value,
            body,
        }
    }

    /// With `else`, the engine iterates over an index in the head anew, so it is taken into the body.
    fn head_value(&mut self, value: Option<Term>, has_else: bool, body: &mut Body) -> Option<Term> {
        let value = self.term(value?, Place::Value, &[], body);
        let indexed = matches!(&value.kind, TermKind::Ref(_, steps) if steps.iter().any(|step| !is_constant(step)));
        Some(if has_else && indexed {
            self.hoist(value, &[], body)
        } else {
            value
        })
    }

    fn body(&mut self, body: Body) -> Body {
        let mut out = Vec::with_capacity(body.len());
        for literal in body {
            self.literal(literal, &mut out);
        }
        out
    }

    fn literal(&mut self, literal: Literal, out: &mut Body) {
        let Literal { span, kind, with } = literal;
        let with: Vec<With> = with.into_iter().map(|with| self.with(with, out)).collect();
        let kind = match kind {
            LiteralKind::Term(term) => self.statement(term, &with, out),
            LiteralKind::Not(inner) => LiteralKind::Not(Box::new(self.negated(*inner, &with, out))),
            LiteralKind::Assign(left, right) => {
                let right = self.term(right, Place::Value, &with, out);
                LiteralKind::Assign(self.term(left, Place::Pattern, &with, out), right)
            }
            LiteralKind::Unify(left, right) => {
                let left = self.term(left, Place::Pattern, &with, out);
                LiteralKind::Unify(left, self.term(right, Place::Pattern, &with, out))
            }
            LiteralKind::Operand(name, term) => LiteralKind::Operand(name, self.term(term, Place::Value, &with, out)),
            LiteralKind::Some(names) => LiteralKind::Some(names),
            LiteralKind::SomeIn(membership) => {
                LiteralKind::SomeIn(self.membership(membership, Place::Pattern, &with, out))
            }
            LiteralKind::Every(membership, body) => {
                let membership = self.membership(membership, Place::Pattern, &with, out);
                LiteralKind::Every(membership, self.body(body))
            }
        };
        out.push(Literal { span, kind, with });
    }

    /// A term as a statement. A call with one argument more than the function has unifies its result with it.
    fn statement(&mut self, term: Term, with: &[With], out: &mut Body) -> LiteralKind {
        let span = term.span;
        match term.kind {
            TermKind::Call(function, mut arguments) if !is_metadata(&function) => {
                let relation = is_relation(&function);
                let has_output = self
                    .context
                    .set
                    .arity_of(&function)
                    .is_some_and(|arity| arguments.len() == arity + 1);
                let output = if has_output { arguments.pop() } else { None };
                let function = Box::new(self.function(*function));
                let arguments = Mocked::arguments(&function, arguments);
                let arguments = self.terms(arguments, Place::Value, with, out);
                let output = output.map(|output| self.term(output, Place::Pattern, with, out));
                match output {
                    Some(output) if relation => {
                        let arguments = arguments.into_iter().chain([output]).collect();
                        LiteralKind::Term(Term::new(span, TermKind::Call(function, arguments)))
                    }
                    Some(output) => LiteralKind::Unify(output, Term::new(span, TermKind::Call(function, arguments))),
                    None if relation => {
                        // `walk(x)` alone holds when there is anything to walk.
                        let any = Term::var(span, "$walk");
                        let arguments = arguments.into_iter().chain([any]).collect();
                        LiteralKind::Term(Term::new(span, TermKind::Call(function, arguments)))
                    }
                    None => LiteralKind::Term(Term::new(span, TermKind::Call(function, arguments))),
                }
            }
            kind => LiteralKind::Term(self.term(Term::new(span, kind), Place::Value, with, out)),
        }
    }

    fn terms(&mut self, terms: Vec<Term>, place: Place, with: &[With], out: &mut Body) -> Vec<Term> {
        terms
            .into_iter()
            .map(|term| self.term(term, place, with, out))
            .collect()
    }

    fn membership(&mut self, membership: Membership, place: Place, with: &[With], out: &mut Body) -> Membership {
        Membership {
            key: membership.key.map(|key| Box::new(self.term(*key, place, with, out))),
            value: Box::new(self.term(*membership.value, place, with, out)),
            domain: Box::new(self.term(*membership.domain, Place::Value, with, out)),
        }
    }

    /// A term with nothing in it that the engine would get wrong. What has to be evaluated before goes to `out`.
    fn term(&mut self, term: Term, place: Place, with: &[With], out: &mut Body) -> Term {
        let span = term.span;
        let kind = match term.kind {
            kind @ (TermKind::Null
            | TermKind::Bool(_)
            | TermKind::Number(_)
            | TermKind::String(_)
            | TermKind::Var(_)) => kind,
            TermKind::Ref(head, steps) => {
                let head = self.term(*head, Place::Value, with, out);
                let head = if head.as_var().is_some() {
                    head
                } else {
                    self.hoist(head, with, out)
                };
                let steps = self.terms(steps, Place::Pattern, with, out);
                let reference = Term::new(span, TermKind::Ref(Box::new(head), steps));
                return self.context.renamed.replace(reference);
            }
            TermKind::Array(items) => TermKind::Array(self.items(items, place, with, out)),
            TermKind::Set(items) => TermKind::Set(self.items(items, place, with, out)),
            TermKind::Object(members) => TermKind::Object(
                members
                    .into_iter()
                    .map(|(key, value)| (self.item(key, place, with, out), self.item(value, place, with, out)))
                    .collect(),
            ),
            TermKind::ArrayComprehension(head, body) => {
                let mut body = self.body(body);
                let head = self.item(*head, Place::Value, &[], &mut body);
                TermKind::ArrayComprehension(Box::new(head), body)
            }
            TermKind::SetComprehension(head, body) => {
                let mut body = self.body(body);
                let head = self.item(*head, Place::Value, &[], &mut body);
                TermKind::SetComprehension(Box::new(head), body)
            }
            TermKind::ObjectComprehension(head, body) => {
                let mut body = self.body(body);
                let (key, value) = *head;
                let key = self.item(key, Place::Value, &[], &mut body);
                let value = self.item(value, Place::Value, &[], &mut body);
                TermKind::ObjectComprehension(Box::new((key, value)), body)
            }
            TermKind::Call(function, arguments) => {
                if is_metadata(&function) {
                    return self.metadata(span, &function);
                }
                let relation = is_relation(&function);
                let function = Box::new(self.function(*function));
                let arguments = Mocked::arguments(&function, arguments);
                let mut arguments = self.items(arguments, Place::Value, with, out);
                if relation {
                    let result = self.fresh(span);
                    arguments.push(result.clone());
                    let call = Term::new(span, TermKind::Call(function, arguments));
                    out.push(Literal {
                        span,
                        kind: LiteralKind::Term(call),
                        with: with.to_vec(),
                    });
                    return result;
                }
                TermKind::Call(function, arguments)
            }
            TermKind::Infix(operator, operands) => {
                let (left, right) = *operands;
                let left = self.item(left, Place::Value, with, out);
                let right = self.item(right, Place::Value, with, out);
                match self.context.mocked.wrapper(operator.builtin(), span) {
                    Some(function) => TermKind::Call(Box::new(function), vec![left, right]),
                    None => TermKind::Infix(operator, Box::new((left, right))),
                }
            }
            TermKind::In(membership) => TermKind::In(self.membership(membership, Place::Value, with, out)),
            TermKind::Template(parts) => return self.template(span, parts),
        };
        Term::new(span, kind)
    }

    fn items(&mut self, items: Vec<Term>, place: Place, with: &[With], out: &mut Body) -> Vec<Term> {
        items
            .into_iter()
            .map(|item| self.item(item, place, with, out))
            .collect()
    }

    /// A part of a composite or call: moved out where the whole would nest too deeply.
    fn item(&mut self, item: Term, place: Place, with: &[With], out: &mut Body) -> Term {
        let item = self.term(item, place, with, out);
        if place == Place::Value && nesting(&item) >= MAX_NESTING {
            self.hoist(item, with, out)
        } else {
            item
        }
    }

    /// `rego.metadata.rule()` and `rego.metadata.chain()` are known here.
    fn metadata(&self, span: Span, function: &Term) -> Term {
        if is_path(function, &["rego", "metadata", "chain"]) {
            return Term::constant(span, &self.chain);
        }
        let own = self.chain.element(0).and_then(|link| link.member("annotations"));
        match own {
            Some(own) if own.member("scope").is_some_and(|scope| scope.as_str() == Some("rule")) => {
                Term::constant(span, own)
            }
            _ => Term::new(span, TermKind::Object(Vec::new())),
        }
    }

    /// The engine discards what it has evaluated when it applies `with`, so values are evaluated before.
    fn with(&mut self, with: With, out: &mut Body) -> With {
        let With { span, target, value } = with;
        let of_function = self.context.set.arity_of(&target);
        let value = match self.context.set.arity_of(&value) {
            // A function without arguments is replaced by its result.
            Some(0) if of_function.is_some() => {
                let call = Term::new(value.span, TermKind::Call(Box::new(value), Vec::new()));
                self.hoist(call, &[], out)
            }
            Some(_) if of_function.is_some() => self.function(value),
            _ => {
                let value = self.term(value, Place::Value, &[], out);
                if value.as_var().is_some() || is_constant(&value) && nesting(&value) < MAX_NESTING {
                    value
                } else {
                    self.hoist(value, &[], out)
                }
            }
        };
        let target = self.function(target);
        With { span, target, value }
    }

    /// The name by which a function or rule goes in the lowered text.
    fn function(&self, function: Term) -> Term {
        self.context.mocked.replace(self.context.renamed.replace(function))
    }

    /// Gives a term a statement of its own; what remains is a variable.
    fn hoist(&mut self, term: Term, with: &[With], out: &mut Body) -> Term {
        let name = self.fresh(term.span);
        out.push(Literal {
            span: term.span,
            kind: LiteralKind::Assign(name.clone(), term),
            with: with.to_vec(),
        });
        name
    }

    fn fresh(&mut self, span: Span) -> Term {
        loop {
            self.count += 1;
            let name: Arc<str> = format!("value__{}", self.count).into();
            if self.names.insert(name.clone()) {
                return Term::var(span, name);
            }
        }
    }
}

/// Whether calls of the function have several results.
fn is_relation(function: &Term) -> bool {
    function.as_var().is_some_and(|name| &**name == "walk")
}

fn is_metadata(function: &Term) -> bool {
    is_path(function, &["rego", "metadata", "chain"]) || is_path(function, &["rego", "metadata", "rule"])
}

fn is_path(function: &Term, path: &[&str]) -> bool {
    let found = function.as_path();
    found.is_some_and(|found| found.iter().map(|part| &**part).eq(path.iter().copied()))
}

/// Whether a term is made of scalars only.
fn is_constant(term: &Term) -> bool {
    match &term.kind {
        TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) => true,
        TermKind::Array(items) | TermKind::Set(items) => items.iter().all(is_constant),
        TermKind::Object(members) => members
            .iter()
            .all(|(key, value)| is_constant(key) && is_constant(value)),
        _ => false,
    }
}

/// How many brackets stand around the innermost part. An operand that binds less tightly gets parentheses.
fn nesting(term: &Term) -> usize {
    let mut deepest = 0;
    match &term.kind {
        TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Var(_) => 0,
        TermKind::Infix(operator, operands) => {
            let loose = |term: &Term, tightness: u8| match &term.kind {
                TermKind::Infix(inner, _) => inner.precedence() < tightness,
                _ => false,
            };
            let (left, right) = &**operands;
            let left = nesting(left) + usize::from(loose(left, operator.precedence()));
            let right = nesting(right) + usize::from(loose(right, operator.precedence() + 1));
            left.max(right)
        }
        _ => {
            visit::term(term, &mut |inner| deepest = deepest.max(nesting(inner)), &mut |_| {});
            deepest + 1
        }
    }
}
