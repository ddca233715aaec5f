//! Histories of reviews, and the one opinion of each reviewer that is left of them.

use plangate::input::{ReviewState, Tri};
use serde_json::{Value, json};

use crate::build::{
    ADA, GRACE, HEAD, LINUS, OLD, approval, change_of, commit, commits, opinion, opinions, pull_request, repository,
    review, synchronize, user,
};

fn states(reviews: &[Value]) -> Vec<(String, ReviewState, bool)> {
    opinions(reviews)
        .into_iter()
        .map(|review| (review.reviewer.login.unwrap_or_default(), review.state, review.counts))
        .collect()
}

#[test]
fn an_approval_of_the_head_counts() {
    let opinion = opinion(&[approval(&user(GRACE))]);
    assert_eq!(opinion.reviewer.login.as_deref(), Some("grace"));
    assert_eq!(opinion.reviewer.id.as_deref(), Some("2"));
    assert_eq!(opinion.raw_state, "APPROVED");
    assert_eq!(opinion.current, Tri::Yes);
    assert_eq!(opinion.by_committer, Tri::No);
    assert_eq!(opinion.association.as_deref(), Some("MEMBER"));
    assert_eq!(opinion.submitted_at.as_deref(), Some("2026-11-23T11:00:00Z"));
    assert_eq!((opinion.counts, opinion.why.as_str()), (true, "approved the head"));
}

#[test]
fn trap_1_latest_opinion_of_each_user_wins() {
    let (grace, linus) = (user(GRACE), user(LINUS));
    let history = [
        review(1, &grace, "APPROVED", HEAD, "08:00:00"),
        review(2, &linus, "CHANGES_REQUESTED", HEAD, "08:10:00"),
        review(3, &grace, "CHANGES_REQUESTED", HEAD, "08:20:00"),
        review(4, &linus, "APPROVED", HEAD, "08:30:00"),
    ];
    let expected = [
        ("grace".to_owned(), ReviewState::ChangesRequested, false),
        ("linus".to_owned(), ReviewState::Approved, true),
    ];
    assert_eq!(states(&history), expected);
    let mut backwards = history;
    backwards.reverse();
    assert_eq!(states(&backwards), expected);
}

#[test]
fn trap_1_the_time_of_submission_decides_and_not_the_id() {
    // A review that was begun first and submitted last has the lower id.
    let history = [
        review(1, &user(GRACE), "CHANGES_REQUESTED", HEAD, "09:00:00"),
        review(2, &user(GRACE), "APPROVED", HEAD, "08:00:00"),
    ];
    assert_eq!(opinion(&history).state, ReviewState::ChangesRequested);
}

#[test]
fn trap_1_comments_and_drafts_change_no_opinion() {
    let grace = user(GRACE);
    let mut draft = review(3, &grace, "PENDING", HEAD, "09:00:00");
    draft["submitted_at"] = Value::Null;
    let history = [
        review(1, &grace, "APPROVED", HEAD, "08:00:00"),
        review(2, &grace, "COMMENTED", HEAD, "08:30:00"),
        draft.clone(),
    ];
    assert!(opinion(&history).counts);
    let only_comment = opinion(&[review(2, &grace, "commented", HEAD, "08:30:00"), draft.clone()]);
    assert_eq!(
        (only_comment.state, only_comment.counts),
        (ReviewState::Commented, false)
    );
    assert_eq!(only_comment.why, "only commented");
    let only_draft = opinion(&[draft]);
    assert_eq!((only_draft.state, only_draft.counts), (ReviewState::Pending, false));
}

#[test]
fn trap_2_dismissed_erases_and_does_not_revive() {
    let grace = user(GRACE);
    let dismissed = opinion(&[
        review(1, &grace, "APPROVED", HEAD, "08:00:00"),
        review(2, &grace, "DISMISSED", HEAD, "09:00:00"),
    ]);
    assert_eq!((dismissed.state, dismissed.counts), (ReviewState::Dismissed, false));
    assert_eq!(dismissed.why, "had an opinion that was dismissed");
    // A dismissed review keeps its time, so an approval after it stands.
    let approved_again = opinion(&[
        review(1, &grace, "DISMISSED", OLD, "08:00:00"),
        review(2, &grace, "APPROVED", HEAD, "09:00:00"),
    ]);
    assert!(approved_again.counts);
}

#[test]
fn trap_2_a_dismissal_is_final_in_whichever_payload_it_is() {
    let mut event = synchronize();
    event["action"] = json!("dismissed");
    event["review"] = review(80, &user(GRACE), "dismissed", HEAD, "11:00:00");
    let change = change_of(&[json!({"reviews": [approval(&user(GRACE))]}), event, pull_request()]);
    assert_eq!(change.reviews[0].state, ReviewState::Dismissed);
    assert_eq!(change.event.unwrap().name, "pull_request_review");
}

#[test]
fn trap_3_an_approval_of_another_commit_is_stale() {
    let stale = opinion(&[review(1, &user(GRACE), "APPROVED", OLD, "11:00:00")]);
    assert_eq!((stale.current, stale.counts), (Tri::No, false));
    assert_eq!(stale.why, "approved commit `0ld0ld0`, which is not the head");
    let again = opinion(&[
        review(1, &user(GRACE), "APPROVED", OLD, "08:00:00"),
        review(2, &user(GRACE), "APPROVED", HEAD, "11:00:00"),
    ]);
    assert_eq!((again.current, again.counts), (Tri::Yes, true));
}

#[test]
fn trap_3_requested_changes_survive_a_push() {
    let asked = opinion(&[review(1, &user(GRACE), "CHANGES_REQUESTED", OLD, "08:00:00")]);
    assert_eq!((asked.state, asked.current), (ReviewState::ChangesRequested, Tri::No));
}

#[test]
fn trap_4_an_approval_from_before_the_push_is_stale_whatever_its_commit() {
    let at = |time: &str| {
        let reviews = json!({"reviews": [review(1, &user(GRACE), "APPROVED", HEAD, time)]});
        let change = change_of(&[synchronize(), commits(), reviews]);
        assert_eq!(change.pushed_at.as_deref(), Some("2026-11-23T10:00:00Z"));
        change.reviews[0].clone()
    };
    let before = at("09:59:59");
    assert_eq!((before.current, before.counts), (Tri::No, false));
    assert_eq!(before.why, "approved before the head was pushed");
    assert!(at("10:00:00").counts);
}

#[test]
fn trap_4_a_review_that_was_moved_to_another_commit_stays_with_the_first() {
    let mut event = synchronize();
    event["action"] = json!("submitted");
    event["review"] = review(80, &user(GRACE), "approved", OLD, "11:00:00");
    let change = change_of(&[pull_request(), event, json!({"reviews": [approval(&user(GRACE))]})]);
    assert_eq!((change.reviews[0].current, change.reviews[0].counts), (Tri::No, false));
}

#[test]
fn trap_4_without_a_commit_nobody_can_tell() {
    let mut review = approval(&user(GRACE));
    review["commit_id"] = Value::Null;
    let opinion = opinion(&[review]);
    assert_eq!((opinion.current, opinion.counts), (Tri::CannotTell, false));
    assert_eq!(opinion.why, "approved, but GitHub does not say which commit");
}

#[test]
fn trap_5_committer_dates_are_not_believed() {
    // The commits claim to be from 1999 and from the far future; neither makes an approval stale.
    let mut commits = commits();
    commits[1]["commit"]["committer"]["date"] = json!("2099-01-01T00:00:00Z");
    let change = change_of(&[pull_request(), commits, json!({"reviews": [approval(&user(GRACE))]})]);
    assert!(change.reviews[0].counts);
    assert_eq!(change.pushed_at, None);
}

#[test]
fn trap_6_the_author_does_not_count() {
    let own = opinion(&[approval(&user(ADA))]);
    assert!(own.by_author && !own.counts);
    assert_eq!(own.why, "is the author of the change");
}

#[test]
fn trap_6_authors_committers_and_co_authors_of_commits_do_not_count() {
    let hand_in = |change: fn(&mut Value)| {
        let mut commits = commits();
        change(&mut commits[0]);
        let change = change_of(&[pull_request(), commits, json!({"reviews": [approval(&user(GRACE))]})]);
        let opinion = change.reviews[0].clone();
        (opinion.by_committer, opinion.counts, opinion.why)
    };
    let excluded = (Tri::Yes, false, "had a hand in its commits".to_owned());
    assert_eq!(hand_in(|commit| commit["author"] = user(GRACE)), excluded);
    assert_eq!(hand_in(|commit| commit["committer"] = user(GRACE)), excluded);
    let trailer = |commit: &mut Value| {
        commit["commit"]["message"] = json!("Add bucket\n\nCo-authored-by: G <2+Grace@users.noreply.github.com>");
    };
    assert_eq!(hand_in(trailer), excluded);
    // An address of no account could be anybody's: said, and no reason to refuse every approval.
    let (by_committer, counts, why) = hand_in(|commit| {
        commit["author"] = Value::Null;
        commit["commit"]["author"]["email"] = json!("nobody@example.com");
    });
    assert_eq!((by_committer, counts), (Tri::CannotTell, true));
    assert_eq!(
        why,
        "approved the head; a commit has a mail address that belongs to no account"
    );
}

#[test]
fn trap_6_the_last_pusher_does_not_count() {
    let mut event = synchronize();
    event["sender"] = user(GRACE);
    let change = change_of(&[event, commits(), json!({"reviews": [approval(&user(GRACE))]})]);
    assert_eq!(change.pushed_by.unwrap().login.as_deref(), Some("grace"));
    assert_eq!(
        (change.reviews[0].by_committer, change.reviews[0].counts),
        (Tri::Yes, false)
    );
}

#[test]
fn commits_that_were_not_all_given_leave_the_reviewer_in_doubt() {
    let reviews = json!({"reviews": [approval(&user(GRACE))]});
    let part = change_of(&[pull_request(), json!([commit(HEAD, &user(ADA), OLD)]), reviews.clone()]);
    assert!(!part.complete.commits);
    assert_eq!(
        (part.reviews[0].by_committer, part.reviews[0].counts),
        (Tri::CannotTell, false)
    );
    assert_eq!(
        part.reviews[0].why,
        "may have written a commit that is not in the list of commits given"
    );
    let none = change_of(&[pull_request(), reviews]);
    assert_eq!(
        (none.reviews[0].by_committer, none.reviews[0].counts),
        (Tri::CannotTell, true)
    );
    assert_eq!(
        none.reviews[0].why,
        "approved the head; whether a commit is theirs cannot be told without the commits"
    );
}

#[test]
fn trap_8_bots_do_not_count() {
    for bot in [
        json!({"login": "github-actions[bot]", "id": 41_898_282, "type": "Bot"}),
        json!({"login": "Renovate", "id": 9, "type": "Bot"}),
        json!({"login": "acme-ci[bot]", "id": 10, "type": "User"}),
    ] {
        let opinion = opinion(&[approval(&bot)]);
        assert!(opinion.bot && !opinion.counts, "{bot}");
        assert_eq!(opinion.why, "is a bot");
    }
}

#[test]
fn trap_9_the_association_is_kept_and_decides_nothing() {
    let mut review = approval(&user(GRACE));
    review["author_association"] = json!("NONE");
    let opinion = opinion(&[review]);
    assert_eq!(opinion.association.as_deref(), Some("NONE"));
    assert!(opinion.counts);
}

#[test]
fn trap_10_reviewers_are_told_apart_by_id() {
    let renamed = json!({"login": "grace-h", "id": GRACE, "type": "User"});
    let squatter = json!({"login": "grace", "id": 99, "type": "User"});
    let history = [
        review(1, &user(GRACE), "APPROVED", HEAD, "08:00:00"),
        review(2, &renamed, "CHANGES_REQUESTED", HEAD, "09:00:00"),
        review(3, &squatter, "APPROVED", HEAD, "10:00:00"),
    ];
    assert_eq!(
        states(&history),
        [
            ("grace".to_owned(), ReviewState::Approved, true),
            ("grace-h".to_owned(), ReviewState::ChangesRequested, false),
        ]
    );
    let mut author_by_another_name = approval(&user(ADA));
    author_by_another_name["user"]["login"] = json!("ada2");
    assert!(opinion(&[author_by_another_name]).by_author);
}

#[test]
fn trap_10_deleted_accounts_are_nobody() {
    let ghost = json!({"login": "ghost", "id": 10_137, "type": "User"});
    let history = [
        review(1, &Value::Null, "APPROVED", HEAD, "08:00:00"),
        review(2, &ghost, "CHANGES_REQUESTED", HEAD, "09:00:00"),
        review(3, &ghost, "APPROVED", HEAD, "10:00:00"),
    ];
    let opinions = opinions(&history);
    assert_eq!(
        opinions.len(),
        3,
        "two reviews of deleted accounts may be of two people"
    );
    assert!(
        opinions
            .iter()
            .all(|review| !review.counts && review.reviewer.login.is_none())
    );
    assert_eq!(opinions[0].why, "approved, but the account is deleted");
}

#[test]
fn an_unknown_state_is_an_opinion_and_no_approval() {
    let history = [
        review(1, &user(GRACE), "APPROVED", HEAD, "08:00:00"),
        review(2, &user(GRACE), "VETOED", HEAD, "09:00:00"),
    ];
    let change = change_of(&[pull_request(), commits(), json!({ "reviews": history })]);
    assert_eq!(
        (change.reviews[0].state, change.reviews[0].counts),
        (ReviewState::Unknown, false)
    );
    assert_eq!(change.reviews[0].raw_state, "VETOED");
    assert_eq!(change.notes, ["the review state `VETOED` is not known"]);
}

#[test]
fn without_the_pull_request_nothing_counts() {
    let push = json!({
        "ref": "refs/heads/bucket", "before": OLD, "after": HEAD, "repository": repository(), "sender": user(LINUS)
    });
    let reviews = json!([approval(&user(GRACE))]);
    // A push tells the head, and not whose pull request it belongs to.
    for payloads in [vec![reviews.clone()], vec![push, reviews]] {
        let change = change_of(&payloads);
        assert_eq!(
            (change.reviews[0].current, change.reviews[0].counts),
            (Tri::CannotTell, false)
        );
        assert_eq!(change.reviews[0].why, "approved, but the pull request was not given");
    }
}

#[test]
fn an_approval_on_a_full_page_may_be_taken_back_on_the_next() {
    let page: Vec<Value> = (0..30)
        .map(|n| review(n, &user(100 + n), "APPROVED", HEAD, "11:00:00"))
        .collect();
    let first = change_of(&[pull_request(), commits(), json!(page)]);
    assert!(!first.complete.reviews);
    assert!(first.reviews.iter().all(|review| !review.counts));
    let rest = json!([review(30, &user(100), "CHANGES_REQUESTED", HEAD, "12:00:00")]);
    let both = change_of(&[pull_request(), commits(), json!(page), rest]);
    assert!(both.complete.reviews);
    assert_eq!(both.reviews.iter().filter(|review| review.counts).count(), 29);
    let vouched = json!({"reviews": {"items": page, "complete": true}});
    let vouched = change_of(&[pull_request(), commits(), vouched]);
    assert!(vouched.complete.reviews && vouched.reviews.iter().all(|review| review.counts));
}

#[test]
fn an_answer_older_than_an_event_leaves_the_head_in_doubt() {
    let mut event = synchronize();
    event["pull_request"]["head"]["sha"] = json!(OLD);
    event["after"] = json!(OLD);
    event["pull_request"]["updated_at"] = json!("2026-11-23T13:00:00Z");
    let change = change_of(&[pull_request(), event, json!({"reviews": [approval(&user(GRACE))]})]);
    assert_eq!(
        change.head.unwrap().sha.as_deref(),
        Some(HEAD),
        "the API goes before an event"
    );
    assert_eq!(
        (change.reviews[0].current, change.reviews[0].counts),
        (Tri::CannotTell, false)
    );
    assert!(
        change.notes.iter().any(|note| note.contains("tells of another head")),
        "{:?}",
        change.notes
    );
}
