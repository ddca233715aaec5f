//! The pull or merge request behind a plan, in names that no host owns.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Tri;

/// A proposed change of a repository and what its host says about it.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Change {
    /// The host: `github`.
    pub provider: String,
    /// The repository that would be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<Repository>,
    /// What happened, where a webhook event was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
    /// Who caused the event. The author of the change can be somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Person>,
    /// Who opened the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Person>,
    /// The branch with the changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<Branch>,
    /// The branch that they go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Branch>,
    /// The head before the push that this event is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_head: Option<String>,
    /// When the head was pushed, by the host's clock, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pushed_at: Option<String>,
    /// Who pushed the head, where an event about that push was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pushed_by: Option<Person>,
    /// The pull request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<PullRequest>,
    /// The commits, oldest first. See `complete.commits`.
    pub commits: Vec<Commit>,
    /// The changed files, sorted by path. See `complete.files`.
    pub files: Vec<ChangedFile>,
    /// One opinion a reviewer, sorted by login. See `complete.reviews`.
    pub reviews: Vec<Review>,
    /// Which lists are whole. A list that is not may lack what a policy looks for.
    pub complete: Completeness,
    /// What the host demands of changes to the base branch.
    pub rules: ProtectionRules,
    /// Teams by slug (`acme/security`), as far as their members were given.
    pub teams: BTreeMap<String, Team>,
    /// Where each group of facts comes from, by member name: `{"reviews": "api", "pull_request": "event"}`.
    pub origins: BTreeMap<String, Origin>,
    /// What was found and not understood, sorted. A policy can refuse to go on.
    pub notes: Vec<String>,
}

/// Where a fact comes from. An event is a snapshot of the past, the environment is partly in the hands of whoever starts the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Origin {
    /// A webhook event.
    Event,
    /// An answer of the host's API.
    Api,
    /// Environment variables of the pipeline.
    Env,
    /// The git checkout.
    Git,
    /// The caller.
    User,
}

/// Which lists are whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Completeness {
    /// `commits` has every commit of the change.
    pub commits: bool,
    /// `files` has every changed file.
    pub files: bool,
    /// `reviews` has every review.
    pub reviews: bool,
}

/// A repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Repository {
    /// The host's id, which survives renaming.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `owner/name`.
    pub full_name: String,
    /// The owner: an organization or a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The branch that changes go to unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_branch: Option<String>,
    /// Whether it is private.
    pub private: Tri,
}

/// A webhook event.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Event {
    /// `pull_request`, `pull_request_review`, `merge_group`, `push`, told by the payload's members.
    pub name: String,
    /// What happened: `opened`, `synchronize`, `submitted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The commit that the host tests, where it is not the head that was reviewed: a merge queue's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The pull request, where the event names it without describing it: a merge queue's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<u64>,
}

/// A branch at a commit. Branch names collide between forks: compare `repository_id` too.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Branch {
    /// The branch's name without `refs/heads/`.
    pub name: String,
    /// The commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
    /// The id of the repository that it is in. Absent when a fork was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository_id: Option<String>,
}

/// A person or a machine account.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Person {
    /// The host's id, which survives renaming.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The login, in lower case, because hosts compare it so. Absent for a deleted account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// What kind of account it is. A machine account of type user is not told apart by the host.
    pub kind: PersonKind,
}

/// What kind of account it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum PersonKind {
    /// A person.
    User,
    /// A bot, by the host's word or by its login.
    Bot,
    /// An organization.
    Organization,
    /// The host does not say.
    #[default]
    Unknown,
}

/// A pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PullRequest {
    /// The number that people see.
    pub number: u64,
    /// The title. Anybody with triage rights can write it: never an approval.
    pub title: String,
    /// The description.
    pub body: String,
    /// `open`, `closed` or `merged`.
    pub state: String,
    /// Whether it is a draft.
    pub draft: Tri,
    /// Label names, sorted. Anybody with triage rights can set them: never an approval.
    pub labels: Vec<String>,
    /// Whether the changes come from another repository.
    pub from_fork: Tri,
    /// What the author is to the repository, as the caller may see it: `OWNER`, `MEMBER`, `COLLABORATOR`, `CONTRIBUTOR`, `NONE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_association: Option<String>,
    /// The page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was opened, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last touched, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Logins asked for a review, sorted. They leave the list once they have reviewed.
    pub requested_reviewers: Vec<String>,
    /// Teams asked for a review, by slug, sorted.
    pub requested_teams: Vec<String>,
    /// How many files are changed, by the host's count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_files: Option<u64>,
    /// How many commits there are, by the host's count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_count: Option<u64>,
}

/// A commit of the change.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Commit {
    /// The commit's hash.
    pub sha: String,
    /// The message.
    pub message: String,
    /// The account that the author's mail address belongs to. Free text of whoever committed: no proof of anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Person>,
    /// The account that the committer's mail address belongs to; `web-flow` when the host made the commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub committer: Option<Person>,
    /// The author's mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_email: Option<String>,
    /// Mail addresses of `Co-authored-by` trailers, sorted.
    pub co_authors: Vec<String>,
    /// The signature, where the host says something about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// What the host says of a commit's signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Signature {
    /// Whether it verified.
    pub verified: bool,
    /// Why or why not: `valid`, `unsigned`, `unknown_key`, ...
    pub reason: String,
}

/// A changed file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChangedFile {
    /// The path in the repository.
    pub path: String,
    /// The path before a rename or copy. A rule about paths must look at both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_path: Option<String>,
    /// What happened to it.
    pub status: FileStatus,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum FileStatus {
    /// New.
    Added,
    /// Changed.
    Modified,
    /// Gone.
    Removed,
    /// At another path.
    Renamed,
    /// Made from another one.
    Copied,
    /// Something else: the host's word is in the notes.
    Other,
}

/// The one opinion of a reviewer that stands.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Review {
    /// Who.
    pub reviewer: Person,
    /// The opinion that stands: the latest one. A dismissal erases it and revives none before it.
    pub state: ReviewState,
    /// The host's own word.
    pub raw_state: String,
    /// The commit that was reviewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// When, by the host's clock, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<String>,
    /// Whether it is about the present head: the commit is the head, and it was not given before the head was pushed.
    pub current: Tri,
    /// Whether the reviewer opened the change.
    #[serde(rename = "self")]
    pub by_author: bool,
    /// Whether the reviewer wrote, co-wrote or committed one of its commits, or pushed the head. Mail addresses in commits are free
    /// text: cannot tell where one of them belongs to no account, or where the commits were not all given.
    pub by_committer: Tri,
    /// Whether the reviewer is a bot.
    pub bot: bool,
    /// What the reviewer is to the repository, as the caller may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association: Option<String>,
    /// The teams given in `change.teams` that the reviewer is in, sorted.
    pub teams: Vec<String>,
    /// Whether it counts as an approval: approved, current, not by the author, a committer or a bot.
    ///
    /// In doubt it does not count, with one exception: where the commits were not given at all, or one of them has a mail address that
    /// belongs to no account, `by_committer` is cannot tell and the approval counts. `why` says so, and a policy can ask for more.
    pub counts: bool,
    /// Why it counts or does not, as a sentence about the reviewer: `approved the head`.
    pub why: String,
}

/// An opinion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ReviewState {
    /// Approved.
    Approved,
    /// Changes requested.
    ChangesRequested,
    /// Only comments: no opinion.
    Commented,
    /// An opinion that was taken back.
    Dismissed,
    /// Not submitted yet.
    Pending,
    /// A word of the host that is not known. Never an approval.
    Unknown,
}

/// What the host demands of changes to the base branch, by protection and rulesets.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProtectionRules {
    /// Whether the branch is protected. A 404 means either, so it means cannot tell.
    pub protected: Tri,
    /// How many approvals the host demands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_approvals: Option<u64>,
    /// Whether a push takes approvals back.
    pub dismiss_stale_reviews: Tri,
    /// Whether code owners must approve.
    pub require_code_owners: Tri,
    /// Whether somebody other than the last pusher must approve.
    pub require_last_push_approval: Tri,
    /// Whether commits must be signed.
    pub require_signatures: Tri,
    /// Whether administrators are bound too.
    pub enforce_admins: Tri,
    /// Whether anybody may rewrite the branch.
    pub allow_force_pushes: Tri,
}

/// A team and its members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Team {
    /// The members, sorted by login.
    pub members: Vec<Person>,
    /// Whether these are all.
    pub complete: bool,
}
