package plangate.lib.teams_test

import data.plangate.lib.teams

test_same if {
	teams.same("security", "Security")
	teams.same("acme/security", "security")
	teams.same("security", "acme/security")
	teams.same("acme/security", "ACME/security")
}

test_not_same if {
	not teams.same("acme/security", "other/security")
	not teams.same("security", "infosecurity")
	not teams.same("b/security", "a/b/security")
	not teams.same("a/b/security", "b/security")
	not teams.same("", "acme/")
	not teams.same("acme/", "")
}

test_teams_of_a_stack if {
	stack := {"stack": {"name": "p", "labels": ["team:a", "TEAM: b ", "team:", "a", "env:production"]}}
	found := teams.of_stack("team:") with input as stack
	found == {"a", "b"}
	none := teams.of_stack("team:") with input as {}
	none == set()
}
