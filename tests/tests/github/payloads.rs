//! The real payloads in `../shared/vcs`, asserted fact by fact. Skipped, with a word, where the folder is absent.

use std::path::PathBuf;

use plangate::Input;
use plangate::input::{Change, FileStatus, Origin, PersonKind, ReviewState, Tri};

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("PLANGATE_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")),
        PathBuf::from,
    );
    let folder = shared.join("vcs");
    if !folder.is_dir() {
        println!(
            "skipped: {} is not there; PLANGATE_SHARED names another place",
            folder.display()
        );
        return None;
    }
    Some(folder)
}

fn read(names: &[&str]) -> Option<Change> {
    let folder = folder()?;
    let mut input = Input::new();
    for name in names {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        input = input
            .with_change(&bytes)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    input.change
}

#[test]
fn every_file_of_github_is_read_and_no_other() {
    let Some(folder) = folder() else { return };
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let result = Input::new().with_change(&std::fs::read(&path).unwrap());
        if name.starts_with("github__") {
            let change = result.unwrap_or_else(|error| panic!("{name}: {error}")).change.unwrap();
            assert_eq!(change.provider, "github");
            read += 1;
        } else {
            assert_eq!(result.unwrap_err().code(), "change.unrecognized", "{name}");
        }
    }
    assert_eq!(read, 9);
}

fn is_the_sample_pull_request(change: &Change) {
    let repository = change.repository.as_ref().unwrap();
    assert_eq!(repository.id.as_deref(), Some("186853002"));
    assert_eq!(repository.full_name, "Codertocat/Hello-World");
    assert_eq!(repository.owner.as_deref(), Some("Codertocat"));
    assert_eq!(repository.default_branch.as_deref(), Some("master"));
    assert_eq!(repository.private, Tri::No);
    let pull = change.pull_request.as_ref().unwrap();
    assert_eq!(pull.number, 2);
    assert_eq!(pull.title, "Update the README with new information.");
    assert_eq!(
        pull.body,
        "This is a pretty simple change that we need to pull into master."
    );
    assert_eq!(pull.state, "open");
    assert_eq!(pull.draft, Tri::No);
    assert_eq!(pull.labels, ["bug"]);
    assert_eq!(pull.from_fork, Tri::No);
    assert_eq!(pull.author_association.as_deref(), Some("OWNER"));
    assert_eq!(
        pull.url.as_deref(),
        Some("https://github.com/Codertocat/Hello-World/pull/2")
    );
    assert_eq!(pull.created_at.as_deref(), Some("2019-05-15T15:20:33Z"));
    assert_eq!(pull.requested_reviewers, ["octocat"]);
    assert!(pull.requested_teams.is_empty());
    for person in [&change.author, &change.actor] {
        let person = person.as_ref().unwrap();
        assert_eq!(person.login.as_deref(), Some("codertocat"));
        assert_eq!(person.id.as_deref(), Some("21031067"));
        assert_eq!(person.kind, PersonKind::User);
    }
    let (head, base) = (change.head.as_ref().unwrap(), change.base.as_ref().unwrap());
    assert_eq!((head.name.as_str(), base.name.as_str()), ("changes", "master"));
    assert_eq!(head.sha.as_deref(), Some("ec26c3e57ca3a959ca5aad62de7213c562f8c821"));
    assert_eq!(base.sha.as_deref(), Some("f95f852bd8fca8fcc58a9a2d6c842781e32a215e"));
    assert_eq!(head.repository_id.as_deref(), Some("186853002"));
    assert_eq!(change.origins["pull_request"], Origin::Event);
    assert!(change.notes.is_empty(), "{:?}", change.notes);
}

#[test]
fn pull_request_opened_and_labeled() {
    for (name, action) in [
        ("github__pull_request_opened.json", "opened"),
        ("github__pull_request_labeled.json", "labeled"),
    ] {
        let Some(change) = read(&[name]) else { return };
        is_the_sample_pull_request(&change);
        let event = change.event.unwrap();
        assert_eq!(
            (event.name.as_str(), event.action.as_deref()),
            ("pull_request", Some(action))
        );
        assert_eq!((change.pushed_at, change.previous_head), (None, None));
        let pull = change.pull_request.unwrap();
        assert_eq!((pull.changed_files, pull.commit_count), (Some(1), Some(1)));
    }
}

#[test]
fn pull_request_synchronize() {
    let Some(change) = read(&["github__pull_request_synchronize.json"]) else {
        return;
    };
    is_the_sample_pull_request(&change);
    assert_eq!(
        change.previous_head.as_deref(),
        Some("f95f852bd8fca8fcc58a9a2d6c842781e32a215e")
    );
    assert_eq!(change.pushed_at.as_deref(), Some("2019-05-15T15:20:33Z"));
    assert_eq!(change.pushed_by.unwrap().login.as_deref(), Some("codertocat"));
}

#[test]
fn review_submitted() {
    let Some(change) = read(&["github__review_submitted.json"]) else {
        return;
    };
    is_the_sample_pull_request(&change);
    let event = change.event.unwrap();
    assert_eq!(
        (event.name.as_str(), event.action.as_deref()),
        ("pull_request_review", Some("submitted"))
    );
    assert_eq!(change.pull_request.unwrap().changed_files, None);
    let review = &change.reviews[0];
    assert_eq!(
        (review.state, review.raw_state.as_str()),
        (ReviewState::Commented, "commented")
    );
    assert_eq!(review.submitted_at.as_deref(), Some("2019-05-15T15:20:38Z"));
    assert_eq!(
        review.commit.as_deref(),
        Some("ec26c3e57ca3a959ca5aad62de7213c562f8c821")
    );
    assert_eq!(review.association.as_deref(), Some("OWNER"));
    assert_eq!(review.current, Tri::Yes);
    assert!(review.by_author && !review.bot && !review.counts);
    assert_eq!(change.origins["reviews"], Origin::Event);
    assert!(!change.complete.reviews);
}

#[test]
fn reviews() {
    let Some(change) = read(&["github__api_reviews.json"]) else {
        return;
    };
    let review = &change.reviews[0];
    assert_eq!(
        (review.state, review.raw_state.as_str()),
        (ReviewState::Approved, "APPROVED")
    );
    assert_eq!(review.reviewer.id.as_deref(), Some("1"));
    assert_eq!(review.reviewer.login.as_deref(), Some("octocat"));
    assert_eq!(
        review.commit.as_deref(),
        Some("ecdd80bb57125d7ba9641ffaa4d7d2c19d3f3091")
    );
    assert_eq!(review.submitted_at.as_deref(), Some("2019-11-17T17:43:43Z"));
    assert_eq!(review.association.as_deref(), Some("COLLABORATOR"));
    assert!(change.complete.reviews && !review.counts);
    assert_eq!(change.origins["reviews"], Origin::Api);
    assert!(change.pull_request.is_none());
}

#[test]
fn files() {
    let Some(change) = read(&["github__api_pr_files.json"]) else {
        return;
    };
    let found: Vec<_> = change
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.previous_path.as_deref(), file.status))
        .collect();
    assert_eq!(
        found,
        [
            ("asda2", None, FileStatus::Modified),
            ("remove_me", None, FileStatus::Added),
            ("tp", Some("abhinav"), FileStatus::Renamed),
            ("upsert", None, FileStatus::Removed),
        ]
    );
    assert!(!change.complete.files);
}

#[test]
fn commit() {
    let Some(change) = read(&["github__api_commit.json"]) else {
        return;
    };
    assert_eq!(change.commits.len(), 1);
    let commit = &change.commits[0];
    assert_eq!(commit.sha, "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d");
    assert!(
        commit
            .message
            .starts_with("Merge pull request #6 from Spaceghost/patch-1\n")
    );
    assert_eq!(commit.author.as_ref().unwrap().id.as_deref(), Some("583231"));
    assert_eq!(commit.committer.as_ref().unwrap().login.as_deref(), Some("octocat"));
    assert_eq!(commit.author_email.as_deref(), Some("octocat@nowhere.com"));
    let signature = commit.signature.as_ref().unwrap();
    assert_eq!((signature.verified, signature.reason.as_str()), (false, "unsigned"));
    assert!(
        change.files.is_empty(),
        "the files of one commit are not those of the pull request"
    );
    assert!(!change.complete.commits);
}

#[test]
fn merge_group() {
    let Some(change) = read(&["github__merge_group_checks_requested.json"]) else {
        return;
    };
    let event = change.event.unwrap();
    assert_eq!(
        (event.name.as_str(), event.action.as_deref()),
        ("merge_group", Some("checks_requested"))
    );
    assert_eq!(
        event.commit.as_deref(),
        Some("2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d")
    );
    assert_eq!(event.pull_request, Some(104));
    assert_eq!(change.repository.unwrap().full_name, "octo-org/octo-repo");
    let base = change.base.unwrap();
    assert_eq!(
        (base.name.as_str(), base.sha.as_deref()),
        ("main", Some("380387fbc80638b734a49e1be1c4dfec1c01b33c"))
    );
    assert_eq!(base.repository_id.as_deref(), Some("17273051"));
    assert!(change.head.is_none() && change.pull_request.is_none());
    assert_eq!(change.actor.unwrap().login.as_deref(), Some("codertocat"));
    assert!(change.notes.is_empty(), "{:?}", change.notes);
}

#[test]
fn trap_13_branch_protection_recording() {
    let Some(change) = read(&["github__api_branch_protection_fixture.json"]) else {
        return;
    };
    assert_eq!(change.rules.protected, Tri::CannotTell);
    assert_eq!(change.rules.required_approvals, None);
    assert_eq!(change.rules.dismiss_stale_reviews, Tri::CannotTell);
    assert_eq!(change.notes.len(), 1);
    assert!(change.notes[0].contains("not found"), "{:?}", change.notes);
}

#[test]
fn branch_protection_from_the_recording() {
    let Some(folder) = folder() else { return };
    let bytes = std::fs::read(folder.join("github__api_branch_protection_fixture.json")).unwrap();
    let recording: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let answer = recording[2]["response"].to_string();
    let rules = Input::new()
        .with_github(answer.as_bytes())
        .unwrap()
        .change
        .unwrap()
        .rules;
    assert_eq!((rules.protected, rules.required_approvals), (Tri::Yes, Some(1)));
    assert_eq!(rules.dismiss_stale_reviews, Tri::Yes);
    assert_eq!(rules.enforce_admins, Tri::Yes);
    assert_eq!(rules.allow_force_pushes, Tri::No);
    assert_eq!(rules.require_signatures, Tri::CannotTell, "a ruleset may demand them");
}

#[test]
fn event_and_review_of_one_pull_request_combine() {
    let names = ["github__review_submitted.json", "github__pull_request_synchronize.json"];
    let Some(change) = read(&names) else { return };
    is_the_sample_pull_request(&change);
    assert_eq!(change.event.unwrap().name, "pull_request_review");
    assert_eq!(change.pull_request.unwrap().changed_files, Some(1));
    assert_eq!(change.pushed_at.as_deref(), Some("2019-05-15T15:20:33Z"));
    assert_eq!(change.reviews.len(), 1);
}
