package plangate.plan.blast_radius_test

import data.plangate.lib.fixtures
import data.plangate.plan.blast_radius

config := {"max_destroyed": 2, "max_changed": 4, "max_destroyed_percent": 30, "percent_from": 10}

said(resources, differences) := {
	"applicable": applicable,
	"deny": {x.message | some x in denied},
	"undetermined": {x.message | some x in doubts},
} if {
	plan := fixtures.plan(resources)
	settings := object.union(config, differences)
	applicable := blast_radius.applicable with input as plan with data.config as settings
	denied := blast_radius.deny with input as plan with data.config as settings
	doubts := blast_radius.undetermined with input as plan with data.config as settings
}

fails(resources, differences, messages) if {
	result := said(resources, differences)
	result == {"applicable": {"plan"}, "deny": messages, "undetermined": set()}
}

passes(resources, differences) if fails(resources, differences, set())

not_applicable(resources) if {
	result := said(resources, {})
	result == {"applicable": set(), "deny": set(), "undetermined": set()}
}

many(number, differences) := [object.union(fixtures.resource({"address": sprintf("aws_s3_bucket.b[%d]", [index])}), differences) |
	some index in numbers.range(1, number)
]

deleted := {"action": "delete", "actions": ["delete"], "destroys": true}

replaced := {"action": "replace", "actions": ["create", "delete"], "destroys": true}

test_within_the_limits_passes if {
	passes(many(2, deleted), {})
	passes(many(4, {"action": "update"}), {})
}

test_too_much_destroyed_fails if {
	fails(many(3, deleted), {}, {"the plan destroys 3 objects, 2 are allowed"})
	fails(array.concat(many(2, replaced), many(1, deleted)), {}, {"the plan destroys 3 objects, 2 are allowed"})
}

test_too_much_changed_fails if {
	fails(many(5, {"action": "update"}), {}, {"the plan changes 5 objects, 4 are allowed"})
	fails(many(5, {"action": "forget"}), {}, {"the plan changes 5 objects, 4 are allowed"})
}

test_deposed_objects_are_counted_by_themselves if {
	same := [object.union(fixtures.resource(deleted), {"deposed": deposed}) | some deposed in ["a", "b", "c"]]
	fails(same, {}, {"the plan destroys 3 objects, 2 are allowed"})
}

test_too_great_a_part_fails if {
	half := array.concat(many(5, deleted), many(5, {"action": "no_op"}))
	fails(half, {"max_destroyed": 100, "max_changed": 100}, {"the plan destroys 5 of 10 objects, 30 percent are allowed"})
	passes(array.concat(many(3, deleted), many(7, {"action": "no_op"})), {"max_destroyed": 100})
}

test_a_part_of_little_is_no_part if passes(array.concat(many(2, deleted), many(7, {"action": "no_op"})), {})

test_a_replacement_that_forgets_destroys_nothing if {
	passes(many(3, {"action": "replace", "actions": ["create", "forget"], "destroys": false}), {})
}

test_unknown_actions_that_decide_are_undetermined if {
	odd := {"action": "unknown", "actions": ["strange"], "destroys": false}
	result := said(array.concat(many(2, deleted), many(1, odd)), {})
	result == {
		"applicable": {"plan"},
		"deny": set(),
		"undetermined": {"cannot tell whether the plan destroys too much: the actions of 1 resources are not known"},
	}
	passes(array.concat(many(1, deleted), many(1, odd)), {})
	fails(array.concat(many(3, deleted), many(1, odd)), {}, {"the plan destroys 3 objects, 2 are allowed"})
}

test_nothing_touched_is_not_applicable if {
	not_applicable([])
	not_applicable(many(30, {"action": "create"}))
	not_applicable(many(30, {"action": "no_op"}))
	not_applicable(many(30, {"mode": "data", "action": "read"}))
	not_applicable(many(30, {"action": "no_op", "previous_address": "aws_s3_bucket.a"}))
	not_applicable(many(30, {"action": "no_op", "importing": {"id": "x", "unknown": false}}))
}

test_unknown_actions_can_decide_about_the_part_too if {
	odd := {"action": "unknown", "actions": ["strange"], "destroys": false}
	resources := array.concat(array.concat(many(2, deleted), many(2, odd)), many(6, {"action": "no_op"}))
	result := said(resources, {"max_destroyed": 100})
	count(result.undetermined) == 1
}

test_data_sources_do_not_make_the_whole_bigger if {
	resources := array.concat(many(2, deleted), many(8, {"mode": "data", "action": "no_op"}))
	passes(resources, {"max_destroyed_percent": 0})
}

test_too_great_a_part_leaves_no_doubt if {
	odd := {"action": "unknown", "actions": ["strange"], "destroys": false}
	resources := array.concat(array.concat(many(4, deleted), many(1, odd)), many(5, {"action": "no_op"}))
	fails(resources, {"max_destroyed": 100, "max_changed": 100}, {"the plan destroys 4 of 10 objects, 30 percent are allowed"})
}
