//! Payloads as GitHub writes them, for pull request 12 of `acme/infra` by ada, with the head `HEAD`.

use plangate::Input;
use plangate::input::{Change, Review};
use serde_json::{Value, json};

pub(crate) const HEAD: &str = "c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe";
pub(crate) const OLD: &str = "0ld0ld00ld0ld00ld0ld00ld0ld00ld0ld00ld0l";
pub(crate) const BASE: &str = "ba5eba5eba5eba5eba5eba5eba5eba5eba5eba5e";

pub(crate) const ADA: u64 = 1;
pub(crate) const GRACE: u64 = 2;
pub(crate) const LINUS: u64 = 3;

pub(crate) fn user(id: u64) -> Value {
    let login = match id {
        ADA => "Ada".to_owned(),
        GRACE => "Grace".to_owned(),
        LINUS => "Linus".to_owned(),
        other => format!("user{other}"),
    };
    json!({"login": login, "id": id, "type": "User", "site_admin": false})
}

pub(crate) fn repository() -> Value {
    json!({
        "id": 7, "full_name": "acme/infra", "private": true, "default_branch": "main",
        "owner": {"login": "acme", "id": 70, "type": "Organization"}
    })
}

/// The REST answer. Three files and two commits by its own count.
pub(crate) fn pull_request() -> Value {
    json!({
        "number": 12, "title": "Add bucket", "body": null, "state": "open", "merged": false, "draft": false,
        "user": user(ADA), "author_association": "MEMBER", "labels": [{"name": "infra"}, {"name": "bug"}],
        "html_url": "https://github.com/acme/infra/pull/12",
        "created_at": "2026-11-20T08:00:00Z", "updated_at": "2026-11-23T12:00:00Z", "merged_at": null,
        "requested_reviewers": [user(LINUS)], "requested_teams": [{"name": "Security", "slug": "security"}],
        "changed_files": 3, "commits": 2,
        "head": {"ref": "bucket", "sha": HEAD, "repo": repository()},
        "base": {"ref": "main", "sha": BASE, "repo": repository()}
    })
}

/// The webhook event about the push of `HEAD` at 10:00.
pub(crate) fn synchronize() -> Value {
    let mut pull = pull_request();
    pull["updated_at"] = json!("2026-11-23T10:00:00Z");
    json!({
        "action": "synchronize", "number": 12, "before": OLD, "after": HEAD, "pull_request": pull,
        "repository": repository(), "sender": user(ADA), "organization": {"login": "acme"}, "installation": {"id": 1}
    })
}

pub(crate) fn review(id: u64, reviewer: &Value, state: &str, commit: &str, time: &str) -> Value {
    json!({
        "id": id, "user": reviewer, "state": state, "commit_id": commit, "body": "",
        "submitted_at": format!("2026-11-23T{time}Z"), "author_association": "MEMBER",
        "pull_request_url": "https://api.github.com/repos/acme/infra/pulls/12"
    })
}

pub(crate) fn approval(reviewer: &Value) -> Value {
    review(80, reviewer, "APPROVED", HEAD, "11:00:00")
}

pub(crate) fn commit(sha: &str, author: &Value, parent: &str) -> Value {
    json!({
        "sha": sha, "author": author, "committer": {"login": "web-flow", "id": 19_864_447, "type": "User"},
        "parents": [{"sha": parent}],
        "commit": {
            "message": "Add bucket", "verification": {"verified": true, "reason": "valid"},
            "author": {"name": "A", "email": "a@example.com", "date": "1999-01-01T00:00:00Z"},
            "committer": {"name": "GitHub", "email": "noreply@github.com", "date": "1999-01-01T00:00:00Z"}
        }
    })
}

/// The two commits of the pull request, both by ada.
pub(crate) fn commits() -> Value {
    json!([commit(OLD, &user(ADA), BASE), commit(HEAD, &user(ADA), OLD)])
}

pub(crate) fn files() -> Value {
    json!([
        {"filename": "main.tf", "status": "modified"},
        {"filename": "bucket.tf", "status": "added"},
        {"filename": "network.tf", "status": "renamed", "previous_filename": "vpc.tf"}
    ])
}

pub(crate) fn change_of(payloads: &[Value]) -> Change {
    input_of(payloads).change.expect("a change")
}

pub(crate) fn input_of(payloads: &[Value]) -> Input {
    payloads.iter().fold(Input::new(), |input, payload| {
        input
            .with_github(payload.to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{error}: {payload}"))
    })
}

pub(crate) fn refusal_of(payloads: &[Value]) -> plangate::Error {
    let mut input = Input::new();
    for payload in payloads {
        input = match input.with_github(payload.to_string().as_bytes()) {
            Ok(input) => input,
            Err(error) => return error,
        };
    }
    panic!("nothing was refused")
}

/// The opinions of a change that also has the pull request and its commits.
pub(crate) fn opinions(reviews: &[Value]) -> Vec<Review> {
    change_of(&[pull_request(), commits(), json!({ "reviews": reviews })]).reviews
}

/// The one opinion of a change with one reviewer.
pub(crate) fn opinion(reviews: &[Value]) -> Review {
    let mut opinions = opinions(reviews);
    assert_eq!(opinions.len(), 1, "{opinions:?}");
    opinions.remove(0)
}
