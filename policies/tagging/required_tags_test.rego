package plangate.tagging.required_tags_test

import data.plangate.lib.fixtures
import data.plangate.tagging.required_tags

config := {
	"tags": ["owner"],
	"allow_empty": false,
	"overrides": [],
	"environment_tags": ["environment", "env"],
	"include_unchanged": false,
}

with_config(differences) := object.union(config, differences)

# What the policy says of one resource: messages by kind.
said(resource, differences) := {
	"applicable": applicable,
	"deny": {x.message | some x in denied},
	"undetermined": {[x.message, x.unknown] | some x in doubts},
} if {
	plan := fixtures.plan([resource])
	settings := with_config(differences)
	applicable := required_tags.applicable with input as plan with data.config as settings
	denied := required_tags.deny with input as plan with data.config as settings
	doubts := required_tags.undetermined with input as plan with data.config as settings
}

passes(resource, differences) if {
	result := said(resource, differences)
	count(result.applicable) == 1
	count(result.deny) == 0
	count(result.undetermined) == 0
}

fails(resource, differences, messages) if {
	result := said(resource, differences)
	result.deny == messages
	count(result.applicable) == 1
	count(result.undetermined) == 0
}

not_applicable(resource, differences) if {
	result := said(resource, differences)
	count(result.applicable) == 0
	count(result.deny) == 0
	count(result.undetermined) == 0
}

doubts(resource, differences, messages) if {
	result := said(resource, differences)
	result.undetermined == messages
	count(result.deny) == 0
	count(result.applicable) == 1
}

test_a_missing_tag_fails_with_everything_needed_to_fix_it if {
	settings := config
	plan := fixtures.plan([fixtures.resource({})])
	result := required_tags.deny with input as plan with data.config as settings
	result == {{
		"message": "missing tag `owner`",
		"resource": "aws_s3_bucket.logs",
		"path": ["tags", "owner"],
		"fix": "set `owner` in `tags`, or in the default tags of the provider",
	}}
}

test_a_tag_that_is_there_passes if passes(fixtures.tagged({"owner": "payments"}), {})

test_one_missing_tag_hides_nothing if {
	fails(fixtures.tagged({"service": "ledger"}), {"tags": ["owner", "service", "cost-center"]}, {"missing tag `owner`", "missing tag `cost-center`"})
}

test_an_empty_value_counts_as_missing if {
	fails(fixtures.tagged({"owner": ""}), {}, {"empty tag `owner`"})
	fails(fixtures.tagged({"owner": "  "}), {}, {"empty tag `owner`"})
}

test_an_empty_value_may_be_allowed if passes(fixtures.tagged({"owner": ""}), {"allow_empty": true})

test_a_sensitive_value_is_a_value if passes(fixtures.tagged({"owner": "(sensitive #1)"}), {})

test_a_tag_with_an_unknown_value_is_there if {
	unknown_owner := fixtures.resource({"unknown": [["tags", "owner"]], "tags": {"unknown_keys": ["owner"]}})
	passes(unknown_owner, {})
	fails(unknown_owner, {"tags": ["owner", "service"]}, {"missing tag `service`"})
}

test_unknown_tags_are_undetermined_and_named if {
	doubts(
		fixtures.resource({"unknown": [["arn"], ["tags"], ["tags_all"]], "tags": {"all_unknown": true}}),
		{},
		{["cannot tell whether tag `owner` is there", {["tags"], ["tags_all"]}]},
	)
}

test_unknown_defaults_do_not_hide_a_known_tag if {
	passes(fixtures.resource({"unknown": [["tags_all"]], "tags": {"all_unknown": true, "values": {"owner": "payments"}}}), {})
}

test_unknown_merged_tags_alone_are_no_doubt if {
	fails(fixtures.resource({"unknown": [["tags_all"]]}), {}, {"missing tag `owner`"})
}

test_nested_labels_have_a_path_of_steps if {
	settings := config
	pod := fixtures.resource({
		"provider": {"type": "kubernetes"},
		"unknown": [["metadata", 0, "uid"]],
		"tags": {"attribute": "metadata[0].labels"},
	})
	plan := fixtures.plan([pod])
	result := required_tags.deny with input as plan with data.config as settings
	{x.path | some x in result} == {["metadata", 0, "labels", "owner"]}
}

test_types_without_tags_are_not_applicable if {
	not_applicable(fixtures.resource({"tags": {"supported": "no"}}), {})
}

test_types_that_may_take_tags_are_undetermined if {
	doubts(
		fixtures.resource({"tags": {"supported": "cannot_tell"}}),
		{"tags": ["owner", "service"]},
		{["cannot tell whether `aws_s3_bucket` takes tags", []]},
	)
	passes(fixtures.resource({"tags": {"supported": "cannot_tell", "values": {"owner": "payments"}}}), {})
	passes(fixtures.resource({"tags": {"supported": "cannot_tell", "unknown_keys": ["owner"]}}), {})
}

test_resources_that_go_or_stay_as_they_are_are_not_applicable if {
	every action in ["no_op", "read", "delete", "forget"] {
		not_applicable(fixtures.resource({"action": action}), {})
	}
	not_applicable(fixtures.resource({"mode": "data", "action": "read"}), {})
	not_applicable(fixtures.resource({"action": "no_op", "previous_address": "aws_s3_bucket.old"}), {})
}

test_replaced_and_odd_resources_are_looked_at if {
	every action in ["create", "update", "replace", "unknown"] {
		fails(fixtures.resource({"action": action}), {}, {"missing tag `owner`"})
	}
}

test_an_import_needs_tags_without_any_change if {
	fails(fixtures.resource({"action": "no_op", "importing": {"id": "logs", "unknown": false}}), {}, {"missing tag `owner`"})
}

test_unchanged_resources_are_looked_at_when_asked if {
	fails(fixtures.resource({"action": "no_op"}), {"include_unchanged": true}, {"missing tag `owner`"})
	not_applicable(fixtures.resource({"mode": "data", "action": "no_op"}), {"include_unchanged": true})
}

test_names_are_told_apart_by_case_except_on_azure if {
	fails(fixtures.tagged({"Owner": "payments"}), {}, {"missing tag `owner`"})
	group := fixtures.resource({"provider": {"type": "azurerm"}, "tags": {"values": {"Owner": "payments"}}})
	passes(group, {"tags": ["oWNER"]})
	coming := fixtures.resource({"provider": {"type": "azurerm"}, "tags": {"unknown_keys": ["OWNER"]}})
	passes(coming, {})
}

test_overrides_add_by_provider_and_type if {
	add := {"overrides": [{"provider": "aws", "type": "aws_s3_*", "require": ["data-class"], "exempt": []}]}
	fails(fixtures.tagged({"owner": "payments"}), add, {"missing tag `data-class`"})
	elsewhere := object.union(fixtures.tagged({"owner": "payments"}), {"type": "aws_sns_topic"})
	passes(elsewhere, add)
}

test_overrides_exempt if {
	not_applicable(fixtures.resource({}), {"overrides": [{"type": "aws_s3_bucket", "require": [], "exempt": ["*"]}]})
	not_applicable(fixtures.resource({}), {"overrides": [
		{"provider": "aws", "require": [], "exempt": ["owner"]},
		{"type": "aws_*", "require": ["owner"], "exempt": []},
	]})
}

production_needs_more := {"overrides": [{"environment": "Production", "require": ["cost-center"], "exempt": []}]}

test_overrides_by_environment_of_the_stack if {
	settings := with_config(production_needs_more)
	plan := fixtures.plan([fixtures.tagged({"owner": "payments", "environment": "production"})])
	staging := object.union(plan, {"stack": {"name": "payments", "environment": "staging", "labels": []}})
	production := object.union(plan, {"stack": {"name": "payments", "labels": ["env:production"]}})
	in_staging := required_tags.deny with input as staging with data.config as settings
	in_production := required_tags.deny with input as production with data.config as settings
	count(in_staging) == 0
	{x.message | some x in in_production} == {"missing tag `cost-center`"}
}

test_overrides_by_environment_of_a_tag if {
	fails(fixtures.tagged({"owner": "payments", "env": "production"}), production_needs_more, {"missing tag `cost-center`"})
	passes(fixtures.tagged({"owner": "payments", "env": "staging"}), production_needs_more)
	passes(fixtures.tagged({"owner": "payments"}), production_needs_more)
}

test_an_unknown_environment_is_undetermined_where_it_matters if {
	unknown_env := fixtures.resource({
		"unknown": [["tags", "env"]],
		"tags": {"values": {"owner": "payments"}, "unknown_keys": ["env"]},
	})
	doubts(unknown_env, production_needs_more, {["tag `cost-center` may be needed: the environment is not known", {["tags", "env"]}]})
	passes(unknown_env, {})
	passes(object.union(unknown_env, {"tags": {"values": {"owner": "payments", "cost-center": "7"}}}), production_needs_more)
}

test_an_unknown_environment_may_exempt if {
	unknown_env := fixtures.resource({"unknown": [["tags", "env"]], "tags": {"unknown_keys": ["env"]}})
	doubts(
		unknown_env,
		{"overrides": [{"environment": "sandbox", "require": [], "exempt": ["*"]}]},
		{["tag `owner` may be needed: the environment is not known", {["tags", "env"]}]},
	)
}

test_no_tags_asked_for_is_not_applicable if not_applicable(fixtures.resource({}), {"tags": []})

test_types_that_may_take_tags_are_undetermined_whatever_is_unknown if {
	doubts(
		fixtures.resource({"unknown": [["tags"]], "tags": {"supported": "cannot_tell", "all_unknown": true}}),
		{},
		{["cannot tell whether `aws_s3_bucket` takes tags", []]},
	)
}

test_a_tag_that_comes_later_is_no_doubt_where_all_may_be_more if {
	passes(fixtures.resource({"unknown": [["tags", "owner"]], "tags": {"all_unknown": true, "unknown_keys": ["owner"]}}), {})
}

test_overrides_of_other_providers_do_not_hold if {
	passes(fixtures.tagged({"owner": "payments"}), {"overrides": [{"provider": "google*", "require": ["data-class"], "exempt": []}]})
	unknown_env := fixtures.resource({"unknown": [["tags", "env"]], "tags": {"values": {"owner": "a"}, "unknown_keys": ["env"]}})
	passes(unknown_env, {"overrides": [{"provider": "google*", "environment": "production", "require": ["data-class"], "exempt": []}]})
}

test_a_sensitive_environment_is_not_known if {
	doubts(
		fixtures.tagged({"owner": "a", "env": "(sensitive #1)"}),
		production_needs_more,
		{["tag `cost-center` may be needed: the environment is not known", {["tags"]}]},
	)
}

test_the_environment_of_the_stack_leaves_no_doubt if {
	settings := with_config(production_needs_more)
	unknown_env := fixtures.resource({"unknown": [["tags", "env"]], "tags": {"values": {"owner": "a"}, "unknown_keys": ["env"]}})
	document := object.union(fixtures.plan([unknown_env]), {"stack": {"name": "p", "labels": [], "environment": "staging"}})
	doubts := required_tags.undetermined with input as document with data.config as settings
	count(doubts) == 0
}

test_an_empty_value_may_lack_in_one_environment if {
	unknown_env := fixtures.resource({
		"unknown": [["tags", "env"]],
		"tags": {"values": {"owner": "a", "cost-center": ""}, "unknown_keys": ["env"]},
	})
	doubts(unknown_env, production_needs_more, {["tag `cost-center` may be needed: the environment is not known", {["tags", "env"]}]})
	passes(unknown_env, object.union(production_needs_more, {"allow_empty": true}))
}

test_what_is_deleted_is_no_unchanged_resource if {
	not_applicable(fixtures.resource({"action": "delete"}), {"include_unchanged": true})
}
