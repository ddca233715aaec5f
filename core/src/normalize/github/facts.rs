//! What GitHub's payloads have said so far, and the change that follows from it. Facts are sets: the order of payloads cannot matter.

use std::collections::{BTreeMap, BTreeSet};

use super::super::cursor::{Cursor, quote};
use super::commits::{self, CommitFacts};
use super::pages::Pages;
use super::people::{Accounts, Contributors};
use super::pull::PullFacts;
use super::reviews::{self, Circumstances, Known, ReviewFacts};
use super::rules::{self, Demands};
use crate::error::Error;
use crate::input::{Branch, Change, ChangedFile, Completeness, Event, Origin, Person, Repository, Team};

/// The lengths at which GitHub cuts lists off.
const MOST_FILES: usize = 3000;
const MOST_COMMITS: usize = 250;

/// What GitHub's payloads have said so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct GithubFacts {
    identities: BTreeSet<(Option<String>, String)>,
    numbers: BTreeSet<u64>,
    repositories: BTreeSet<(Origin, Repository)>,
    pub(super) events: BTreeSet<EventFacts>,
    pub(super) pulls: BTreeSet<PullFacts>,
    pub(super) pushes: BTreeSet<PushFacts>,
    /// Base branches that an event names without a pull request.
    pub(super) bases: BTreeSet<Branch>,
    pub(super) reviews: BTreeSet<ReviewFacts>,
    pub(super) review_pages: Pages,
    pub(super) files: BTreeSet<ChangedFile>,
    pub(super) file_pages: Pages,
    commits: BTreeMap<String, CommitFacts>,
    pub(super) commit_pages: Pages,
    pub(super) protection: BTreeSet<Demands>,
    pub(super) rules: BTreeSet<Demands>,
    pub(super) rule_pages: Pages,
    pub(super) teams: BTreeMap<String, TeamFacts>,
    pub(super) notes: BTreeSet<String>,
}

/// An event. The latest one is the one that counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EventFacts {
    pub(super) updated_at: Option<String>,
    pub(super) event: Event,
    pub(super) actor: Option<Person>,
}

/// A push to a branch. Of several that led to the same commit, the latest counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PushFacts {
    /// When, by GitHub's clock.
    pub(super) at: Option<String>,
    pub(super) after: String,
    pub(super) before: Option<String>,
    pub(super) by: Option<Person>,
    /// `None` for the pull request's own branch.
    pub(super) branch: Option<Branch>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct TeamFacts {
    pub(super) members: BTreeSet<Person>,
    pub(super) pages: Pages,
}

impl GithubFacts {
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.insert(note.into());
    }

    pub(super) fn add_repository(
        &mut self,
        at: &Cursor<'_>,
        origin: Origin,
        repository: Repository,
    ) -> Result<(), Error> {
        self.add_identity(at, repository.id.clone(), &repository.full_name)?;
        self.repositories.insert((origin, repository));
        Ok(())
    }

    /// Payloads of two repositories do not make one change. Ids tell; names do where an id is missing.
    pub(super) fn add_identity(&mut self, at: &Cursor<'_>, id: Option<String>, full_name: &str) -> Result<(), Error> {
        let identity = (id, full_name.to_lowercase());
        let differs = |known: &&(Option<String>, String)| match (&known.0, &identity.0) {
            (Some(known), Some(id)) => known != id,
            _ => known.1 != identity.1,
        };
        if let Some((_, other)) = self.identities.iter().find(differs) {
            return Err(mismatch(
                at,
                format!(
                    "a payload about the repository {} beside one about {}",
                    quote(full_name),
                    quote(other)
                ),
            ));
        }
        self.identities.insert(identity);
        Ok(())
    }

    pub(super) fn add_number(&mut self, at: &Cursor<'_>, number: u64) -> Result<(), Error> {
        if let Some(other) = self.numbers.iter().find(|known| **known != number) {
            return Err(mismatch(
                at,
                format!("a payload about pull request {number} beside one about pull request {other}"),
            ));
        }
        self.numbers.insert(number);
        Ok(())
    }

    pub(super) fn add_commit(&mut self, facts: CommitFacts) {
        let known = self
            .commits
            .entry(facts.commit.sha.clone())
            .or_insert_with(|| facts.clone());
        if facts > *known {
            *known = facts;
        }
    }

    /// The change that follows from everything said so far.
    pub(super) fn change(&self) -> Change {
        let mut change = Change {
            provider: "github".to_owned(),
            notes: self.notes.iter().cloned().collect(),
            ..Change::default()
        };
        let mut origin = |group: &str, origin: Origin| change.origins.insert(group.to_owned(), origin);

        if let Some((from, repository)) = self.repositories.last() {
            origin("repository", *from);
            change.repository = Some(repository.clone());
        }
        if let Some(latest) = self.events.last() {
            origin("event", Origin::Event);
            change.event = Some(latest.event.clone());
            change.actor.clone_from(&latest.actor);
        }
        if let Some(pull) = self.pulls.last() {
            origin("pull_request", pull.origin);
        }
        let from_api = |pages: Pages| pages.given.then_some(Origin::Api);
        let reviews_from = from_api(self.review_pages).or(self.reviews.iter().map(|review| review.origin).max());
        let commits_from = from_api(self.commit_pages).or((!self.commits.is_empty()).then_some(Origin::Api));
        let files_from = from_api(self.file_pages).or((!self.files.is_empty()).then_some(Origin::Api));
        let rules_from = from_api(self.rule_pages).or((!self.protection.is_empty()).then_some(Origin::Api));
        let teams_from = (!self.teams.is_empty()).then_some(Origin::Api);
        for (group, from) in [
            ("reviews", reviews_from),
            ("commits", commits_from),
            ("files", files_from),
            ("rules", rules_from),
            ("teams", teams_from),
        ] {
            if let Some(from) = from {
                origin(group, from);
            }
        }

        self.place(&mut change);
        self.lists(&mut change);
        change.rules = rules::combine(&self.protection, &self.rules, self.rule_pages.whole());
        let head_is_doubtful = self.head_is_doubtful();
        if head_is_doubtful {
            change
                .notes
                .push("an event is later than the API's answer and tells of another head".to_owned());
        }
        change.reviews = self.opinions(&change, head_is_doubtful);
        change.notes.sort();
        change
    }

    /// The pull request, its branches, and the push that made its head.
    fn place(&self, change: &mut Change) {
        if let Some(best) = self.pulls.last() {
            let mut pull_request = best.pull_request.clone();
            // A review event shows the pull request in short. What it leaves out may be had from another payload about the same head.
            let alike = || self.pulls.iter().rev().filter(|pull| pull.head.sha == best.head.sha);
            pull_request.changed_files = alike().find_map(|pull| pull.pull_request.changed_files);
            pull_request.commit_count = alike().find_map(|pull| pull.pull_request.commit_count);
            change.pull_request = Some(pull_request);
            change.author.clone_from(&best.author);
            change.head = Some(best.head.clone());
            change.base = Some(best.base.clone());
        } else {
            change.head = self.pushes.iter().rev().find_map(|push| push.branch.clone());
            change.base = self.bases.last().cloned();
        }
        let head = change.head.as_ref().and_then(|head| head.sha.as_ref());
        if let Some(push) = self.pushes.iter().rev().find(|push| Some(&push.after) == head) {
            change.previous_head.clone_from(&push.before);
            change.pushed_at.clone_from(&push.at);
            change.pushed_by.clone_from(&push.by);
            change.origins.insert("pushed_at".to_owned(), Origin::Event);
        }
    }

    /// Files, commits and teams, and whether they are whole.
    fn lists(&self, change: &mut Change) {
        let counts = change.pull_request.as_ref();
        let head = change.head.as_ref().and_then(|head| head.sha.as_ref());
        let paths = self.files.iter().map(|file| &file.path).collect::<BTreeSet<_>>().len();
        let has_head = head.is_none_or(|head| self.commits.contains_key(head));
        change.complete = Completeness {
            files: self
                .file_pages
                .whole_by_count(paths, counts.and_then(|pull| pull.changed_files), MOST_FILES),
            commits: has_head
                && self.commit_pages.whole_by_count(
                    self.commits.len(),
                    counts.and_then(|pull| pull.commit_count),
                    MOST_COMMITS,
                ),
            reviews: self.review_pages.whole(),
        };
        for (name, pages, complete) in [
            ("files", self.file_pages, change.complete.files),
            ("commits", self.commit_pages, change.complete.commits),
            ("reviews", self.review_pages, change.complete.reviews),
        ] {
            if pages.given && !complete {
                change.notes.push(format!("the list of {name} may not be whole"));
            }
        }
        change.files = self.files.iter().cloned().collect();
        change.commits = commits::in_order(&self.commits);
        for (slug, facts) in &self.teams {
            let mut members: Vec<Person> = facts.members.iter().cloned().collect();
            members.sort_by(|a, b| (&a.login, &a.id).cmp(&(&b.login, &b.id)));
            let complete = facts.pages.whole();
            if !complete {
                change
                    .notes
                    .push(format!("the list of members of team {} may not be whole", quote(slug)));
            }
            change.teams.insert(slug.clone(), Team { members, complete });
        }
    }

    fn opinions(&self, change: &Change, head_is_doubtful: bool) -> Vec<crate::input::Review> {
        let teams: Vec<_> = change
            .teams
            .iter()
            .map(|(slug, team)| (slug.clone(), Accounts::of(&team.members)))
            .collect();
        let commits = self
            .commits
            .values()
            .map(|facts| (&facts.commit, facts.committer_email.as_deref()));
        reviews::fold(
            &self.reviews,
            &Circumstances {
                author: change.author.as_ref(),
                head: self.pulls.last().and_then(|pull| pull.head.sha.as_deref()),
                head_is_doubtful,
                pushed_at: change.pushed_at.as_deref(),
                pushed_by: change.pushed_by.as_ref(),
                contributors: Contributors::of(commits),
                commits: match change.origins.get("commits") {
                    None => Known::Nothing,
                    Some(_) if change.complete.commits => Known::All,
                    Some(_) => Known::Part,
                },
                may_go_on: self.review_pages.given && !change.complete.reviews,
                teams: &teams,
            },
        )
    }

    /// Whether an event is later than the API's answer and tells of another head: the answer was fetched before the push.
    fn head_is_doubtful(&self) -> bool {
        let Some(best) = self.pulls.last() else {
            return false;
        };
        let later_pull = self
            .pulls
            .iter()
            .any(|pull| pull.updated_at > best.updated_at && pull.head.sha != best.head.sha);
        let later_push = self.pushes.iter().any(|push| {
            let same_branch = push
                .branch
                .as_ref()
                .is_some_and(|branch| branch.name == best.head.name && branch.repository_id == best.head.repository_id);
            same_branch && push.at > best.updated_at && Some(&push.after) != best.head.sha.as_ref()
        });
        later_pull || later_push
    }
}

fn mismatch(at: &Cursor<'_>, message: String) -> Error {
    at.error("change.mismatch", message)
        .with_help("give payloads of one pull request only")
}
