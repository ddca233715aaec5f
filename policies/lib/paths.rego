# METADATA
# title: Unknown paths
# description: What is known only after apply, by path into a resource's attributes.
package plangate.lib.paths

# The unknown paths at `path`: those above it, which hold it, and those below it, which are parts of what is there.
unknown(resource, path) := {[] | [] in resource.unknown} | {other |
	some other in resource.unknown
	other[0] == path[0]
	common := min([count(other), count(path)])
	array.slice(other, 0, common) == array.slice(path, 0, common)
}
