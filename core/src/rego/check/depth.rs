//! How deep the evaluation of rules can go: where it would take more stack than there is, the set is refused.

use crate::limits::Limits;
use crate::rego::fault::Fault;
use crate::rego::syntax::{Body, HeadKind, Literal, Rule, Term};
use crate::rego::tree::{RuleId, shown};
use crate::rego::visit;

use super::{Found, Set};

impl Set<'_> {
    /// The first rule whose evaluation goes too deep. `edges` leads from each rule to those that it needs, and has no circles.
    pub(super) fn too_deep(&self, ids: &[RuleId], edges: &[Vec<usize>]) -> Option<Found> {
        let mut depths: Vec<Option<usize>> = vec![None; edges.len()];
        for start in 0..edges.len() {
            let mut work = vec![start];
            while let Some(at) = work.last().copied() {
                let needed = edges.get(at).into_iter().flatten();
                let depth_of = |at: &usize| depths.get(*at).copied().flatten();
                let before = work.len();
                work.extend(needed.clone().filter(|at| depth_of(at).is_none()));
                if work.len() > before {
                    continue;
                }
                work.pop();
                let id = *ids.get(at)?;
                let rule = self.rule(id)?;
                let depth = depth(rule) + needed.filter_map(depth_of).max().unwrap_or_default();
                if depth > Limits::EVALUATION_DEPTH {
                    let message = format!(
                        "evaluating `{}` goes more than {} statements and levels deep",
                        shown(&self.path_of(id)),
                        Limits::EVALUATION_DEPTH
                    );
                    let fault = Fault::new("rego.too_deep", rule.head.span, message)
                        .with_help("shorten the chain of rules and functions that need each other");
                    return Some((id.module, fault));
                }
                if let Some(slot) = depths.get_mut(at) {
                    *slot = Some(depth);
                }
            }
        }
        None
    }
}

enum Work<'a> {
    Term(&'a Term, usize),
    Literal(&'a Literal, usize),
}

/// The engine evaluates a statement inside the one before it, and a term inside the one around it.
fn depth(rule: &Rule) -> usize {
    let mut work: Vec<Work<'_>> = Vec::new();
    match &rule.head.kind {
        HeadKind::Value(value) => work.extend(value.iter().map(|term| Work::Term(term, rule.body.len() + 1))),
        HeadKind::Element(key) => work.push(Work::Term(key, rule.body.len() + 1)),
        HeadKind::Function(arguments, value) => {
            work.extend(arguments.iter().map(|term| Work::Term(term, 1)));
            work.extend(value.iter().map(|term| Work::Term(term, rule.body.len() + 1)));
        }
    }
    work.extend(statements(&rule.body, 1));
    for otherwise in &rule.otherwise {
        work.extend(
            otherwise
                .value
                .iter()
                .map(|term| Work::Term(term, otherwise.body.len() + 1)),
        );
        work.extend(statements(&otherwise.body, 1));
    }
    let mut deepest = 1;
    while let Some(next) = work.pop() {
        let mut found = Vec::new();
        let mut bodies = Vec::new();
        let level = match next {
            Work::Term(term, level) => {
                visit::term(term, &mut |inner| found.push(inner), &mut |body| bodies.push(body));
                level
            }
            Work::Literal(literal, level) => {
                visit::literal(literal, &mut |inner| found.push(inner), &mut |body| bodies.push(body));
                level
            }
        };
        deepest = deepest.max(level);
        // The head of a comprehension comes after all of its body.
        let inside = level + 1 + bodies.iter().map(|body| body.len()).max().unwrap_or_default();
        work.extend(found.into_iter().map(|term| Work::Term(term, inside)));
        work.extend(bodies.into_iter().flat_map(|body| statements(body, level + 1)));
    }
    deepest
}

fn statements(body: &Body, level: usize) -> impl Iterator<Item = Work<'_>> {
    body.iter()
        .enumerate()
        .map(move |(at, literal)| Work::Literal(literal, level + at))
}
