package plangate.tagging.owner_matches_team_test

import data.plangate.lib.fixtures
import data.plangate.tagging.owner_matches_team

config := {"tag": "owner", "label_prefix": "team:", "aliases": {}}

said(document, differences) := {
	"applicable": applicable,
	"deny": {[x.message, x.resource, x.path] | some x in denied},
	"undetermined": {message(x) | some x in doubts},
} if {
	settings := object.union(config, differences)
	applicable := owner_matches_team.applicable with input as document with data.config as settings
	denied := owner_matches_team.deny with input as document with data.config as settings
	doubts := owner_matches_team.undetermined with input as document with data.config as settings
}

message(x) := x if is_string(x)

message(x) := x.message if is_object(x)

result_of(applicable, denied, doubts) := {"applicable": applicable, "deny": denied, "undetermined": doubts}

bucket := "aws_s3_bucket.logs"

labelled(resource, labels) := object.union(fixtures.plan([resource]), {"stack": {"name": "payments", "labels": labels}})

changed(resource, teams) := object.union(fixtures.plan([resource]), {"change": fixtures.change({"teams": teams})})

ada := {"id": "1", "login": "ada", "kind": "user"}

grace := {"id": "2", "login": "grace", "kind": "user"}

test_the_team_of_the_stack_passes if {
	result := said(labelled(fixtures.tagged({"owner": "Payments"}), ["team:acme/payments", "env:production"]), {})
	result == result_of({bucket}, set(), set())
}

test_another_team_fails if {
	plan := labelled(fixtures.tagged({"owner": "ledger"}), ["team:payments", "team:billing"])
	settings := config
	result := owner_matches_team.deny with input as plan with data.config as settings
	result == {{
		"message": "tag `owner` does not name the team of the stack",
		"resource": bucket,
		"path": ["tags", "owner"],
		"fix": "set it to billing or payments",
	}}
}

test_aliases if {
	result := said(labelled(fixtures.tagged({"owner": "pay@example.com"}), ["team:payments"]), {"aliases": {"pay@example.com": "payments"}})
	result == result_of({bucket}, set(), set())
}

test_the_label_comes_before_the_author if {
	document := object.union(
		changed(fixtures.tagged({"owner": "payments"}), {"acme/payments": {"members": [], "complete": true}}),
		{"stack": {"name": "payments", "labels": ["team:payments"]}},
	)
	result := said(document, {})
	result == result_of({bucket}, set(), set())
}

test_a_team_of_the_author_passes if {
	result := said(changed(fixtures.tagged({"owner": "payments"}), {"acme/payments": {"members": [ada, grace], "complete": false}}), {})
	result == result_of({bucket}, set(), set())
}

test_a_team_without_the_author_fails if {
	result := said(changed(fixtures.tagged({"owner": "payments"}), {"acme/payments": {"members": [grace], "complete": true}}), {})
	result == result_of({bucket}, {["tag `owner` does not name a team of the author", bucket, ["tags", "owner"]]}, set())
}

test_ids_go_before_logins if {
	renamed := {"id": "9", "login": "ada", "kind": "user"}
	result := said(changed(fixtures.tagged({"owner": "payments"}), {"acme/payments": {"members": [renamed], "complete": true}}), {})
	count(result.deny) == 1
	without_id := {"login": "ADA", "kind": "user"}
	by_login := said(changed(fixtures.tagged({"owner": "payments"}), {"acme/payments": {"members": [without_id], "complete": true}}), {})
	count(by_login.deny) == 0
}

membership_doubt := "cannot tell whether the author is in the team that tag `owner` names"

test_an_incomplete_team_is_undetermined if {
	result := said(changed(fixtures.tagged({"owner": "payments"}), {"acme/payments": {"members": [grace], "complete": false}}), {})
	result == result_of({bucket}, set(), {membership_doubt})
}

test_a_team_that_was_not_given_is_undetermined if {
	result := said(changed(fixtures.tagged({"owner": "payments"}), {"acme/ledger": {"members": [ada], "complete": true}}), {})
	result == result_of({bucket}, set(), {membership_doubt})
}

test_an_unknown_author_is_undetermined if {
	change := object.remove(fixtures.change({"teams": {"acme/payments": {"members": [grace], "complete": true}}}), ["author"])
	document := object.union(fixtures.plan([fixtures.tagged({"owner": "payments"})]), {"change": change})
	result := said(document, {})
	result == result_of({bucket}, set(), {membership_doubt})
}

test_no_team_members_at_all_are_one_doubt if {
	result := said(changed(fixtures.tagged({"owner": "payments"}), {}), {})
	result == result_of({"change"}, set(), {"cannot tell who is in which team: no team members were given"})
}

test_an_unknown_tag_is_undetermined_and_named if {
	unknown := fixtures.resource({"unknown": [["tags", "owner"]], "tags": {"unknown_keys": ["owner"]}})
	plan := labelled(unknown, ["team:payments"])
	settings := config
	result := owner_matches_team.undetermined with input as plan with data.config as settings
	result == {{
		"message": "value of tag `owner` is not known",
		"resource": bucket,
		"path": ["tags", "owner"],
		"unknown": {["tags", "owner"]},
	}}
	whole := said(labelled(fixtures.resource({"unknown": [["tags"]], "tags": {"all_unknown": true}}), ["team:payments"]), {})
	whole == result_of({bucket}, set(), {"value of tag `owner` is not known"})
}

test_a_sensitive_tag_is_undetermined if {
	result := said(labelled(fixtures.tagged({"owner": "(sensitive #4)"}), ["team:payments"]), {})
	result == result_of({bucket}, set(), {"value of tag `owner` is not known"})
}

test_a_missing_tag_is_not_applicable if {
	missing := said(labelled(fixtures.tagged({"service": "x"}), ["team:payments"]), {})
	missing == result_of(set(), set(), set())
	empty := said(labelled(fixtures.tagged({"owner": ""}), ["team:payments"]), {})
	empty == result_of(set(), set(), set())
}

test_nothing_to_compare_with_is_not_applicable if {
	result := said(fixtures.plan([fixtures.tagged({"owner": "payments"})]), {})
	result == result_of(set(), set(), set())
}

test_resources_that_go_or_stay_as_they_are_are_not_applicable if {
	every action in ["no_op", "read", "delete", "forget"] {
		resource := object.union(fixtures.tagged({"owner": "ledger"}), {"action": action})
		result := said(labelled(resource, ["team:payments"]), {})
		result == result_of(set(), set(), set())
	}
}

test_no_doubt_without_anything_to_compare_with if {
	unknown := fixtures.resource({"unknown": [["tags", "owner"]], "tags": {"unknown_keys": ["owner"]}})
	result := said(fixtures.plan([unknown]), {})
	result == result_of(set(), set(), set())
}

test_missing_members_do_not_matter_where_the_stack_says_it_or_no_tag_does if {
	labelled_stack := object.union(
		changed(fixtures.tagged({"owner": "payments"}), {}),
		{"stack": {"name": "payments", "labels": ["team:payments"]}},
	)
	said(labelled_stack, {}) == result_of({bucket}, set(), set())
	said(changed(fixtures.resource({}), {}), {}) == result_of(set(), set(), set())
}

test_ids_tell_people_apart_who_had_one_login if {
	other := {"id": "7", "login": "grace", "kind": "user"}
	without_id := {"login": "grace", "kind": "user"}
	every member in [other, without_id] {
		result := said(changed(fixtures.tagged({"owner": "payments"}), {"acme/payments": {"members": [member], "complete": true}}), {})
		count(result.deny) == 1
	}
}
