# METADATA
# title: Whether a plan changes anything
# description: Looks at resources, deferred changes, actions and outputs, because each of them alone makes an apply do something.
package plangate.lib.changes

import data.plangate.lib.resources

# The plan does something.
made if {
	some resource in input.plan.resources
	resources.changed(resource)
}

made if count(input.plan.deferred) > 0

made if count(input.plan.actions) > 0

made if {
	some output in input.plan.outputs
	output.action != "no_op"
}

# Why the plan may do more than it shows.
hidden contains "there is no plan" if not input.plan

hidden contains "planning failed, so the plan is partial" if input.plan.errored

hidden contains "the plan does not show what is destroyed" if {
	some doubt in input.plan.doubts
	doubt.code == "values_only"
}
