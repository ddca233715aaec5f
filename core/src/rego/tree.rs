//! All rules of a set by path: what a reference can mean, which rules are in each other's way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::syntax::{Head, HeadKind, Rule, Term, TermKind};

/// One part of a path. A variable part can be anything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Fixed(Arc<str>),
    /// A fixed part that is no string, as JSON text: `p[1]`.
    Scalar(Arc<str>),
    Any,
}

impl Part {
    /// The name, if it is one.
    pub(crate) fn as_name(&self) -> Option<&str> {
        match self {
            Self::Fixed(name) => Some(name),
            Self::Scalar(_) | Self::Any => None,
        }
    }
}

/// A rule among all rules: which module, which rule of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RuleId {
    pub(crate) module: usize,
    pub(crate) rule: usize,
}

/// Rules by path below `data`.
#[derive(Debug, Default)]
pub(crate) struct RuleTree {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
pub(crate) struct Node {
    children: BTreeMap<Part, usize>,
    /// Rules whose path ends here.
    pub(crate) rules: Vec<RuleId>,
    /// Modules whose package this is.
    pub(crate) packages: Vec<usize>,
}

impl RuleTree {
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node::default()],
        }
    }

    /// Adds a package of a module.
    pub(crate) fn add_package(&mut self, package: &[Arc<str>], module: usize) {
        let path: Vec<Part> = package.iter().cloned().map(Part::Fixed).collect();
        let node = self.node_for(&path);
        if let Some(node) = self.nodes.get_mut(node) {
            node.packages.push(module);
        }
    }

    /// Adds a rule of a package.
    pub(crate) fn add_rule(&mut self, path: &[Part], id: RuleId) {
        let node = self.node_for(path);
        if let Some(node) = self.nodes.get_mut(node) {
            node.rules.push(id);
        }
    }

    fn node_for(&mut self, path: &[Part]) -> usize {
        let mut at = 0;
        for part in path {
            let next = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { return 0 };
            let child = *node.children.entry(part.clone()).or_insert(next);
            if child == next {
                self.nodes.push(Node::default());
            }
            at = child;
        }
        at
    }

    /// The node at exactly this path.
    pub(crate) fn find(&self, path: &[Part]) -> Option<&Node> {
        let mut at = self.nodes.first()?;
        for part in path {
            at = self.nodes.get(*at.children.get(part)?)?;
        }
        Some(at)
    }

    /// Whether only rules with names below this path are there: neither at the path itself nor with a variable right below.
    pub(crate) fn is_open(&self, path: &[Part]) -> bool {
        self.find(path).is_some_and(|node| {
            node.rules.is_empty() && node.children.keys().all(|part| matches!(part, Part::Fixed(_)))
        })
    }

    /// All nodes with rules, each with its path.
    pub(crate) fn ends(&self) -> Vec<(Vec<Part>, &Node)> {
        let mut found = Vec::new();
        let mut work = vec![(Vec::new(), 0)];
        while let Some((path, at)) = work.pop() {
            let Some(node) = self.nodes.get(at) else { continue };
            for (part, child) in node.children.iter().rev() {
                let mut longer = path.clone();
                longer.push(part.clone());
                work.push((longer, *child));
            }
            if !node.rules.is_empty() {
                found.push((path, node));
            }
        }
        found
    }

    /// All rules that a reference can read: those above it, at it and below it.
    pub(crate) fn read_by(&self, path: &[Part]) -> BTreeSet<RuleId> {
        let mut found = BTreeSet::new();
        let mut at: Vec<usize> = vec![0];
        for part in path {
            let mut next = Vec::new();
            for node in at.iter().filter_map(|at| self.nodes.get(*at)) {
                found.extend(&node.rules);
                match part {
                    Part::Any => next.extend(node.children.values()),
                    fixed => next.extend(
                        [fixed, &Part::Any]
                            .into_iter()
                            .filter_map(|part| node.children.get(part)),
                    ),
                }
            }
            at = next;
        }
        while let Some(next) = at.pop() {
            if let Some(node) = self.nodes.get(next) {
                found.extend(&node.rules);
                at.extend(node.children.values());
            }
        }
        found
    }
}

/// The path of a rule below `data`.
pub(crate) fn rule_path(package: &[Arc<str>], head: &Head) -> Vec<Part> {
    let package = package.iter().cloned().map(Part::Fixed);
    let name = head.path.first().and_then(Term::as_var).cloned().map(Part::Fixed);
    package.chain(name).chain(head.path.iter().skip(1).map(part)).collect()
}

/// The path of a reference below `data`, if that is where it points.
pub(crate) fn data_path(term: &Term) -> Option<Vec<Part>> {
    match &term.kind {
        TermKind::Var(name) if &**name == "data" => Some(Vec::new()),
        TermKind::Ref(head, steps) if head.as_var().is_some_and(|name| &**name == "data") => {
            Some(steps.iter().map(part).collect())
        }
        _ => None,
    }
}

fn part(step: &Term) -> Part {
    match &step.kind {
        TermKind::String(text) => Part::Fixed(text.clone()),
        TermKind::Number(digits) => Part::Scalar(digits.clone()),
        TermKind::Bool(value) => Part::Scalar(if *value { "true" } else { "false" }.into()),
        TermKind::Null => Part::Scalar("null".into()),
        _ => Part::Any,
    }
}

/// A path as policies write it.
pub(crate) fn shown(path: &[Part]) -> String {
    let mut out = "data".to_owned();
    for part in path {
        match part {
            Part::Fixed(name) => {
                out.push('.');
                out.push_str(name);
            }
            Part::Scalar(text) => {
                out.push('[');
                out.push_str(text);
                out.push(']');
            }
            Part::Any => out.push_str("[_]"),
        }
    }
    out
}

/// How many arguments a rule takes, if it is a function.
pub(crate) fn arity(rule: &Rule) -> Option<usize> {
    match &rule.head.kind {
        HeadKind::Function(arguments, _) => Some(arguments.len()),
        _ => None,
    }
}
