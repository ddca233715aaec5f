# METADATA
# title: Access by team label
# description: |
#   Members of the teams that a stack is labelled with (`team:payments`) get the configured level on it. Everybody who
#   is in some team can be given read access besides. `payments` and `acme/payments` are the same team. Where the list
#   of the actor's teams is not whole, a missing membership is a doubt and never a grant.
# custom:
#   severity: medium
#   enforcement: mandatory
#   frameworks: [SOC 2 CC6.3, ISO 27001 A.5.15]
#   remediation: Ask for membership of a team that the stack is labelled with.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       level:
#         type: string
#         enum: [read, write, admin]
#         default: write
#         description: What members of the stack's teams may do; each level includes the one before.
#       label_prefix:
#         type: string
#         pattern: '[^ ]'
#         default: 'team:'
#         description: What comes before the team in a label. Case does not matter.
#       read_for_members:
#         type: boolean
#         default: false
#         description: Whether everybody who is in some team may read every stack.
package plangate.access.team_label

import data.plangate.lib.teams

applicable contains "request" if count(owners) > 0

applicable contains "request" if data.config.read_for_members

grant contains data.config.level if teams.has_actor(owners)

grant contains "read" if {
	data.config.read_for_members
	some team in input.actor.teams
	team != ""
}

undetermined contains "it is not known who asks" if {
	count(applicable) > 0
	not input.actor
}

undetermined contains sprintf("cannot tell whether the actor is in %s: the list of teams is not whole", [concat(" or ", sort(owners))]) if {
	count(owners) > 0
	input.actor.teams_complete == false
	not teams.has_actor(owners)
}

owners := teams.of_stack(data.config.label_prefix)
