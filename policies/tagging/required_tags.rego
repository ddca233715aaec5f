# METADATA
# title: Required tags
# description: |
#   Every resource that takes tags has the tags that the organization asks for: in its own block or from the
#   provider's defaults. Which tags, can depend on provider, type and environment. A tag whose value is known only
#   after apply is there; a tag without a value is not, unless the configuration allows it. Names are told apart by
#   case except on Azure. Looks at managed resources that the plan makes, changes, replaces or imports. Advisory,
#   because no organization has chosen its tags by installing this: make it mandatory when you have.
# custom:
#   severity: medium
#   enforcement: advisory
#   frameworks: [FinOps Allocation]
#   remediation: Add the tag to the resource, or to the default tags of its provider.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       tags:
#         type: array
#         items: {type: string, pattern: '[^ ]'}
#         default: [owner]
#         description: Tags that every resource needs.
#       allow_empty:
#         type: boolean
#         default: false
#         description: Whether a tag with an empty value counts as there.
#       overrides:
#         type: array
#         default: []
#         description: |
#           More or fewer tags for some resources. An entry holds where all of `provider`, `type` and `environment` that
#           it names match; `*` stands for any text. All entries that hold add up, and what one exempts no other requires.
#         items:
#           type: object
#           additionalProperties: false
#           properties:
#             provider: {type: string, description: 'The provider''s own name, such as `aws` or `google*`.'}
#             type: {type: string, description: 'The resource type, such as `aws_db_*`.'}
#             environment: {type: string, description: 'The environment, such as `production`; case does not matter.'}
#             require: {type: array, items: {type: string, pattern: '[^ ]'}, default: [], description: Tags needed besides.}
#             exempt: {type: array, items: {type: string, pattern: '[^ ]'}, default: [], description: 'Tags not needed; `*` for all.'}
#       environment_tags:
#         type: array
#         items: {type: string}
#         default: [environment, env]
#         description: Tags that tell the environment of a resource where the stack does not; the first that is there counts.
#       include_unchanged:
#         type: boolean
#         default: false
#         description: Whether resources that the plan leaves alone are looked at too.
package plangate.tagging.required_tags

import data.plangate.lib.environments
import data.plangate.lib.names
import data.plangate.lib.resources
import data.plangate.lib.sensitive
import data.plangate.lib.tags

applicable contains resource.address if {
	some resource in candidates
	count(required(resource)) > 0
}

deny contains finding(resource, tag, sprintf("missing tag `%s`", [tag])) if {
	some resource in candidates
	resource.tags.supported == "yes"
	some tag in definitely_required(resource)
	not tags.possible(resource, tag)
}

deny contains finding(resource, tag, sprintf("empty tag `%s`", [tag])) if {
	not data.config.allow_empty
	some resource in candidates
	some tag in definitely_required(resource)
	empty(resource, tag)
}

undetermined contains object.union(
	finding(resource, tag, sprintf("cannot tell whether tag `%s` is there", [tag])),
	{"unknown": tags.unknown_paths(resource, tag)},
) if {
	some resource in candidates
	resource.tags.supported == "yes"
	some tag in required(resource)
	resource.tags.all_unknown
	count(tags.keys(resource, tag)) == 0
	not tags.unknown_value(resource, tag)
}

undetermined contains object.union(
	finding(resource, tag, sprintf("tag `%s` may be needed: the environment is not known", [tag])),
	{"unknown": environment_paths(resource)},
) if {
	overridden
	some resource in candidates
	resource.tags.supported == "yes"
	some tag in (required(resource) - definitely_required(resource))
	lacks(resource, tag)
}

undetermined contains {
	"message": sprintf("cannot tell whether `%s` takes tags", [resource.type]),
	"resource": resource.address,
	"unknown": [],
} if {
	some resource in candidates
	resource.tags.supported == "cannot_tell"
	some tag in required(resource)
	count(tags.keys(resource, tag)) == 0
	not tags.unknown_value(resource, tag)
}

finding(resource, tag, message) := {
	"message": message,
	"resource": resource.address,
	"path": tags.path(resource, tag),
	"fix": sprintf("set `%s` in `%s`, or in the default tags of the provider", [tag, object.get(resource.tags, "attribute", "tags")]),
}

# Resources that the policy looks at: those that take tags, or may.
candidates := [resource |
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

lacks(resource, tag) if not tags.possible(resource, tag)

lacks(resource, tag) if {
	not data.config.allow_empty
	empty(resource, tag)
}

empty(resource, tag) if {
	some key in tags.keys(resource, tag)
	trim_space(resource.tags.values[key]) == ""
}

# Tags that the resource needs whatever is still unknown.
definitely_required(resource) := needed(holding(resource), holding(resource) | doubtful(resource)) if overridden

definitely_required(_) := everywhere if not overridden

# Tags that it needs, or would need in the environment that nobody knows yet.
required(resource) := needed(holding(resource) | doubtful(resource), holding(resource)) if overridden

required(_) := everywhere if not overridden

everywhere := {tag | some tag in data.config.tags}

# Most configurations override nothing, and then there is nothing to ask of each resource.
overridden if count(data.config.overrides) > 0

# What is asked for by these overrides and exempted by none of those.
needed(requiring, exempting) := {tag |
	exempt := exempted(exempting)
	some tag in asked(requiring)
	not names.matched(exempt, tag)
}

asked(positions) := everywhere | {tag |
	some position in positions
	some tag in data.config.overrides[position].require
}

exempted(positions) := names.patterns([pattern |
	some position in positions
	some pattern in data.config.overrides[position].exempt
])

# Overrides that hold for the resource.
holding(resource) := {position |
	some position, override in data.config.overrides
	concerns(override, resource)
	for_environment(override, environment(resource))
}

# Overrides that would hold in one environment or another, where the environment is not known.
doubtful(resource) := {position |
	count(environment_paths(resource)) > 0
	some position, override in data.config.overrides
	concerns(override, resource)
}

concerns(override, resource) if {
	fits(object.get(override, "provider", "*"), resource.provider.type)
	fits(object.get(override, "type", "*"), resource.type)
}

fits(pattern, text) if names.matched(names.patterns([pattern]), text)

for_environment(override, _) if not override.environment

for_environment(override, known) if {
	some name in known
	fits(lower(override.environment), name)
}

# The environment: the stack's, or else what the first environment tag says.
environment(_) := environments.stack if count(environments.stack) > 0

environment(resource) := tag_environment(resource) if count(environments.stack) == 0

tag_environment(resource) := {lower(resource.tags.values[key]) |
	tag := first_environment_tag(resource)
	some key in tags.keys(resource, tag)
	not sensitive.sealed(resource.tags.values[key])
}

# What must be known before the environment is; empty where it is known, or known not to be said.
environment_paths(resource) := {path |
	count(environments.stack) == 0
	tag := first_environment_tag(resource)
	unclear(resource, tag)
	some path in tags.unknown_paths(resource, tag)
}

first_environment_tag(resource) := [tag |
	some tag in data.config.environment_tags
	tags.possible(resource, tag)
][0]

unclear(resource, tag) if count(tags.keys(resource, tag)) == 0

unclear(resource, tag) if {
	some key in tags.keys(resource, tag)
	sensitive.sealed(resource.tags.values[key])
}
