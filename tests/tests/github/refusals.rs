//! What is refused, and how: with a code, a place, what was found, and what to do.

use plangate::{ErrorKind, Input};
use serde_json::{Value, json};

use crate::build::{GRACE, approval, change_of, pull_request, refusal_of, repository, synchronize, user};

/// An error in one text, to be looked at as people see it.
fn seen(error: &plangate::Error) -> String {
    format!("{}\n{error}\nhelp: {}", error.code(), error.help().unwrap_or("-"))
}

#[test]
fn says_what_it_found_and_what_it_reads() {
    let plan =
        json!({"format_version": "1.2", "resource_changes": [], "variables": {"password": {"value": "hunter2"}}});
    insta::assert_snapshot!(seen(&refusal_of(std::slice::from_ref(&plan))), @r#"
    change.unrecognized
    change at the top level: found an object with the members `format_version`, `resource_changes`, `variables`, which is no payload of GitHub that is known
    help: give one of GitHub's: a webhook event (pull_request, pull_request_review, merge_group, push); an answer of the REST API (a pull request, its reviews, files or commits, branch protection, rules); or an object of several, such as `{"pull_request": {...}, "reviews": [...], "teams": {"acme/security": [...]}}`
    "#);
    let error = Input::new().with_change(plan.to_string().as_bytes()).unwrap_err();
    assert_eq!(seen(&error), seen(&refusal_of(&[plan])));
}

#[test]
fn an_empty_list_could_be_anything() {
    insta::assert_snapshot!(seen(&refusal_of(&[json!([])])), @r#"
    change.empty_list
    change at the top level: an empty list, which does not say what it lists
    help: name it: `{"reviews": []}`, `{"files": []}`, `{"commits": []}` or `{"rules": []}`
    "#);
    assert_eq!(Input::new().with_change(b"[]").unwrap_err().code(), "change.empty_list");
    assert!(change_of(&[json!({"reviews": []})]).complete.reviews);
}

#[test]
fn two_pull_requests_are_not_one_change() {
    let mut other = approval(&user(GRACE));
    other["pull_request_url"] = json!("https://api.github.com/repos/acme/infra/pulls/13");
    insta::assert_snapshot!(seen(&refusal_of(&[pull_request(), json!([other.clone()])])), @r"
    change.mismatch
    change at /0/pull_request_url: a payload about pull request 13 beside one about pull request 12
    help: give payloads of one pull request only
    ");
    assert_eq!(refusal_of(&[json!([other]), pull_request()]).code(), "change.mismatch");

    let mut elsewhere = pull_request();
    elsewhere["base"]["repo"] = json!({"id": 8, "full_name": "acme/other"});
    insta::assert_snapshot!(seen(&refusal_of(&[pull_request(), elsewhere])), @r"
    change.mismatch
    change at the top level: a payload about the repository `acme/other` beside one about `acme/infra`
    help: give payloads of one pull request only
    ");

    let mut event = synchronize();
    event["number"] = json!(13);
    assert_eq!(refusal_of(&[event]).code(), "change.mismatch");
}

#[test]
fn a_renamed_repository_is_the_same_one() {
    let mut renamed = pull_request();
    renamed["base"]["repo"]["full_name"] = json!("acme/infrastructure");
    let mut event = synchronize();
    event["repository"] = repository();
    let change = change_of(&[event, renamed]);
    assert_eq!(change.repository.unwrap().full_name, "acme/infrastructure");
}

#[test]
fn points_at_what_is_wrong_and_never_quotes_it() {
    let broken = |pointer: &str, value: Value| {
        let mut bundle = json!({
            "pull_request": pull_request(), "reviews": [approval(&user(GRACE))], "files": [{"filename": "a", "status": "added"}],
            "commits": [], "teams": {"acme/security": [user(GRACE)]}, "rules": [{"type": "x"}]
        });
        *bundle.pointer_mut(pointer).unwrap() = value;
        let error = refusal_of(&[bundle]);
        assert!(matches!(error.kind(), ErrorKind::Shape));
        assert!(!seen(&error).contains("hunter2"), "{error}");
        error.to_string()
    };
    assert_eq!(
        broken("/reviews/0/state", json!({"hunter2": 1})),
        "change at /reviews/0/state: expected a string, found an object"
    );
    assert_eq!(
        broken("/reviews/0/submitted_at", json!("hunter2")),
        "change at /reviews/0/submitted_at: a string that is not an RFC 3339 time"
    );
    assert_eq!(
        broken("/reviews/0/user/id", json!("hunter2")),
        "change at /reviews/0/user/id: expected a whole number from 0, found a string"
    );
    assert_eq!(
        broken("/reviews/0/user/id", Value::Null),
        "change at /reviews/0/user: a reviewer without the member `id`"
    );
    assert_eq!(
        broken("/reviews/0/user/login", json!("")),
        "change at /reviews/0/user: a reviewer without the member `login`"
    );
    assert_eq!(
        broken("/reviews/0/id", json!(-1)),
        "change at /reviews/0/id: expected a whole number from 0, found a number"
    );
    assert_eq!(
        broken("/pull_request/head", json!("hunter2")),
        "change at /pull_request/head: expected an object, found a string"
    );
    assert_eq!(
        broken("/pull_request/number", Value::Null),
        "change at /pull_request: the object lacks the member `number`"
    );
    assert_eq!(
        broken("/files", json!({"complete": true})),
        "change at /files: the object lacks the member `items`"
    );
    assert_eq!(
        broken("/teams/acme~1security", json!(7)),
        "change at /teams/acme~1security: expected an array, found a number"
    );
    assert_eq!(
        broken("/rules/0", json!([])),
        "change at /rules/0: expected an object, found an array"
    );
}

#[test]
fn a_team_needs_a_slug() {
    for slug in ["", "the team", "a\nb"] {
        let error = Input::new().with_github_team(slug, b"[]").unwrap_err();
        assert_eq!(error.code(), "change.team_slug");
    }
    let error = Input::new().with_github_team("acme/security", b"{}").unwrap_err();
    assert_eq!(
        error.to_string(),
        "change at the top level: the object lacks the member `members`"
    );
}

#[test]
fn an_event_beside_other_payloads_must_be_one() {
    let error = refusal_of(&[json!({"event": {"event": {}}, "reviews": []})]);
    assert_eq!(
        error.to_string(),
        "change at /event: expected a webhook event with the member `action`, found an object"
    );
    let change = change_of(&[json!({"event": synchronize(), "pull_request": pull_request()})]);
    assert_eq!(change.event.unwrap().action.as_deref(), Some("synchronize"));
}

#[test]
fn broken_json_is_refused() {
    for (bytes, code) in [
        (&b""[..], "json.syntax"),
        (b"{\"a\": 1, \"a\": 2}", "json.duplicate_key"),
        (b"\xff", "json.encoding"),
    ] {
        assert_eq!(Input::new().with_github(bytes).unwrap_err().code(), code);
        assert_eq!(Input::new().with_change(bytes).unwrap_err().code(), code);
    }
}
