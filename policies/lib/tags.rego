# METADATA
# title: Tags by name
# description: Finds tags of a resource. Azure does not tell tag names apart by case; everybody else does.
package plangate.lib.tags

# Whether tag names that differ in case alone are the same.
ignores_case(resource) if resource.provider.type in {"azapi", "azurerm"}

# The form of a tag's name in which equal names are equal.
name(resource, tag) := lower(tag) if ignores_case(resource)

name(resource, tag) := tag if not ignores_case(resource)

# The keys in `values` that are this tag: none or one, or several on Azure, where the plan has spellings that collide.
keys(resource, tag) := {tag | resource.tags.values[tag]} if not ignores_case(resource)

keys(resource, tag) := {key | some key, _ in resource.tags.values; lower(key) == lower(tag)} if ignores_case(resource)

# The tag is there and its value is known only after apply.
unknown_value(resource, tag) if tag in resource.tags.unknown_keys

unknown_value(resource, tag) if {
	ignores_case(resource)
	some key in resource.tags.unknown_keys
	lower(key) == lower(tag)
}

# The tag may be there, as far as anybody can tell.
possible(resource, tag) if resource.tags.values[tag]

possible(resource, tag) if {
	ignores_case(resource)
	count(keys(resource, tag)) > 0
}

possible(resource, tag) if unknown_value(resource, tag)

possible(resource, _) if resource.tags.all_unknown

# The attribute that holds the tags, as a path: `metadata[0].labels` is `["metadata", 0, "labels"]`.
attribute(resource) := [step(part) |
	some part in regex.find_n(`[^.\[\]]+`, object.get(resource.tags, "attribute", "tags"), -1)
]

step(part) := to_number(part) if regex.match(`^[0-9]+$`, part)

step(part) := part if not regex.match(`^[0-9]+$`, part)

path(resource, tag) := array.concat(attribute(resource), [tag])

# What must become known before the tag is: the tag itself, or whatever keeps all tags from being known.
unknown_paths(resource, tag) := {path(resource, tag)} if unknown_value(resource, tag)

unknown_paths(resource, tag) := found if {
	not unknown_value(resource, tag)
	found := unknown_maps(resource)
	count(found) > 0
}

unknown_paths(resource, tag) := {attribute(resource)} if {
	not unknown_value(resource, tag)
	count(unknown_maps(resource)) == 0
}

unknown_maps(resource) := {other |
	some other in resource.unknown
	holds_tags(attribute(resource), other)
}

holds_tags(own, other) if array.slice(own, 0, count(other)) == other

holds_tags(_, other) if other in {["tags_all"], ["terraform_labels"], ["effective_labels"]}
