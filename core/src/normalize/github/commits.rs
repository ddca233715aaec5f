//! Commits: reading them, putting them in order, and the trailers that name co-authors.

use std::collections::{BTreeMap, BTreeSet};

use super::super::cursor::Cursor;
use super::people::person_of;
use crate::error::Error;
use crate::input::{Commit, Signature};

/// A commit with what is needed to put it in its place among others, which may come in another payload.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CommitFacts {
    /// Its place in the list that it came in.
    pub(super) place: usize,
    pub(super) commit: Commit,
    pub(super) committer_email: Option<String>,
    parents: Vec<String>,
}

/// Reads a commit of the REST API. The dates in it are whatever the committer's clock was set to, so they are not read.
pub(super) fn commit(object: &Cursor<'_>, place: usize) -> Result<CommitFacts, Error> {
    let inner = object.required("commit")?;
    let email = |name: &str| inner.member(name)?.map_or(Ok(None), |who| who.text_of("email"));
    let message = inner.text_of("message")?.unwrap_or_default();
    let signature = inner
        .member("verification")?
        .map(|verification| {
            Ok::<_, Error>(Signature {
                verified: verification.flag_of("verified")?.unwrap_or(false),
                reason: verification.text_of("reason")?.unwrap_or_default(),
            })
        })
        .transpose()?;
    let parents = match object.member("parents")? {
        Some(parents) => parents
            .items()?
            .map(|parent| parent.required("sha")?.text().map(str::to_owned))
            .collect::<Result<_, Error>>()?,
        None => Vec::new(),
    };
    Ok(CommitFacts {
        place,
        committer_email: email("committer")?,
        parents,
        commit: Commit {
            sha: object.required("sha")?.text()?.to_owned(),
            author: person_of(object, "author")?,
            committer: person_of(object, "committer")?,
            author_email: email("author")?,
            co_authors: co_authors(&message),
            message,
            signature,
        },
    })
}

/// Mail addresses of `Co-authored-by: Name <address>` lines, sorted. GitHub reads them from the last paragraph only; one anywhere else
/// still claims that somebody had a hand in it.
fn co_authors(message: &str) -> Vec<String> {
    const TRAILER: &str = "co-authored-by:";
    let emails: BTreeSet<String> = message
        .lines()
        .map(str::trim)
        .filter(|line| {
            line.get(..TRAILER.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(TRAILER))
        })
        .filter_map(|line| Some(line.split_once('<')?.1.split_once('>')?.0.trim().to_owned()))
        .filter(|email| !email.is_empty())
        .collect();
    emails.into_iter().collect()
}

/// Parents before children; among those that are free to go first, the one that was listed first. No clock is asked.
pub(super) fn in_order(commits: &BTreeMap<String, CommitFacts>) -> Vec<Commit> {
    let mut children: BTreeMap<&str, Vec<&CommitFacts>> = BTreeMap::new();
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    let mut free = BTreeSet::new();
    for facts in commits.values() {
        let parents: BTreeSet<&str> = facts.parents.iter().map(String::as_str).collect();
        let known = parents.into_iter().filter(|parent| commits.contains_key(*parent));
        let mut waits_for = 0;
        for parent in known {
            children.entry(parent).or_default().push(facts);
            waits_for += 1;
        }
        if waits_for == 0 {
            free.insert((facts.place, facts.commit.sha.as_str()));
        }
        missing.insert(&facts.commit.sha, waits_for);
    }
    let mut ordered = Vec::with_capacity(commits.len());
    while let Some((_, sha)) = free.pop_first() {
        missing.remove(sha);
        ordered.extend(commits.get(sha).map(|facts| facts.commit.clone()));
        for child in children.remove(sha).unwrap_or_default() {
            if let Some(waits_for) = missing.get_mut(child.commit.sha.as_str()) {
                *waits_for -= 1;
                if *waits_for == 0 {
                    free.insert((child.place, child.commit.sha.as_str()));
                }
            }
        }
    }
    // What is left goes round in circles, which no repository does: shown rather than dropped.
    let left = missing.keys().filter_map(|sha| commits.get(*sha));
    ordered.extend(left.map(|facts| facts.commit.clone()));
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(commits: &[(&str, usize, &[&str])]) -> Vec<String> {
        let commits = commits
            .iter()
            .map(|(sha, place, parents)| {
                let facts = CommitFacts {
                    place: *place,
                    commit: Commit {
                        sha: (*sha).to_owned(),
                        ..Commit::default()
                    },
                    committer_email: None,
                    parents: parents.iter().map(|parent| (*parent).to_owned()).collect(),
                };
                ((*sha).to_owned(), facts)
            })
            .collect();
        in_order(&commits).into_iter().map(|commit| commit.sha).collect()
    }

    #[test]
    fn parents_come_before_children() {
        assert_eq!(
            ordered(&[("a", 0, &["b"]), ("b", 0, &["c"]), ("c", 1, &["base"])]),
            ["c", "b", "a"]
        );
        assert_eq!(
            ordered(&[("m", 0, &["x", "y"]), ("x", 2, &[]), ("y", 1, &[])]),
            ["y", "x", "m"]
        );
        assert_eq!(ordered(&[("a", 1, &[]), ("b", 0, &[])]), ["b", "a"]);
        assert_eq!(
            ordered(&[("a", 0, &["b"]), ("b", 1, &["a"]), ("c", 2, &["c"])]),
            ["a", "b", "c"]
        );
        assert_eq!(ordered(&[("a", 0, &["p", "p"]), ("p", 1, &[])]), ["p", "a"]);
    }

    #[test]
    fn trap_6_co_authors_are_read_from_trailers() {
        let message = "Add bucket\n\nCo-Authored-By: Ada <ada@example.com>\nco-authored-by: Eve<eve@example.com>\n\
                       Co-authored-by: nobody\nCo-authored-by: Ada <ada@example.com>\nSigned-off-by: Bob <bob@example.com>";
        assert_eq!(co_authors(message), ["ada@example.com", "eve@example.com"]);
        assert_eq!(co_authors("ünïcödé-bÿ: x"), [""; 0]);
    }
}
