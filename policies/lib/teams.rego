# METADATA
# title: Team names
# description: |
#   Compares team slugs, and reads them from labels. `acme/security` and `security` are the same team, because a
#   policy is mostly written without the organization; `acme/security` and `other/security` are not.
package plangate.lib.teams

same(a, b) if lower(a) == lower(b)

same(a, b) if {
	not contains(a, "/")
	endswith(lower(b), concat("", ["/", lower(a)]))
	a != ""
}

same(a, b) if {
	not contains(b, "/")
	endswith(lower(a), concat("", ["/", lower(b)]))
	b != ""
}

# The teams that own the stack, from its labels: `team:payments` with the prefix `team:`.
of_stack(prefix) := {team |
	some label in input.stack.labels
	startswith(lower(label), lower(prefix))
	team := trim_space(substring(label, count(prefix), -1))
	team != ""
}

# The actor is known to be in one of the teams.
has_actor(teams) if {
	some team in teams
	some own in input.actor.teams
	same(own, team)
}
