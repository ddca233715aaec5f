//! Reasons to distrust a plan, collected on the way and written once.

use std::collections::{BTreeMap, BTreeSet};

use crate::input::Doubt;

/// Doubts by code, each with what it is about: addresses and names of members, which are no secrets.
#[derive(Default)]
pub(super) struct Doubts(BTreeMap<&'static str, BTreeSet<String>>);

/// Subjects that a message names before it counts the rest.
const NAMED: usize = 3;

impl Doubts {
    /// A doubt about the whole plan.
    pub(super) fn raise(&mut self, code: &'static str) {
        self.0.entry(code).or_default();
    }

    /// A doubt about one resource or member.
    pub(super) fn raise_about(&mut self, code: &'static str, subject: impl Into<String>) {
        self.0.entry(code).or_default().insert(subject.into());
    }

    pub(super) fn has(&self, code: &str) -> bool {
        self.0.contains_key(code)
    }

    /// One doubt for each code, sorted by code.
    pub(super) fn into_list(self) -> Vec<Doubt> {
        self.0
            .into_iter()
            .map(|(code, subjects)| about(Doubt::usual(code), &subjects))
            .collect()
    }
}

/// The usual words, and whom they are about.
fn about(mut doubt: Doubt, subjects: &BTreeSet<String>) -> Doubt {
    if subjects.is_empty() {
        return doubt;
    }
    let named: Vec<String> = subjects
        .iter()
        .take(NAMED)
        .map(|subject| format!("`{subject}`"))
        .collect();
    let more = match subjects.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    doubt.message = format!("{}: {}{more}", doubt.message, named.join(", "));
    doubt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_doubt_a_code_names_a_few_and_counts_the_rest() {
        let mut doubts = Doubts::default();
        doubts.raise("errored");
        for name in ["d", "c", "b", "a", "a"] {
            doubts.raise_about("deferred", name);
        }
        let list = doubts.into_list();
        assert_eq!(
            list[0].message,
            "changes were deferred to a later plan: `a`, `b`, `c` and 1 more"
        );
        assert_eq!(list[1].code, "errored");
    }
}
