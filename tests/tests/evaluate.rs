//! What a policy set decides, through the public API.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use plangate::report::{Obligation, ObligationStatus};
use plangate::{Config, Decision, Input, PolicySet, Report, Source, Verdict};

const PLAN: &str = r#"{"format_version": "1.2", "terraform_version": "1.14.0", "applyable": true, "complete": true, "resource_changes": [
    {"address": "aws_s3_bucket.a", "mode": "managed", "type": "aws_s3_bucket", "name": "a",
     "provider_name": "registry.terraform.io/hashicorp/aws",
     "change": {"actions": ["create"], "before": null, "after": {"bucket": "a", "tags": null, "password": "hunter2-hunter2"},
                "after_unknown": {}, "before_sensitive": false, "after_sensitive": {"password": true}}}]}"#;

fn set(sources: &[(&str, &str)]) -> PolicySet {
    PolicySet::compile(sources.iter().map(|(name, text)| Source::new(*name, *text))).unwrap()
}

fn policy(family: &str, name: &str, rules: &str) -> String {
    format!("package plangate.{family}.{name}\n{rules}\n")
}

fn plan_report(rules: &str) -> Report {
    let text = policy("plan", "p", rules);
    set(&[("p.rego", &text)]).evaluate(&Input::from_terraform(PLAN.as_bytes()).unwrap())
}

#[test]
fn four_verdicts_and_their_decisions() {
    let cases = [
        ("deny contains \"no\"", Verdict::Fail, Decision::Deny),
        (
            "undetermined contains {\"message\": \"who knows\", \"unknown\": [[\"id\"]]}",
            Verdict::Undetermined,
            Decision::Review,
        ),
        ("deny contains \"no\" if false", Verdict::Pass, Decision::Allow),
        (
            "applicable contains 1 if false\ndeny contains \"no\" if false",
            Verdict::NotApplicable,
            Decision::Allow,
        ),
        ("warn contains \"hm\"", Verdict::Fail, Decision::Allow),
    ];
    for (rules, verdict, decision) in cases {
        let report = plan_report(rules);
        assert_eq!(
            (report.policies[0].verdict, report.decision),
            (verdict, decision),
            "{rules}"
        );
    }
}

#[test]
fn a_policy_that_fails_while_running_denies_even_when_advisory() {
    let text = "# METADATA\n# custom:\n#   enforcement: advisory\npackage plangate.plan.p\ndeny contains \"x\" if count(numbers.range(1, 100000000)) > 0\n";
    let report = set(&[("p.rego", text)]).evaluate(&Input::from_terraform(PLAN.as_bytes()).unwrap());
    assert_eq!(report.decision, Decision::Deny);
    assert!(report.policies[0].errored);
    assert!(
        report.policies[0].reason.as_deref().unwrap().contains("p.rego:5"),
        "{:?}",
        report.policies[0].reason
    );
}

#[test]
fn what_the_contract_does_not_have_is_an_error_and_denies() {
    for rules in [
        "deny := true",
        "deny contains 7",
        "deny contains {\"msg\": \"x\"}",
        "deny contains {\"message\": \"x\", \"resource\": 1}",
        "deny contains {\"message\": \"x\", \"path\": \"tags\"}",
    ] {
        let report = plan_report(rules);
        assert!(report.policies[0].errored, "{rules}");
        assert_eq!(report.decision, Decision::Deny);
    }
}

#[test]
fn ids_of_findings_do_not_depend_on_the_message() {
    let rules = "deny contains {\"message\": \"MESSAGE\", \"resource\": input.plan.resources[0], \"path\": [\"tags\", \"cost/center\", 0]}";
    let report = plan_report(rules);
    assert_eq!(report.findings[0].id, "plan.p@aws_s3_bucket.a#/tags/cost~1center/0");
    assert_eq!(
        plan_report(&rules.replace("MESSAGE", "other")).findings[0].id,
        report.findings[0].id
    );
}

#[test]
fn sensitive_values_are_compared_and_never_seen() {
    let report = plan_report(
        "password := input.plan.resources[0].after.password\n\
         deny contains sprintf(\"the password is %s\", [password]) if password == sanitized(\"hunter2-hunter2\")\n\
         deny contains \"wrong guess\" if password == sanitized(\"hunter3\")\n\
         deny contains \"no text\" if not startswith(password, \"(sensitive\")",
    );
    let messages: Vec<_> = report.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["the password is (sensitive)"]);
}

#[test]
fn an_input_about_nothing_is_not_allowed() {
    let text = policy("plan", "p", "deny contains \"no\" if false");
    let report = set(&[("p.rego", &text)]).evaluate(&Input::new());
    assert_eq!(
        (report.decision, report.doubts[0].doubt.code),
        (Decision::Review, "nothing_to_decide")
    );
    assert_eq!(report.policies[0].verdict, Verdict::NotApplicable);
}

#[test]
fn doubts_weigh_as_configured() {
    let plan = PLAN.replace("\"complete\": true", "\"complete\": false");
    let input = Input::from_terraform(plan.as_bytes()).unwrap();
    let text = policy("plan", "p", "deny contains \"no\" if false");
    let policies = set(&[("p.rego", &text)]);
    assert_eq!(policies.evaluate(&input).decision, Decision::Review);
    for (word, decision) in [("allow", Decision::Allow), ("deny", Decision::Deny)] {
        let config = Config::from_toml("t", &format!("[doubts]\nincomplete = '{word}'")).unwrap();
        assert_eq!(
            policies.clone().with_config(&config).unwrap().evaluate(&input).decision,
            decision
        );
    }
    let errored = PLAN.replace("\"complete\": true", "\"complete\": false, \"errored\": true");
    assert_eq!(
        policies
            .evaluate(&Input::from_terraform(errored.as_bytes()).unwrap())
            .decision,
        Decision::Deny
    );
}

fn access(rules: &[(&str, &str)], action: &str) -> Report {
    let sources: Vec<_> = rules
        .iter()
        .map(|(name, rules)| (format!("{name}.rego"), policy("access", name, rules)))
        .collect();
    let sources: Vec<_> = sources
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let input = Input::new()
        .with_actor(br#"{"login": "ada", "teams": ["payments"]}"#)
        .and_then(|input| input.with_stack(br#"{"name": "ledger", "labels": ["team:payments"]}"#))
        .and_then(|input| input.with_request(format!("{{\"action\": \"{action}\"}}").as_bytes()))
        .unwrap();
    set(&sources).evaluate(&input)
}

#[test]
fn access_is_denied_unless_granted_and_levels_include_each_other() {
    let grant_write = ("a", "grant contains \"write\" if \"payments\" in input.actor.teams");
    assert_eq!(access(&[grant_write], "write").decision, Decision::Allow);
    assert_eq!(access(&[grant_write], "read").decision, Decision::Allow);
    let refused = access(&[grant_write], "admin");
    assert_eq!(refused.decision, Decision::Deny);
    assert_eq!(
        refused.findings[0].message,
        "no policy grants `admin` on `ledger` to `ada`"
    );
    assert_eq!(access(&[grant_write], "deploy").decision, Decision::Deny);
    let denied = access(&[grant_write, ("b", "deny contains \"frozen\"")], "write");
    assert_eq!(denied.decision, Decision::Deny);
    assert!(
        denied.access.unwrap().granted,
        "the grant stays visible beside the denial"
    );
    let undetermined = ("c", "undetermined contains \"teams are not known\"");
    assert_eq!(access(&[undetermined], "write").decision, Decision::Review);
    assert_eq!(access(&[grant_write, undetermined], "write").decision, Decision::Allow);
}

#[test]
fn no_configuration_allows_what_nobody_granted() {
    let text = policy(
        "access",
        "a",
        "undetermined contains \"teams are not known\"\ngrant contains \"read\" if false",
    );
    let config = Config::from_toml("t", "[decision]\nundetermined = 'allow'").unwrap();
    let policies = set(&[("a.rego", &text)]).with_config(&config).unwrap();
    let input = Input::new().with_request(br#"{"action": "write"}"#).unwrap();
    assert_eq!(policies.evaluate(&input).decision, Decision::Review);
}

#[test]
fn an_advisory_policy_grants_nothing() {
    let text =
        "# METADATA\n# custom:\n#   enforcement: advisory\npackage plangate.access.a\ngrant contains \"admin\"\n";
    let input = Input::new().with_request(br#"{"action": "read"}"#).unwrap();
    assert_eq!(set(&[("a.rego", text)]).evaluate(&input).decision, Decision::Deny);
}

const PULL_REQUEST: &str = r#"{"number": 7, "title": "t", "body": null, "state": "open", "merged": false, "draft": false,
    "user": {"id": 1, "login": "ada", "type": "User"}, "commits": 1, "changed_files": 1,
    "head": {"ref": "f", "sha": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "repo": {"id": 9, "full_name": "acme/infra"}},
    "base": {"ref": "main", "sha": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "repo": {"id": 9, "full_name": "acme/infra"}}}"#;

fn obligation(require: &str, reviews: &str) -> (Decision, Obligation) {
    let text = policy("approval", "a", &format!("require contains {require}"));
    let payload = format!(
        r#"{{"pull_request": {PULL_REQUEST}, "reviews": {{"complete": true, "items": {reviews}}},
            "teams": {{"acme/security": {{"complete": true, "members": [{{"id": 2, "login": "grace"}}, {{"id": 1, "login": "ada"}}, {{"id": 4, "login": "hedy"}}]}}}}}}"#
    );
    let input = Input::new().with_github(payload.as_bytes()).unwrap();
    let mut report = set(&[("a.rego", &text)]).evaluate(&input);
    (report.decision, report.obligations.remove(0))
}

fn approval(id: u64, user: u64, login: &str, commit: &str) -> String {
    format!(
        r#"{{"id": {id}, "user": {{"id": {user}, "login": "{login}", "type": "User"}}, "state": "APPROVED", "commit_id": "{}", "submitted_at": "2026-11-23T08:00:00Z", "author_association": "MEMBER"}}"#,
        commit.repeat(40)
    )
}

#[test]
fn obligations_are_matched_with_the_reviews_that_count() {
    let by_security = r#"{"from": "team:security", "count": 1, "reason": "network"}"#;
    let (decision, missing) = obligation(by_security, &format!("[{}]", approval(1, 3, "alan", "a")));
    assert_eq!(
        (decision, missing.status, missing.missing),
        (Decision::Review, ObligationStatus::Missing, 1)
    );
    assert_eq!(missing.candidates, ["grace", "hedy"], "the author cannot approve");
    assert_eq!(missing.not_counted[0].reviewer, "alan");

    let (decision, given) = obligation(by_security, &format!("[{}]", approval(1, 2, "grace", "a")));
    assert_eq!((decision, given.status), (Decision::Allow, ObligationStatus::Satisfied));
    assert_eq!(given.approved_by, ["grace"]);

    let (decision, stale) = obligation(by_security, &format!("[{}]", approval(1, 2, "grace", "c")));
    assert_eq!((decision, stale.status), (Decision::Review, ObligationStatus::Missing));

    let two = r#"{"from": ["team:security", "user:Alan"], "count": 2, "reason": "network"}"#;
    let reviews = format!("[{}, {}]", approval(1, 2, "grace", "a"), approval(2, 3, "alan", "a"));
    assert_eq!(obligation(two, &reviews).1.approved_by, ["alan", "grace"]);

    let unknown_team = r#"{"from": "team:legal", "reason": "law"}"#;
    let (decision, cannot_tell) = obligation(unknown_team, &format!("[{}]", approval(1, 3, "alan", "a")));
    assert_eq!(
        (decision, cannot_tell.status),
        (Decision::Review, ObligationStatus::CannotTell)
    );
}

#[test]
fn a_requirement_that_asks_nobody_is_an_error() {
    for require in [
        "{\"reason\": \"x\"}",
        "{\"from\": [], \"reason\": \"x\"}",
        "{\"from\": \"security\", \"reason\": \"x\"}",
        "{\"from\": \"anyone\", \"count\": 0, \"reason\": \"x\"}",
        "{\"from\": \"anyone\"}",
        "{\"from\": \"anyone\", \"reason\": \"x\", \"cuont\": 2}",
        "\"anyone\"",
    ] {
        let text = policy("approval", "a", &format!("require contains {require}"));
        let report = set(&[("a.rego", &text)]).evaluate(&Input::from_terraform(PLAN.as_bytes()).unwrap());
        assert!(
            report.policies[0].errored && report.decision == Decision::Deny,
            "{require}"
        );
    }
}
