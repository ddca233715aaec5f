# METADATA
# title: Allowed tag values
# description: |
#   Tags have one of the values, or match the pattern, that the configuration gives for them. Says nothing of tags that
#   are not there: `tagging.required_tags` does. Undetermined where the value is known only after apply or is sensitive.
#   Looks at managed resources that the plan makes, changes, replaces or imports. Without configuration it has nothing
#   to look at.
# custom:
#   severity: medium
#   enforcement: mandatory
#   frameworks: [FinOps Allocation]
#   remediation: Use one of the values that are allowed for the tag.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       tags:
#         type: object
#         default: {}
#         description: What each tag may be, by name. A value is allowed if it is listed or matches the pattern.
#         additionalProperties:
#           type: object
#           additionalProperties: false
#           properties:
#             values: {type: array, items: {type: string}, default: [], description: Allowed values.}
#             pattern: {type: string, description: A regular expression (RE2) that matches allowed values as a whole.}
#             ignore_case:
#               type: boolean
#               default: false
#               description: Whether the case of listed values does not matter. A pattern says `(?i)` for itself.
#       include_unchanged:
#         type: boolean
#         default: false
#         description: Whether resources that the plan leaves alone are looked at too.
package plangate.tagging.allowed_values

import data.plangate.lib.resources
import data.plangate.lib.sensitive
import data.plangate.lib.tags

applicable contains resource.address if {
	some resource in candidates
	some tag, _ in data.config.tags
	tags.possible(resource, tag)
}

applicable contains "configuration" if count(broken_patterns) > 0

deny contains {
	"message": sprintf("value of tag `%s` is not allowed", [tag]),
	"resource": resource.address,
	"path": tags.path(resource, key),
	"fix": advice(tag),
} if {
	some resource in candidates
	some tag, rule in data.config.tags
	not tag in broken_patterns
	some key in tags.keys(resource, tag)
	value := resource.tags.values[key]
	not sensitive.sealed(value)
	not allowed(value, rule)
}

undetermined contains doubt(resource, tag, "known only after apply") if {
	some resource in candidates
	some tag, _ in data.config.tags
	tags.unknown_value(resource, tag)
}

undetermined contains doubt(resource, tag, "known only after apply, if it is there") if {
	some resource in candidates
	resource.tags.all_unknown
	some tag, _ in data.config.tags
	count(tags.keys(resource, tag)) == 0
	not tags.unknown_value(resource, tag)
}

undetermined contains object.union(doubt(resource, tag, "sensitive"), {"unknown": {tags.path(resource, key)}}) if {
	some resource in candidates
	some tag, _ in data.config.tags
	some key in tags.keys(resource, tag)
	sensitive.sealed(resource.tags.values[key])
}

undetermined contains {"message": sprintf("the pattern for tag `%s` is not a regular expression", [tag])} if {
	some tag in broken_patterns
}

doubt(resource, tag, why) := {
	"message": sprintf("value of tag `%s` is %s", [tag, why]),
	"resource": resource.address,
	"path": tags.path(resource, tag),
	"unknown": tags.unknown_paths(resource, tag),
}

candidates := [resource |
	count(data.config.tags) > 0
	some resource in input.plan.resources
	resource.tags.supported != "no"
	looked_at(resource)
]

looked_at(resource) if resources.written(resource)

looked_at(resource) if {
	data.config.include_unchanged
	resource.mode == "managed"
	resource.action == "no_op"
}

broken_patterns contains tag if {
	some tag, rule in data.config.tags
	pattern := rule.pattern
	not regex.is_valid(pattern)
}

allowed(value, rule) if {
	some listed in rule.values
	folded(listed, rule) == folded(value, rule)
}

allowed(value, rule) if regex.match(concat("", ["^(?:", rule.pattern, ")$"]), value)

folded(text, rule) := lower(text) if rule.ignore_case

folded(text, rule) := text if not rule.ignore_case

advice(tag) := concat(", or ", array.concat(
	[sprintf("use one of: %s", [concat(", ", sort(values))]) |
		values := data.config.tags[tag].values
		count(values) > 0
	],
	[sprintf("use a value that matches `%s`", [pattern]) | pattern := data.config.tags[tag].pattern],
))
