//! Reviews: reading them, and folding the list into the one opinion of each reviewer that stands.

use std::collections::{BTreeMap, BTreeSet};

use super::super::cursor::{Cursor, quote};
use super::people::{Accounts, Contributors, person_of};
use crate::error::Error;
use crate::input::{Origin, Person, PersonKind, Review, ReviewState, Tri};

/// One review as one payload has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ReviewFacts {
    pub(super) id: u64,
    pub(super) origin: Origin,
    submitted_at: Option<String>,
    state: ReviewState,
    raw_state: String,
    /// `None` for a deleted account.
    reviewer: Option<Person>,
    commit: Option<String>,
    association: Option<String>,
}

/// Reads a review: of a webhook, with its state in lower case, or of the REST API, in upper case.
pub(super) fn review(object: &Cursor<'_>, origin: Origin) -> Result<ReviewFacts, Error> {
    let reviewer = person_of(object, "user")?;
    if let Some(person) = &reviewer
        && let Some(user) = object.member("user")?
        && let Some(lacks) = [("id", &person.id), ("login", &person.login)]
            .iter()
            .find(|(_, part)| part.is_none())
    {
        return Err(user
            .error("change.shape", format!("a reviewer without the member `{}`", lacks.0))
            .with_help(
                "give GitHub's answer whole: logins are renamed and given to others, so reviewers are told apart by id",
            ));
    }
    let raw_state = object.required("state")?.text()?.to_owned();
    let state = match raw_state.to_ascii_lowercase().as_str() {
        "approved" => ReviewState::Approved,
        "changes_requested" => ReviewState::ChangesRequested,
        "commented" => ReviewState::Commented,
        "dismissed" => ReviewState::Dismissed,
        "pending" => ReviewState::Pending,
        _ => ReviewState::Unknown,
    };
    Ok(ReviewFacts {
        id: object.required("id")?.count()?,
        origin,
        submitted_at: object.time_of("submitted_at")?,
        state,
        raw_state,
        reviewer,
        commit: object.text_of("commit_id")?,
        association: object.text_of("author_association")?,
    })
}

/// The note about a state that is not known. It is kept as an opinion that is no approval.
pub(super) fn note(review: &ReviewFacts) -> Option<String> {
    (review.state == ReviewState::Unknown)
        .then(|| format!("the review state {} is not known", quote(&review.raw_state)))
}

/// What else must be known to say what a review is worth.
#[derive(Debug)]
pub(super) struct Circumstances<'a> {
    pub(super) author: Option<&'a Person>,
    /// The pull request's. `None` without a pull request: then nobody knows who its author is either.
    pub(super) head: Option<&'a str>,
    /// Whether an event tells of a later head than the API does.
    pub(super) head_is_doubtful: bool,
    pub(super) pushed_at: Option<&'a str>,
    pub(super) pushed_by: Option<&'a Person>,
    pub(super) contributors: Contributors,
    pub(super) commits: Known,
    /// Whether there may be later reviews on a page that was not given.
    pub(super) may_go_on: bool,
    pub(super) teams: &'a [(String, Accounts)],
}

/// How much of a list is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Nothing,
    Part,
    All,
}

/// One review as all payloads together have it.
struct Merged<'a> {
    facts: &'a ReviewFacts,
    /// Every commit that a payload says was reviewed. GitHub has been seen to move a review to the new head of a rebased branch.
    commits: BTreeSet<&'a str>,
}

/// One opinion a reviewer, sorted by login.
pub(super) fn fold(reviews: &BTreeSet<ReviewFacts>, circumstances: &Circumstances<'_>) -> Vec<Review> {
    let mut by_id: BTreeMap<u64, Merged<'_>> = BTreeMap::new();
    for facts in reviews {
        let merged = by_id.entry(facts.id).or_insert_with(|| Merged {
            facts,
            commits: BTreeSet::new(),
        });
        merged.commits.extend(facts.commit.as_deref());
        if finality(facts) > finality(merged.facts) {
            merged.facts = facts;
        }
    }
    // A deleted account is one reviewer a review: nobody can tell whether two of them were the same person.
    let mut by_reviewer: BTreeMap<Result<&str, u64>, Vec<Merged<'_>>> = BTreeMap::new();
    for (id, merged) in by_id {
        let reviewer = merged.facts.reviewer.as_ref().and_then(|person| person.id.as_deref());
        by_reviewer.entry(reviewer.ok_or(id)).or_default().push(merged);
    }
    let mut folded: Vec<Review> = by_reviewer
        .into_values()
        .filter_map(|reviews| reviews.into_iter().max_by_key(weight))
        .map(|standing| judge(&standing, circumstances))
        .collect();
    folded.sort_by(|a, b| {
        (&a.reviewer.login, &a.reviewer.id, &a.submitted_at).cmp(&(&b.reviewer.login, &b.reviewer.id, &b.submitted_at))
    });
    folded
}

/// Which of several accounts of one review is right: a dismissal is final, a submission follows a draft, and the API knows what became of
/// a review that an event shows as it was.
fn finality(facts: &ReviewFacts) -> (bool, Origin, bool, &ReviewFacts) {
    let dismissed = facts.state == ReviewState::Dismissed;
    let submitted = facts.state != ReviewState::Pending;
    (dismissed, facts.origin, submitted, facts)
}

/// What stands is the latest opinion. Comments and drafts are none, so they only stand where there is nothing else. A dismissed review
/// keeps its place: it erases, and revives none before it. An approval without a time is taken for the first, anything else for the last.
fn weight<'a>(merged: &Merged<'a>) -> (u8, u8, Option<&'a str>, u64) {
    let facts = merged.facts;
    let opinion = match facts.state {
        ReviewState::Pending => 0,
        ReviewState::Commented => 1,
        _ => 2,
    };
    let place = match (&facts.submitted_at, facts.state) {
        (Some(_), _) => 1,
        (None, ReviewState::Approved) => 0,
        (None, _) => 2,
    };
    (opinion, place, facts.submitted_at.as_deref(), facts.id)
}

fn judge(merged: &Merged<'_>, circumstances: &Circumstances<'_>) -> Review {
    let facts = merged.facts;
    let reviewer = facts.reviewer.clone().unwrap_or_default();
    let by_author = circumstances
        .author
        .is_some_and(|author| Accounts::of([author]).contain(&reviewer));
    let bot = reviewer.kind == PersonKind::Bot;
    let (current, staleness) = currency(merged, circumstances);
    let by_committer = by_committer(&reviewer, circumstances);
    let teams = circumstances
        .teams
        .iter()
        .filter(|(_, members)| members.contain(&reviewer))
        .map(|(slug, _)| slug.clone())
        .collect();

    let objection = match facts.state {
        ReviewState::ChangesRequested => Some("requested changes".to_owned()),
        ReviewState::Commented => Some("only commented".to_owned()),
        ReviewState::Dismissed => Some("had an opinion that was dismissed".to_owned()),
        ReviewState::Pending => Some("has not submitted the review yet".to_owned()),
        ReviewState::Unknown => Some("gave an opinion that is not known here".to_owned()),
        ReviewState::Approved if facts.reviewer.is_none() => Some("approved, but the account is deleted".to_owned()),
        ReviewState::Approved if by_author => Some("is the author of the change".to_owned()),
        ReviewState::Approved if bot => Some("is a bot".to_owned()),
        ReviewState::Approved if by_committer == Tri::Yes => Some("had a hand in its commits".to_owned()),
        ReviewState::Approved if staleness.is_some() => staleness,
        ReviewState::Approved if by_committer == Tri::CannotTell && circumstances.commits == Known::Part => {
            Some("may have written a commit that is not in the list of commits given".to_owned())
        }
        ReviewState::Approved if circumstances.may_go_on => {
            Some("may have taken the approval back on a page of reviews that was not given".to_owned())
        }
        ReviewState::Approved => None,
    };
    let counts = objection.is_none();
    let why = objection.unwrap_or_else(|| match (by_committer, circumstances.commits) {
        (Tri::CannotTell, Known::Nothing) => {
            "approved the head; whether a commit is theirs cannot be told without the commits".to_owned()
        }
        (Tri::CannotTell, _) => "approved the head; a commit has a mail address that belongs to no account".to_owned(),
        _ => "approved the head".to_owned(),
    });
    Review {
        reviewer,
        state: facts.state,
        raw_state: facts.raw_state.clone(),
        commit: facts.commit.clone(),
        submitted_at: facts.submitted_at.clone(),
        current,
        by_author,
        by_committer,
        bot,
        association: facts.association.clone(),
        teams,
        counts,
        why,
    }
}

/// Whether the review is about the present head, and what is wrong where it is not known to be.
fn currency(merged: &Merged<'_>, circumstances: &Circumstances<'_>) -> (Tri, Option<String>) {
    let Some(head) = circumstances.head else {
        return (
            Tri::CannotTell,
            Some("approved, but the pull request was not given".to_owned()),
        );
    };
    if let Some(other) = merged.commits.iter().find(|commit| **commit != head) {
        let short = other.get(..7).unwrap_or(other);
        return (
            Tri::No,
            Some(format!("approved commit {}, which is not the head", quote(short))),
        );
    }
    let submitted_at = merged.facts.submitted_at.as_deref();
    if let (Some(submitted), Some(pushed)) = (submitted_at, circumstances.pushed_at)
        && submitted < pushed
    {
        return (Tri::No, Some("approved before the head was pushed".to_owned()));
    }
    let doubt = if merged.commits.is_empty() {
        "approved, but GitHub does not say which commit"
    } else if circumstances.head_is_doubtful {
        "approved a head that an event says was replaced"
    } else if circumstances.pushed_at.is_some() && submitted_at.is_none() {
        "approved, but GitHub does not say when"
    } else {
        return (Tri::Yes, None);
    };
    (Tri::CannotTell, Some(doubt.to_owned()))
}

fn by_committer(reviewer: &Person, circumstances: &Circumstances<'_>) -> Tri {
    let pushed = circumstances
        .pushed_by
        .is_some_and(|pusher| Accounts::of([pusher]).contain(reviewer));
    if pushed || circumstances.contributors.accounts.contain(reviewer) {
        Tri::Yes
    } else if circumstances.commits == Known::All && !circumstances.contributors.some_unknown {
        Tri::No
    } else {
        Tri::CannotTell
    }
}
