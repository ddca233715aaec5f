# Tests of policies are rules that begin with `test_` and are true. `opa test policies` runs them too.
package plangate.plan.instance_types_test

import data.plangate.plan.instance_types

config := {"allowed": ["t3.micro"]}

# A plan with one instance, which has these attributes and unknown paths.
plan(after, unknown) := {"plan": {"by_type": {"aws_instance": [{
	"address": "aws_instance.web",
	"action": "create",
	"after": after,
	"unknown": unknown,
}]}}}

test_approved_type_passes if {
	document := plan({"instance_type": "t3.micro"}, [])
	count(instance_types.applicable) == 1 with input as document with data.config as config
	count(instance_types.deny) == 0 with input as document with data.config as config
	count(instance_types.undetermined) == 0 with input as document with data.config as config
}

test_other_type_fails if {
	document := plan({"instance_type": "m5.24xlarge"}, [])
	some finding in instance_types.deny with input as document with data.config as config
	finding.resource == "aws_instance.web"
	finding.path == ["instance_type"]
}

test_unknown_type_is_undetermined if {
	document := plan({}, [["instance_type"]])
	count(instance_types.deny) == 0 with input as document with data.config as config
	count(instance_types.undetermined) == 1 with input as document with data.config as config
}

test_plan_without_instances_is_not_applicable if {
	document := {"plan": {"by_type": {}}}
	count(instance_types.applicable) == 0 with input as document with data.config as config
}
