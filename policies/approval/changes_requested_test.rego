package plangate.approval.changes_requested_test

import data.plangate.approval.changes_requested
import data.plangate.lib.fixtures

config := {"outdated": "reject", "outsiders": "undetermined"}

said(document, differences) := {
	"applicable": applicable,
	"reject": rejected,
	"undetermined": {x.message | some x in doubts},
} if {
	settings := object.union(config, differences)
	applicable := changes_requested.applicable with input as document with data.config as settings
	rejected := changes_requested.reject with input as document with data.config as settings
	doubts := changes_requested.undetermined with input as document with data.config as settings
}

reviewed(reviews) := object.union(
	fixtures.plan([fixtures.resource({})]),
	{"change": fixtures.change({"reviews": reviews})},
)

objection(differences) := fixtures.review(object.union(
	{"state": "changes_requested", "raw_state": "CHANGES_REQUESTED", "counts": false},
	differences,
))

rejects(document, differences, reasons) if {
	result := said(document, differences)
	result == {"applicable": {"change"}, "reject": reasons, "undetermined": set()}
}

passes(document, differences) if rejects(document, differences, set())

doubts(document, differences, messages) if {
	result := said(document, differences)
	result == {"applicable": {"change"}, "reject": set(), "undetermined": messages}
}

test_a_request_for_changes_rejects if rejects(reviewed([objection({})]), {}, {"grace requests changes"})

test_every_other_opinion_passes if {
	passes(reviewed([]), {})
	every state in ["approved", "commented", "dismissed", "pending", "unknown"] {
		passes(reviewed([objection({"state": state})]), {})
	}
}

test_one_approval_does_not_outvote_it if {
	rejects(
		reviewed([fixtures.review({}), objection({"reviewer": {"id": "3", "login": "joan", "kind": "user"}})]),
		{},
		{"joan requests changes"},
	)
}

test_a_push_does_not_take_it_back_unless_configured if {
	outdated := reviewed([objection({"current": "no", "commit": "0000"})])
	rejects(outdated, {}, {"grace requests changes"})
	passes(outdated, {"outdated": "ignore"})
	rejects(reviewed([objection({})]), {"outdated": "ignore"}, {"grace requests changes"})
}

test_an_unclear_commit_is_undetermined_where_it_matters if {
	unclear := reviewed([objection({"current": "cannot_tell"})])
	rejects(unclear, {}, {"grace requests changes"})
	doubts(unclear, {"outdated": "ignore"}, {"grace requests changes, and it cannot be told for which commit"})
}

test_outsiders_as_configured if {
	every association in ["NONE", "CONTRIBUTOR", "FIRST_TIMER"] {
		outside := reviewed([objection({"association": association})])
		doubts(outside, {}, {"grace requests changes, and may have no say here"})
		passes(outside, {"outsiders": "ignore"})
		rejects(outside, {"outsiders": "reject"}, {"grace requests changes"})
	}
	every association in ["OWNER", "MEMBER", "COLLABORATOR"] {
		rejects(reviewed([objection({"association": association})]), {"outsiders": "ignore"}, {"grace requests changes"})
	}
}

test_a_reviewer_of_whom_nothing_is_said_counts if {
	rejects(reviewed([object.remove(objection({}), ["association"])]), {}, {"grace requests changes"})
}

test_a_deleted_account_can_object if {
	review := object.union(object.remove(objection({}), ["reviewer"]), {"reviewer": {"kind": "unknown"}})
	rejects(reviewed([review]), {}, {"a deleted account requests changes"})
}

test_missing_reviews_are_undetermined if {
	partial := object.union(reviewed([]), {"change": {"complete": {"reviews": false}}})
	doubts(partial, {}, {"cannot tell whether somebody requests changes: not all reviews were given"})
	objected := object.union(reviewed([objection({})]), {"change": {"complete": {"reviews": false}}})
	rejects(objected, {}, {"grace requests changes"})
}

test_nothing_to_go_ahead_with_is_not_applicable if {
	unchanged := object.union(
		fixtures.plan([fixtures.resource({"action": "no_op"})]),
		{"change": fixtures.change({"reviews": [objection({})]})},
	)
	result := said(unchanged, {})
	result == {"applicable": set(), "reject": set(), "undetermined": set()}
	alone := said(fixtures.plan([fixtures.resource({})]), {})
	alone == {"applicable": set(), "reject": set(), "undetermined": set()}
}

test_a_change_without_a_plan_is_looked_at if {
	rejects({"change": fixtures.change({"reviews": [objection({})]})}, {}, {"grace requests changes"})
}

test_outsiders_are_told_once_and_not_for_old_commits if {
	unclear := reviewed([objection({"association": "NONE", "current": "cannot_tell"})])
	doubts(unclear, {"outdated": "ignore"}, {"grace requests changes, and may have no say here"})
	outdated := reviewed([objection({"association": "NONE", "current": "no"})])
	passes(outdated, {"outdated": "ignore"})
	passes(outdated, {"outdated": "ignore", "outsiders": "reject"})
}

test_strictness_with_outsiders_is_none_with_members if {
	unclear := reviewed([objection({"current": "cannot_tell"})])
	doubts(unclear, {"outdated": "ignore", "outsiders": "reject"}, {"grace requests changes, and it cannot be told for which commit"})
}

test_a_failed_plan_alone_is_not_applicable if {
	result := said(fixtures.plan_with([], {"errored": true}), {})
	result == {"applicable": set(), "reject": set(), "undetermined": set()}
}
