# METADATA
# title: Administrators
# description: |
#   Members of the configured teams get admin on every stack. Nobody is an administrator out of the box. Where the list of
#   the actor's teams is not whole, a missing membership is a doubt and never a grant.
# custom:
#   severity: high
#   enforcement: mandatory
#   frameworks: [SOC 2 CC6.3, ISO 27001 A.8.2]
#   remediation: Ask for membership of a team of administrators.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       teams:
#         type: array
#         items: {type: string, pattern: '[^ ]'}
#         default: []
#         description: 'Slugs of teams whose members are administrators: `platform` or `acme/platform`.'
package plangate.access.admins

import data.plangate.lib.teams

applicable contains "request" if count(data.config.teams) > 0

grant contains "admin" if teams.has_actor(data.config.teams)

undetermined contains "it is not known who asks" if {
	count(data.config.teams) > 0
	not input.actor
}

undetermined contains "cannot tell whether the actor is an administrator: the list of teams is not whole" if {
	count(data.config.teams) > 0
	input.actor.teams_complete == false
	not teams.has_actor(data.config.teams)
}
