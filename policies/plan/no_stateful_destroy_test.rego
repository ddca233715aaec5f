package plangate.plan.no_stateful_destroy_test

import data.plangate.lib.fixtures
import data.plangate.plan.no_stateful_destroy

config := {
	"types": ["aws_db_instance", "aws_fsx_*_file_system", "aws_s3_bucket"],
	"extra_types": [],
	"allowed_resources": [],
	"forget": "warn",
	"deposed": "warn",
}

said(resource, differences) := {
	"applicable": applicable,
	"deny": {[x.message, object.get(x, "path", [])] | some x in denied},
	"warn": {x.message | some x in warnings},
	"undetermined": {x.message | some x in doubts},
} if {
	plan := fixtures.plan([resource])
	settings := object.union(config, differences)
	applicable := no_stateful_destroy.applicable with input as plan with data.config as settings
	denied := no_stateful_destroy.deny with input as plan with data.config as settings
	warnings := no_stateful_destroy.warn with input as plan with data.config as settings
	doubts := no_stateful_destroy.undetermined with input as plan with data.config as settings
}

nothing := {"applicable": set(), "deny": set(), "warn": set(), "undetermined": set()}

clean(resource) := object.union(nothing, {"applicable": {resource.address}})

database(differences) := object.union(fixtures.typed("aws_db_instance", null), differences)

deleted := {"action": "delete", "actions": ["delete"], "destroys": true}

replaced := {"action": "replace", "actions": ["delete", "create"], "destroys": true}

test_a_deletion_fails if {
	plan := fixtures.plan([database(deleted)])
	settings := config
	result := no_stateful_destroy.deny with input as plan with data.config as settings
	result == {{"message": "stateful resource is deleted", "resource": "aws_db_instance.it"}}
}

test_a_replacement_fails_in_either_order_and_names_its_cause if {
	by_name := said(database(object.union(replaced, {"replace_paths": [["name"]]})), {})
	by_name.deny == {["stateful resource is destroyed to be replaced", ["name"]]}
	by_request := said(database(object.union(replaced, {"actions": ["create", "delete"]})), {})
	by_request.deny == {["stateful resource is destroyed to be replaced", []]}
}

test_a_change_in_place_passes if {
	result := said(database({"action": "update", "actions": ["update"]}), {})
	result == clean(database({}))
}

test_patterns_and_more_types if {
	lustre := object.union(fixtures.typed("aws_fsx_lustre_file_system", null), deleted)
	by_pattern := said(lustre, {})
	count(by_pattern.deny) == 1
	queue := object.union(fixtures.typed("aws_sqs_queue", null), deleted)
	unlisted := said(queue, {})
	unlisted == nothing
	listed := said(queue, {"extra_types": ["aws_sqs_*"]})
	count(listed.deny) == 1
}

test_allowed_resources_are_not_applicable if {
	result := said(database(deleted), {"allowed_resources": ["aws_db_instance.it"]})
	result == nothing
	indexed := said(database(object.union(deleted, {"address": "module.a[\"x.y\"].aws_db_instance.it[0]"})), {"allowed_resources": ["module.a[\"x.y\"].*"]})
	indexed == nothing
}

test_forgetting_warns_or_as_configured if {
	forget := database({"action": "forget", "actions": ["forget"], "reason": "delete_because_no_resource_config"})
	result := said(forget, {})
	result == object.union(clean(forget), {"warn": {"stateful resource is left alone and no longer managed"}})
	strict := said(forget, {"forget": "deny"})
	strict.deny == {["stateful resource is left alone and no longer managed", []]}
	count(strict.warn) == 0
	silent := said(forget, {"forget": "ignore"})
	silent == clean(forget)
}

test_a_replacement_that_forgets_destroys_nothing if {
	every actions in [["create", "forget"], ["forget", "create"]] {
		result := said(database({"action": "replace", "actions": actions, "destroys": false}), {})
		result.deny == set()
		result.warn == {"stateful resource is left alone and no longer managed"}
	}
}

test_a_deposed_object_warns_or_as_configured if {
	left := database(object.union(deleted, {"deposed": "0a1b2c3d"}))
	result := said(left, {})
	result == object.union(clean(left), {"warn": {"what an interrupted replacement of a stateful resource left behind is destroyed"}})
	strict := said(left, {"deposed": "deny"})
	count(strict.deny) == 1
	silent := said(left, {"deposed": "ignore"})
	silent == clean(left)
}

test_a_deposed_object_does_not_hide_the_current_one if {
	plan := fixtures.plan([database(deleted), database(object.union(deleted, {"deposed": "0a1b2c3d"}))])
	settings := config
	denied := no_stateful_destroy.deny with input as plan with data.config as settings
	warnings := no_stateful_destroy.warn with input as plan with data.config as settings
	count(denied) == 1
	count(warnings) == 1
}

test_unknown_actions_are_undetermined if {
	odd := database({"action": "unknown", "actions": ["delete", "create", "delete"], "destroys": true})
	result := said(odd, {})
	result == object.union(clean(odd), {"undetermined": {"cannot tell whether the stateful resource is destroyed: its actions are not known"}})
}

test_what_is_not_there_or_not_touched_is_not_applicable if {
	every action in ["create", "no_op", "read"] {
		result := said(database({"action": action}), {})
		result == nothing
	}
	data_source := said(database({"mode": "data", "action": "read"}), {})
	data_source == nothing
	other := said(object.union(fixtures.typed("aws_instance", null), deleted), {})
	other == nothing
}

test_strict_settings_deny_only_what_they_name if {
	strict := {"deposed": "deny", "forget": "deny"}
	current := said(database(deleted), strict)
	current.deny == {["stateful resource is deleted", []]}
	update := said(database({"action": "update", "actions": ["update"]}), strict)
	update == clean(database({}))
	forgotten := said(database({"action": "forget", "actions": ["forget"], "deposed": "0a1b2c3d"}), strict)
	forgotten.deny == {["stateful resource is left alone and no longer managed", []]}
}

test_a_deposed_object_that_is_let_go_is_not_destroyed if {
	result := said(database({"action": "forget", "actions": ["forget"], "deposed": "0a1b2c3d"}), {})
	result.warn == {"stateful resource is left alone and no longer managed"}
}

test_unknown_actions_are_one_doubt_whatever_is_among_them if {
	result := said(database({"action": "unknown", "actions": ["forget", "strange"]}), {})
	count(result.warn) == 0
	count(result.undetermined) == 1
}

test_data_sources_hold_nothing if {
	result := said(database({"mode": "data", "action": "update"}), {})
	result == nothing
}
