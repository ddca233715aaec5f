# METADATA
# title: Instances are of an approved type
# description: |
#   Every `aws_instance` that the plan makes or changes is of a type that the team has agreed on. Undetermined where the
#   type is known only after apply.
# custom:
#   severity: medium
#   enforcement: mandatory
#   remediation: Use an approved type, or have another one approved.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       allowed:
#         type: array
#         items: {type: string}
#         minItems: 1
#         default: [t3.micro, t3.small, t3.medium]
#         description: The approved types.
package plangate.plan.instance_types

# `plangate input plan.json` prints what `input` is.
instances contains resource if {
	some resource in input.plan.by_type.aws_instance
	resource.action in {"create", "replace", "update"}
}

# What the policy looks at: an instance that no rule below names passes.
applicable contains resource.address if some resource in instances

deny contains {
	"message": sprintf("type `%s` is not approved", [type]),
	"resource": resource.address,
	"path": ["instance_type"],
	"fix": sprintf("use one of %s", [concat(", ", data.config.allowed)]),
} if {
	some resource in instances
	type := resource.after.instance_type
	not type in data.config.allowed
}

# A value that is known only after apply is absent from `after`: without this rule, the instance would pass.
undetermined contains {
	"message": "the type is known only after apply",
	"resource": resource.address,
	"path": ["instance_type"],
	"unknown": [path],
} if {
	some resource in instances
	some path in resource.unknown
	path in [[], ["instance_type"]]
}
