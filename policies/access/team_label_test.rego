package plangate.access.team_label_test

import data.plangate.access.team_label
import data.plangate.lib.fixtures

config := {"level": "write", "label_prefix": "team:", "read_for_members": false}

said(document, differences) := {"applicable": applicable, "grant": granted, "undetermined": doubts} if {
	settings := object.union(config, differences)
	applicable := team_label.applicable with input as document with data.config as settings
	granted := team_label.grant with input as document with data.config as settings
	doubts := team_label.undetermined with input as document with data.config as settings
}

granted(document, differences, levels) if {
	result := said(document, differences)
	result == {"applicable": {"request"}, "grant": levels, "undetermined": set()}
}

of(teams, labels) := fixtures.request("write", {
	"actor": {"login": "ada", "teams": teams, "teams_complete": true},
	"stack": {"name": "payments", "labels": labels},
})

test_a_member_gets_the_level if {
	granted(of(["payments"], ["team:payments"]), {}, {"write"})
	granted(of(["payments"], ["team:payments"]), {"level": "admin"}, {"admin"})
}

test_somebody_else_gets_nothing if {
	granted(of(["ledger"], ["team:payments"]), {}, set())
	granted(of([], ["team:payments"]), {}, set())
}

test_one_of_several_teams_is_enough if granted(of(["ledger", "b"], ["team:a", "team:b"]), {}, {"write"})

test_case_and_organization_do_not_matter if {
	granted(of(["acme/payments"], ["Team:Payments"]), {}, {"write"})
	granted(of(["payments"], ["team:acme/payments"]), {}, {"write"})
	granted(of(["other/payments"], ["team:acme/payments"]), {}, set())
	granted(of(["big-payments", "pay"], ["team:payments"]), {}, set())
}

test_an_empty_label_names_nobody if {
	result := said(of(["", "a"], ["team:", "team: ", "payments"]), {})
	result == {"applicable": set(), "grant": set(), "undetermined": set()}
}

test_members_can_read if {
	granted(of(["ledger"], ["team:payments"]), {"read_for_members": true}, {"read"})
	granted(of(["payments"], ["team:payments"]), {"read_for_members": true}, {"read", "write"})
	granted(of([], ["team:payments"]), {"read_for_members": true}, set())
	granted(of(["ledger"], []), {"read_for_members": true}, {"read"})
}

test_an_incomplete_list_of_teams_is_undetermined_and_no_grant if {
	document := object.union(of(["ledger"], ["team:payments"]), {"actor": {"teams_complete": false}})
	result := said(document, {})
	result == {
		"applicable": {"request"},
		"grant": set(),
		"undetermined": {"cannot tell whether the actor is in payments: the list of teams is not whole"},
	}
	known := object.union(of(["payments"], ["team:payments"]), {"actor": {"teams_complete": false}})
	granted(known, {}, {"write"})
}

test_nobody_who_asks_is_undetermined if {
	document := object.remove(of([], ["team:payments"]), ["actor"])
	result := said(document, {})
	result.undetermined == {"it is not known who asks"}
	count(result.grant) == 0
}

test_a_stack_without_team_labels_is_not_applicable if {
	unlabelled := said(of(["payments"], ["env:production"]), {})
	unlabelled == {"applicable": set(), "grant": set(), "undetermined": set()}
	document := object.remove(of(["payments"], []), ["stack"])
	no_stack := said(document, {})
	no_stack == {"applicable": set(), "grant": set(), "undetermined": set()}
}

test_a_stack_without_team_labels_leaves_no_doubt if {
	nothing := {"applicable": set(), "grant": set(), "undetermined": set()}
	unsure := said(object.union(of(["ledger"], []), {"actor": {"teams_complete": false}}), {})
	unsure == nothing
	nobody := said(object.remove(of([], []), ["actor"]), {})
	nobody == nothing
}

test_a_team_without_a_name_is_no_team if granted(of([""], []), {"read_for_members": true}, set())
