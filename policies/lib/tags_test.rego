package plangate.lib.tags_test

import data.plangate.lib.fixtures
import data.plangate.lib.tags

on(provider, differences) := fixtures.resource({"provider": {"type": provider}, "tags": differences})

test_keys if {
	tags.keys(on("aws", {"values": {"owner": "a", "Owner": ""}}), "owner") == {"owner"}
	tags.keys(on("aws", {"values": {"Owner": "a"}}), "owner") == set()
	tags.keys(on("aws", {"values": {"owner": ""}}), "owner") == {"owner"}
	tags.keys(on("azurerm", {"values": {"OWNER": "a", "x": "b"}}), "Owner") == {"OWNER"}
}

test_unknown_values if {
	tags.unknown_value(on("aws", {"unknown_keys": ["owner"]}), "owner")
	not tags.unknown_value(on("aws", {"unknown_keys": ["Owner"]}), "owner")
	tags.unknown_value(on("azapi", {"unknown_keys": ["Owner"]}), "owner")
	not tags.unknown_value(on("azapi", {"unknown_keys": ["x"]}), "owner")
}

test_possible if {
	tags.possible(on("aws", {"values": {"owner": ""}}), "owner")
	tags.possible(on("aws", {"unknown_keys": ["owner"]}), "owner")
	tags.possible(on("aws", {"all_unknown": true}), "owner")
	tags.possible(on("azurerm", {"values": {"Owner": "a"}}), "owner")
	not tags.possible(on("azurerm", {"values": {"x": "a"}}), "owner")
	not tags.possible(on("aws", {"values": {"Owner": "a"}}), "owner")
}

test_attributes_are_paths if {
	tags.attribute(on("kubernetes", {"attribute": "metadata[0].labels"})) == ["metadata", 0, "labels"]
	tags.path(on("google", {"attribute": "resource_labels"}), "a.b") == ["resource_labels", "a.b"]
	tags.attribute({"tags": {}}) == ["tags"]
}

test_unknown_paths if {
	one := object.union(on("aws", {"unknown_keys": ["owner"]}), {"unknown": [["tags"], ["tags", "owner"]]})
	tags.unknown_paths(one, "owner") == {["tags", "owner"]}
	all := object.union(on("aws", {"all_unknown": true}), {"unknown": [["id"], ["tags_all"], ["tags", "x"]]})
	tags.unknown_paths(all, "owner") == {["tags_all"]}
	unsaid := object.union(on("aws", {"all_unknown": true}), {"unknown": [["id"]]})
	tags.unknown_paths(unsaid, "owner") == {["tags"]}
	later := object.union(on("aws", {"unknown_keys": ["owner"]}), {"unknown": [["tags", "owner"]]})
	tags.unknown_paths(later, "owner") == {["tags", "owner"]}
}
