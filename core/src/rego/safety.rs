//! Every variable gets a value: finds an order of a body's statements in which each has what it needs, as OPA does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fault::Fault;
use super::resolve::original;
use super::syntax::{Body, HeadKind, Literal, LiteralKind, Rule, Span, Term, TermKind};
use super::visit;

/// Names of variables that have values.
type Names = BTreeSet<Arc<str>>;

/// How many arguments a called function takes; `None` for unknown ones, which are reported elsewhere.
pub(crate) trait Arity {
    fn of(&self, call: &Term) -> Option<usize>;
}

/// Checks a rule and puts the statements of its bodies in an order in which they can run.
pub(crate) fn rule(rule: &mut Rule, arity: &dyn Arity, faults: &mut Vec<Fault>) {
    let mut safe = Names::new();
    if let HeadKind::Function(arguments, _) = &rule.head.kind {
        for argument in arguments {
            safe.extend(variables(argument).into_iter().map(|(name, _)| name));
        }
    }
    let mut checker = Checker { arity, faults };
    for otherwise in &mut rule.otherwise {
        let inside = checker.body(&mut otherwise.body, &safe);
        if let Some(value) = &otherwise.value {
            checker.head(value, &inside);
        }
    }
    let inside = checker.body(&mut rule.body, &safe);
    for step in rule.head.path.iter().skip(1) {
        checker.head(step, &inside);
    }
    match &rule.head.kind {
        HeadKind::Value(Some(value)) | HeadKind::Function(_, Some(value)) | HeadKind::Element(value) => {
            checker.head(value, &inside);
        }
        HeadKind::Value(None) | HeadKind::Function(_, None) => {}
    }
}

/// Checks a query, and returns the variables that it binds.
#[cfg(feature = "compliance")]
pub(crate) fn query(body: &mut Body, arity: &dyn Arity, faults: &mut Vec<Fault>) -> Names {
    Checker { arity, faults }.body(body, &Names::new())
}

struct Checker<'a> {
    arity: &'a dyn Arity,
    faults: &'a mut Vec<Fault>,
}

impl Checker<'_> {
    /// Orders a body; returns what is safe behind it.
    fn body(&mut self, body: &mut Body, outer: &Names) -> Names {
        let mentions = mentions(body);
        let bound_here = self.bound_anywhere(body, outer, &mentions);
        let mut safe = outer.clone();
        let mut waiting: Vec<Option<Literal>> = std::mem::take(body).into_iter().map(Some).collect();
        let mut queue: BTreeSet<usize> = (0..waiting.len()).collect();
        while let Some(next) = queue.pop_first() {
            let Some(slot) = waiting.get_mut(next) else { continue };
            let Some(literal) = slot else { continue };
            let binds = self.outputs(literal, &safe);
            if !missing(literal, &safe, &binds, &bound_here).is_empty() {
                continue;
            }
            let Some(mut literal) = slot.take() else { continue };
            for name in &binds {
                queue.extend(mentions.get(name).into_iter().flatten());
            }
            safe.extend(binds);
            self.closures(&mut literal, &safe);
            body.push(literal);
        }
        let stuck: Vec<Literal> = waiting.into_iter().flatten().collect();
        self.report(&stuck, &safe, &bound_here);
        for literal in &stuck {
            // What is reported once is not reported again where it is used.
            safe.extend(outer_variables(literal).into_iter().map(|(name, _)| name));
        }
        body.extend(stuck);
        safe
    }

    /// The variables that some statement of the body can bind when all others have run.
    fn bound_anywhere(&self, body: &Body, outer: &Names, mentions: &Mentions) -> Names {
        let mut all = outer.clone();
        let mut queue: BTreeSet<usize> = (0..body.len()).collect();
        while let Some(literal) = queue.pop_first().and_then(|next| body.get(next)) {
            let binds = self.outputs(literal, &all);
            for name in &binds {
                queue.extend(mentions.get(name).into_iter().flatten());
            }
            all.extend(binds);
        }
        all
    }

    fn report(&mut self, stuck: &[Literal], safe: &Names, bound_here: &Names) {
        let assigned = self.assigned_by(stuck);
        let mut reported = Names::new();
        for only_roots in [true, false] {
            for literal in stuck {
                let binds = self.outputs(literal, safe);
                for (name, span) in missing(literal, safe, &binds, bound_here) {
                    let root = !bound_here.contains(&name) && !assigned.contains(&name);
                    if (root || !only_roots) && reported.insert(name.clone()) {
                        self.unsafe_variable(&name, span);
                    }
                }
            }
            if !reported.is_empty() {
                return;
            }
        }
    }

    /// The variables that statements which are stuck themselves would bind.
    fn assigned_by(&self, stuck: &[Literal]) -> Names {
        let mut assigned = Names::new();
        for literal in stuck {
            let declared = match &literal.kind {
                LiteralKind::Assign(left, _) | LiteralKind::Operand(left, _) => vec![left],
                LiteralKind::SomeIn(membership) => {
                    let key = membership.key.as_deref();
                    key.into_iter().chain([&*membership.value]).collect()
                }
                _ => continue,
            };
            for (name, _) in declared.into_iter().flat_map(variables) {
                let mut others: Names = outer_variables(literal).into_iter().map(|(name, _)| name).collect();
                others.remove(&name);
                if self.outputs(literal, &others).contains(&name) {
                    assigned.insert(name);
                }
            }
        }
        assigned
    }

    fn unsafe_variable(&mut self, name: &str, span: Span) {
        let shown = original(name);
        let fault = Fault::new(
            "rego.unsafe_var",
            span,
            format!("the variable `{shown}` is unsafe: nothing gives it a value here"),
        );
        self.faults.push(fault.with_help(if shown == "_" {
            "`_` cannot stand behind `not` or as an argument; use a helper rule".to_owned()
        } else {
            format!("assign it with `{shown} := …` or iterate with `some {shown} in …`; check the spelling if it should be a rule")
        }));
    }

    /// Terms of a head, where the body has run. References there bind too.
    fn head(&mut self, term: &Term, safe: &Names) {
        let literal = Literal {
            span: term.span,
            kind: LiteralKind::Term(term.clone()),
            with: Vec::new(),
        };
        self.body(&mut vec![literal], safe);
    }

    /// Checks and orders the bodies inside a statement.
    fn closures(&mut self, literal: &mut Literal, safe: &Names) {
        if let LiteralKind::Every(membership, body) = &mut literal.kind {
            let mut inside = safe.clone();
            let names = membership.key.as_deref().into_iter().chain([&*membership.value]);
            inside.extend(names.filter_map(|name| name.as_var().cloned()));
            self.body(body, &inside);
        }
        let mut terms = Vec::new();
        visit::literal_terms_mut(literal, &mut |term| terms.push(term));
        for term in terms {
            self.closures_of(term, safe);
        }
    }

    fn closures_of(&mut self, term: &mut Term, safe: &Names) {
        match &mut term.kind {
            TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => {
                let inside = self.body(body, safe);
                self.closure_head(head, &inside);
            }
            TermKind::ObjectComprehension(head, body) => {
                let inside = self.body(body, safe);
                self.closure_head(&mut head.0, &inside);
                self.closure_head(&mut head.1, &inside);
            }
            _ => {
                let mut terms = Vec::new();
                visit::term_terms_mut(term, &mut |term| terms.push(term));
                for term in terms {
                    self.closures_of(term, safe);
                }
            }
        }
    }

    fn closure_head(&mut self, head: &mut Term, safe: &Names) {
        self.head(head, safe);
        self.closures_of(head, safe);
    }

    /// The variables that a statement binds when these are safe.
    fn outputs(&self, literal: &Literal, safe: &Names) -> Names {
        match &literal.kind {
            LiteralKind::Not(_) => return Names::new(),
            LiteralKind::Operand(name, term) => {
                let mut known = Known::new(safe);
                if let Some(name) = name.as_var()
                    && is_safe(term, &known)
                {
                    known.insert(name);
                }
                return known.new;
            }
            _ => {}
        }
        let mut known = Known::new(safe);
        loop {
            let before = known.new.len();
            for term in terms_outside_closures(literal) {
                bind_by_reference(term, &mut known);
                if let TermKind::Call(_, arguments) = &term.kind
                    && self.arity.of(term).is_some_and(|arity| arguments.len() == arity + 1)
                    && let Some((output, inputs)) = arguments.split_last()
                    && inputs.iter().all(|input| is_safe(input, &known))
                {
                    bind_pattern(output, &mut known);
                }
            }
            match &literal.kind {
                LiteralKind::Assign(left, right) | LiteralKind::Unify(left, right) => unify(left, right, &mut known),
                LiteralKind::SomeIn(membership) if is_safe(&membership.domain, &known) => {
                    for pattern in membership.key.as_deref().into_iter().chain([&*membership.value]) {
                        bind_pattern(pattern, &mut known);
                    }
                }
                _ => {}
            }
            if known.new.len() == before {
                return known.new;
            }
        }
    }
}

/// Which statements of a body a variable stands in.
type Mentions = BTreeMap<Arc<str>, Vec<usize>>;

fn mentions(body: &Body) -> Mentions {
    let mut mentions = Mentions::new();
    for (at, literal) in body.iter().enumerate() {
        let variables = outer_variables(literal).into_iter().chain(closure_variables(literal));
        for (name, _) in variables {
            mentions.entry(name).or_default().push(at);
        }
    }
    mentions
}

/// Variables that have values: those from before, and those that a statement binds.
struct Known<'a> {
    safe: &'a Names,
    new: Names,
}

impl<'a> Known<'a> {
    fn new(safe: &'a Names) -> Self {
        Self {
            safe,
            new: Names::new(),
        }
    }

    fn contains(&self, name: &Arc<str>) -> bool {
        self.safe.contains(name) || self.new.contains(name)
    }

    fn insert(&mut self, name: &Arc<str>) {
        if !self.safe.contains(name) {
            self.new.insert(name.clone());
        }
    }
}

/// The variables that a statement needs and does not have.
fn missing(literal: &Literal, safe: &Names, binds: &Names, bound_here: &Names) -> Vec<(Arc<str>, Span)> {
    let has = |name: &Arc<str>| safe.contains(name) || binds.contains(name);
    let mut missing: Vec<_> = outer_variables(literal)
        .into_iter()
        .filter(|(name, _)| !has(name))
        .collect();
    // A closure sees a variable of the body around it only when that has a value already.
    missing.extend(
        closure_variables(literal)
            .into_iter()
            .filter(|(name, _)| bound_here.contains(name) && !has(name)),
    );
    missing
}

/// Variables of a statement outside its comprehensions and bodies.
fn outer_variables(literal: &Literal) -> Vec<(Arc<str>, Span)> {
    let mut found = Vec::new();
    for term in terms_outside_closures(literal) {
        if let TermKind::Var(name) = &term.kind
            && !matches!(&**name, "input" | "data")
        {
            found.push((name.clone(), term.span));
        }
    }
    if let LiteralKind::Every(membership, _) = &literal.kind {
        let names = membership.key.as_deref().into_iter().chain([&*membership.value]);
        let own: Vec<_> = names.filter_map(Term::as_var).collect();
        found.retain(|(name, _)| !own.contains(&name));
    }
    found
}

/// Variables inside the comprehensions and bodies of a statement.
fn closure_variables(literal: &Literal) -> Vec<(Arc<str>, Span)> {
    let mut found = Vec::new();
    let mut see = |term: &Term| {
        if let TermKind::Var(name) = &term.kind {
            found.push((name.clone(), term.span));
        }
    };
    if let LiteralKind::Every(_, body) = &literal.kind {
        visit::terms_of_body(body, &mut see);
    }
    for term in terms_outside_closures(literal) {
        if is_closure(term) {
            visit::terms_of_term(term, &mut see);
        }
    }
    found
}

fn is_closure(term: &Term) -> bool {
    matches!(
        term.kind,
        TermKind::ArrayComprehension(..) | TermKind::SetComprehension(..) | TermKind::ObjectComprehension(..)
    )
}

/// The variables in a term, closures aside.
fn variables(term: &Term) -> Vec<(Arc<str>, Span)> {
    let mut found = Vec::new();
    outside_closures(term, &mut |term| {
        if let TermKind::Var(name) = &term.kind
            && !matches!(&**name, "input" | "data")
        {
            found.push((name.clone(), term.span));
        }
    });
    found
}

fn is_safe(term: &Term, known: &Known<'_>) -> bool {
    variables(term).iter().all(|(name, _)| known.contains(name))
}

/// All terms of a statement; comprehensions are seen, not entered. Function names and targets of `with` are not variables.
fn terms_outside_closures(literal: &Literal) -> Vec<&Term> {
    let mut found = Vec::new();
    visit::literal_kind(
        &literal.kind,
        &mut |term| outside_closures(term, &mut |term| found.push(term)),
        &mut |_| {},
    );
    for with in &literal.with {
        outside_closures(&with.value, &mut |term| found.push(term));
    }
    found
}

fn outside_closures<'a>(term: &'a Term, see: &mut dyn FnMut(&'a Term)) {
    see(term);
    if is_closure(term) {
        return;
    }
    if let TermKind::Call(function, arguments) = &term.kind {
        if let TermKind::Ref(_, steps) = &function.kind {
            for step in steps {
                outside_closures(step, see);
            }
        }
        for argument in arguments {
            outside_closures(argument, see);
        }
        return;
    }
    visit::term(term, &mut |inner| outside_closures(inner, see), &mut |_| {});
}

/// A reference into something known binds the variables it is indexed by.
fn bind_by_reference(term: &Term, known: &mut Known<'_>) {
    if let TermKind::Ref(head, steps) = &term.kind
        && is_safe(head, known)
    {
        for step in steps {
            bind_pattern(step, known);
        }
    }
}

/// A pattern binds its variables: plain ones and those in arrays and objects.
fn bind_pattern(term: &Term, known: &mut Known<'_>) {
    match &term.kind {
        TermKind::Var(name) if matches!(&**name, "input" | "data") => {}
        TermKind::Var(name) => {
            known.insert(name);
        }
        TermKind::Array(items) => items.iter().for_each(|item| bind_pattern(item, known)),
        TermKind::Object(members) => members.iter().for_each(|(_, value)| bind_pattern(value, known)),
        _ => {}
    }
}

fn unify(left: &Term, right: &Term, known: &mut Known<'_>) {
    match (&left.kind, &right.kind) {
        (TermKind::Array(left), TermKind::Array(right)) => {
            for (left, right) in left.iter().zip(right) {
                unify(left, right, known);
            }
        }
        (TermKind::Object(left), TermKind::Object(right)) => {
            for (key, value) in left {
                let same = right.iter().find(|(other, _)| same_scalar(key, other));
                if let Some((_, other)) = same {
                    unify(value, other, known);
                }
            }
        }
        _ => {
            if is_safe(right, known) {
                bind_pattern(left, known);
            }
            if is_safe(left, known) {
                bind_pattern(right, known);
            }
        }
    }
}

fn same_scalar(left: &Term, right: &Term) -> bool {
    match (&left.kind, &right.kind) {
        (TermKind::String(left), TermKind::String(right)) | (TermKind::Number(left), TermKind::Number(right)) => {
            left == right
        }
        (TermKind::Bool(left), TermKind::Bool(right)) => left == right,
        (TermKind::Null, TermKind::Null) => true,
        (TermKind::Var(left), TermKind::Var(right)) => left == right,
        _ => false,
    }
}
