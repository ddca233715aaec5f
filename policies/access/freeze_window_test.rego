package plangate.access.freeze_window_test

import data.plangate.access.freeze_window
import data.plangate.lib.fixtures

weekend := {"name": "weekend", "days": ["friday"], "from": "16:00", "to": "24:00"}

night := {"name": "night", "days": ["monday", "sunday"], "from": "22:00", "to": "06:00"}

holidays := {"name": "holidays", "from": "2026-12-20T00:00:00Z", "to": "2027-01-04T00:00:00Z"}

config := {"weekly": [weekend, night], "dated": [holidays], "exempt_teams": [], "allowed_actions": ["read"]}

said(document, differences) := {"applicable": applicable, "deny": denied, "undetermined": doubts} if {
	settings := object.union(config, differences)
	applicable := freeze_window.applicable with input as document with data.config as settings
	denied := freeze_window.deny with input as document with data.config as settings
	doubts := freeze_window.undetermined with input as document with data.config as settings
}

at(time, action) := fixtures.request(action, {"time": time})

denies(document, differences, reasons) if {
	result := said(document, differences)
	result == {"applicable": {"request"}, "deny": reasons, "undetermined": set()}
}

passes(document, differences) if denies(document, differences, set())

not_applicable(document, differences) if {
	result := said(document, differences)
	result == {"applicable": set(), "deny": set(), "undetermined": set()}
}

test_a_dated_window if {
	denies(at("2026-12-24T12:00:00Z", "write"), {}, {"changes are frozen: holidays"})
	passes(at("2026-12-19T12:00:00Z", "write"), {})
}

test_a_window_has_its_beginning_and_not_its_end if {
	denies(at("2026-12-20T00:00:00Z", "write"), {}, {"changes are frozen: holidays"})
	passes(at("2026-12-19T23:59:59Z", "write"), {})
	denies(at("2027-01-03T20:00:00Z", "write"), {}, {"changes are frozen: holidays"})
	passes(at("2027-01-04T00:00:00Z", "write"), {"weekly": []})
}

test_a_weekly_window if {
	denies(at("2026-11-27T16:00:00Z", "write"), {}, {"changes are frozen: weekend"})
	denies(at("2026-11-27T23:59:59Z", "write"), {}, {"changes are frozen: weekend"})
	passes(at("2026-11-27T15:59:59Z", "write"), {})
	passes(at("2026-11-28T00:00:00Z", "write"), {})
	passes(at("2026-11-26T17:00:00Z", "write"), {})
}

test_a_window_over_midnight if {
	denies(at("2026-11-23T22:00:00Z", "write"), {}, {"changes are frozen: night"})
	denies(at("2026-11-24T05:59:00Z", "write"), {}, {"changes are frozen: night"})
	passes(at("2026-11-24T06:00:00Z", "write"), {})
	passes(at("2026-11-24T22:00:00Z", "write"), {})
	passes(at("2026-11-25T05:00:00Z", "write"), {})
}

test_a_window_over_the_end_of_the_week if {
	denies(at("2026-11-22T23:00:00Z", "write"), {}, {"changes are frozen: night"})
	denies(at("2026-11-23T01:00:00Z", "write"), {}, {"changes are frozen: night"})
}

test_hours_are_utc if {
	passes(at("2026-11-27T16:30:00+02:00", "write"), {})
	denies(at("2026-11-27T15:30:00-02:00", "write"), {}, {"changes are frozen: weekend"})
}

test_every_action_but_reading_is_stopped if {
	every action in ["write", "admin", "deploy"] {
		denies(at("2026-12-24T12:00:00Z", action), {}, {"changes are frozen: holidays"})
	}
	not_applicable(at("2026-12-24T12:00:00Z", "read"), {})
	not_applicable(at("2026-12-24T12:00:00Z", "preview"), {"allowed_actions": ["read", "preview"]})
}

test_exempt_teams if {
	passes(at("2026-12-24T12:00:00Z", "write"), {"exempt_teams": ["acme/payments"]})
	denies(at("2026-12-24T12:00:00Z", "write"), {"exempt_teams": ["sre"]}, {"changes are frozen: holidays"})
}

test_an_exemption_that_cannot_be_told_is_undetermined if {
	document := object.union(at("2026-12-24T12:00:00Z", "write"), {"actor": {"teams_complete": false}})
	result := said(document, {"exempt_teams": ["sre"]})
	result == {
		"applicable": {"request"},
		"deny": set(),
		"undetermined": {"changes are frozen (holidays), and it cannot be told whether the actor is exempt"},
	}
	denies(document, {}, {"changes are frozen: holidays"})
	nobody := said(object.remove(document, ["actor"]), {"exempt_teams": ["sre"]})
	count(nobody.undetermined) == 1
}

unknown_time := "cannot tell whether changes are frozen: the time of the decision is not known"

test_no_time_is_undetermined if {
	document := object.remove(at("", "write"), ["time"])
	without := said(document, {})
	without == {"applicable": {"request"}, "deny": set(), "undetermined": {unknown_time}}
	unreadable := said(at("noon", "write"), {})
	unreadable.undetermined == {unknown_time}
	passes(document, {"exempt_teams": ["payments"]})
	not_applicable(object.remove(at("", "read"), ["time"]), {})
}

test_windows_that_never_open_are_told if {
	reversed := {"name": "reversed", "from": "2027-01-04T00:00:00Z", "to": "2026-12-20T00:00:00Z"}
	unreadable := {"name": "unreadable", "from": "christmas", "to": "2026-12-27T00:00:00Z"}
	odd := {"name": "odd", "days": ["monday"], "from": "morning", "to": "noon:30"}
	result := said(at("2026-11-25T12:00:00Z", "write"), {"weekly": [odd], "dated": [reversed, unreadable]})
	result == {"applicable": {"request"}, "deny": set(), "undetermined": {
		"freeze window `odd` does not say two times, the first before the second",
		"freeze window `reversed` does not say two times, the first before the second",
		"freeze window `unreadable` does not say two times, the first before the second",
	}}
}

test_no_window_is_not_applicable if {
	not_applicable(at("2026-12-24T12:00:00Z", "write"), {"weekly": [], "dated": []})
}

test_a_window_of_some_hours_ends if {
	morning := {"weekly": [{"name": "morning", "days": ["monday"], "from": "09:00", "to": "12:00"}]}
	denies(at("2026-11-23T09:00:00Z", "write"), morning, {"changes are frozen: morning"})
	passes(at("2026-11-23T12:00:00Z", "write"), morning)
	passes(at("2026-11-23T08:59:59Z", "write"), morning)
	passes(at("2026-11-24T08:00:00Z", "write"), morning)
}

test_a_window_of_a_whole_day if {
	sunday := {"weekly": [{"name": "sunday", "days": ["sunday"], "from": "00:00", "to": "24:00"}]}
	denies(at("2026-11-22T00:00:00Z", "write"), sunday, {"changes are frozen: sunday"})
	denies(at("2026-11-22T23:59:59Z", "write"), sunday, {"changes are frozen: sunday"})
	passes(at("2026-11-23T00:00:00Z", "write"), sunday)
}

test_doubts_do_not_hold_up_readers_and_exempt_teams if {
	broken := {"name": "broken", "from": "christmas", "to": "2026-12-27T00:00:00Z"}
	reader := object.union(at("2026-12-24T12:00:00Z", "read"), {"actor": {"teams_complete": false}})
	not_applicable(reader, {"dated": [holidays, broken], "exempt_teams": ["sre"]})
	member := object.union(at("2026-12-24T12:00:00Z", "write"), {"actor": {"teams_complete": false}})
	passes(member, {"dated": [holidays, broken], "exempt_teams": ["payments"]})
}

test_each_time_of_a_window_must_be_one if {
	good := {"name": "x", "days": ["monday"], "from": "09:00", "to": "12:00"}
	every wrong in [{"from": "9:00"}, {"from": "24:00"}, {"to": "25:00"}, {"to": "noon"}] {
		result := said(at("2026-11-25T12:00:00Z", "write"), {"weekly": [object.union(good, wrong)], "dated": []})
		count(result.undetermined) == 1
	}
}
