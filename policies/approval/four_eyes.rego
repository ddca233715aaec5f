# METADATA
# title: Approval by somebody else
# description: |
#   Every change request whose plan does something needs the approval of somebody who is neither its author nor one of
#   its committers. That is what counts as an approval in every approval policy: given by a person, for the present
#   head, by nobody who wrote, co-wrote or committed a part of it. Stale approvals and those of bots do not count. Where
#   no change request was given there is nobody to ask, and the policy is not applicable unless configured otherwise.
#   Undetermined where the plan does not show whether anything changes.
# custom:
#   severity: high
#   enforcement: mandatory
#   frameworks: [SOC 2 CC8.1, ISO 27001 A.5.3]
#   remediation: Ask somebody who has no part in the change for a review.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       from:
#         type: array
#         items: {type: string, pattern: '^(anyone|(team|user):[^ ]+)$'}
#         minItems: 1
#         default: [anyone]
#         description: Who may approve, `team:<slug>`, `user:<login>` or `anyone`.
#       count:
#         type: integer
#         minimum: 1
#         default: 1
#         description: How many of them must approve.
#       without_change_request:
#         type: boolean
#         default: false
#         description: Whether a plan without a change request needs approval too; it can then never have it.
package plangate.approval.four_eyes

import data.plangate.lib.changes

applicable contains "change" if {
	asked
	changes.made
}

applicable contains "change" if {
	asked
	count(changes.hidden) > 0
}

require contains {
	"from": data.config.from,
	"count": data.config.count,
	"reason": "every change needs somebody else's approval",
	"resources": [],
} if {
	asked
	changes.made
}

undetermined contains {"message": sprintf("cannot tell whether anything changes: %s", [doubt])} if {
	asked
	not changes.made
	some doubt in changes.hidden
}

asked if input.change

asked if data.config.without_change_request
