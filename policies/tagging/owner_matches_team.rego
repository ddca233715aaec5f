# METADATA
# title: Owner tag agrees with the team
# description: |
#   The owner tag names a team of the stack (label `team:payments`), or, where the stack has no such label, a team that
#   the author of the change is in. `payments` and `acme/payments` are the same team; other spellings can be given as
#   aliases. Undetermined where the tag is known only after apply, or nobody can tell whether the author is in the team.
#   Says nothing of resources without the tag: `tagging.required_tags` does. Looks at managed resources that the plan
#   makes, changes, replaces or imports. Advisory, because shared modules rightly carry the tag of another team.
# custom:
#   severity: low
#   enforcement: advisory
#   frameworks: [FinOps Allocation]
#   remediation: Set the owner tag to the team that owns the stack.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       tag:
#         type: string
#         default: owner
#         description: The tag that names the owner.
#       label_prefix:
#         type: string
#         pattern: '[^ ]'
#         default: 'team:'
#         description: What comes before the team in a label of the stack. Case does not matter.
#       aliases:
#         type: object
#         additionalProperties: {type: string}
#         default: {}
#         description: The team that a value of the tag stands for, where it is not the team's slug.
package plangate.tagging.owner_matches_team

import data.plangate.lib.resources
import data.plangate.lib.sensitive
import data.plangate.lib.tags
import data.plangate.lib.teams

applicable contains resource.address if {
	comparable
	some resource in candidates
}

applicable contains "change" if membership_missing

deny contains {
	"message": sprintf("tag `%s` does not name the team of the stack", [tag]),
	"resource": owned.resource.address,
	"path": owned.path,
	"fix": sprintf("set it to %s", [concat(" or ", sort(stack_teams))]),
} if {
	count(stack_teams) > 0
	some owned in owners
	not of_stack(owned.team)
}

deny contains {
	"message": sprintf("tag `%s` does not name a team of the author", [tag]),
	"resource": owned.resource.address,
	"path": owned.path,
	"fix": "set it to the team that owns the resource, or let somebody of the team that it names make the change",
} if {
	by_author
	some owned in owners
	not author_in(owned.team)
	known_without_author(owned.team)
}

undetermined contains {
	"message": sprintf("cannot tell whether the author is in the team that tag `%s` names", [tag]),
	"resource": owned.resource.address,
	"path": owned.path,
} if {
	by_author
	some owned in owners
	not author_in(owned.team)
	not known_without_author(owned.team)
}

undetermined contains {
	"message": sprintf("value of tag `%s` is not known", [tag]),
	"resource": resource.address,
	"path": tags.path(resource, tag),
	"unknown": tags.unknown_paths(resource, tag),
} if {
	comparable
	some resource in candidates
	not told(resource)
}

undetermined contains "cannot tell who is in which team: no team members were given" if membership_missing

tag := data.config.tag

# There is a team to compare with.
comparable if count(stack_teams) > 0

comparable if by_author

by_author if {
	count(stack_teams) == 0
	count(input.change.teams) > 0
}

membership_missing if {
	count(stack_teams) == 0
	input.change
	count(object.get(input.change, "teams", {})) == 0
	count(candidates) > 0
}

stack_teams := teams.of_stack(data.config.label_prefix)

# Resources that have the tag, or may have it.
candidates := [resource |
	some resource in input.plan.resources
	resource.tags.supported != "no"
	resources.written(resource)
	tags.possible(resource, tag)
	not empty(resource)
]

empty(resource) if {
	some key in tags.keys(resource, tag)
	trim_space(resource.tags.values[key]) == ""
}

# Resources whose owner is known.
owners := [{"resource": resource, "path": tags.path(resource, key), "team": team} |
	some resource in candidates
	some key in tags.keys(resource, tag)
	value := resource.tags.values[key]
	not sensitive.sealed(value)
	team := object.get(data.config.aliases, value, value)
]

told(resource) if {
	some key in tags.keys(resource, tag)
	not sensitive.sealed(resource.tags.values[key])
}

of_stack(team) if {
	some own in stack_teams
	teams.same(own, team)
}

author_in(team) if {
	some given in given_teams(team)
	some member in given.members
	same_person(member, input.change.author)
}

# Every team of the name was given whole, so that somebody who is not listed is not in it.
known_without_author(team) if {
	input.change.author
	given := given_teams(team)
	count(given) > 0
	every each in given {
		each.complete
	}
}

given_teams(team) := [given |
	some slug, given in input.change.teams
	teams.same(slug, team)
]

same_person(a, b) if a.id == b.id

same_person(a, b) if {
	not both_have_ids(a, b)
	lower(a.login) == lower(b.login)
}

both_have_ids(a, b) if {
	a.id
	b.id
}
