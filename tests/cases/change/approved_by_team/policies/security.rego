# METADATA
# title: Security looks at everything
# description: Every pull request needs two approvals of the security team.
package plangate.approval.security

require contains {"from": "team:acme/security", "count": 2, "reason": "everything needs security"} if input.change
