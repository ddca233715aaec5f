package plangate.approval.by_type_test

import data.plangate.approval.by_type
import data.plangate.lib.fixtures

config := {
	"types": ["aws_iam_*", "aws_security_group"],
	"from": ["team:security"],
	"count": 1,
	"also": [],
}

said(document, differences) := {"applicable": applicable, "require": required, "undetermined": doubts} if {
	settings := object.union(config, differences)
	applicable := by_type.applicable with input as document with data.config as settings
	required := by_type.require with input as document with data.config as settings
	doubts := by_type.undetermined with input as document with data.config as settings
}

nothing := {"applicable": set(), "require": set(), "undetermined": set()}

role(differences) := object.union(
	fixtures.typed("aws_iam_role", {}),
	object.union({"action": "update", "actions": ["update"]}, differences),
)

test_a_changed_role_needs_security if {
	result := said(fixtures.plan([fixtures.resource({}), role({})]), {})
	result == {
		"applicable": {"aws_iam_role.it"},
		"require": {{
			"from": ["team:security"],
			"count": 1,
			"reason": "it changes aws_iam_role",
			"resources": ["aws_iam_role.it"],
		}},
		"undetermined": set(),
	}
}

test_all_changes_make_one_demand if {
	group := object.union(fixtures.typed("aws_security_group", {}), {"address": "module.a[\"x.y\"].aws_security_group.it"})
	result := said(fixtures.plan([group, role({}), role({"address": "aws_iam_role.b"})]), {"count": 2})
	result.require == {{
		"from": ["team:security"],
		"count": 2,
		"reason": "it changes aws_iam_role, aws_security_group",
		"resources": ["aws_iam_role.b", "aws_iam_role.it", "module.a[\"x.y\"].aws_security_group.it"],
	}}
}

test_every_action_counts if {
	every action in ["create", "update", "replace", "delete", "forget", "unknown"] {
		result := said(fixtures.plan([role({"action": action})]), {})
		count(result.require) == 1
	}
}

test_nothing_done_is_not_applicable if {
	every action in ["no_op", "read"] {
		result := said(fixtures.plan([role({"action": action})]), {})
		result == nothing
	}
	data_source := said(fixtures.plan([role({"mode": "data", "action": "read"})]), {})
	data_source == nothing
	other := said(fixtures.plan([fixtures.resource({})]), {})
	other == nothing
	empty := said(fixtures.plan([]), {})
	empty == nothing
}

test_imports_and_moves_count if {
	imported := said(fixtures.plan([role({"action": "no_op", "importing": {"id": "admin", "unknown": false}})]), {})
	count(imported.require) == 1
	moved := said(fixtures.plan([role({"action": "no_op", "previous_address": "aws_iam_role.old"})]), {})
	count(moved.require) == 1
}

test_deferred_changes_count if {
	document := fixtures.plan_with([], {"deferred": [{"reason": "instance_count_unknown", "resource": role({"address": "aws_iam_role.it[*]"})}]})
	result := said(document, {})
	result.applicable == {"aws_iam_role.it[*]"}
	count(result.require) == 1
}

test_other_types_can_need_others if {
	result := said(
		fixtures.plan([role({}), fixtures.typed("aws_db_instance", {})]),
		{"also": [{"types": ["aws_db_*"], "from": ["team:data", "user:grace"]}]},
	)
	{[x.from, x.count, x.resources] | some x in result.require} == {
		[["team:security"], 1, ["aws_iam_role.it"]],
		[["team:data", "user:grace"], 1, ["aws_db_instance.it"]],
	}
}

test_a_partial_plan_is_undetermined if {
	errored := said(fixtures.plan_with([fixtures.resource({})], {"errored": true}), {})
	errored.applicable == {"plan"}
	errored.undetermined == {{"message": "cannot tell every type that changes: planning failed, so the plan is partial"}}
	values := said(fixtures.plan_with([], {"doubts": [{"code": "values_only", "message": "x"}]}), {})
	count(values.undetermined) == 1
}

test_without_a_plan_it_is_not_applicable if {
	document := {"schema": "plangate.input/v1", "change": fixtures.change({})}
	result := said(document, {})
	result == nothing
}

test_deferred_changes_count_by_type_and_action_too if {
	every resource in [fixtures.resource({}), role({"action": "no_op"})] {
		document := fixtures.plan_with([], {"deferred": [{"reason": "deferred_prereq", "resource": resource}]})
		result := said(document, {})
		result == nothing
	}
}
