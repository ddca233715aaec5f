//! Walks over the syntax tree.

use std::sync::Arc;

use super::syntax::{Body, HeadKind, Literal, LiteralKind, Membership, Part, Rule, Term, TermKind, With};

/// The terms directly inside a literal, `with` included. Bodies of `every` are handed to `body`.
pub(crate) fn literal<'a>(literal: &'a Literal, term: &mut dyn FnMut(&'a Term), body: &mut dyn FnMut(&'a Body)) {
    literal_kind(&literal.kind, term, body);
    for With { target, value, .. } in &literal.with {
        term(target);
        term(value);
    }
}

/// The same for what a literal says.
pub(crate) fn literal_kind<'a>(kind: &'a LiteralKind, term: &mut dyn FnMut(&'a Term), body: &mut dyn FnMut(&'a Body)) {
    match kind {
        LiteralKind::Term(inner) => term(inner),
        LiteralKind::Not(inner) => literal_kind(inner, term, body),
        LiteralKind::Assign(left, right) | LiteralKind::Unify(left, right) | LiteralKind::Operand(left, right) => {
            term(left);
            term(right);
        }
        LiteralKind::Some(_) => {}
        LiteralKind::SomeIn(inner) => membership(inner, term),
        LiteralKind::Every(inner, inside) => {
            membership(inner, term);
            body(inside);
        }
    }
}

fn membership<'a>(membership: &'a Membership, term: &mut dyn FnMut(&'a Term)) {
    if let Some(key) = &membership.key {
        term(key);
    }
    term(&membership.value);
    term(&membership.domain);
}

/// The terms directly inside a term. Bodies of comprehensions are handed to `body`.
pub(crate) fn term<'a>(parent: &'a Term, term: &mut dyn FnMut(&'a Term), body: &mut dyn FnMut(&'a Body)) {
    match &parent.kind {
        TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Var(_) => {}
        TermKind::Ref(head, steps) | TermKind::Call(head, steps) => {
            term(head);
            steps.iter().for_each(term);
        }
        TermKind::Array(items) | TermKind::Set(items) => items.iter().for_each(term),
        TermKind::Object(members) => {
            for (key, value) in members {
                term(key);
                term(value);
            }
        }
        TermKind::ArrayComprehension(head, inside) | TermKind::SetComprehension(head, inside) => {
            body(inside);
            term(head);
        }
        TermKind::ObjectComprehension(head, inside) => {
            body(inside);
            term(&head.0);
            term(&head.1);
        }
        TermKind::Infix(_, operands) => {
            term(&operands.0);
            term(&operands.1);
        }
        TermKind::In(inner) => membership(inner, term),
        TermKind::Template(parts) => {
            for part in parts {
                if let Part::Term(inner, with) = part {
                    term(inner);
                    for With { target, value, .. } in with {
                        term(target);
                        term(value);
                    }
                }
            }
        }
    }
}

/// Every term of a body, at any depth, the outer before the inner.
pub(crate) fn terms_of_body<'a>(body: &'a Body, see: &mut dyn FnMut(&'a Term)) {
    let mut work: Vec<Work<'a>> = body.iter().map(Work::Literal).collect();
    run(&mut work, see);
}

/// Every term inside a term and the term itself.
pub(crate) fn terms_of_term<'a>(term: &'a Term, see: &mut dyn FnMut(&'a Term)) {
    run(&mut vec![Work::Term(term)], see);
}

/// Every term of a rule: path, head and bodies.
pub(crate) fn terms_of_rule<'a>(rule: &'a Rule, see: &mut dyn FnMut(&'a Term)) {
    let mut work: Vec<Work<'a>> = rule.head.path.iter().skip(1).map(Work::Term).collect();
    match &rule.head.kind {
        HeadKind::Value(value) => work.extend(value.iter().map(Work::Term)),
        HeadKind::Element(key) => work.push(Work::Term(key)),
        HeadKind::Function(arguments, value) => work.extend(arguments.iter().chain(value).map(Work::Term)),
    }
    let bodies = std::iter::once(&rule.body).chain(&rule.chained);
    work.extend(bodies.flatten().map(Work::Literal));
    for otherwise in &rule.otherwise {
        work.extend(otherwise.value.iter().map(Work::Term));
        work.extend(otherwise.body.iter().map(Work::Literal));
    }
    run(&mut work, see);
}

enum Work<'a> {
    Term(&'a Term),
    Literal(&'a Literal),
}

fn run<'a>(work: &mut Vec<Work<'a>>, see: &mut dyn FnMut(&'a Term)) {
    while let Some(next) = work.pop() {
        let mut found = Vec::new();
        let mut bodies = Vec::new();
        match next {
            Work::Term(parent) => {
                see(parent);
                term(parent, &mut |inner| found.push(inner), &mut |body| bodies.push(body));
            }
            Work::Literal(parent) => literal(parent, &mut |inner| found.push(inner), &mut |body| bodies.push(body)),
        }
        work.extend(found.into_iter().map(Work::Term));
        work.extend(bodies.into_iter().flatten().map(Work::Literal));
    }
}

/// Every name in a rule, as often as it stands there.
pub(crate) fn names_of_rule(rule: &Rule, see: &mut dyn FnMut(&Arc<str>)) {
    terms_of_rule(rule, &mut |term| {
        if let TermKind::Var(name) = &term.kind {
            see(name);
        }
    });
    let bodies = std::iter::once(&rule.body)
        .chain(&rule.chained)
        .chain(rule.otherwise.iter().map(|otherwise| &otherwise.body));
    for body in bodies {
        declared_names(body, see);
    }
}

/// Every name in a body, as often as it stands there.
#[cfg(feature = "compliance")]
pub(crate) fn names_of_body(body: &Body, see: &mut dyn FnMut(&Arc<str>)) {
    terms_of_body(body, &mut |term| {
        if let TermKind::Var(name) = &term.kind {
            see(name);
        }
    });
    declared_names(body, see);
}

/// Names in `some` declarations directly in the body.
fn declared_names(body: &Body, see: &mut dyn FnMut(&Arc<str>)) {
    for literal in body {
        if let LiteralKind::Some(names) = &literal.kind {
            for name in names {
                see(&name.text);
            }
        }
    }
}

/// The terms directly inside a literal, to be changed. Bodies of `every` are left out.
pub(crate) fn literal_terms_mut<'a>(literal: &'a mut Literal, term: &mut dyn FnMut(&'a mut Term)) {
    kind_terms_mut(&mut literal.kind, term);
    for with in &mut literal.with {
        term(&mut with.value);
    }
}

fn kind_terms_mut<'a>(kind: &'a mut LiteralKind, term: &mut dyn FnMut(&'a mut Term)) {
    match kind {
        LiteralKind::Term(inner) => term(inner),
        LiteralKind::Not(inner) => kind_terms_mut(inner, term),
        LiteralKind::Assign(left, right) | LiteralKind::Unify(left, right) | LiteralKind::Operand(left, right) => {
            term(left);
            term(right);
        }
        LiteralKind::Some(_) => {}
        LiteralKind::SomeIn(inner) | LiteralKind::Every(inner, _) => membership_terms_mut(inner, term),
    }
}

fn membership_terms_mut<'a>(membership: &'a mut Membership, term: &mut dyn FnMut(&'a mut Term)) {
    if let Some(key) = &mut membership.key {
        term(key);
    }
    term(&mut membership.value);
    term(&mut membership.domain);
}

/// The terms directly inside a term, to be changed. Those of comprehensions are left out.
pub(crate) fn term_terms_mut<'a>(parent: &'a mut Term, term: &mut dyn FnMut(&'a mut Term)) {
    match &mut parent.kind {
        TermKind::Null
        | TermKind::Bool(_)
        | TermKind::Number(_)
        | TermKind::String(_)
        | TermKind::Var(_)
        | TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..) => {}
        TermKind::Ref(head, steps) | TermKind::Call(head, steps) => {
            term(head);
            steps.iter_mut().for_each(term);
        }
        TermKind::Array(items) | TermKind::Set(items) => items.iter_mut().for_each(term),
        TermKind::Object(members) => {
            for (key, value) in members {
                term(key);
                term(value);
            }
        }
        TermKind::Infix(_, operands) => {
            let (left, right) = &mut **operands;
            term(left);
            term(right);
        }
        TermKind::In(inner) => membership_terms_mut(inner, term),
        TermKind::Template(parts) => {
            for part in parts {
                if let Part::Term(inner, with) = part {
                    term(inner);
                    for with in with {
                        term(&mut with.value);
                    }
                }
            }
        }
    }
}

/// The terms of a rule that are statements of their own, at any depth. Only there a call may take a place for its result.
pub(crate) fn statements_of_rule<'a>(rule: &'a Rule, see: &mut dyn FnMut(&'a Term)) {
    let bodies = std::iter::once(&rule.body)
        .chain(&rule.chained)
        .chain(rule.otherwise.iter().map(|otherwise| &otherwise.body));
    for body in bodies {
        statements_of_body(body, see);
    }
    let mut heads: Vec<&'a Term> = Vec::new();
    match &rule.head.kind {
        HeadKind::Value(value) | HeadKind::Function(_, value) => heads.extend(value),
        HeadKind::Element(key) => heads.push(key),
    }
    heads.extend(rule.otherwise.iter().filter_map(|otherwise| otherwise.value.as_ref()));
    for head in heads {
        statements_of_term(head, see);
    }
}

fn statements_of_body<'a>(body: &'a Body, see: &mut dyn FnMut(&'a Term)) {
    for statement in body {
        match &statement.kind {
            LiteralKind::Term(term) => see(term),
            LiteralKind::Not(inner) => {
                if let LiteralKind::Term(term) = &**inner {
                    see(term);
                }
            }
            _ => {}
        }
        let mut terms = Vec::new();
        let mut bodies = Vec::new();
        literal(statement, &mut |term| terms.push(term), &mut |body| bodies.push(body));
        for body in bodies {
            statements_of_body(body, see);
        }
        for term in terms {
            statements_of_term(term, see);
        }
    }
}

fn statements_of_term<'a>(parent: &'a Term, see: &mut dyn FnMut(&'a Term)) {
    let mut terms = Vec::new();
    let mut bodies = Vec::new();
    term(parent, &mut |term| terms.push(term), &mut |body| bodies.push(body));
    for body in bodies {
        statements_of_body(body, see);
    }
    for term in terms {
        statements_of_term(term, see);
    }
}

/// Every `with` of a rule, at any depth.
pub(crate) fn withs_of_rule<'a>(rule: &'a Rule, see: &mut dyn FnMut(&'a With)) {
    terms_of_rule(rule, &mut |term| {
        if let TermKind::Template(parts) = &term.kind {
            for part in parts {
                if let Part::Term(_, with) = part {
                    with.iter().for_each(&mut *see);
                }
            }
        }
    });
    literals_of_rule(rule, &mut |literal| literal.with.iter().for_each(&mut *see));
}

/// Every body of a rule, those inside comprehensions and `every` included.
fn bodies_of_rule(rule: &Rule) -> Vec<&Body> {
    let outer = std::iter::once(&rule.body)
        .chain(&rule.chained)
        .chain(rule.otherwise.iter().map(|otherwise| &otherwise.body));
    let mut bodies: Vec<&Body> = outer.collect();
    terms_of_rule(rule, &mut |term| {
        if let TermKind::ArrayComprehension(_, body)
        | TermKind::SetComprehension(_, body)
        | TermKind::ObjectComprehension(_, body) = &term.kind
        {
            bodies.push(body);
        }
    });
    let mut at = 0;
    while let Some(body) = bodies.get(at).copied() {
        for literal in body {
            if let LiteralKind::Every(_, body) = &literal.kind {
                bodies.push(body);
            }
        }
        at += 1;
    }
    bodies
}

/// Every literal of a rule, at any depth.
pub(crate) fn literals_of_rule<'a>(rule: &'a Rule, see: &mut dyn FnMut(&'a Literal)) {
    for body in bodies_of_rule(rule) {
        body.iter().for_each(&mut *see);
    }
}
