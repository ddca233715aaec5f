//! What holds for all payloads: their order does not matter, and nothing makes the reader panic or quote a value.

use plangate::Input;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::build::{
    ADA, GRACE, HEAD, LINUS, OLD, approval, change_of, commits, files, input_of, pull_request, review, synchronize,
    user,
};

/// Payloads that overlap and partly contradict each other.
fn payloads() -> Vec<Value> {
    let mut submitted = synchronize();
    submitted["action"] = json!("submitted");
    submitted["review"] = review(80, &user(GRACE), "approved", HEAD, "11:00:00");
    submitted["pull_request"]["updated_at"] = json!("2026-11-23T11:00:00Z");
    submitted["pull_request"]["title"] = json!("Another title");
    vec![
        synchronize(),
        submitted,
        pull_request(),
        json!([
            approval(&user(GRACE)),
            review(81, &user(LINUS), "CHANGES_REQUESTED", OLD, "09:00:00"),
            review(82, &user(LINUS), "DISMISSED", HEAD, "11:30:00"),
            review(83, &user(ADA), "COMMENTED", HEAD, "11:40:00"),
        ]),
        files(),
        commits(),
        json!({"rules": [{"type": "pull_request", "parameters": {"required_approving_review_count": 2}}]}),
        json!({"branch_protection": {"enforce_admins": {"enabled": true}}, "teams": {"acme/Security": [user(GRACE)]}}),
        json!({"teams": {"acme/security": [user(LINUS)], "acme/payments": {"members": [user(ADA)], "complete": false}}}),
        json!({"message": "Not Found"}),
    ]
}

/// One change of several payloads, as policies see it.
#[test]
fn combined() {
    insta::assert_snapshot!(input_of(&payloads()).to_json());
}

fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "action",
        "after",
        "base",
        "before",
        "branch_protection",
        "commit",
        "commit_id",
        "commits",
        "complete",
        "event",
        "files",
        "full_name",
        "head",
        "head_ref",
        "id",
        "items",
        "login",
        "members",
        "merge_group",
        "message",
        "number",
        "parents",
        "path",
        "pull_request",
        "pull_request_url",
        "ref",
        "repo",
        "repository",
        "response",
        "review",
        "reviews",
        "rules",
        "sender",
        "sha",
        "state",
        "status",
        "submitted_at",
        "synchronize",
        "teams",
        "type",
        "user",
        "APPROVED",
        "refs/heads/gh-readonly-queue/main/pr-1-x",
        "2026-11-23T09:00:00Z",
        "https://api.github.com/repos/a/b/pulls/1",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0_u64..3).prop_map(Value::from),
        word.clone().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        let name = prop_oneof![8 => word.clone().prop_map(str::to_owned), 1 => ".*"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Pointers to every value in a document.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{here}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(member, &format!("{here}/{name}"), found);
            }
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn the_order_of_payloads_does_not_matter(order in Just((0..payloads().len()).collect::<Vec<_>>()).prop_shuffle()) {
        let payloads = payloads();
        let shuffled: Vec<Value> = order.iter().map(|index| payloads[*index].clone()).collect();
        prop_assert_eq!(input_of(&shuffled).to_json(), input_of(&payloads).to_json());
    }

    #[test]
    fn giving_a_payload_twice_changes_nothing(twice in 0..payloads().len()) {
        let mut payloads = payloads();
        let once = input_of(&payloads).to_json();
        payloads.push(payloads[twice].clone());
        prop_assert_eq!(input_of(&payloads).to_json(), once);
    }

    #[test]
    fn arbitrary_json_never_panics(first in any_json(), second in any_json()) {
        let (first, second) = (first.to_string(), second.to_string());
        let once = Input::new().with_github(first.as_bytes());
        if let Ok(input) = once {
            let _ = input.with_change(second.as_bytes());
        }
        let _ = Input::new().with_github_team("acme/security", first.as_bytes());
        let _ = Input::new().with_actor(first.as_bytes());
        let _ = Input::new().with_run(first.as_bytes());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), text in ".*") {
        let _ = Input::new().with_github(&bytes);
        let _ = Input::new().with_stack(&bytes);
        let _ = Input::new().with_time(&text);
    }

    #[test]
    fn a_payload_with_one_value_replaced_is_read_or_refused_without_quoting(
        which in 0..payloads().len(), place in any::<prop::sample::Index>(), shape in 0..3,
    ) {
        let mut payload = payloads()[which].clone();
        let mut places = Vec::new();
        pointers(&payload, "", &mut places);
        *payload.pointer_mut(&places[place.index(places.len())]).unwrap() = match shape {
            0 => json!({"x": "hunter2"}),
            1 => json!(["hunter2"]),
            _ => json!(2.5),
        };
        if let Err(error) = Input::new().with_github(payload.to_string().as_bytes()) {
            let text = format!("{error} {}", error.help().unwrap_or_default());
            prop_assert!(!text.contains("hunter2"), "{}", text);
            prop_assert!(error.location().is_some(), "{}", text);
        }
    }

    /// More reviews by somebody else never make an approval count that did not.
    #[test]
    fn others_do_not_change_what_an_approval_is_worth(
        states in prop::collection::vec(prop::sample::select(vec!["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"]), 0..6),
        head in any::<bool>(),
    ) {
        let own = review(1, &user(GRACE), "APPROVED", if head { HEAD } else { OLD }, "11:00:00");
        let mut reviews = vec![own];
        for (id, state) in (2..).zip(states) {
            reviews.push(review(id, &user(LINUS), state, HEAD, "11:30:00"));
        }
        let change = change_of(&[pull_request(), commits(), json!({"reviews": reviews})]);
        let grace = change.reviews.iter().find(|review| review.reviewer.login.as_deref() == Some("grace")).unwrap();
        prop_assert_eq!(grace.counts, head);
    }
}
