//! GitHub: webhook events and answers of the REST API, one or several of them, to one change.

mod commits;
mod facts;
mod pages;
mod people;
mod pull;
mod read;
mod reviews;
mod rules;
mod shape;

use super::cursor::{Cursor, Document, quote};
use super::provider::Provider;
use crate::error::{Error, ErrorKind};
use crate::input::Input;
use crate::json::Value;
use crate::location::{Location, Pointer};

pub(crate) use facts::GithubFacts;

/// What [`Input::with_change`] knows of GitHub.
pub(super) const PROVIDER: Provider = Provider {
    name: "GitHub",
    payloads: shape::PAYLOADS,
    recognizes: |value| shape::of(value).is_some(),
    read: Input::with_github_value,
};

const DOCUMENT: Document = Document {
    source: "change",
    code: "change.shape",
};

impl Input {
    /// Adds a payload of GitHub, told by its shape. Several payloads add up to one [`change`](Input::change), in any order.
    ///
    /// - Webhook events: `pull_request`, `pull_request_review`, `merge_group`, `push`.
    /// - Answers of the REST API: a pull request; lists of its reviews, files and commits, or one of these; `branches/B/protection`;
    ///   `rules/branches/B`; and a 404, which says that something cannot be told.
    /// - Several in one object, by the members `event`, `pull_request`, `repository`, `reviews`, `files`, `commits`,
    ///   `branch_protection`, `rules` and `teams` (`{"acme/security": [...]}`).
    /// - A recording of octokit-fixtures. Of it, the answers to GET requests are read.
    ///
    /// A list in an object may also be `{"items": [...], "complete": true}` (for a team, `members`), where the caller knows that it
    /// has all pages. Otherwise `change.complete` says what can be told: files and commits are complete when there are as many as the
    /// pull request counts (and fewer than GitHub's caps of 3,000 and 250), reviews unless there are exactly 30 or 100 of them, which
    /// could be the first page of more.
    ///
    /// What the API says goes before what an event says, which is a snapshot of the past. `change.origins` tells one from the other.
    ///
    /// ```
    /// # fn main() -> Result<(), plangate::Error> {
    /// use plangate::Input;
    ///
    /// let pull_request = br#"{
    ///     "number": 12, "title": "Add bucket", "state": "open", "user": {"id": 1, "login": "ada", "type": "User"},
    ///     "head": {"ref": "bucket", "sha": "c0ffee1", "repo": {"id": 7, "full_name": "acme/infra"}},
    ///     "base": {"ref": "main", "sha": "c0ffee0", "repo": {"id": 7, "full_name": "acme/infra"}}
    /// }"#;
    /// let reviews = br#"[{
    ///     "id": 80, "user": {"id": 2, "login": "Grace", "type": "User"}, "state": "APPROVED",
    ///     "commit_id": "c0ffee1", "submitted_at": "2026-11-23T09:00:00Z"
    /// }]"#;
    /// let change = Input::new().with_github(pull_request)?.with_github(reviews)?.change.unwrap();
    /// assert!(change.reviews[0].counts);
    /// assert_eq!(change.reviews[0].reviewer.login.as_deref(), Some("grace"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `json.*` where it is not JSON; `change.unrecognized` where it is none of these, naming the members that were found;
    /// `change.empty_list` for `[]`, which could be a list of anything; `change.shape` and `time.syntax` with a JSON pointer where
    /// something inside is wrong; `change.mismatch` where it is about another repository or pull request than a payload before it.
    pub fn with_github(self, payload: &[u8]) -> Result<Self, Error> {
        let value = Value::from_json(DOCUMENT.source, payload)?;
        self.with_github_value(payload, &value)
    }

    fn with_github_value(mut self, payload: &[u8], value: &Value) -> Result<Self, Error> {
        self.github.read(&Cursor::root(DOCUMENT, value))?;
        self.change = Some(self.github.change());
        self.record(DOCUMENT.source, payload);
        Ok(self)
    }

    /// Adds the members of a team: `slug` as `acme/security`, `members` the answer of `GET orgs/O/teams/T/members`, a list of users.
    ///
    /// A list of exactly 30 or 100 users could be the first page of more, so it is not complete unless it comes as
    /// `{"members": [...], "complete": true}`. Users whose membership is pending are not members. A 404 says nothing about the team.
    ///
    /// # Errors
    /// As [`Input::with_github`], and `change.team_slug` where `slug` is no slug.
    pub fn with_github_team(mut self, slug: &str, members: &[u8]) -> Result<Self, Error> {
        let is_slug = !slug.is_empty() && !slug.contains(|c: char| c.is_whitespace() || c.is_control());
        if !is_slug {
            return Err(Error::new(
                ErrorKind::Shape,
                "change.team_slug",
                format!("{} is no slug of a team", quote(slug)),
            )
            .at(Location::document(DOCUMENT.source, Pointer::root()))
            .with_help("write the organization and the team as they stand in the team's address: `acme/security`"));
        }
        let value = Value::from_json(DOCUMENT.source, members)?;
        self.github.read_team(slug, &Cursor::root(DOCUMENT, &value))?;
        self.change = Some(self.github.change());
        self.record(DOCUMENT.source, members);
        Ok(self)
    }
}
