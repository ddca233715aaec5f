# METADATA
# title: No changes requested
# description: |
#   A change does not go ahead while somebody requests changes. Such a review stands until its author approves or it is
#   dismissed; a push does not take it back. Reviews by people who, as far as the host tells, have nothing to do with the
#   repository are a doubt and no objection, so that no stranger can hold up a public repository. Undetermined also where
#   not all reviews were given.
# custom:
#   severity: medium
#   enforcement: mandatory
#   frameworks: [SOC 2 CC8.1]
#   remediation: Settle it with the reviewer, and ask for another review.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       outdated:
#         type: string
#         enum: [ignore, reject]
#         default: reject
#         description: What to make of a request for changes that was made for an older commit.
#       outsiders:
#         type: string
#         enum: [ignore, undetermined, reject]
#         default: undetermined
#         description: What to make of a request for changes by somebody who is no owner, member or collaborator, as far as the host tells.
package plangate.approval.changes_requested

import data.plangate.lib.changes

applicable contains "change" if {
	input.change
	changes.made
}

applicable contains "change" if {
	input.change
	count(changes.hidden) > 0
}

reject contains sprintf("%s requests changes", [name(review)]) if {
	some review in standing
	rejects(review)
}

undetermined contains {"message": sprintf("%s requests changes, and may have no say here", [name(review)])} if {
	some review in standing
	outsider(review)
	data.config.outsiders == "undetermined"
}

undetermined contains {"message": sprintf("%s requests changes, and it cannot be told for which commit", [name(review)])} if {
	some review in standing
	not outsider(review)
	data.config.outdated == "ignore"
	review.current == "cannot_tell"
}

undetermined contains {"message": "cannot tell whether somebody requests changes: not all reviews were given"} if {
	count(applicable) > 0
	not input.change.complete.reviews
	count(reject) == 0
}

# Requests for changes that were not taken back, where they matter.
standing := [review |
	count(applicable) > 0
	some review in input.change.reviews
	review.state == "changes_requested"
	not let_go(review)
]

let_go(review) if {
	data.config.outdated == "ignore"
	review.current == "no"
}

rejects(review) if {
	not outsider(review)
	data.config.outdated == "reject"
}

rejects(review) if {
	not outsider(review)
	review.current == "yes"
}

rejects(review) if {
	outsider(review)
	data.config.outsiders == "reject"
}

# Where the host says nothing of the reviewer, the review counts.
outsider(review) if {
	association := review.association
	not association in {"OWNER", "MEMBER", "COLLABORATOR"}
}

name(review) := object.get(review.reviewer, "login", "a deleted account")
