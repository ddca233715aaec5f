//! A payload to facts: which reader goes with which shape and which member.

use std::collections::BTreeMap;

use super::super::cursor::{Cursor, quote};
use super::super::provider::{empty_list, unrecognized};
use super::super::time;
use super::facts::{EventFacts, GithubFacts, PushFacts};
use super::pages::list;
use super::people::{person, person_of};
use super::shape::{self, GROUPS, Shape};
use super::{PROVIDER, commits, pull, reviews, rules};
use crate::error::Error;
use crate::input::{Branch, Event, Origin, Person};

/// Members of events that say nothing about the change, or that are read along with others.
const KNOWN_IN_EVENTS: [&str; 18] = [
    "action",
    "after",
    "assignee",
    "before",
    "changes",
    "comment",
    "enterprise",
    "installation",
    "label",
    "merge_group",
    "milestone",
    "number",
    "organization",
    "repository",
    "requested_reviewer",
    "requested_team",
    "sender",
    "thread",
];

impl GithubFacts {
    pub(super) fn read(&mut self, payload: &Cursor<'_>) -> Result<(), Error> {
        if payload.value().as_array().is_some_and(<[_]>::is_empty) {
            return Err(empty_list());
        }
        let Some(shape) = shape::of(payload.value()) else {
            return Err(unrecognized(payload.value(), &[PROVIDER]));
        };
        match shape {
            Shape::Bundle => self.read_bundle(payload),
            Shape::Push => self.read_push(payload),
            Shape::PullRequest => self.read_pull(payload, Origin::Api).map(drop),
            Shape::Review => self.read_review(payload, Origin::Api),
            Shape::Reviews => self.read_reviews(payload),
            Shape::File => self.read_file(payload),
            Shape::Files => self.read_files(payload),
            Shape::Commit => self.read_commit(payload, 0),
            Shape::Commits => self.read_commits(payload),
            Shape::BranchProtection => self.read_protection(payload),
            Shape::Rules => self.read_rules(payload),
            Shape::Recording => self.read_recording(payload),
            Shape::Refusal => {
                self.note_refusal("a payload", shape::status(payload.value()));
                Ok(())
            }
        }
    }

    /// An object of several payloads. An event is one too, told by the members that only events have.
    fn read_bundle(&mut self, bundle: &Cursor<'_>) -> Result<(), Error> {
        let object = bundle.object()?;
        let is_event = ["action", "sender", "merge_group"]
            .iter()
            .any(|name| object.contains_key(*name));
        let origin = if is_event { Origin::Event } else { Origin::Api };
        if let Some(repository) = bundle.member("repository")? {
            self.add_repository(&repository, origin, pull::repository(&repository)?)?;
        }
        if let Some(number) = bundle.member("number")? {
            self.add_number(&number, number.count()?)?;
        }
        let mut updated_at = None;
        for (name, member) in bundle.members()? {
            if member.value().is_null() {
                continue;
            }
            if GROUPS.contains(&name) && shape::is_refusal(member.value()) {
                self.note_refusal(&quote(name), shape::status(member.value()));
                continue;
            }
            match name {
                "event" if !is_event => self.read_event(&member)?,
                "pull_request" => updated_at = self.read_pull(&member, origin)?,
                "review" => self.read_review(&member, origin)?,
                "reviews" => self.read_reviews(&member)?,
                "files" => self.read_files(&member)?,
                "commits" => self.read_commits(&member)?,
                "branch_protection" => self.read_protection(&member)?,
                "rules" => self.read_rules(&member)?,
                "teams" => {
                    for (slug, members) in member.members()? {
                        self.read_team(slug, &members)?;
                    }
                }
                _ if KNOWN_IN_EVENTS.contains(&name) => {}
                _ => self.note(format!("the member {} is not read", quote(name))),
            }
        }
        if is_event {
            self.read_what_happened(bundle, updated_at)?;
        }
        Ok(())
    }

    /// A webhook event beside other payloads.
    fn read_event(&mut self, event: &Cursor<'_>) -> Result<(), Error> {
        match shape::of(event.value()) {
            Some(Shape::Push) => self.read_push(event),
            Some(Shape::Bundle) if event.member("action")?.is_some() => self.read_bundle(event),
            _ => Err(event.expected("a webhook event with the member `action`")),
        }
    }

    /// What the event is, who caused it, and what it says about the push to the head.
    fn read_what_happened(&mut self, event: &Cursor<'_>, updated_at: Option<String>) -> Result<(), Error> {
        let action = event.text_of("action")?;
        let actor = person_of(event, "sender")?;
        let mut happened = Event {
            name: event_name(event)?.to_owned(),
            action,
            ..Event::default()
        };
        if let Some(group) = event.member("merge_group")? {
            let base = group.required("base_ref")?;
            happened.commit = group.text_of("head_sha")?;
            happened.pull_request = group.text_of("head_ref")?.as_deref().and_then(queued_pull_request);
            if let Some(number) = happened.pull_request {
                self.add_number(&group, number)?;
            }
            self.bases.insert(Branch {
                name: pull::short_name(base.text()?),
                sha: group.text_of("base_sha")?,
                repository_id: repository_id(event)?,
            });
        }
        // Only of a push does the pull request's `updated_at` tell when it happened: everything else that anybody does to it moves it too.
        if happened.action.as_deref() == Some("synchronize")
            && let Some(after) = head_of_event(event)?
        {
            self.pushes.insert(PushFacts {
                at: updated_at.clone(),
                after,
                before: event.text_of("before")?.and_then(real_commit),
                by: actor.clone(),
                branch: None,
            });
        }
        self.events.insert(EventFacts {
            updated_at,
            event: happened,
            actor,
        });
        Ok(())
    }

    /// A push to a branch. It knows of no pull request; its commits are those of the push.
    fn read_push(&mut self, push: &Cursor<'_>) -> Result<(), Error> {
        let repository = push.required("repository")?;
        // A number here, and a text everywhere else.
        let at = match repository.member("pushed_at")? {
            Some(at) if at.value().as_str().is_some() => Some(at.time()?),
            Some(at) => i64::try_from(at.count()?).ok().and_then(time::from_epoch),
            None => None,
        };
        let actor = person_of(push, "sender")?;
        self.add_repository(&repository, Origin::Event, pull::repository(&repository)?)?;
        match push.text_of("after")?.and_then(real_commit) {
            Some(after) => {
                let branch = Branch {
                    name: pull::short_name(push.required("ref")?.text()?),
                    sha: Some(after.clone()),
                    repository_id: repository_id(push)?,
                };
                self.pushes.insert(PushFacts {
                    at: at.clone(),
                    after,
                    before: push.text_of("before")?.and_then(real_commit),
                    by: actor.clone(),
                    branch: Some(branch),
                });
            }
            None => self.note("the branch was deleted"),
        }
        if push.flag_of("forced")? == Some(true) {
            self.note("the branch was pushed by force");
        }
        self.note("the commits of a push are not read: the list of the pull request's commits is");
        self.events.insert(EventFacts {
            updated_at: at,
            event: Event {
                name: "push".to_owned(),
                ..Event::default()
            },
            actor,
        });
        Ok(())
    }

    /// Returns when the pull request was last touched.
    fn read_pull(&mut self, object: &Cursor<'_>, origin: Origin) -> Result<Option<String>, Error> {
        let facts = pull::pull_request(object, origin)?;
        self.add_number(object, facts.pull_request.number)?;
        if let Some(repository) = facts.repository.clone() {
            self.add_repository(object, origin, repository)?;
        }
        let updated_at = facts.updated_at.clone();
        self.pulls.insert(facts);
        Ok(updated_at)
    }

    fn read_review(&mut self, object: &Cursor<'_>, origin: Origin) -> Result<(), Error> {
        let review = reviews::review(object, origin)?;
        if let Some(url) = object.member("pull_request_url")?
            && let Some((repository, number)) = pull_request_of(url.text()?)
        {
            self.add_identity(&url, None, repository)?;
            self.add_number(&url, number)?;
        }
        self.notes.extend(reviews::note(&review));
        self.reviews.insert(review);
        Ok(())
    }

    fn read_reviews(&mut self, value: &Cursor<'_>) -> Result<(), Error> {
        let (items, pages) = list(value, "items")?;
        for item in items {
            self.read_review(&item, Origin::Api)?;
        }
        self.review_pages.add(pages);
        Ok(())
    }

    fn read_file(&mut self, object: &Cursor<'_>) -> Result<(), Error> {
        let (file, note) = pull::file(object)?;
        self.notes.extend(note);
        self.files.insert(file);
        Ok(())
    }

    fn read_files(&mut self, value: &Cursor<'_>) -> Result<(), Error> {
        let (items, pages) = list(value, "items")?;
        for item in items {
            self.read_file(&item)?;
        }
        self.file_pages.add(pages);
        Ok(())
    }

    fn read_commit(&mut self, object: &Cursor<'_>, place: usize) -> Result<(), Error> {
        let facts = commits::commit(object, place)?;
        self.add_commit(facts);
        Ok(())
    }

    fn read_commits(&mut self, value: &Cursor<'_>) -> Result<(), Error> {
        let (items, pages) = list(value, "items")?;
        for (place, item) in items.enumerate() {
            self.read_commit(&item, place)?;
        }
        self.commit_pages.add(pages);
        Ok(())
    }

    fn read_protection(&mut self, object: &Cursor<'_>) -> Result<(), Error> {
        self.protection.insert(rules::branch_protection(object)?);
        Ok(())
    }

    fn read_rules(&mut self, value: &Cursor<'_>) -> Result<(), Error> {
        let (items, pages) = list(value, "items")?;
        for item in items {
            self.rules.insert(rules::rule(&item)?);
        }
        self.rule_pages.add(pages);
        Ok(())
    }

    /// The members of a team. Logins are compared in lower case, and so are slugs.
    pub(super) fn read_team(&mut self, slug: &str, value: &Cursor<'_>) -> Result<(), Error> {
        if shape::is_refusal(value.value()) {
            self.note_refusal(&format!("team {}", quote(slug)), shape::status(value.value()));
            return Ok(());
        }
        let (items, pages) = list(value, "members")?;
        let mut members = Vec::new();
        for item in items {
            match item.text_of("state")?.as_deref() {
                None | Some("active") => members.extend(member(&item)?),
                Some("pending") => {
                    self.note(format!(
                        "team {} has a pending membership, which does not count",
                        quote(slug)
                    ));
                }
                Some(_) => self.note(format!(
                    "team {} has a membership whose state is not known",
                    quote(slug)
                )),
            }
        }
        let team = self.teams.entry(slug.to_lowercase()).or_default();
        team.members.extend(members);
        team.pages.add(pages);
        Ok(())
    }

    /// Requests and answers as octokit-fixtures records them. Of each address the last answer counts. Answers to anything but GET show
    /// what was asked for, not what is.
    fn read_recording(&mut self, recording: &Cursor<'_>) -> Result<(), Error> {
        let mut last = BTreeMap::new();
        for exchange in recording.items()? {
            let method = exchange.text_of("method")?;
            if method.is_none_or(|method| method.eq_ignore_ascii_case("get")) {
                last.insert(exchange.required("path")?.text()?, exchange);
            }
        }
        for (path, exchange) in last {
            let status = exchange.required("status")?.count()?;
            let response = exchange.required("response")?;
            if status >= 400 {
                self.note_refusal(&quote(path), Some(&status.to_string()));
            } else if shape::of(response.value()).is_some() {
                self.read(&response)?;
            } else {
                self.note(format!("the recorded answer for {} is not read", quote(path)));
            }
        }
        Ok(())
    }

    /// Notes that something was asked for and not answered. Never the same as an empty answer.
    fn note_refusal(&mut self, what: &str, status: Option<&str>) {
        self.note(match status {
            None | Some("404") => {
                format!("{what}: not found, which means that there is none or that the token may not see it")
            }
            Some(_) => format!("{what}: refused, which says nothing about what there is"),
        });
    }
}

/// An event's name, which webhooks send in a header, told by its members.
fn event_name(event: &Cursor<'_>) -> Result<&'static str, Error> {
    for (member, name) in [
        ("merge_group", "merge_group"),
        ("review", "pull_request_review"),
        ("comment", "pull_request_review_comment"),
        ("thread", "pull_request_review_thread"),
    ] {
        if event.member(member)?.is_some() {
            return Ok(name);
        }
    }
    Ok("pull_request")
}

/// The head after the push that the event is about.
fn head_of_event(event: &Cursor<'_>) -> Result<Option<String>, Error> {
    if let Some(after) = event.text_of("after")? {
        return Ok(real_commit(after));
    }
    event.required("pull_request")?.required("head")?.text_of("sha")
}

fn repository_id(event: &Cursor<'_>) -> Result<Option<String>, Error> {
    match event.member("repository")? {
        Some(repository) => Ok(repository.count_of("id")?.map(|id| id.to_string())),
        None => Ok(None),
    }
}

/// The member of a team in a list of users or of memberships, which name their user by an address only.
fn member(item: &Cursor<'_>) -> Result<Option<Person>, Error> {
    if let Some(user) = item.member("user")? {
        return person(&user);
    }
    if let Some(found) = person(item)? {
        return Ok(Some(found));
    }
    let url = item.text_of("url")?.unwrap_or_default();
    let login = url.rsplit_once("/memberships/").map(|(_, login)| login.to_lowercase());
    Ok(login.filter(|login| !login.is_empty()).map(|login| Person {
        login: Some(login),
        ..Person::default()
    }))
}

/// `None` for the hash of zeros that stands for no commit, when a branch is created or deleted.
fn real_commit(sha: String) -> Option<String> {
    sha.bytes().any(|byte| byte != b'0').then_some(sha)
}

/// `(acme/infra, 12)` of `https://api.github.com/repos/acme/infra/pulls/12`.
fn pull_request_of(url: &str) -> Option<(&str, u64)> {
    let (_, path) = url.split_once("/repos/")?;
    let (repository, number) = path.split_once("/pulls/")?;
    Some((repository, number.parse().ok()?))
}

/// The number in `refs/heads/gh-readonly-queue/main/pr-104-929f8209d40f77f4abc622a499c93a83babdbe64`.
fn queued_pull_request(reference: &str) -> Option<u64> {
    let (_, queued) = reference.split_once("gh-readonly-queue/")?;
    let (_, name) = queued.rsplit_once("/pr-")?;
    name.split_once('-')?.0.parse().ok()
}
