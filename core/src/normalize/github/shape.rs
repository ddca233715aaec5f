//! Which of GitHub's payloads a document is. They do not say so themselves: webhooks name the event in a header that is not here.

use crate::json::{Object, Value};

/// What is read, for people who gave something else.
pub(super) const PAYLOADS: &str = "a webhook event (pull_request, pull_request_review, merge_group, push); an answer of the REST API (a pull \
     request, its reviews, files or commits, branch protection, rules); or an object of several, such as \
     `{\"pull_request\": {...}, \"reviews\": [...], \"teams\": {\"acme/security\": [...]}}`";

/// A payload of GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// An event, or an object of several payloads, which an event is too.
    Bundle,
    Push,
    PullRequest,
    Review,
    Reviews,
    File,
    Files,
    Commit,
    Commits,
    BranchProtection,
    Rules,
    Recording,
    /// `{"message": "Not Found"}`
    Refusal,
}

/// The members of an object of several payloads.
pub(super) const GROUPS: [&str; 10] = [
    "event",
    "pull_request",
    "review",
    "reviews",
    "files",
    "commits",
    "branch_protection",
    "rules",
    "teams",
    "merge_group",
];

pub(super) fn of(value: &Value) -> Option<Shape> {
    match value {
        Value::Object(_) if is_refusal(value) => Some(Shape::Refusal),
        Value::Object(members) => of_object(members),
        Value::Array(items) => of_list(items.first()?.as_object()?),
        _ => None,
    }
}

fn of_object(members: &Object) -> Option<Shape> {
    let has = |name: &str| members.contains_key(name);
    let is_object = |name: &str| members.get(name).is_some_and(|value| value.as_object().is_some());
    // GitLab's hooks have `commits`, `ref`, `before` and `after` too.
    if has("object_kind") {
        return None;
    }
    if let Some(shape) = of_element(members) {
        return Some(shape);
    }
    if has("ref") && has("before") && has("after") && is_object("repository") {
        return Some(Shape::Push);
    }
    if is_object("head") && is_object("base") && has("number") {
        return Some(Shape::PullRequest);
    }
    if is_object("enforce_admins") || is_object("required_pull_request_reviews") && !has("parameters") {
        return Some(Shape::BranchProtection);
    }
    GROUPS
        .iter()
        .filter_map(|group| Some((*group, members.get(*group)?)))
        .any(|(group, value)| group != "rules" || are_rules(value))
        .then_some(Shape::Bundle)
}

/// GitLab's approvals have a member `rules` too, of rules without `type`.
fn are_rules(value: &Value) -> bool {
    let first = value.element(0);
    first.is_none_or(|rule| rule.member("type").is_some())
}

fn of_list(first: &Object) -> Option<Shape> {
    let has = |name: &str| first.contains_key(name);
    if has("path") && has("status") && has("response") {
        return Some(Shape::Recording);
    }
    if has("type") && (has("ruleset_id") || has("ruleset_source") || has("parameters")) {
        return Some(Shape::Rules);
    }
    of_element(first).map(|shape| match shape {
        Shape::Review => Shape::Reviews,
        Shape::File => Shape::Files,
        Shape::Commit => Shape::Commits,
        other => other,
    })
}

fn of_element(members: &Object) -> Option<Shape> {
    let has = |name: &str| members.contains_key(name);
    if has("sha") && has("commit") {
        Some(Shape::Commit)
    } else if has("filename") && has("status") {
        Some(Shape::File)
    } else if has("id") && has("user") && has("state") && (has("commit_id") || has("submitted_at")) {
        Some(Shape::Review)
    } else {
        None
    }
}

/// Whether this is GitHub's way to say no.
pub(super) fn is_refusal(value: &Value) -> bool {
    const MEMBERS: [&str; 5] = ["message", "documentation_url", "status", "errors", "block"];
    value.member("message").and_then(Value::as_str).is_some()
        && value
            .as_object()
            .is_some_and(|members| members.keys().all(|name| MEMBERS.contains(&name.as_str())))
}

/// The HTTP status in a refusal, which newer versions of the API put there.
pub(super) fn status(refusal: &Value) -> Option<&str> {
    refusal.member("status")?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Option<Shape> {
        of(&Value::from_json("change", text.as_bytes()).unwrap())
    }

    #[test]
    fn tells_payloads_by_their_members() {
        for (text, expected) in [
            (
                r#"{"action": "opened", "pull_request": {}, "sender": {}}"#,
                Shape::Bundle,
            ),
            (r#"{"reviews": []}"#, Shape::Bundle),
            (r#"{"teams": {}}"#, Shape::Bundle),
            (r#"{"rules": []}"#, Shape::Bundle),
            (r#"{"rules": [{"type": "deletion"}]}"#, Shape::Bundle),
            (
                r#"{"ref": "refs/heads/x", "before": "", "after": "", "repository": {}, "commits": []}"#,
                Shape::Push,
            ),
            (
                r#"{"number": 1, "head": {}, "base": {}, "commits": 3, "review_comments": 0}"#,
                Shape::PullRequest,
            ),
            (
                r#"{"id": 1, "user": null, "state": "x", "commit_id": null}"#,
                Shape::Review,
            ),
            (
                r#"[{"id": 1, "user": null, "state": "PENDING", "commit_id": null}]"#,
                Shape::Reviews,
            ),
            (r#"{"filename": "a", "status": "added"}"#, Shape::File),
            (r#"[{"filename": "a", "status": "added"}]"#, Shape::Files),
            (r#"{"sha": "a", "commit": {}, "files": []}"#, Shape::Commit),
            (r#"[{"sha": "a", "commit": {}}]"#, Shape::Commits),
            (r#"{"url": "", "enforce_admins": {}}"#, Shape::BranchProtection),
            (r#"[{"type": "deletion", "ruleset_id": 1}]"#, Shape::Rules),
            (r#"[{"path": "/", "status": 404, "response": {}}]"#, Shape::Recording),
            (
                r#"{"message": "Not Found", "documentation_url": "x", "status": "404"}"#,
                Shape::Refusal,
            ),
        ] {
            assert_eq!(shape(text), Some(expected), "{text}");
        }
        for text in [
            "1",
            "[]",
            "[1]",
            "{}",
            r#"{"format_version": "1.2", "resource_changes": []}"#,
            r#"{"object_kind": "push", "ref": "x", "before": "", "after": "", "repository": {}, "commits": []}"#,
            r#"{"message": "hello", "level": "info"}"#,
            r#"{"rules": [{"id": 1, "rule_type": "regular"}]}"#,
            r#"[{"login": "ada", "id": 1}]"#,
            r#"[{"number": 1, "head": {}, "base": {}}]"#,
        ] {
            assert_eq!(shape(text), None, "{text}");
        }
    }
}
