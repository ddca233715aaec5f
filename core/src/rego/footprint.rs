//! What a set of rules can read of `input` and of data that no rule makes: a tree of paths, sound and as small as it gets.
//!
//! Values are followed through variables, helper rules, functions and comprehensions. Where a value is only passed on, nothing
//! is read; where it is compared, printed or handed to a built-in function, all of it is.

mod flow;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::check::Set;

pub(crate) use flow::Outputs;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The member of this name.
    Member(Arc<str>),
    /// Any member or element.
    Any,
}

/// A path from a root document: `input` or `data` is the first member.
pub(crate) type Path = Vec<Step>;

/// The parts of documents that a set of rules can read.
///
/// A scalar on the way is read. An object or array is read as far as its own footprint goes; of one that is
/// [`whole`](Footprint::whole), everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Footprint {
    whole: bool,
    members: BTreeMap<Arc<str>, Footprint>,
    any: Option<Box<Footprint>>,
}

impl Footprint {
    /// The footprint of all rules of a set. `outputs` says which rules' values leave the set.
    pub(crate) fn of(set: &Set<'_>, outputs: Outputs<'_>) -> Self {
        flow::footprint(set, outputs)
    }

    /// What is read of a member. `None`: nothing.
    pub(crate) fn member(&self, name: &str) -> Option<Self> {
        if self.whole {
            return Some(self.clone());
        }
        let own = self.members.get(name);
        match (own, self.any.as_deref()) {
            (Some(own), Some(any)) => {
                let mut both = own.clone();
                both.merge(any);
                Some(both)
            }
            (own, any) => own.or(any).cloned(),
        }
    }

    /// All paths, `*` for any member, `**` where everything is read.
    pub(crate) fn paths(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut work = vec![(String::new(), self)];
        while let Some((path, node)) = work.pop() {
            if node.whole {
                found.insert(join(&path, "**"));
                continue;
            }
            if node.members.is_empty() && node.any.is_none() && !path.is_empty() {
                found.insert(path);
                continue;
            }
            for (name, inner) in &node.members {
                work.push((join(&path, name), inner));
            }
            if let Some(any) = &node.any {
                work.push((join(&path, "*"), any));
            }
        }
        found
    }

    fn node(&mut self, path: &[Step]) -> &mut Self {
        let mut node = self;
        for step in path {
            node = match step {
                Step::Member(name) => node.members.entry(name.clone()).or_default(),
                Step::Any => node.any.get_or_insert_default(),
            };
        }
        node
    }

    /// Something may ask whether the path is there.
    fn touch(&mut self, path: &[Step]) {
        self.node(path);
    }

    /// Something may look at everything at the path.
    fn read(&mut self, path: &[Step]) {
        self.node(path).whole = true;
    }

    fn merge(&mut self, other: &Self) {
        self.whole |= other.whole;
        for (name, inner) in &other.members {
            self.members.entry(name.clone()).or_default().merge(inner);
        }
        if let Some(any) = &other.any {
            self.any.get_or_insert_default().merge(any);
        }
    }

    /// How many places it has.
    fn size(&self) -> usize {
        let below = self.members.values().chain(self.any.as_deref());
        1 + usize::from(self.whole) + below.map(Self::size).sum::<usize>()
    }
}

fn join(path: &str, step: &str) -> String {
    if path.is_empty() {
        step.to_owned()
    } else {
        format!("{path}.{step}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::compile::tests::{Few, compiled};

    fn paths(rules: &str) -> Vec<String> {
        let compiled = compiled(&[&format!("package p\n{rules}")]);
        assert_eq!(compiled.errors, [], "{rules}");
        let set = Set::new(&compiled.modules, &Few);
        let output = |path: &[crate::rego::tree::Part]| path.len() == 2 && format!("{path:?}").contains("deny");
        let found = Footprint::of(&set, &output);
        found
            .member("input")
            .map(|input| input.paths())
            .into_iter()
            .flatten()
            .collect()
    }

    #[test]
    fn values_are_followed_through_variables_helpers_and_comprehensions() {
        assert_eq!(
            paths(
                "deny contains msg if {
                    some r in buckets
                    not r.tags.owner
                    msg := sprintf(\"%s\", [r.address])
                }
                buckets := of_type(\"bucket\")
                of_type(type) := [r | some r in input.plan.resources; r.type == type]"
            ),
            [
                "plan.resources.*.address.**",
                "plan.resources.*.tags.owner",
                "plan.resources.*.type.**"
            ]
        );
    }

    #[test]
    fn what_is_only_asked_for_is_not_read() {
        assert_eq!(paths("deny contains 1 if input.a.b"), ["a.b"]);
        assert_eq!(paths("deny contains 1 if input.a.b == 1"), ["a.b.**"]);
        assert_eq!(paths("deny contains 1 if count(input.a) > 1"), ["a.*"]);
        assert_eq!(paths("q := input.a\ndeny contains 1 if q.b == 2"), ["a.b.**"]);
    }

    #[test]
    fn what_leaves_is_read_in_full() {
        assert_eq!(paths("deny contains r if r := input.rs[_]"), ["rs.*.**"]);
        assert_eq!(paths("deny contains {\"r\": r} if r := input.rs[_]"), ["rs.*.**"]);
        assert_eq!(paths("deny contains x if walk(input.a, [_, x])"), ["a.**"]);
        assert_eq!(
            paths("deny contains x if { k := input.k; x := input.m[k].n }"),
            ["k.**", "m.*.n.**"]
        );
    }

    #[test]
    fn dynamic_paths_widen() {
        assert_eq!(paths("deny contains 1 if { x := input[_]; x.a == 1 }"), ["*.a.**"]);
        assert_eq!(paths("deny contains 1 if f(input)\nf(x) if upper(x)"), ["**"]);
    }
}
