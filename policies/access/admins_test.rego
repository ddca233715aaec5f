package plangate.access.admins_test

import data.plangate.access.admins
import data.plangate.lib.fixtures

said(document, teams) := {"applicable": applicable, "grant": granted, "undetermined": doubts} if {
	settings := {"teams": teams}
	applicable := admins.applicable with input as document with data.config as settings
	granted := admins.grant with input as document with data.config as settings
	doubts := admins.undetermined with input as document with data.config as settings
}

of(teams, complete) := fixtures.request("admin", {"actor": {"login": "ada", "teams": teams, "teams_complete": complete}})

test_a_member_gets_admin if {
	result := said(of(["acme/platform"], true), ["sre", "platform"])
	result == {"applicable": {"request"}, "grant": {"admin"}, "undetermined": set()}
}

test_somebody_else_gets_nothing if {
	result := said(of(["payments", "platform-guests"], true), ["platform"])
	result == {"applicable": {"request"}, "grant": set(), "undetermined": set()}
}

test_an_incomplete_list_of_teams_is_undetermined_and_no_grant if {
	result := said(of(["payments"], false), ["platform"])
	result == {
		"applicable": {"request"},
		"grant": set(),
		"undetermined": {"cannot tell whether the actor is an administrator: the list of teams is not whole"},
	}
	known := said(of(["platform"], false), ["platform"])
	known == {"applicable": {"request"}, "grant": {"admin"}, "undetermined": set()}
}

test_nobody_who_asks_is_undetermined if {
	document := object.remove(of([], true), ["actor"])
	result := said(document, ["platform"])
	result == {"applicable": {"request"}, "grant": set(), "undetermined": {"it is not known who asks"}}
}

test_no_administrators_is_not_applicable if {
	result := said(of(["platform", ""], true), [])
	result == {"applicable": set(), "grant": set(), "undetermined": set()}
}

test_an_empty_team_is_nobodys if {
	result := said(of(["", "acme/"], true), ["platform"])
	count(result.grant) == 0
}

test_no_administrators_leave_no_doubt if {
	unsure := said(of(["payments"], false), [])
	unsure == {"applicable": set(), "grant": set(), "undetermined": set()}
	nobody := said(object.remove(of([], true), ["actor"]), [])
	nobody == {"applicable": set(), "grant": set(), "undetermined": set()}
}
