package plangate.plan.trustworthy_test

import data.plangate.lib.fixtures
import data.plangate.plan.trustworthy

config := {"refuse_incomplete": false, "clock_skew_minutes": 5}

said(document, differences) := {
	"applicable": applicable,
	"deny": {x.message | some x in denied},
	"undetermined": {x.message | some x in doubts},
} if {
	settings := object.union(config, differences)
	applicable := trustworthy.applicable with input as document with data.config as settings
	denied := trustworthy.deny with input as document with data.config as settings
	doubts := trustworthy.undetermined with input as document with data.config as settings
}

fails(document, differences, messages) if {
	result := said(document, differences)
	result == {"applicable": {"plan"}, "deny": messages, "undetermined": set()}
}

passes(document, differences) if fails(document, differences, set())

doubts(document, differences, messages) if {
	result := said(document, differences)
	result == {"applicable": {"plan"}, "deny": set(), "undetermined": messages}
}

with_plan(differences) := fixtures.plan_with([], differences)

at(planned, decided) := object.union(with_plan({"timestamp": planned}), {"time": decided})

deferred := {"complete": false, "deferred": [{
	"reason": "provider_config_unknown",
	"resource": fixtures.resource({"address": "aws_s3_bucket.logs[*]"}),
}]}

test_a_whole_plan_passes if {
	passes(with_plan({}), {})
	without_word := {"plan": object.remove(with_plan({}).plan, ["complete", "applyable"])}
	passes(without_word, {})
}

test_a_failed_plan_fails if {
	fails(with_plan({"errored": true, "complete": false}), {}, {"planning failed part way, so the plan is partial"})
}

test_an_incomplete_plan_is_undetermined_or_refused if {
	doubts(with_plan({"complete": false}), {}, {"the plan does not bring everything to its goal"})
	fails(with_plan({"complete": false}), {"refuse_incomplete": true}, {"the plan does not bring everything to its goal"})
}

test_deferred_changes_are_named if {
	document := with_plan(deferred)
	settings := config
	result := trustworthy.undetermined with input as document with data.config as settings
	{[x.message, x.resource] | some x in result} == {["the change of the resource is deferred to another plan", "aws_s3_bucket.logs[*]"]}
	fails(document, {"refuse_incomplete": true}, {"the change of the resource is deferred to another plan"})
}

test_a_plan_of_today_passes if {
	passes(at("2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"), {"max_age_hours": 1})
	passes(at("2026-11-23T10:00:00+02:00", "2026-11-23T09:00:00Z"), {"max_age_hours": 1})
}

test_an_old_plan_fails if {
	fails(at("2026-11-23T07:59:59Z", "2026-11-23T09:00:00Z"), {"max_age_hours": 1}, {"the plan is older than 1 hours"})
	fails(at("2026-11-23T08:29:59Z", "2026-11-23T09:00:00Z"), {"max_age_hours": 0.5}, {"the plan is older than 0.5 hours"})
}

test_no_limit_means_no_age if passes(at("2006-01-02T15:04:05Z", "2026-11-23T09:00:00Z"), {})

test_a_limit_needs_both_times if {
	doubts(with_plan({"timestamp": "2026-11-23T08:00:00Z"}), {"max_age_hours": 1}, {"cannot tell how old the plan is: the time of the decision is not known"})
	doubts(object.union(with_plan({}), {"time": "2026-11-23T08:00:00Z"}), {"max_age_hours": 1}, {"cannot tell how old the plan is: it does not say when it was made"})
	doubts(at("yesterday", "2026-11-23T09:00:00Z"), {"max_age_hours": 1}, {"cannot tell how old the plan is: it does not say when it was made"})
}

test_a_plan_from_the_future_is_undetermined if {
	doubts(at("2026-11-23T09:05:01Z", "2026-11-23T09:00:00Z"), {"max_age_hours": 1}, {"the plan is dated after the decision"})
	passes(at("2026-11-23T09:05:00Z", "2026-11-23T09:00:00Z"), {"max_age_hours": 1})
}

test_without_a_plan_it_is_not_applicable if {
	result := said({"schema": "plangate.input/v1", "change": fixtures.change({})}, {})
	result == {"applicable": set(), "deny": set(), "undetermined": set()}
}

test_no_limit_means_no_doubt_about_the_date if {
	passes(at("2027-01-01T00:00:00Z", "2026-11-23T09:00:00Z"), {})
	passes(with_plan({}), {})
}

test_a_failed_plan_with_deferred_changes_is_said_once_each if {
	result := said(with_plan(object.union(deferred, {"errored": true})), {})
	result.deny == {"planning failed part way, so the plan is partial"}
	result.undetermined == {"the change of the resource is deferred to another plan"}
}
