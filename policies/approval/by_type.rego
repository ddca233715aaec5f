# METADATA
# title: Approval by type of resource
# description: |
#   Changes of certain types need the approval of certain teams: out of the box, identity, access and network of AWS,
#   Google Cloud, Azure and Kubernetes need one of the security team. Everything that a plan does to a managed resource
#   counts: also imports, moves, forgetting, deferred changes, and actions that are not known. Approvals by the author,
#   by committers, by bots or of an older commit do not count.
# custom:
#   severity: high
#   enforcement: mandatory
#   frameworks: [SOC 2 CC8.1, ISO 27001 A.8.32]
#   remediation: Ask the teams named for a review.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       types:
#         type: array
#         items: {type: string}
#         description: Types that need approval; `*` stands for any text.
#         default:
#           - aws_default_network_acl
#           - aws_default_security_group
#           - aws_ec2_transit_gateway*
#           - aws_eks_access_*
#           - aws_iam_*
#           - aws_identitystore_*
#           - aws_internet_gateway*
#           - aws_kms_grant
#           - aws_kms_key_policy
#           - aws_lambda_permission
#           - aws_network_acl*
#           - aws_networkfirewall_*
#           - aws_organizations_*
#           - aws_ram_*
#           - aws_route
#           - aws_route_table*
#           - aws_s3_bucket_acl
#           - aws_s3_bucket_policy
#           - aws_s3_bucket_public_access_block
#           - aws_secretsmanager_secret_policy
#           - aws_security_group
#           - aws_security_group_rule
#           - aws_sns_topic_policy
#           - aws_sqs_queue_policy
#           - aws_ssoadmin_*
#           - aws_vpc
#           - aws_vpc_peering_*
#           - aws_vpc_security_group_*
#           - aws_vpn_*
#           - azuread_*
#           - azurerm_federated_identity_credential
#           - azurerm_firewall*
#           - azurerm_key_vault_access_policy
#           - azurerm_management_group_policy_*
#           - azurerm_network_security_*
#           - azurerm_policy_*
#           - azurerm_role_*
#           - azurerm_route*
#           - azurerm_subnet_network_security_group_association
#           - azurerm_user_assigned_identity
#           - azurerm_virtual_network
#           - azurerm_virtual_network_gateway*
#           - azurerm_virtual_network_peering
#           - google_*_iam_*
#           - google_access_context_manager_*
#           - google_compute_firewall*
#           - google_compute_network
#           - google_compute_network_peering*
#           - google_compute_route
#           - google_compute_security_policy*
#           - google_iam_*
#           - google_org_policy_*
#           - google_service_account*
#           - kubernetes_cluster_role*
#           - kubernetes_network_policy*
#           - kubernetes_role*
#           - kubernetes_service_account*
#       from:
#         type: array
#         items: {type: string, pattern: '^(anyone|(team|user):[^ ]+)$'}
#         minItems: 1
#         default: ['team:security']
#         description: Who may approve them, `team:<slug>`, `user:<login>` or `anyone`.
#       count:
#         type: integer
#         minimum: 1
#         default: 1
#         description: How many of them must approve.
#       also:
#         type: array
#         default: []
#         description: More types that need the approval of others.
#         items:
#           type: object
#           additionalProperties: false
#           required: [types, from]
#           properties:
#             types: {type: array, items: {type: string}, minItems: 1, description: Types that need approval.}
#             from: {type: array, items: {type: string, pattern: '^(anyone|(team|user):[^ ]+)$'}, minItems: 1, description: Who may approve.}
#             count: {type: integer, minimum: 1, default: 1, description: How many must approve.}
package plangate.approval.by_type

import data.plangate.lib.changes
import data.plangate.lib.names
import data.plangate.lib.resources

applicable contains address if {
	some need in needs
	some address in need.resources
}

applicable contains "plan" if count(invisible) > 0

require contains {
	"from": need.from,
	"count": need.count,
	"reason": sprintf("it changes %s", [concat(", ", need.types)]),
	"resources": need.resources,
} if {
	some need in needs
}

undetermined contains {"message": sprintf("cannot tell every type that changes: %s", [reason])} if some reason in invisible

# Why types may change that nobody sees. Without a plan there is nothing that an apply would do.
invisible contains reason if {
	input.plan
	some reason in changes.hidden
}

# Groups of types of which something changes.
needs contains {
	"from": group.from,
	"count": object.get(group, "count", 1),
	"types": sort({resource.type | some resource in changed}),
	"resources": sort({resource.address | some resource in changed}),
} if {
	some group in groups
	patterns := names.patterns(group.types)
	changed := array.concat(planned(patterns), deferred(patterns))
	count(changed) > 0
}

groups := array.concat(
	[{"types": data.config.types, "from": data.config.from, "count": data.config.count}],
	data.config.also,
)

planned(patterns) := [{"type": type, "address": resource.address} |
	some type, same in input.plan.by_type
	names.matched(patterns, type)
	some resource in same
	resources.changed(resource)
]

# They will be made by a plan that nobody has seen.
deferred(patterns) := [{"type": resource.type, "address": resource.address} |
	some each in input.plan.deferred
	resource := each.resource
	names.matched(patterns, resource.type)
	resources.changed(resource)
]
