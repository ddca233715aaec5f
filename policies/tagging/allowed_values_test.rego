package plangate.tagging.allowed_values_test

import data.plangate.lib.fixtures
import data.plangate.tagging.allowed_values

environments := {"environment": {"values": ["production", "staging"], "ignore_case": false}}

codes := {"cost-center": {"values": [], "pattern": "[A-Z]{2}-[0-9]+", "ignore_case": false}}

said(resource, rules) := {
	"applicable": applicable,
	"deny": {[x.message, x.path, x.fix] | some x in denied},
	"undetermined": {[x.message, object.get(x, "unknown", set())] | some x in doubts},
} if {
	plan := fixtures.plan([resource])
	settings := {"tags": rules, "include_unchanged": false}
	applicable := allowed_values.applicable with input as plan with data.config as settings
	denied := allowed_values.deny with input as plan with data.config as settings
	doubts := allowed_values.undetermined with input as plan with data.config as settings
}

passes(resource, rules) if {
	result := said(resource, rules)
	result == {"applicable": {resource.address}, "deny": set(), "undetermined": set()}
}

not_applicable(resource, rules) if {
	result := said(resource, rules)
	result == {"applicable": set(), "deny": set(), "undetermined": set()}
}

fails(resource, rules, path, fix) if {
	result := said(resource, rules)
	{[x[1], x[2]] | some x in result.deny} == {[path, fix]}
	count(result.undetermined) == 0
}

doubts(resource, rules, message, unknown) if {
	result := said(resource, rules)
	result.undetermined == {[message, unknown]}
	count(result.deny) == 0
	count(result.applicable) == 1
}

test_a_listed_value_passes if passes(fixtures.tagged({"environment": "staging"}), environments)

test_another_value_fails_without_being_repeated if {
	result := said(fixtures.tagged({"environment": "prod"}), environments)
	result.deny == {["value of tag `environment` is not allowed", ["tags", "environment"], "use one of: production, staging"]}
	not contains(json.marshal(result.deny), "prod\"")
}

test_case_matters_unless_told if {
	fails(fixtures.tagged({"environment": "Production"}), environments, ["tags", "environment"], "use one of: production, staging")
	passes(fixtures.tagged({"environment": "Production"}), {"environment": {"values": ["production"], "ignore_case": true}})
}

test_a_pattern_matches_the_whole_value if {
	passes(fixtures.tagged({"cost-center": "EU-42"}), codes)
	fails(fixtures.tagged({"cost-center": "xEU-42"}), codes, ["tags", "cost-center"], "use a value that matches `[A-Z]{2}-[0-9]+`")
	fails(fixtures.tagged({"cost-center": "EU-42\n"}), codes, ["tags", "cost-center"], "use a value that matches `[A-Z]{2}-[0-9]+`")
}

test_alternatives_of_a_pattern_are_anchored if {
	rules := {"tier": {"values": [], "pattern": "gold|silver", "ignore_case": false}}
	passes(fixtures.tagged({"tier": "silver"}), rules)
	fails(fixtures.tagged({"tier": "golden"}), rules, ["tags", "tier"], "use a value that matches `gold|silver`")
}

test_values_and_pattern_add_up if {
	rules := {"cost-center": {"values": ["none"], "pattern": "[0-9]+", "ignore_case": false}}
	passes(fixtures.tagged({"cost-center": "none"}), rules)
	passes(fixtures.tagged({"cost-center": "42"}), rules)
	fails(fixtures.tagged({"cost-center": ""}), rules, ["tags", "cost-center"], "use one of: none, or use a value that matches `[0-9]+`")
}

test_a_rule_that_allows_nothing_fails if {
	fails(fixtures.tagged({"legacy": "x"}), {"legacy": {"values": [], "ignore_case": false}}, ["tags", "legacy"], "")
}

test_an_unknown_value_is_undetermined if {
	doubts(
		fixtures.resource({"unknown": [["tags", "environment"]], "tags": {"unknown_keys": ["environment"]}}),
		environments,
		"value of tag `environment` is known only after apply",
		{["tags", "environment"]},
	)
}

test_one_unknown_tag_hides_no_other if {
	resource := fixtures.resource({
		"unknown": [["tags", "cost-center"]],
		"tags": {"values": {"environment": "prod"}, "unknown_keys": ["cost-center"]},
	})
	result := said(resource, object.union(environments, codes))
	count(result.deny) == 1
	result.undetermined == {["value of tag `cost-center` is known only after apply", {["tags", "cost-center"]}]}
}

test_unknown_tags_are_undetermined if {
	doubts(
		fixtures.resource({"unknown": [["tags"]], "tags": {"all_unknown": true}}),
		environments,
		"value of tag `environment` is known only after apply, if it is there",
		{["tags"]},
	)
}

test_a_sensitive_value_is_undetermined if {
	doubts(
		fixtures.tagged({"environment": "(sensitive #1)"}),
		environments,
		"value of tag `environment` is sensitive",
		{["tags", "environment"]},
	)
}

test_a_broken_pattern_is_told if {
	result := said(fixtures.tagged({"environment": "prod"}), {"environment": {"values": [], "pattern": "(", "ignore_case": false}})
	count(result.deny) == 0
	result.undetermined == {["the pattern for tag `environment` is not a regular expression", set()]}
}

test_a_missing_tag_is_not_applicable if {
	not_applicable(fixtures.tagged({"owner": "payments"}), environments)
	not_applicable(fixtures.resource({"tags": {"supported": "no"}}), environments)
}

test_nothing_configured_is_not_applicable if not_applicable(fixtures.tagged({"environment": "prod"}), {})

test_resources_that_go_or_stay_as_they_are_are_not_applicable if {
	every action in ["no_op", "read", "delete", "forget"] {
		not_applicable(object.union(fixtures.tagged({"environment": "prod"}), {"action": action}), environments)
	}
}

test_unchanged_resources_are_looked_at_when_asked if {
	plan := fixtures.plan([object.union(fixtures.tagged({"environment": "prod"}), {"action": "no_op"})])
	settings := {"tags": environments, "include_unchanged": true}
	denied := allowed_values.deny with input as plan with data.config as settings
	count(denied) == 1
}

test_azure_names_ignore_case if {
	fails(
		fixtures.resource({"provider": {"type": "azurerm"}, "tags": {"values": {"Environment": "prod"}}}),
		environments,
		["tags", "Environment"],
		"use one of: production, staging",
	)
}

test_more_tags_than_are_known_hide_nothing if {
	open_ended := {"unknown": [["tags_all"]], "tags": {"all_unknown": true}}
	passes(object.union(fixtures.tagged({"environment": "staging"}), open_ended), environments)
	later := object.union(
		fixtures.resource({"unknown": [["tags", "environment"]], "tags": {"unknown_keys": ["environment"]}}),
		{"tags": {"all_unknown": true}},
	)
	doubts(later, environments, "value of tag `environment` is known only after apply", {["tags", "environment"]})
}

test_only_managed_resources_that_stay_are_looked_at if {
	settings := {"tags": environments, "include_unchanged": true}
	every differences in [{"action": "delete"}, {"action": "no_op", "mode": "data"}] {
		plan := fixtures.plan([object.union(fixtures.tagged({"environment": "prod"}), differences)])
		denied := allowed_values.deny with input as plan with data.config as settings
		count(denied) == 0
	}
}
