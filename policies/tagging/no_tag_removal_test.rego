package plangate.tagging.no_tag_removal_test

import data.plangate.lib.fixtures
import data.plangate.tagging.no_tag_removal

config := {"protected": ["*"], "exempt": []}

said(resource, differences) := {
	"applicable": applicable,
	"deny": {x.message | some x in denied},
	"undetermined": {[x.message, x.unknown] | some x in doubts},
} if {
	plan := fixtures.plan([resource])
	settings := object.union(config, differences)
	applicable := no_tag_removal.applicable with input as plan with data.config as settings
	denied := no_tag_removal.deny with input as plan with data.config as settings
	doubts := no_tag_removal.undetermined with input as plan with data.config as settings
}

fails(resource, differences, messages) if {
	result := said(resource, differences)
	result == {"applicable": {resource.address}, "deny": messages, "undetermined": set()}
}

passes(resource, differences) if fails(resource, differences, set())

not_applicable(resource, differences) if {
	result := said(resource, differences)
	result == {"applicable": set(), "deny": set(), "undetermined": set()}
}

updated(previous, values) := fixtures.resource({
	"action": "update",
	"actions": ["update"],
	"before": {},
	"tags": {"previous": previous, "values": values},
})

test_a_removed_tag_fails if {
	plan := fixtures.plan([updated({"owner": "a", "service": "b"}, {"service": "b"})])
	settings := config
	result := no_tag_removal.deny with input as plan with data.config as settings
	result == {{
		"message": "tag `owner` is removed",
		"resource": "aws_s3_bucket.logs",
		"path": ["tags", "owner"],
		"fix": "keep `owner` in `tags`",
	}}
}

test_all_tags_removed_fail if fails(updated({"a": "1", "b": "2"}, {}), {}, {"tag `a` is removed", "tag `b` is removed"})

test_a_new_value_passes if passes(updated({"owner": "a"}, {"owner": "b"}), {})

test_a_tag_that_moves_to_the_defaults_passes if {
	passes(object.union(updated({"owner": "a"}, {"owner": "a"}), {"tags": {"origin": {"owner": "default"}}}), {})
}

test_replacements_and_odd_actions_are_looked_at if {
	every action in ["replace", "unknown"] {
		fails(object.union(updated({"owner": "a"}, {}), {"action": action}), {}, {"tag `owner` is removed"})
	}
}

test_an_unknown_value_is_kept if {
	passes(object.union(updated({"owner": "a"}, {}), {"unknown": [["tags", "owner"]], "tags": {"unknown_keys": ["owner"]}}), {})
}

test_unknown_tags_are_undetermined if {
	resource := object.union(updated({"owner": "a"}, {}), {"unknown": [["tags"]], "tags": {"all_unknown": true}})
	result := said(resource, {})
	result == {
		"applicable": {"aws_s3_bucket.logs"},
		"deny": set(),
		"undetermined": {["cannot tell whether tag `owner` is kept", {["tags"]}]},
	}
}

test_other_tags_may_go if {
	not_applicable(updated({"note": "a"}, {}), {"protected": ["owner", "cost*"]})
	fails(updated({"note": "a", "cost-center": "7"}, {}), {"protected": ["owner", "cost*"]}, {"tag `cost-center` is removed"})
	not_applicable(updated({"kubernetes.io/cluster": "a"}, {}), {"exempt": ["kubernetes.io/*"]})
}

test_spelling_does_not_matter_on_azure if {
	group := object.union(updated({"Owner": "a"}, {"owner": "a"}), {"provider": {"type": "azurerm"}})
	passes(group, {"protected": ["OWNER"]})
	fails(updated({"Owner": "a"}, {"owner": "a"}), {}, {"tag `Owner` is removed"})
}

test_what_is_not_changed_is_not_applicable if {
	every action in ["create", "no_op", "read", "delete", "forget"] {
		not_applicable(object.union(updated({"owner": "a"}, {}), {"action": action}), {})
	}
	not_applicable(updated({}, {"owner": "a"}), {})
}

test_known_and_coming_tags_are_kept_where_there_may_be_more if {
	open_ended := {"unknown": [["tags_all"]], "tags": {"all_unknown": true}}
	passes(object.union(updated({"owner": "a"}, {"owner": "a"}), open_ended), {})
	coming := object.union(updated({"owner": "a"}, {}), {"tags": {"all_unknown": true, "unknown_keys": ["owner"]}})
	passes(coming, {})
}

test_data_and_what_goes_are_not_applicable if {
	not_applicable(object.union(updated({"owner": "a"}, {}), {"mode": "data"}), {})
	not_applicable(object.union(updated({"owner": "a"}, {}), {"action": "unknown", "after": null}), {})
}
