//! Types that are plain from the text: arithmetic on texts, comparisons that can never hold, looking into numbers.
//!
//! Only what OPA's type checker refuses too. What depends on input, rules or built-in functions is left open.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::rego::fault::Fault;
use crate::rego::syntax::{LiteralKind, Operator, Rule, Term, TermKind};
use crate::rego::visit;

use super::{Found, Set};

/// What a term is for sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
    Set,
}

impl Type {
    fn shown(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::Set => "a set",
        }
    }

    fn has_members(self) -> bool {
        matches!(self, Self::Array | Self::Object | Self::Set)
    }
}

/// Types of variables that are assigned. Names are unique in their rule.
type Variables = BTreeMap<Arc<str>, Type>;

impl Set<'_> {
    /// What can never work, in any rule.
    pub(super) fn types(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (at, module) in self.modules.iter().enumerate() {
            for rule in &module.rules {
                check(rule, &mut |fault| found.push((at, fault)));
            }
        }
        found
    }
}

fn check(rule: &Rule, report: &mut dyn FnMut(Fault)) {
    let mut variables = Variables::new();
    let mut equations: Vec<(&Term, &Term)> = Vec::new();
    visit::literals_of_rule(rule, &mut |literal| {
        let kind = match &literal.kind {
            LiteralKind::Not(inner) => inner,
            kind => kind,
        };
        match kind {
            LiteralKind::Assign(left, right) => {
                if let (Some(name), Some(found)) = (left.as_var(), type_of(right, &variables)) {
                    variables.insert(name.clone(), found);
                }
            }
            LiteralKind::Unify(left, right) => equations.push((left, right)),
            _ => {}
        }
    });
    visit::terms_of_rule(rule, &mut |term| match &term.kind {
        TermKind::Infix(Operator::Equal, operands) => equations.push((&operands.0, &operands.1)),
        TermKind::Infix(operator, operands) => {
            for operand in [&operands.0, &operands.1] {
                if let Some(fault) = wrong_operand(*operator, operand, &variables) {
                    report(fault);
                    return;
                }
            }
        }
        TermKind::Ref(head, steps) => {
            if let Some(fault) = wrong_step(head, steps, &variables) {
                report(fault);
            }
        }
        _ => {}
    });
    for (left, right) in equations {
        if let (Some(first), Some(second)) = (type_of(left, &variables), type_of(right, &variables))
            && first != second
        {
            report(
                Fault::new(
                    "rego.type",
                    left.span,
                    format!("{} can never equal {}", first.shown(), second.shown()),
                )
                .with_help("compare values of one type; convert with `to_number` or `sprintf`"),
            );
        }
    }
}

fn type_of(term: &Term, variables: &Variables) -> Option<Type> {
    Some(match &term.kind {
        TermKind::Null => Type::Null,
        TermKind::Bool(_) | TermKind::In(_) => Type::Boolean,
        TermKind::Number(_) => Type::Number,
        TermKind::String(_) | TermKind::Template(_) => Type::String,
        TermKind::Array(_) | TermKind::ArrayComprehension(..) => Type::Array,
        TermKind::Object(_) | TermKind::ObjectComprehension(..) => Type::Object,
        TermKind::Set(_) | TermKind::SetComprehension(..) => Type::Set,
        TermKind::Var(name) => return variables.get(name).copied(),
        TermKind::Infix(operator, _) => match operator {
            Operator::And | Operator::Or => Type::Set,
            // Of numbers a number, of sets a set.
            Operator::Minus => return None,
            Operator::Plus | Operator::Times | Operator::Divide | Operator::Remainder => Type::Number,
            _ => Type::Boolean,
        },
        TermKind::Ref(..) | TermKind::Call(..) => return None,
    })
}

fn wrong_operand(operator: Operator, operand: &Term, variables: &Variables) -> Option<Fault> {
    let found = type_of(operand, variables)?;
    let (fits, wanted) = match operator {
        Operator::And | Operator::Or => (found == Type::Set, "sets"),
        Operator::Minus => (matches!(found, Type::Number | Type::Set), "numbers or sets"),
        Operator::Plus | Operator::Times | Operator::Divide | Operator::Remainder => (found == Type::Number, "numbers"),
        _ => (true, ""),
    };
    (!fits).then(|| {
        let help = match found {
            Type::String => "join texts with `concat` or `sprintf`",
            _ => "check what stands on both sides",
        };
        Fault::new(
            "rego.type",
            operand.span,
            format!("`{}` works on {wanted}, this is {}", operator.symbol(), found.shown()),
        )
        .with_help(help)
    })
}

fn wrong_step(head: &Term, steps: &[Term], variables: &Variables) -> Option<Fault> {
    let found = type_of(head, variables)?;
    let step = steps.first()?;
    let named = found == Type::Array && step.as_string().is_some();
    (!found.has_members() || named).then(|| {
        let message = if named {
            "an array has no member of this name".to_owned()
        } else {
            format!("there is nothing inside {}", found.shown())
        };
        Fault::new("rego.type", step.span, message).with_help("check what the variable holds")
    })
}
