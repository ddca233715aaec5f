//! Checks over all rules of a set: conflicts and recursion here, calls, depth and types in the files below.

mod calls;
mod depth;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use super::builtin::Builtins;
use super::fault::Fault;
use super::safety::Arity;
use super::syntax::{HeadKind, Module, Rule, Span, Term, TermKind};
use super::tree::{Node, Part, RuleId, RuleTree, arity, data_path, rule_path, shown};
use super::visit;

/// A fault and the module that it is in.
pub(crate) type Found = (usize, Fault);

/// All rules of a set, resolved, and the functions that they can call.
pub(crate) struct Set<'a> {
    pub(crate) modules: &'a [Module],
    pub(crate) tree: RuleTree,
    pub(crate) builtins: &'a dyn Builtins,
}

impl std::fmt::Debug for Set<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Set")
            .field("modules", &self.modules)
            .finish_non_exhaustive()
    }
}

impl<'a> Set<'a> {
    pub(crate) fn new(modules: &'a [Module], builtins: &'a dyn Builtins) -> Self {
        let mut tree = RuleTree::new();
        for (at, module) in modules.iter().enumerate() {
            let package = module.package_path();
            tree.add_package(&package, at);
            for (rule, parsed) in module.rules.iter().enumerate() {
                tree.add_rule(&rule_path(&package, &parsed.head), RuleId { module: at, rule });
            }
        }
        Self {
            modules,
            tree,
            builtins,
        }
    }

    /// A rule of the set.
    pub(crate) fn rule(&self, id: RuleId) -> Option<&'a Rule> {
        self.modules.get(id.module)?.rules.get(id.rule)
    }

    /// Everything that is wrong with the set as a whole.
    pub(crate) fn check(&self) -> Vec<Found> {
        let mut found = self.conflicts();
        found.extend(self.calls());
        found.extend(self.types());
        found.extend(self.recursion());
        found
    }

    // Conflicts.

    fn conflicts(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (path, node) in self.tree.ends() {
            let rules: Vec<(RuleId, &Rule)> = node
                .rules
                .iter()
                .filter_map(|id| Some((*id, self.rule(*id)?)))
                .collect();
            let Some((_, first)) = rules.first() else { continue };
            let name = shown(&path);
            let different = rules.iter().find(|(_, rule)| kind(rule) != kind(first));
            if let Some((id, rule)) = different {
                found.push(conflict(
                    *id,
                    rule.head.span,
                    format!(
                        "the rules `{name}` conflict: one is {}, another {}",
                        described(first),
                        described(rule)
                    ),
                    "all rules of one name must be of one kind; rename one of them",
                ));
            }
            if let Some((id, rule)) = rules.iter().filter(|(_, rule)| rule.default).nth(1) {
                found.push(conflict(
                    *id,
                    rule.head.span,
                    format!("`{name}` has a second default"),
                    "keep one of them",
                ));
            }
            if let Some(module) = node.packages.first()
                && let Some(name_span) = self.modules.get(*module).and_then(|module| module.package.last())
            {
                found.push((
                    *module,
                    Fault::new(
                        "rego.type",
                        name_span.span,
                        format!("the package `{name}` has the path of a rule"),
                    )
                    .with_help("rename the package or the rule"),
                ));
            }
            found.extend(self.below(&path, node, &rules));
        }
        found
    }

    /// A rule with one value, or a set, has no room for rules below its path.
    fn below(&self, path: &[Part], node: &Node, rules: &[(RuleId, &Rule)]) -> Option<Found> {
        let closed = rules
            .iter()
            .find(|(_, rule)| matches!(rule.head.kind, HeadKind::Element(_)) || arity(rule).is_some());
        let open = rules
            .iter()
            .all(|(_, rule)| matches!(rule.head.kind, HeadKind::Value(_)));
        let below = self
            .tree
            .read_by(path)
            .into_iter()
            .filter_map(|id| Some((id, self.rule(id)?)))
            .find(|(id, rule)| {
                let longer = self.path_of(*id);
                let of_package = node.packages.contains(&id.module);
                let is_below = longer.len() > path.len() && longer.starts_with(path) && !of_package;
                is_below && (closed.is_some() || open && rule.head.path.iter().skip(1).all(is_fixed))
            });
        let (id, rule) = below?;
        if closed.is_none() && path.contains(&Part::Any) {
            return None;
        }
        Some(conflict(
            id,
            rule.head.span,
            format!(
                "the rule `{}` conflicts with `{}`, which is {}",
                shown(&self.path_of(id)),
                shown(path),
                rules.first().map_or("a value", |(_, rule)| described(rule))
            ),
            "rename one of them",
        ))
    }

    /// The path of a rule below `data`.
    pub(crate) fn path_of(&self, id: RuleId) -> Vec<Part> {
        let module = self.modules.get(id.module);
        module
            .zip(self.rule(id))
            .map(|(module, rule)| rule_path(&module.package_path(), &rule.head))
            .unwrap_or_default()
    }

    // Recursion.

    fn recursion(&self) -> Vec<Found> {
        let ids: Vec<RuleId> = self
            .modules
            .iter()
            .enumerate()
            .flat_map(|(module, parsed)| (0..parsed.rules.len()).map(move |rule| RuleId { module, rule }))
            .collect();
        let numbers: BTreeMap<RuleId, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let edges: Vec<Vec<usize>> = ids
            .iter()
            .map(|id| {
                self.dependencies(*id)
                    .iter()
                    .filter_map(|id| numbers.get(id).copied())
                    .collect()
            })
            .collect();
        let mut found = Vec::new();
        let mut told = BTreeSet::new();
        for cycle in cycles(&edges) {
            let names: Vec<String> = cycle
                .iter()
                .filter_map(|at| ids.get(*at))
                .map(|id| shown(&self.path_of(*id)))
                .collect();
            let Some((id, rule)) = cycle
                .first()
                .and_then(|at| ids.get(*at))
                .and_then(|id| Some((*id, self.rule(*id)?)))
            else {
                continue;
            };
            let mut shortened = names.clone();
            shortened.dedup();
            let first = shortened.first().cloned().unwrap_or_default();
            if !told.insert(shortened.iter().cloned().collect::<BTreeSet<_>>()) {
                continue;
            }
            shortened.push(first.clone());
            found.push((
                id.module,
                Fault::new(
                    "rego.recursion",
                    rule.head.span,
                    format!("`{first}` depends on itself: {}", shortened.join(" → ")),
                )
                .with_help("break the circle; for trees of unknown depth use `walk` or `graph.reachable`"),
            ));
        }
        if found.is_empty() {
            found.extend(self.too_deep(&ids, &edges));
        }
        found
    }

    /// The rules that a rule reads or calls.
    fn dependencies(&self, id: RuleId) -> BTreeSet<RuleId> {
        let mut found = BTreeSet::new();
        let Some(rule) = self.rule(id) else { return found };
        let mut seen = BTreeSet::new();
        visit::terms_of_rule(rule, &mut |term| {
            let Some(path) = data_path(term) else { return };
            // The head of a reference is a term of its own and says less.
            if !path.is_empty() && seen.insert(path.clone()) {
                found.extend(self.tree.read_by(&path));
            }
        });
        found
    }
}

impl Arity for Set<'_> {
    fn of(&self, call: &Term) -> Option<usize> {
        match &call.kind {
            TermKind::Call(function, _) => self.arity_of(function),
            _ => None,
        }
    }
}

fn conflict(id: RuleId, span: Span, message: String, help: &str) -> Found {
    (id.module, Fault::new("rego.type", span, message).with_help(help))
}

/// Rules of one path must agree in this: what they make, and functions in the number of arguments.
fn kind(rule: &Rule) -> (u8, usize) {
    match &rule.head.kind {
        HeadKind::Value(_) => (0, 0),
        HeadKind::Element(_) => (1, 0),
        HeadKind::Function(arguments, _) => (2, arguments.len()),
    }
}

fn described(rule: &Rule) -> &'static str {
    match &rule.head.kind {
        HeadKind::Value(_) => "a value",
        HeadKind::Element(_) => "a set",
        HeadKind::Function(..) => "a function",
    }
}

fn is_fixed(step: &Term) -> bool {
    matches!(
        step.kind,
        TermKind::String(_) | TermKind::Number(_) | TermKind::Bool(_) | TermKind::Null
    )
}

/// One circle of each strongly connected part of a graph (Tarjan's algorithm, without recursion).
fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NONE: usize = usize::MAX;
    let mut index = vec![NONE; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let mut stack = Vec::new();
    let mut count = 0;
    let mut found = Vec::new();
    let get = |list: &[usize], at: usize| list.get(at).copied().unwrap_or(NONE);
    for start in 0..edges.len() {
        if get(&index, start) != NONE {
            continue;
        }
        let mut work = vec![(start, 0)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                set(&mut index, node, count);
                set(&mut low, node, count);
                count += 1;
                stack.push(node);
                set(&mut on_stack, node, true);
            }
            if let Some(next) = edges.get(node).and_then(|edges| edges.get(edge)).copied() {
                work.push((node, edge + 1));
                if get(&index, next) == NONE {
                    work.push((next, 0));
                } else if on_stack.get(next).copied().unwrap_or(false) {
                    let lower = get(&low, node).min(get(&index, next));
                    set(&mut low, node, lower);
                }
                continue;
            }
            if let Some((parent, _)) = work.last() {
                let lower = get(&low, *parent).min(get(&low, node));
                set(&mut low, *parent, lower);
            }
            if get(&low, node) == get(&index, node) {
                let mut part = Vec::new();
                while let Some(member) = stack.pop() {
                    set(&mut on_stack, member, false);
                    part.push(member);
                    if member == node {
                        break;
                    }
                }
                let itself = edges.get(node).is_some_and(|edges| edges.contains(&node));
                if part.len() > 1 || itself {
                    found.push(circle(edges, &part.into_iter().collect()));
                }
            }
        }
    }
    found
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}

/// The shortest way from the first member of the part back to itself.
fn circle(edges: &[Vec<usize>], part: &BTreeSet<usize>) -> Vec<usize> {
    let Some(start) = part.first().copied() else {
        return Vec::new();
    };
    let mut from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for next in edges.get(node).into_iter().flatten().filter(|next| part.contains(next)) {
            if *next == start {
                let mut way = vec![node];
                while let Some(before) = way.last().and_then(|last| from.get(last)) {
                    way.push(*before);
                }
                way.reverse();
                return way;
            }
            if !from.contains_key(next) {
                from.insert(*next, node);
                queue.push_back(*next);
            }
        }
    }
    vec![start]
}
