# METADATA
# title: Approval by environment
# description: |
#   Whatever changes a protected environment needs the approval of so many: out of the box, two people for production.
#   The environment comes from the stack: its `environment`, or its label `environment:<name>` or `env:<name>`. Approvals
#   by the author, by committers, by bots or of an older commit do not count. Undetermined where the plan does not show
#   whether anything changes.
# custom:
#   severity: high
#   enforcement: mandatory
#   frameworks: [SOC 2 CC8.1, ISO 27001 A.8.32]
#   remediation: Ask for the reviews that are missing.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       environments:
#         type: array
#         items: {type: string}
#         default: [production, prod]
#         description: Protected environments; `*` stands for any text, case does not matter.
#       from:
#         type: array
#         items: {type: string, pattern: '^(anyone|(team|user):[^ ]+)$'}
#         minItems: 1
#         default: [anyone]
#         description: Who may approve, `team:<slug>`, `user:<login>` or `anyone`.
#       count:
#         type: integer
#         minimum: 1
#         default: 2
#         description: How many of them must approve.
#       unknown_environment:
#         type: string
#         enum: [ignore, undetermined, protect]
#         default: ignore
#         description: What to make of a stack that does not say its environment, or of no stack.
package plangate.approval.by_environment

import data.plangate.lib.changes
import data.plangate.lib.environments
import data.plangate.lib.names

applicable contains "change" if {
	concerned
	relevant
}

require contains {
	"from": data.config.from,
	"count": data.config.count,
	"reason": reason,
	"resources": [],
} if {
	changes.made
	reason := protected
}

undetermined contains {"message": sprintf("cannot tell whether a protected environment changes: %s", [doubt])} if {
	protected
	not changes.made
	some doubt in changes.hidden
}

undetermined contains {"message": "cannot tell whether the environment is protected: the stack does not say it"} if {
	changes.made
	data.config.unknown_environment == "undetermined"
	count(environments.stack) == 0
}

concerned if protected

concerned if {
	data.config.unknown_environment == "undetermined"
	count(environments.stack) == 0
}

relevant if changes.made

relevant if count(changes.hidden) > 0

# Why the environment is a protected one.
protected := sprintf("it changes the environment %s", [concat(", ", sort(known))]) if {
	patterns := names.patterns([lower(pattern) | some pattern in data.config.environments])
	known := {name | some name in environments.stack; names.matched(patterns, name)}
	count(known) > 0
}

protected := "it changes an environment that nobody named" if {
	data.config.unknown_environment == "protect"
	count(environments.stack) == 0
}
