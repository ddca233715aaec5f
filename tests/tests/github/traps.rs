//! The traps of `inputs.md` that are about the change itself: forks, rules, lists, renames, events, teams, times.

use plangate::Input;
use plangate::input::{FileStatus, Origin, Tri};
use serde_json::{Value, json};

use crate::build::{
    ADA, BASE, GRACE, HEAD, OLD, approval, change_of, commit, commits, files, pull_request, repository, synchronize,
    user,
};

#[test]
fn trap_7_an_update_merge_moves_the_head_and_makes_approvals_stale() {
    let mut merge = commit(HEAD, &user(ADA), OLD);
    merge["parents"] = json!([{"sha": OLD}, {"sha": BASE}]);
    let mut review = approval(&user(GRACE));
    review["commit_id"] = json!(OLD);
    let list = json!([commit(OLD, &user(ADA), "f00"), merge]);
    let change = change_of(&[pull_request(), list, json!({"reviews": [review]})]);
    assert!(change.complete.commits);
    assert!(!change.reviews[0].counts);
}

#[test]
fn trap_11_the_account_of_a_commit_is_kept_apart_from_its_signature() {
    let mut list = commits();
    list[0]["commit"]["verification"] = json!({"verified": false, "reason": "unsigned"});
    list[1]["author"] = json!({});
    let change = change_of(&[pull_request(), list]);
    let signature = change.commits[0].signature.clone().unwrap();
    assert_eq!((signature.verified, signature.reason.as_str()), (false, "unsigned"));
    assert_eq!(change.commits[0].author.as_ref().unwrap().login.as_deref(), Some("ada"));
    assert_eq!(change.commits[1].author, None);
    assert_eq!(change.commits[1].author_email.as_deref(), Some("a@example.com"));
    assert_eq!(
        change.commits[1].committer.as_ref().unwrap().login.as_deref(),
        Some("web-flow")
    );
}

#[test]
fn trap_12_forks_are_told_by_the_repository() {
    let from_fork = |repo: Value| {
        let mut pull = pull_request();
        pull["head"]["repo"] = repo;
        let change = change_of(&[pull]);
        (
            change.pull_request.unwrap().from_fork,
            change.head.unwrap().repository_id,
        )
    };
    assert_eq!(from_fork(repository()), (Tri::No, Some("7".to_owned())));
    assert_eq!(
        from_fork(json!({"id": 8, "full_name": "eve/infra", "fork": true})),
        (Tri::Yes, Some("8".to_owned()))
    );
    assert_eq!(from_fork(Value::Null), (Tri::CannotTell, None));
    // A fork has the same names; ids decide.
    assert_eq!(from_fork(json!({"id": 8, "full_name": "acme/infra"})).0, Tri::Yes);
}

#[test]
fn trap_12_and_13_a_refusal_is_no_empty_answer() {
    let refusal = json!({"message": "Not Found", "documentation_url": "https://docs.github.com", "status": "404"});
    let forbidden = json!({"message": "Resource not accessible by integration", "status": "403"});
    let change = change_of(&[json!({
        "pull_request": pull_request(), "reviews": refusal, "branch_protection": refusal, "rules": refusal,
        "files": forbidden, "teams": {"acme/Security": refusal}
    })]);
    assert_eq!(change.rules.protected, Tri::CannotTell);
    assert_eq!(change.rules.required_approvals, None);
    assert!(!change.complete.reviews && !change.complete.files);
    assert!(change.teams.is_empty());
    assert_eq!(change.origins.get("reviews"), None);
    assert_eq!(
        change.notes,
        [
            "`branch_protection`: not found, which means that there is none or that the token may not see it",
            "`files`: refused, which says nothing about what there is",
            "`reviews`: not found, which means that there is none or that the token may not see it",
            "`rules`: not found, which means that there is none or that the token may not see it",
            "team `acme/Security`: not found, which means that there is none or that the token may not see it",
        ]
    );
    let alone = change_of(&[refusal]);
    assert_eq!(alone.rules.protected, Tri::CannotTell);
    assert_eq!(alone.notes.len(), 1);
}

#[test]
fn trap_13_protection_and_rulesets_are_two_places() {
    let protection = |reviews: Value| {
        json!({"branch_protection": {
            "url": "x", "required_pull_request_reviews": reviews, "required_signatures": {"enabled": false},
            "enforce_admins": {"enabled": true}, "allow_force_pushes": {"enabled": false}
        }})
    };
    let strict = json!({
        "required_approving_review_count": 2, "dismiss_stale_reviews": true,
        "require_code_owner_reviews": false, "require_last_push_approval": false
    });
    let rules = json!({"rules": [
        {"type": "pull_request", "ruleset_id": 1, "parameters": {
            "required_approving_review_count": 1, "dismiss_stale_reviews_on_push": false,
            "require_code_owner_review": true, "require_last_push_approval": false}},
        {"type": "required_signatures", "ruleset_id": 1}
    ]});

    let alone = change_of(&[protection(strict.clone())]).rules;
    assert_eq!((alone.protected, alone.required_approvals), (Tri::Yes, Some(2)));
    assert_eq!(alone.dismiss_stale_reviews, Tri::Yes);
    assert_eq!(alone.require_code_owners, Tri::CannotTell, "a ruleset may demand it");
    assert_eq!(alone.allow_force_pushes, Tri::No);
    assert_eq!(alone.enforce_admins, Tri::Yes);

    let both = change_of(&[protection(strict), rules.clone()]).rules;
    assert_eq!(both.required_approvals, Some(2));
    assert_eq!(both.require_code_owners, Tri::Yes);
    assert_eq!(both.require_last_push_approval, Tri::No);
    assert_eq!(both.require_signatures, Tri::Yes);

    let none = change_of(&[protection(Value::Null), json!({"rules": []})]).rules;
    assert_eq!(
        (none.required_approvals, none.dismiss_stale_reviews),
        (Some(0), Tri::No)
    );
    let unknown = change_of(&[protection(Value::Null)]).rules;
    assert_eq!(
        (unknown.required_approvals, unknown.dismiss_stale_reviews),
        (None, Tri::CannotTell)
    );
    let empty = change_of(&[json!({"rules": []})]).rules;
    assert_eq!((empty.protected, empty.required_approvals), (Tri::CannotTell, None));
    let rules_alone = change_of(&[rules["rules"].clone()]).rules;
    assert_eq!(
        (rules_alone.protected, rules_alone.allow_force_pushes),
        (Tri::Yes, Tri::CannotTell)
    );
}

#[test]
fn trap_14_lists_say_whether_they_are_whole() {
    let complete = |extra: Value| change_of(&[pull_request(), extra]).complete;
    assert!(complete(files()).files);
    assert!(complete(commits()).commits);
    assert!(!complete(json!([files()[0].clone()])).files, "one of three");
    assert!(!complete(json!({"files": {"items": files(), "complete": false}})).files);
    assert!(
        !complete(json!({"files": {"items": [files()[0].clone()], "complete": true}})).files,
        "GitHub counts three"
    );
    assert!(!change_of(&[files()]).complete.files, "nobody counted");
    assert!(
        change_of(&[json!({"files": {"items": files(), "complete": true}})])
            .complete
            .files
    );
    let first = json!([files()[0].clone(), files()[1].clone()]);
    let pages = change_of(&[first, pull_request(), json!([files()[2].clone()])]);
    assert!(pages.complete.files);
    assert!(complete(json!({"reviews": []})).reviews);
    assert!(!change_of(&[pull_request()]).complete.reviews);
}

#[test]
fn trap_14_three_thousand_files_are_cut_off() {
    let listed = |count: usize| {
        let mut pull = pull_request();
        pull["changed_files"] = json!(count);
        let files: Vec<Value> = (0..count)
            .map(|n| json!({"filename": format!("f{n}.tf"), "status": "added"}))
            .collect();
        change_of(&[pull, json!(files)])
    };
    assert!(listed(2999).complete.files);
    let cut = listed(3000);
    assert!(!cut.complete.files);
    assert_eq!(cut.files.len(), 3000);
    assert_eq!(cut.notes, ["the list of files may not be whole"]);
}

#[test]
fn trap_14_two_hundred_and_fifty_commits_are_cut_off() {
    let mut pull = pull_request();
    pull["commits"] = json!(250);
    let mut list: Vec<Value> = (1..250)
        .map(|n| commit(&format!("a{n}"), &user(ADA), &format!("a{}", n - 1)))
        .collect();
    list.push(commit(HEAD, &user(ADA), "a249"));
    let change = change_of(&[pull, json!(list)]);
    assert_eq!(change.commits.len(), 250);
    assert!(!change.complete.commits);
}

#[test]
fn commits_without_the_head_are_those_of_another_moment() {
    let list = json!([commit(OLD, &user(ADA), BASE), commit("abc", &user(ADA), OLD)]);
    assert!(!change_of(&[pull_request(), list]).complete.commits);
}

#[test]
fn trap_15_renames_and_deletes_keep_both_paths() {
    let change = change_of(&[json!([
        {"filename": "new.tf", "status": "renamed", "previous_filename": "CODEOWNERS"},
        {"filename": "gone.tf", "status": "removed"},
        {"filename": "copy.tf", "status": "copied", "previous_filename": "main.tf"},
        {"filename": "mode.sh", "status": "changed"},
        {"filename": "odd.tf", "status": "teleported"}
    ])]);
    let found: Vec<_> = change
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.previous_path.as_deref(), file.status))
        .collect();
    assert_eq!(
        found,
        [
            ("copy.tf", Some("main.tf"), FileStatus::Copied),
            ("gone.tf", None, FileStatus::Removed),
            ("mode.sh", None, FileStatus::Modified),
            ("new.tf", Some("CODEOWNERS"), FileStatus::Renamed),
            ("odd.tf", None, FileStatus::Other),
        ]
    );
    assert!(
        change
            .notes
            .contains(&"the file status `teleported` is not known".to_owned())
    );
}

#[test]
fn trap_21_a_merge_queue_tests_another_commit_than_the_head() {
    let event = json!({
        "action": "checks_requested", "repository": repository(), "sender": user(ADA),
        "merge_group": {"head_sha": "abc", "head_ref": "refs/heads/gh-readonly-queue/main/pr-12-deadbeef",
            "base_sha": BASE, "base_ref": "refs/heads/main", "head_commit": {}}
    });
    let alone = change_of(std::slice::from_ref(&event));
    assert_eq!(alone.head, None);
    let happened = alone.event.unwrap();
    assert_eq!(
        (happened.name.as_str(), happened.commit.as_deref()),
        ("merge_group", Some("abc"))
    );
    assert_eq!(happened.pull_request, Some(12));
    assert_eq!(alone.base.unwrap().name, "main");
    let both = change_of(&[event, pull_request(), json!({"reviews": [approval(&user(GRACE))]})]);
    assert_eq!(both.head.unwrap().sha.as_deref(), Some(HEAD));
    assert!(both.reviews[0].counts);
}

#[test]
fn trap_22_a_merged_pull_request_says_so() {
    let mut pull = pull_request();
    pull["state"] = json!("closed");
    assert_eq!(change_of(&[pull.clone()]).pull_request.unwrap().state, "closed");
    pull["merged_at"] = json!("2026-11-23T12:00:00Z");
    assert_eq!(change_of(&[pull]).pull_request.unwrap().state, "merged");
}

#[test]
fn trap_23_push_events() {
    let zeros = "0".repeat(40);
    let mut repository = repository();
    repository["pushed_at"] = json!(1_795_428_000);
    let push = |before: &str, after: &str| {
        json!({
            "ref": "refs/heads/bucket", "before": before, "after": after, "forced": true, "head_commit": null,
            "repository": repository, "sender": user(GRACE), "commits": [], "pusher": {"name": "Grace"}
        })
    };
    let change = change_of(&[push(OLD, HEAD)]);
    let head = change.head.unwrap();
    assert_eq!((head.name.as_str(), head.sha.as_deref()), ("bucket", Some(HEAD)));
    assert_eq!(change.previous_head.as_deref(), Some(OLD));
    assert_eq!(change.pushed_at.as_deref(), Some("2026-11-23T10:00:00Z"));
    assert_eq!(change.pushed_by.unwrap().login.as_deref(), Some("grace"));
    assert!(change.notes.contains(&"the branch was pushed by force".to_owned()));
    assert_eq!(change_of(&[push(&zeros, HEAD)]).previous_head, None);
    let deleted = change_of(&[push(OLD, &zeros)]);
    assert_eq!(deleted.head, None);
    assert!(deleted.notes.contains(&"the branch was deleted".to_owned()));
    // Beside the pull request it tells when the head was pushed.
    let both = change_of(&[push(OLD, HEAD), pull_request()]);
    assert_eq!(both.pushed_at.as_deref(), Some("2026-11-23T10:00:00Z"));
}

#[test]
fn trap_24_labels_and_title_are_kept_and_approve_nothing() {
    let mut pull = pull_request();
    pull["title"] = json!("[skip policy] approved");
    pull["labels"] = json!([{"name": "approved"}]);
    let change = change_of(&[pull]);
    assert_eq!(change.pull_request.unwrap().labels, ["approved"]);
    assert!(change.reviews.is_empty());
}

#[test]
fn trap_25_an_event_is_a_snapshot_that_the_api_corrects() {
    let mut event = synchronize();
    event["pull_request"]["title"] = json!("Old title");
    event["pull_request"]["labels"] = json!([]);
    let alone = change_of(std::slice::from_ref(&event));
    assert_eq!(alone.origins["pull_request"], Origin::Event);
    let corrected = change_of(&[event, pull_request()]);
    assert_eq!(corrected.origins["pull_request"], Origin::Api);
    assert_eq!(corrected.origins["pushed_at"], Origin::Event);
    let pull = corrected.pull_request.unwrap();
    assert_eq!(pull.title, "Add bucket");
    assert_eq!(pull.labels, ["bug", "infra"]);
    assert_eq!(corrected.event.unwrap().action.as_deref(), Some("synchronize"));
}

#[test]
fn trap_25_only_a_push_tells_the_time_of_the_push() {
    let mut event = synchronize();
    event["action"] = json!("labeled");
    assert_eq!(change_of(&[event]).pushed_at, None);
    assert_eq!(change_of(&[pull_request()]).pushed_at, None);
}

#[test]
fn trap_26_team_membership() {
    let team = |members: Value| {
        Input::new()
            .with_github_team("Acme/Security", members.to_string().as_bytes())
            .unwrap()
            .change
            .unwrap()
    };
    let active = team(json!([user(GRACE), user(ADA)]));
    let security = &active.teams["acme/security"];
    assert!(security.complete);
    let logins: Vec<_> = security
        .members
        .iter()
        .filter_map(|member| member.login.as_deref())
        .collect();
    assert_eq!(logins, ["ada", "grace"]);
    assert_eq!(active.origins["teams"], Origin::Api);

    let pending = team(json!([
        {"url": "https://api.github.com/teams/1/memberships/Grace", "role": "member", "state": "active"},
        {"url": "https://api.github.com/teams/1/memberships/Eve", "role": "member", "state": "pending"}
    ]));
    let logins: Vec<_> = pending.teams["acme/security"]
        .members
        .iter()
        .filter_map(|m| m.login.as_deref())
        .collect();
    assert_eq!(logins, ["grace"]);
    assert_eq!(
        pending.notes,
        ["team `Acme/Security` has a pending membership, which does not count"]
    );

    let page: Vec<Value> = (1..=30).map(user).collect();
    assert!(!team(json!(page)).teams["acme/security"].complete);
    assert!(team(json!({"members": page, "complete": true})).teams["acme/security"].complete);
    assert!(team(json!([])).teams["acme/security"].complete);
    assert!(team(json!({"message": "Not Found"})).teams.is_empty());
}

#[test]
fn trap_26_reviewers_are_in_their_teams_in_any_order_of_payloads() {
    let teams = json!({"teams": {"acme/security": [user(GRACE)], "acme/other": [user(ADA)]}});
    let reviews = json!({"reviews": [approval(&user(GRACE))]});
    for payloads in [[teams.clone(), reviews.clone()], [reviews, teams]] {
        assert_eq!(change_of(&payloads).reviews[0].teams, ["acme/security"]);
    }
}

#[test]
fn trap_27_drafts() {
    let draft = |value: Value| {
        let mut pull = pull_request();
        pull["draft"] = value;
        change_of(&[pull]).pull_request.unwrap().draft
    };
    assert_eq!(draft(json!(true)), Tri::Yes);
    assert_eq!(draft(json!(false)), Tri::No);
    assert_eq!(draft(Value::Null), Tri::CannotTell);
}

#[test]
fn trap_28_times_come_out_in_utc() {
    let mut pull = pull_request();
    pull["created_at"] = json!("2026-11-20T09:00:00.1234567+01:00");
    let change = change_of(&[pull]);
    assert_eq!(
        change.pull_request.unwrap().created_at.as_deref(),
        Some("2026-11-20T08:00:00Z")
    );
}

#[test]
fn what_is_not_understood_is_noted() {
    let change = change_of(&[json!({"pull_request": pull_request(), "reviws": [], "check_runs": []})]);
    assert_eq!(
        change.notes,
        ["the member `check_runs` is not read", "the member `reviws` is not read"]
    );
}

#[test]
fn a_short_pull_request_is_filled_in_from_one_about_the_same_head() {
    let mut short = synchronize();
    short["action"] = json!("submitted");
    short["review"] = approval(&user(GRACE));
    short["pull_request"].as_object_mut().unwrap().remove("changed_files");
    short["pull_request"]["updated_at"] = json!("2026-11-23T11:00:00Z");
    let change = change_of(&[short, synchronize()]);
    assert_eq!(change.pull_request.unwrap().changed_files, Some(3));
    assert_eq!(change.event.unwrap().name, "pull_request_review");
    assert_eq!(change.pushed_at.as_deref(), Some("2026-11-23T10:00:00Z"));
    assert_eq!(change.origins["reviews"], Origin::Event);
}
