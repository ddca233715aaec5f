package plangate.approval.four_eyes_test

import data.plangate.approval.four_eyes
import data.plangate.lib.fixtures

config := {"from": ["anyone"], "count": 1, "without_change_request": false}

said(document, differences) := {
	"applicable": applicable,
	"require": required,
	"undetermined": {x.message | some x in doubts},
} if {
	settings := object.union(config, differences)
	applicable := four_eyes.applicable with input as document with data.config as settings
	required := four_eyes.require with input as document with data.config as settings
	doubts := four_eyes.undetermined with input as document with data.config as settings
}

nothing := {"applicable": set(), "require": set(), "undetermined": set()}

requested(plan) := object.union(plan, {"change": fixtures.change({})})

demand := {
	"applicable": {"change"},
	"require": {{
		"from": ["anyone"],
		"count": 1,
		"reason": "every change needs somebody else's approval",
		"resources": [],
	}},
	"undetermined": set(),
}

test_a_change_needs_approval if {
	result := said(requested(fixtures.plan([fixtures.resource({})])), {})
	result == demand
}

test_an_approval_that_is_there_changes_no_demand if {
	document := object.union(
		fixtures.plan([fixtures.resource({})]),
		{"change": fixtures.change({"reviews": [fixtures.review({})]})},
	)
	result := said(document, {})
	result == demand
}

test_others_and_more_as_configured if {
	result := said(requested(fixtures.plan([fixtures.resource({})])), {"from": ["team:sre", "user:grace"], "count": 2})
	{[x.from, x.count] | some x in result.require} == {[["team:sre", "user:grace"], 2]}
}

test_nothing_changed_is_not_applicable if {
	result := said(requested(fixtures.plan([fixtures.resource({"action": "no_op"})])), {})
	result == nothing
}

test_a_state_that_changes_is_a_change if {
	result := said(requested(fixtures.plan([fixtures.resource({"action": "no_op", "previous_address": "aws_s3_bucket.old"})])), {})
	result == demand
}

test_without_a_change_request_as_configured if {
	plan := fixtures.plan([fixtures.resource({})])
	unasked := said(plan, {})
	unasked == nothing
	asked := said(plan, {"without_change_request": true})
	asked == demand
}

test_no_plan_is_undetermined if {
	result := said({"change": fixtures.change({})}, {})
	result == {
		"applicable": {"change"},
		"require": set(),
		"undetermined": {"cannot tell whether anything changes: there is no plan"},
	}
}

test_a_plan_without_deletions_is_undetermined if {
	document := requested(fixtures.plan_with([], {"doubts": [{"code": "values_only", "message": "x"}]}))
	result := said(document, {})
	result.undetermined == {"cannot tell whether anything changes: the plan does not show what is destroyed"}
	count(result.require) == 0
}

test_a_failed_plan_as_far_as_it_goes if {
	nobody_asked := said(fixtures.plan_with([], {"errored": true}), {})
	nobody_asked == nothing
	changed := said(requested(fixtures.plan_with([fixtures.resource({})], {"errored": true})), {})
	changed == demand
}

test_other_doubts_hide_nothing if {
	result := said(requested(fixtures.plan_with([], {"doubts": [{"code": "unknown_tool", "message": "x"}]})), {})
	result == nothing
}
