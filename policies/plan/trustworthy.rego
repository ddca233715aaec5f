# METADATA
# title: The plan can be trusted to show what happens
# description: |
#   Planning did not fail, nothing was left for another plan, and the plan is not too old. A failed plan is denied; a
#   plan that is incomplete or has deferred changes is undetermined, because part of the answer is not in it, or denied
#   if so configured. Age is told from `input.time` and the plan's own timestamp (Terraform 1.5 and newer), which is when
#   it was made and not when it was shown; undetermined where a limit is set and either is missing. No limit is set out
#   of the box.
# custom:
#   severity: high
#   enforcement: mandatory
#   frameworks: [SOC 2 CC8.1]
#   remediation: Plan again, without errors, without `-target`, and check that plan.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       refuse_incomplete:
#         type: boolean
#         default: false
#         description: Whether a plan that is incomplete or has deferred changes is denied.
#       max_age_hours:
#         type: number
#         minimum: 0
#         description: How old a plan may be. No limit where this is absent.
#       clock_skew_minutes:
#         type: number
#         minimum: 0
#         default: 5
#         description: How far a plan may be dated after `input.time`, because clocks differ.
package plangate.plan.trustworthy

applicable contains "plan" if input.plan

deny contains {
	"message": "planning failed part way, so the plan is partial",
	"fix": "put the error right and plan again",
} if {
	input.plan.errored
}

deny contains partial if {
	data.config.refuse_incomplete
	some partial in partials
}

undetermined contains partial if {
	not data.config.refuse_incomplete
	some partial in partials
}

deny contains {
	"message": sprintf("the plan is older than %v hours", [data.config.max_age_hours]),
	"fix": "plan again",
} if {
	age > data.config.max_age_hours * hour
}

undetermined contains {"message": "cannot tell how old the plan is: the time of the decision is not known", "fix": "give the time of the decision"} if {
	data.config.max_age_hours
	not decided_at
}

undetermined contains {"message": "cannot tell how old the plan is: it does not say when it was made", "fix": "plan with Terraform 1.5 or newer"} if {
	data.config.max_age_hours
	not planned_at
}

undetermined contains {"message": "the plan is dated after the decision", "fix": "check the clocks, and that this is the right plan"} if {
	data.config.max_age_hours
	age < (0 - data.config.clock_skew_minutes) * minute
}

# What is not in the plan. A failed plan is incomplete too, which needs no saying.
partials contains {
	"message": "the plan does not bring everything to its goal",
	"fix": "plan without `-target`, or apply the other plans first",
} if {
	input.plan.complete == false
	not input.plan.errored
	count(input.plan.deferred) == 0
}

partials contains {
	"message": "the change of the resource is deferred to another plan",
	"resource": deferred.resource.address,
	"fix": "apply what it depends on first, and plan again",
} if {
	some deferred in input.plan.deferred
}

decided_at := time.parse_rfc3339_ns(input.time)

planned_at := time.parse_rfc3339_ns(input.plan.timestamp)

age := decided_at - planned_at

minute := 60000000000

hour := 60 * minute
