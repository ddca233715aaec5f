//! Which parts of documents flow where: repeated over all rules until nothing changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::rego::check::Set;
use crate::rego::syntax::{
    Body, HeadKind, Literal, LiteralKind, Membership, Part, Rule, Term, TermKind, With, is_wildcard,
};
use crate::rego::tree::{Part as PathPart, RuleId, data_path};
use crate::rego::visit;

use super::{Footprint, Path, Step};

/// Says of a rule, by its path below `data`, whether its value leaves the set.
pub(crate) type Outputs<'a> = &'a dyn Fn(&[PathPart]) -> bool;

/// Longer paths, and deeper composites, are taken as read.
const MAX_STEPS: usize = 16;
const MAX_LAYERS: usize = 4;
/// After so many rounds everything is taken as read. Real sets need fewer than ten.
const MAX_ROUNDS: usize = 64;

/// What a value may be: parts of documents, or a composite with such parts in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Flow {
    paths: BTreeSet<Path>,
    /// What its members may be, if a rule has built it.
    inside: Option<Box<Flow>>,
}

impl Flow {
    fn path(path: Path) -> Self {
        Self {
            paths: BTreeSet::from([path]),
            inside: None,
        }
    }

    fn layers(&self) -> usize {
        self.inside.as_ref().map_or(0, |inside| 1 + inside.layers())
    }

    fn merge(&mut self, other: Self) {
        self.paths.extend(other.paths);
        if let Some(inside) = other.inside {
            self.inside.get_or_insert_default().merge(*inside);
        }
    }
}

pub(super) fn footprint(set: &Set<'_>, outputs: Outputs<'_>) -> Footprint {
    let mut analysis = Analysis {
        set,
        found: Footprint::default(),
        variables: BTreeMap::new(),
        values: BTreeMap::new(),
        rule: RuleId { module: 0, rule: 0 },
    };
    for _ in 0..MAX_ROUNDS {
        let before = analysis.progress();
        for (module, parsed) in set.modules.iter().enumerate() {
            for (rule, parsed) in parsed.rules.iter().enumerate() {
                analysis.rule = RuleId { module, rule };
                analysis.rule(parsed, outputs(&set.path_of(analysis.rule)));
            }
        }
        if analysis.progress() == before {
            return analysis.found;
        }
    }
    let mut everything = Footprint::default();
    everything.read(&[]);
    everything
}

struct Analysis<'a> {
    set: &'a Set<'a>,
    found: Footprint,
    /// What the variables of each rule may be. Arguments gather what all calls pass.
    variables: BTreeMap<(RuleId, Arc<str>), Flow>,
    /// What the rules' values may be, the members where a rule makes an object or set.
    values: BTreeMap<RuleId, Flow>,
    rule: RuleId,
}

impl Analysis<'_> {
    /// Grows with everything that is found out.
    fn progress(&self) -> (usize, usize) {
        let flows = self.variables.values().chain(self.values.values());
        (self.found.size(), flows.map(weight).sum())
    }

    fn rule(&mut self, rule: &Rule, is_output: bool) {
        self.body(&rule.body);
        for otherwise in &rule.otherwise {
            self.body(&otherwise.body);
        }
        let mut flow = Flow::default();
        match &rule.head.kind {
            HeadKind::Value(value) => {
                if let Some(value) = value {
                    flow.merge(self.term(value));
                }
            }
            HeadKind::Element(key) => {
                // Equal elements of a set are one: which are equal is seen by comparing them.
                let key = self.term(key);
                self.read(&key);
                flow.merge(self.inside(key));
            }
            HeadKind::Function(arguments, value) => {
                for argument in arguments {
                    // A pattern with constants compares; what was passed is in its variables.
                    self.pattern(argument, Flow::default());
                }
                if let Some(value) = value {
                    flow.merge(self.term(value));
                }
            }
        }
        for otherwise in &rule.otherwise {
            if let Some(value) = &otherwise.value {
                flow.merge(self.term(value));
            }
        }
        for step in rule.head.path.iter().skip(1) {
            self.used(step);
        }
        // Where a rule can have several results, they are compared: different ones are an error.
        if is_output || !self.has_one_result(rule) {
            self.read(&flow);
        }
        self.values.entry(self.rule).or_default().merge(flow);
    }

    /// Whether the rule is the only one of its path and iterates over nothing, closures aside.
    fn has_one_result(&self, rule: &Rule) -> bool {
        let alone = self
            .set
            .tree
            .find(&self.set.path_of(self.rule))
            .is_some_and(|node| node.rules.len() == 1);
        let mut terms: Vec<&Term> = Vec::new();
        match &rule.head.kind {
            HeadKind::Value(value) | HeadKind::Function(_, value) => terms.extend(value),
            HeadKind::Element(_) => return false,
        }
        terms.extend(rule.otherwise.iter().filter_map(|otherwise| otherwise.value.as_ref()));
        let bodies = std::iter::once(&rule.body).chain(rule.otherwise.iter().map(|otherwise| &otherwise.body));
        for literal in bodies.flatten() {
            if matches!(literal.kind, LiteralKind::SomeIn(_)) {
                return false;
            }
            visit::literal(literal, &mut |term| terms.push(term), &mut |_| {});
        }
        while let Some(term) = terms.pop() {
            let iterates = match &term.kind {
                TermKind::Ref(_, steps) => steps.iter().any(|step| step.as_string().is_none()),
                TermKind::Call(function, _) => function.as_var().is_some_and(|name| &**name == "walk"),
                _ => false,
            };
            if iterates {
                return false;
            }
            visit::term(term, &mut |inner| terms.push(inner), &mut |_| {});
        }
        alone && rule.head.path.iter().skip(1).all(|step| step.as_string().is_some())
    }

    fn body(&mut self, body: &Body) {
        for literal in body {
            self.literal(literal);
        }
    }

    fn literal(&mut self, literal: &Literal) {
        self.withs(&literal.with);
        self.literal_kind(&literal.kind);
    }

    fn withs(&mut self, withs: &[With]) {
        for with in withs {
            // A function in the place of another may be called with anything.
            if self.set.arity_of(&with.value).is_some() {
                self.read(&Flow::path(vec![Step::Member("input".into())]));
            } else {
                self.used(&with.value);
            }
        }
    }

    fn literal_kind(&mut self, kind: &LiteralKind) {
        match kind {
            LiteralKind::Term(term) => {
                if let TermKind::Call(function, arguments) = &term.kind
                    && self.set.arity_of(function).is_some_and(|arity| arguments.len() > arity)
                    && let Some((output, inputs)) = arguments.split_last()
                {
                    let result = self.call(function, inputs);
                    self.pattern(output, result);
                    return;
                }
                let flow = self.term(term);
                self.touched(&flow);
            }
            LiteralKind::Not(inner) => self.literal_kind(inner),
            LiteralKind::Assign(left, right) | LiteralKind::Operand(left, right) => {
                let right = self.term(right);
                self.pattern(left, right);
            }
            LiteralKind::Unify(left, right) => {
                let from_left = self.term(left);
                let from_right = self.term(right);
                // Which side is known first is not followed: each gets what the other has, and both may be compared.
                let binds = |term: &Term| matches!(&term.kind, TermKind::Var(name) if is_wildcard(name));
                if !binds(left) && !binds(right) {
                    let simple = self.binds_once(left) || self.binds_once(right);
                    if !simple {
                        self.read(&from_left);
                        self.read(&from_right);
                    }
                }
                self.touched(&from_left);
                self.touched(&from_right);
                self.pattern(left, from_right);
                self.pattern(right, from_left);
            }
            LiteralKind::Some(_) => {}
            LiteralKind::SomeIn(membership) => self.iteration(membership),
            LiteralKind::Every(membership, body) => {
                self.iteration(membership);
                self.body(body);
            }
        }
    }

    /// Whether the term is a variable that stands in no other equation of the rule, so that this one gives it its value.
    fn binds_once(&self, term: &Term) -> bool {
        let (Some(name), Some(rule)) = (term.as_var(), self.set.rule(self.rule)) else {
            return false;
        };
        let mut equations = 0;
        visit::literals_of_rule(rule, &mut |literal| {
            let mut sides = Vec::new();
            match &literal.kind {
                LiteralKind::Unify(left, right) => sides.extend([left, right]),
                LiteralKind::Assign(left, _) => sides.push(left),
                LiteralKind::SomeIn(membership) => {
                    sides.extend(membership.key.as_deref());
                    sides.push(&membership.value);
                }
                LiteralKind::Term(term) => {
                    if let TermKind::Call(_, arguments) = &term.kind {
                        sides.extend(arguments);
                    }
                }
                _ => {}
            }
            for side in sides {
                visit::terms_of_term(side, &mut |term| equations += usize::from(term.as_var() == Some(name)));
            }
        });
        let argument = matches!(&rule.head.kind, HeadKind::Function(arguments, _) if arguments.iter().any(|argument| {
            let mut found = false;
            visit::terms_of_term(argument, &mut |term| found |= term.as_var() == Some(name));
            found
        }));
        let mut index = false;
        visit::terms_of_rule(rule, &mut |term| {
            if let TermKind::Ref(_, steps) = &term.kind {
                index |= steps.iter().any(|step| step.as_var() == Some(name));
            }
        });
        equations == 1 && !argument && !index
    }

    fn iteration(&mut self, membership: &Membership) {
        let domain = self.term(&membership.domain);
        let element = self.step(&domain, &Step::Any);
        self.touched(&element);
        if let Some(key) = &membership.key {
            self.pattern(key, Flow::default());
        }
        self.pattern(&membership.value, element);
    }

    /// Gives a pattern's variables what the value has in their places.
    fn pattern(&mut self, pattern: &Term, value: Flow) {
        match &pattern.kind {
            TermKind::Var(name) if is_wildcard(name) => self.touched(&value),
            TermKind::Var(name) => {
                self.touched(&value);
                let variable = (self.rule, name.clone());
                self.variables.entry(variable).or_default().merge(value);
            }
            TermKind::Array(items) => {
                let element = self.step(&value, &Step::Any);
                self.touched(&element);
                for item in items {
                    self.pattern(item, element.clone());
                }
            }
            TermKind::Object(members) => {
                // A pattern fits only an object with just these members.
                let all = self.step(&value, &Step::Any);
                self.touched(&all);
                for (key, item) in members {
                    let step = key.as_string().map_or(Step::Any, |name| Step::Member(name.clone()));
                    self.used(key);
                    let member = self.step(&value, &step);
                    self.pattern(item, member);
                }
            }
            _ => {
                self.read(&value);
                self.used(pattern);
            }
        }
    }

    /// What a term may be. Everything that is looked at on the way is recorded.
    fn term(&mut self, term: &Term) -> Flow {
        match &term.kind {
            TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) => Flow::default(),
            TermKind::Var(name) if matches!(&**name, "input" | "data") => Flow::path(vec![Step::Member(name.clone())]),
            TermKind::Var(name) => self
                .variables
                .get(&(self.rule, name.clone()))
                .cloned()
                .unwrap_or_default(),
            TermKind::Ref(head, steps) => self.reference(term, head, steps),
            TermKind::Array(items) | TermKind::Set(items) => {
                let mut members = Flow::default();
                for item in items {
                    members.merge(self.term(item));
                }
                self.inside(members)
            }
            TermKind::Object(pairs) => {
                let mut members = Flow::default();
                for (key, value) in pairs {
                    self.used(key);
                    members.merge(self.term(value));
                }
                self.inside(members)
            }
            TermKind::ArrayComprehension(head, body) => {
                self.body(body);
                let head = self.term(head);
                self.inside(head)
            }
            TermKind::SetComprehension(head, body) => {
                self.body(body);
                let head = self.term(head);
                self.read(&head);
                self.inside(head)
            }
            TermKind::ObjectComprehension(head, body) => {
                self.body(body);
                self.used(&head.0);
                let value = self.term(&head.1);
                self.read(&value);
                self.inside(value)
            }
            TermKind::Call(function, arguments) => self.call(function, arguments),
            TermKind::Infix(_, operands) => {
                self.used(&operands.0);
                self.used(&operands.1);
                Flow::default()
            }
            TermKind::In(membership) => {
                self.used(&membership.value);
                self.used(&membership.domain);
                if let Some(key) = &membership.key {
                    self.used(key);
                }
                Flow::default()
            }
            TermKind::Template(parts) => {
                for part in parts {
                    if let Part::Term(term, with) = part {
                        self.withs(with);
                        self.used(term);
                    }
                }
                Flow::default()
            }
        }
    }

    fn reference(&mut self, term: &Term, head: &Term, steps: &[Term]) -> Flow {
        for step in steps {
            if step.as_var().is_none_or(|name| !is_wildcard(name)) {
                self.used(step);
            }
        }
        let mut flow = match data_path(term) {
            Some(path) => self.rules(&path),
            None => Flow::default(),
        };
        let mut here = self.term(head);
        for step in steps {
            let step = step.as_string().map_or(Step::Any, |name| Step::Member(name.clone()));
            here = self.step(&here, &step);
        }
        flow.merge(here);
        self.touched(&flow);
        flow
    }

    /// What a reference below `data` gets from rules.
    fn rules(&mut self, path: &[PathPart]) -> Flow {
        let mut flow = Flow::default();
        for id in self.set.tree.read_by(path) {
            let rule_path = self.set.path_of(id);
            let mut value = self.values.get(&id).cloned().unwrap_or_default();
            if rule_path.len() > path.len() {
                // The rule is a part of what is referred to.
                for _ in path.len()..rule_path.len() {
                    value = self.inside(value);
                }
            } else {
                for part in path.iter().skip(rule_path.len()) {
                    let step = match part {
                        PathPart::Fixed(name) => Step::Member(name.clone()),
                        PathPart::Scalar(_) | PathPart::Any => Step::Any,
                    };
                    value = self.step(&value, &step);
                }
            }
            flow.merge(value);
        }
        flow
    }

    fn call(&mut self, function: &Term, arguments: &[Term]) -> Flow {
        let Some(path) = data_path(function) else {
            return self.builtin(function, arguments);
        };
        let flows: Vec<Flow> = arguments.iter().map(|argument| self.term(argument)).collect();
        let ids = self
            .set
            .tree
            .find(&path)
            .map(|node| node.rules.clone())
            .unwrap_or_default();
        let caller = self.rule;
        let mut result = Flow::default();
        for id in ids {
            let Some(rule) = self.set.rule(id) else { continue };
            if let HeadKind::Function(parameters, _) = &rule.head.kind {
                self.rule = id;
                for (parameter, flow) in parameters.iter().zip(&flows) {
                    self.pattern(parameter, flow.clone());
                }
                self.rule = caller;
            }
            result.merge(self.values.get(&id).cloned().unwrap_or_default());
        }
        result
    }

    fn builtin(&mut self, function: &Term, arguments: &[Term]) -> Flow {
        let name = function.as_path().map(|path| path.join("."));
        match (name.as_deref(), arguments) {
            (Some("object.get"), [object, key, default]) if key.as_string().is_some() => {
                let object = self.term(object);
                let step = key.as_string().map_or(Step::Any, |name| Step::Member(name.clone()));
                let mut found = self.step(&object, &step);
                found.merge(self.term(default));
                self.touched(&found);
                found
            }
            (Some("count"), [collection]) if is_input(collection) => {
                let collection = self.term(collection);
                let element = self.step(&collection, &Step::Any);
                self.touched(&element);
                Flow::default()
            }
            _ => {
                for argument in arguments {
                    self.used(argument);
                }
                Flow::default()
            }
        }
    }

    fn used(&mut self, term: &Term) {
        let flow = self.term(term);
        self.read(&flow);
    }

    /// The value may be looked at in full.
    fn read(&mut self, flow: &Flow) {
        for path in &flow.paths {
            self.found.read(path);
        }
        if let Some(inside) = &flow.inside {
            self.read(inside);
        }
    }

    /// Whether the value is there may be looked at.
    fn touched(&mut self, flow: &Flow) {
        for path in &flow.paths {
            self.found.touch(path);
        }
    }

    /// A composite with this in it.
    fn inside(&mut self, members: Flow) -> Flow {
        if members.layers() >= MAX_LAYERS {
            self.read(&members);
            return Flow::default();
        }
        Flow {
            paths: BTreeSet::new(),
            inside: Some(Box::new(members)),
        }
    }

    /// What a member of the value may be.
    fn step(&mut self, flow: &Flow, step: &Step) -> Flow {
        let mut inner = flow.inside.as_deref().cloned().unwrap_or_default();
        for path in &flow.paths {
            if path.len() >= MAX_STEPS {
                self.found.read(path);
                continue;
            }
            let mut longer = path.clone();
            longer.push(step.clone());
            inner.paths.insert(longer);
        }
        inner
    }
}

/// Whether the term is a part of the input. Of a set that a rule makes, the number of elements is seen by comparing them.
fn is_input(term: &Term) -> bool {
    matches!(&term.kind, TermKind::Ref(head, _) if head.as_var().is_some_and(|name| &**name == "input"))
}

fn weight(flow: &Flow) -> usize {
    let inside = flow.inside.as_deref().map_or(0, |inside| 1 + weight(inside));
    1 + flow.paths.len() + inside
}
