# METADATA
# title: Unknown paths
# description: What is known only after apply, by path into a resource's attributes.
package plangate.lib.paths

# The paths that are unknown at `path`: what lies above and is unknown as a whole, or parts of what is there.
unknown(resource, path) := {other | some other in resource.unknown; related(other, path)}

related(a, b) if array.slice(b, 0, count(a)) == a

related(a, b) if array.slice(a, 0, count(b)) == b
