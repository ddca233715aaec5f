package plangate.lib.environments_test

import data.plangate.lib.environments

of(stack) := found if {
	document := {"stack": stack}
	found := environments.stack with input as document
}

test_from_the_stack if of({"environment": "Production", "labels": []}) == {"production"}

test_from_labels if of({"labels": ["env:Staging", "Environment:eu", "team:production", "environ:x"]}) == {"staging", "eu"}

test_all_that_are_said if of({"environment": "staging", "labels": ["env:production"]}) == {"staging", "production"}

test_none_without_a_name if {
	of({"environment": "", "labels": ["env:", "environment:", "env"]}) == set()
	of({}) == set()
}
