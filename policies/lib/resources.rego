# METADATA
# title: Resources of a plan
# description: Which resources a rule is about. A move or an import alone is `no_op` in a plan, and still changes the state.
package plangate.lib.resources

# The resource is there after the apply because of this plan: made, changed, replaced or taken over.
written(resource) if {
	resource.mode == "managed"
	resource.action in {"create", "update", "replace", "unknown"}
}

written(resource) if {
	resource.mode == "managed"
	resource.action == "no_op"
	resource.importing
}

# The plan does something to the resource or to the state's hold of it.
changed(resource) if {
	resource.mode == "managed"
	not resource.action in {"no_op", "read"}
}

changed(resource) if {
	resource.mode == "managed"
	resource.importing
}

changed(resource) if {
	resource.mode == "managed"
	resource.previous_address
}
