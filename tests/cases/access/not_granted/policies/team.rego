# METADATA
# title: A team writes to its own stacks
# description: Whoever is in the team of a stack's `team:` label may write to it.
package plangate.access.team

grant contains "write" if {
    some label in input.stack.labels
    some team in input.actor.teams
    label == sprintf("team:%s", [team])
}

deny contains "nobody touches a frozen stack" if "frozen" in input.stack.labels
