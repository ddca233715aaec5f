package plangate.approval.by_environment_test

import data.plangate.approval.by_environment
import data.plangate.lib.fixtures

config := {
	"environments": ["Production", "prod-*"],
	"from": ["team:release"],
	"count": 2,
	"unknown_environment": "ignore",
}

said(document, differences) := {
	"applicable": applicable,
	"require": required,
	"undetermined": {x.message | some x in doubts},
} if {
	settings := object.union(config, differences)
	applicable := by_environment.applicable with input as document with data.config as settings
	required := by_environment.require with input as document with data.config as settings
	doubts := by_environment.undetermined with input as document with data.config as settings
}

nothing := {"applicable": set(), "require": set(), "undetermined": set()}

in_stack(stack, resources) := object.union(fixtures.plan(resources), {"stack": object.union({"name": "payments", "labels": []}, stack)})

demand(reason) := {
	"applicable": {"change"},
	"require": {{"from": ["team:release"], "count": 2, "reason": reason, "resources": []}},
	"undetermined": set(),
}

test_production_needs_approval if {
	result := said(in_stack({"environment": "production"}, [fixtures.resource({})]), {})
	result == demand("it changes the environment production")
}

test_labels_and_patterns if {
	result := said(in_stack({"labels": ["Env:PROD-eu", "team:payments"]}, [fixtures.resource({})]), {})
	result == demand("it changes the environment prod-eu")
}

test_one_protected_environment_is_enough if {
	result := said(in_stack({"environment": "staging", "labels": ["environment:production"]}, [fixtures.resource({})]), {})
	result == demand("it changes the environment production")
}

test_other_environments_are_not_applicable if {
	every stack in [{"environment": "staging"}, {"environment": "preproduction"}, {}, {"environment": ""}] {
		result := said(in_stack(stack, [fixtures.resource({})]), {})
		result == nothing
	}
}

test_nothing_changed_is_not_applicable if {
	unchanged := said(in_stack({"environment": "production"}, [fixtures.resource({"action": "no_op"})]), {})
	unchanged == nothing
	empty := said(in_stack({"environment": "production"}, []), {})
	empty == nothing
}

test_everything_that_an_apply_does_is_a_change if {
	resource := fixtures.resource({"action": "no_op"})
	every differences in [
		{"outputs": {"url": {"action": "update"}}},
		{"actions": [{"address": "action.aws_lambda_invoke.warm_up", "type": "aws_lambda_invoke"}]},
		{"deferred": [{"reason": "instance_count_unknown", "resource": resource}]},
		{"resources": [fixtures.resource({"action": "forget"})]},
		{"resources": [fixtures.resource({"action": "no_op", "previous_address": "aws_s3_bucket.old"})]},
		{"resources": [fixtures.resource({"action": "no_op", "importing": {"id": "x", "unknown": false}})]},
	] {
		document := object.union(fixtures.plan_with([resource], differences), {"stack": {"name": "p", "labels": ["env:production"]}})
		result := said(document, {})
		count(result.require) == 1
	}
	unchanged := object.union(
		fixtures.plan_with([resource], {"outputs": {"url": {"action": "no_op"}}}),
		{"stack": {"name": "p", "labels": ["env:production"]}},
	)
	result := said(unchanged, {})
	result == nothing
}

test_a_plan_that_hides_something_is_undetermined if {
	document := {"change": fixtures.change({}), "stack": {"name": "p", "labels": [], "environment": "production"}}
	no_plan := said(document, {})
	no_plan == {
		"applicable": {"change"},
		"require": set(),
		"undetermined": {"cannot tell whether a protected environment changes: there is no plan"},
	}
	errored := said(object.union(fixtures.plan_with([], {"errored": true}), {"stack": {"name": "p", "labels": ["env:production"]}}), {})
	count(errored.undetermined) == 1
}

test_an_unknown_environment_as_configured if {
	document := fixtures.plan([fixtures.resource({})])
	ignored := said(document, {})
	ignored == nothing
	doubted := said(document, {"unknown_environment": "undetermined"})
	doubted == {
		"applicable": {"change"},
		"require": set(),
		"undetermined": {"cannot tell whether the environment is protected: the stack does not say it"},
	}
	protected := said(document, {"unknown_environment": "protect"})
	protected == demand("it changes an environment that nobody named")
}

test_what_is_seen_to_change_leaves_no_doubt if {
	errored := object.union(
		fixtures.plan_with([fixtures.resource({})], {"errored": true}),
		{"stack": {"name": "p", "labels": ["env:production"]}},
	)
	result := said(errored, {})
	result == demand("it changes the environment production")
}

test_other_environments_leave_no_doubt if {
	staging := object.union(fixtures.plan_with([], {"errored": true}), {"stack": {"name": "p", "labels": ["env:staging"]}})
	said(staging, {}) == nothing
	every choice in ["undetermined", "protect"] {
		changed := said(in_stack({"environment": "staging"}, [fixtures.resource({})]), {"unknown_environment": choice})
		changed == nothing
		unchanged := said(in_stack({}, []), {"unknown_environment": choice})
		unchanged == nothing
	}
}
