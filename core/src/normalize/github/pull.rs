//! The pull request with its branches, and the files that it changes.

use super::super::cursor::{Cursor, quote};
use super::people::person_of;
use crate::error::Error;
use crate::input::{Branch, ChangedFile, FileStatus, Origin, Person, PullRequest, Repository, Tri};

/// A pull request as one payload has it. The order is the order of trust: the API before an event, then the later one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PullFacts {
    pub(super) origin: Origin,
    pub(super) updated_at: Option<String>,
    pub(super) pull_request: PullRequest,
    /// `None` where the account is deleted.
    pub(super) author: Option<Person>,
    pub(super) head: Branch,
    pub(super) base: Branch,
    pub(super) repository: Option<Repository>,
}

pub(super) fn pull_request(object: &Cursor<'_>, origin: Origin) -> Result<PullFacts, Error> {
    let (head, base) = (object.required("head")?, object.required("base")?);
    let (head_repository, base_repository) = (repository_id(&head)?, repository_id(&base)?);
    // Where the fork was deleted, `repo` is null, and nothing tells that it was one.
    let from_fork = match (&head_repository, &base_repository) {
        (Some(head), Some(base)) => Tri::from(head != base),
        _ => Tri::CannotTell,
    };
    let merged = object.flag_of("merged")?.unwrap_or(false) || object.member("merged_at")?.is_some();
    let state = object.text_of("state")?.unwrap_or_default();
    let updated_at = object.time_of("updated_at")?;
    let pull_request = PullRequest {
        number: object.required("number")?.count()?,
        title: object.text_of("title")?.unwrap_or_default(),
        body: object.text_of("body")?.unwrap_or_default(),
        state: if merged { "merged".to_owned() } else { state },
        draft: object.flag_of("draft")?.into(),
        labels: names(object, "labels", "name")?,
        from_fork,
        author_association: object.text_of("author_association")?,
        url: object.text_of("html_url")?,
        created_at: object.time_of("created_at")?,
        updated_at: updated_at.clone(),
        requested_reviewers: names(object, "requested_reviewers", "login")?
            .into_iter()
            .map(|login| login.to_lowercase())
            .collect(),
        requested_teams: names(object, "requested_teams", "slug")?,
        changed_files: object.count_of("changed_files")?,
        commit_count: object.count_of("commits")?,
    };
    let repository = base.member("repo")?.map(|repo| repository(&repo)).transpose()?;
    Ok(PullFacts {
        origin,
        updated_at,
        pull_request,
        author: person_of(object, "user")?,
        head: branch(&head, head_repository)?,
        base: branch(&base, base_repository)?,
        repository,
    })
}

fn branch(object: &Cursor<'_>, repository_id: Option<String>) -> Result<Branch, Error> {
    Ok(Branch {
        name: short_name(object.required("ref")?.text()?),
        sha: Some(object.required("sha")?.text()?.to_owned()),
        repository_id,
    })
}

fn repository_id(branch: &Cursor<'_>) -> Result<Option<String>, Error> {
    match branch.member("repo")? {
        Some(repo) => Ok(repo.count_of("id")?.map(|id| id.to_string())),
        None => Ok(None),
    }
}

/// A branch's name without `refs/heads/`.
pub(super) fn short_name(reference: &str) -> String {
    reference.strip_prefix("refs/heads/").unwrap_or(reference).to_owned()
}

pub(super) fn repository(object: &Cursor<'_>) -> Result<Repository, Error> {
    Ok(Repository {
        id: object.count_of("id")?.map(|id| id.to_string()),
        full_name: object.required("full_name")?.text()?.to_owned(),
        owner: match object.member("owner")? {
            Some(owner) => owner.text_of("login")?,
            None => None,
        },
        default_branch: object.text_of("default_branch")?,
        private: object.flag_of("private")?.into(),
    })
}

/// One member of each object in a list, sorted. Objects without it, such as a deleted reviewer, are left out.
fn names(object: &Cursor<'_>, list: &str, name: &str) -> Result<Vec<String>, Error> {
    let Some(list) = object.member(list)? else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for item in list.items()?.filter(|item| !item.value().is_null()) {
        names.extend(item.text_of(name)?);
    }
    names.sort();
    Ok(names)
}

/// Reads a changed file, and what there is to note about it.
pub(super) fn file(object: &Cursor<'_>) -> Result<(ChangedFile, Option<String>), Error> {
    let word = object.required("status")?.text()?;
    let status = match word {
        "added" => FileStatus::Added,
        "modified" | "changed" => FileStatus::Modified,
        "removed" => FileStatus::Removed,
        "renamed" => FileStatus::Renamed,
        "copied" => FileStatus::Copied,
        _ => FileStatus::Other,
    };
    let note = (status == FileStatus::Other).then(|| format!("the file status {} is not known", quote(word)));
    let file = ChangedFile {
        path: object.required("filename")?.text()?.to_owned(),
        previous_path: object.text_of("previous_filename")?,
        status,
    };
    Ok((file, note))
}
