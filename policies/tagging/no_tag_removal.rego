# METADATA
# title: No tag removal
# description: |
#   A resource that is changed or replaced keeps the tags that it has now. Which tags are kept, is configurable; a new
#   value is no removal. Undetermined where the tags are known only after apply. Looks at managed resources that are
#   updated, replaced, or imported with changes, and that have such tags now. Advisory, because renaming a tag is normal
#   work: make it mandatory for the tags that bills and ownership hang on.
# custom:
#   severity: low
#   enforcement: advisory
#   frameworks: [FinOps Allocation]
#   remediation: Keep the tag in the configuration, or say there that it may go.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       protected:
#         type: array
#         items: {type: string}
#         default: ['*']
#         description: Tags that are kept; `*` stands for any text.
#       exempt:
#         type: array
#         items: {type: string}
#         default: []
#         description: Tags that may go all the same, such as `kubernetes.io/*`.
package plangate.tagging.no_tag_removal

import data.plangate.lib.names
import data.plangate.lib.tags

applicable contains resource.address if {
	some resource in candidates
	count(protected(resource)) > 0
}

deny contains {
	"message": sprintf("tag `%s` is removed", [tag]),
	"resource": resource.address,
	"path": tags.path(resource, tag),
	"fix": sprintf("keep `%s` in `%s`", [tag, object.get(resource.tags, "attribute", "tags")]),
} if {
	some resource in candidates
	some tag in protected(resource)
	not tags.possible(resource, tag)
}

undetermined contains {
	"message": sprintf("cannot tell whether tag `%s` is kept", [tag]),
	"resource": resource.address,
	"path": tags.path(resource, tag),
	"unknown": tags.unknown_paths(resource, tag),
} if {
	some resource in candidates
	resource.tags.all_unknown
	some tag in protected(resource)
	count(tags.keys(resource, tag)) == 0
	not tags.unknown_value(resource, tag)
}

candidates := [resource |
	some resource in input.plan.resources
	resource.mode == "managed"
	resource.action in {"update", "replace", "unknown"}
	resource.after != null
]

protected(resource) := {tag |
	kept := spellings(resource, data.config.protected)
	exempt := spellings(resource, data.config.exempt)
	some tag, _ in resource.tags.previous
	names.matched(kept, tags.name(resource, tag))
	not names.matched(exempt, tags.name(resource, tag))
}

# Where case does not matter, patterns are compared in lower case, as names are.
spellings(resource, patterns) := names.patterns([tags.name(resource, pattern) | some pattern in patterns])
