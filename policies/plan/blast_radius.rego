# METADATA
# title: Blast radius
# description: |
#   One plan destroys and changes no more than so many existing objects. Destroyed is what a deletion or a replacement
#   ends; changed is everything that exists and that the plan does not leave as it is: updated, replaced, deleted,
#   forgotten. New objects, data sources, moves and imports do not count. A percentage is of all managed objects of the
#   plan that exist now, and holds only where there are enough of them. Actions that are not known count as changes;
#   undetermined where they would decide whether too much is destroyed.
# custom:
#   severity: high
#   enforcement: mandatory
#   frameworks: [SOC 2 CC8.1]
#   remediation: Split the change, or raise the limit for it.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       max_destroyed:
#         type: integer
#         minimum: 0
#         default: 10
#         description: How many objects one plan may destroy.
#       max_changed:
#         type: integer
#         minimum: 0
#         default: 100
#         description: How many existing objects one plan may touch.
#       max_destroyed_percent:
#         type: integer
#         minimum: 0
#         maximum: 100
#         default: 30
#         description: How much of what exists one plan may destroy, in percent.
#       percent_from:
#         type: integer
#         minimum: 1
#         default: 20
#         description: How many objects there must be for the percentage to hold.
package plangate.plan.blast_radius

applicable contains "plan" if count(touched) > 0

deny contains {
	"message": sprintf("the plan destroys %d objects, %d are allowed", [count(destroyed), data.config.max_destroyed]),
	"fix": "split the change, or raise `max_destroyed` for it",
} if {
	count(destroyed) > data.config.max_destroyed
}

deny contains {
	"message": sprintf("the plan changes %d objects, %d are allowed", [count(touched), data.config.max_changed]),
	"fix": "split the change, or raise `max_changed` for it",
} if {
	count(touched) > data.config.max_changed
}

deny contains {
	"message": sprintf("the plan destroys %d of %d objects, %d percent are allowed", [count(destroyed), count(existing), data.config.max_destroyed_percent]),
	"fix": "split the change, or raise `max_destroyed_percent` for it",
} if {
	too_many_percent(count(destroyed))
}

undetermined contains {"message": sprintf("cannot tell whether the plan destroys too much: the actions of %d resources are not known", [count(odd)])} if {
	within_limits(count(destroyed))
	not within_limits(count(destroyed) + count(odd))
}

within_limits(number) if {
	number <= data.config.max_destroyed
	not too_many_percent(number)
}

too_many_percent(number) if {
	count(existing) >= data.config.percent_from
	number * 100 > data.config.max_destroyed_percent * count(existing)
}

# Managed objects that exist now, by position in the plan: a deposed object shares its address with another one.
existing := {position |
	some position, resource in input.plan.resources
	resource.mode == "managed"
	not resource.action in {"create", "read"}
}

touched := {position |
	some position in existing
	input.plan.resources[position].action != "no_op"
}

odd := {position |
	some position in existing
	input.plan.resources[position].action == "unknown"
}

destroyed := {position |
	some position in (existing - odd)
	input.plan.resources[position].destroys
}
