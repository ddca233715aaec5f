# METADATA
# title: Password rotation is announced
# description: >-
#   Tells of every database password that a plan changes, so that the on-call engineer knows. The policy compares the two
#   passwords and prints them; it has never seen either.
# custom:
#   severity: low
#   enforcement: advisory
#   remediation: Announce the rotation in the change's description.
package plangate.plan.password_rotation

applicable contains resource.address if some resource in input.plan.by_type.aws_db_instance

warn contains {
	"message": sprintf("the password changes from %s to %s", [resource.before.password, resource.after.password]),
	"resource": resource.address,
	"path": ["password"],
} if {
	some resource in input.plan.by_type.aws_db_instance
	resource.before.password != resource.after.password
}
