# METADATA
# title: Security looks at everything
# description: Every pull request needs an approval of the security team, and nobody may object.
package plangate.approval.security

require contains {"from": "team:acme/security", "count": 1, "reason": "everything needs security"} if input.change

reject contains sprintf("%s asks for changes", [review.reviewer.login]) if {
	some review in input.change.reviews
	review.state == "changes_requested"
}
