//! Negation: what may be undefined in a negated call is evaluated before it.

use crate::rego::syntax::{Body, Literal, LiteralKind, Operator, Term, TermKind, With};

use super::{Lowering, Place};

impl Lowering<'_> {
    /// In OPA, `not f(input.x)` is undefined where `input.x` is: operands are evaluated before the negation.
    /// Only the sides of `=` and `==` may be references that are not there.
    pub(super) fn negated(&mut self, kind: LiteralKind, with: &[With], out: &mut Body) -> LiteralKind {
        match kind {
            LiteralKind::Unify(left, right) => {
                let left = self.negated_side(left, with, out);
                LiteralKind::Unify(left, self.negated_side(right, with, out))
            }
            LiteralKind::Term(Term {
                span,
                kind: TermKind::Infix(Operator::Equal, operands),
            }) => {
                let (left, right) = *operands;
                let left = self.negated_side(left, with, out);
                let right = self.negated_side(right, with, out);
                LiteralKind::Term(Term::new(
                    span,
                    TermKind::Infix(Operator::Equal, Box::new((left, right))),
                ))
            }
            LiteralKind::Term(term) if term.is_call() => {
                let mut kind = self.statement(term, with, out);
                let (LiteralKind::Term(call) | LiteralKind::Unify(_, call)) = &mut kind else {
                    return kind;
                };
                match &mut call.kind {
                    TermKind::Call(_, arguments) => {
                        for argument in arguments {
                            self.operand(argument, with, out);
                        }
                    }
                    TermKind::Infix(_, operands) => {
                        self.operand(&mut operands.0, with, out);
                        self.operand(&mut operands.1, with, out);
                    }
                    TermKind::In(membership) => {
                        if let Some(key) = &mut membership.key {
                            self.operand(key, with, out);
                        }
                        self.operand(&mut membership.value, with, out);
                        self.operand(&mut membership.domain, with, out);
                    }
                    _ => {}
                }
                kind
            }
            LiteralKind::Term(term) => LiteralKind::Term(self.negated_side(term, with, out)),
            other => other,
        }
    }

    /// A side of a negated equation, or a negated term: a reference stays, its indices are evaluated before.
    fn negated_side(&mut self, term: Term, with: &[With], out: &mut Body) -> Term {
        let mut term = self.term(term, Place::Value, with, out);
        match &mut term.kind {
            TermKind::Ref(_, steps) => {
                for step in steps {
                    self.operand(step, with, out);
                }
            }
            TermKind::ArrayComprehension(..) | TermKind::SetComprehension(..) | TermKind::ObjectComprehension(..) => {}
            _ => self.operand(&mut term, with, out),
        }
        term
    }

    /// An operand of something negated: what may be undefined in it is evaluated before.
    fn operand(&mut self, term: &mut Term, with: &[With], out: &mut Body) {
        match &mut term.kind {
            TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Var(_) => {
                let whole_document = matches!(&term.kind, TermKind::Var(name) if matches!(&**name, "input" | "data"));
                if whole_document {
                    *term = self.hoist(term.clone(), with, out);
                }
            }
            TermKind::Array(items) | TermKind::Set(items) => {
                for item in items {
                    self.operand(item, with, out);
                }
            }
            TermKind::Object(members) => {
                for (key, value) in members {
                    self.operand(key, with, out);
                    self.operand(value, with, out);
                }
            }
            TermKind::Call(..) | TermKind::Infix(..) | TermKind::In(_) => *term = self.hoist(term.clone(), with, out),
            _ => {
                let name = self.fresh(term.span);
                let moved = std::mem::replace(term, name.clone());
                out.push(Literal {
                    span: moved.span,
                    kind: LiteralKind::Operand(name, moved),
                    with: with.to_vec(),
                });
            }
        }
    }
}
