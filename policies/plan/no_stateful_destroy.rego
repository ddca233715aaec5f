# METADATA
# title: No destruction of stateful resources
# description: |
#   Nothing that holds data is destroyed, neither by deletion nor by replacement: databases, buckets, volumes, file
#   systems, queues, keys and clusters of AWS, Google Cloud, Azure and Kubernetes. A replacement that leaves the old
#   object alive is no destruction. Letting go of an object (`removed` block) and cleaning up what an interrupted
#   replacement left behind (a deposed object) are told as a warning, or as configured. Looks at managed resources of
#   these types that exist now and that the plan does something to.
# custom:
#   severity: critical
#   enforcement: mandatory
#   frameworks: [SOC 2 A1.2, ISO 27001 A.8.13]
#   remediation: Take the deletion out of the change, or list the resource in `allowed_resources` for this change.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       types:
#         type: array
#         items: {type: string}
#         description: Types that hold data; `*` stands for any text.
#         default:
#           - aws_backup_vault
#           - aws_cognito_user_pool
#           - aws_db_instance
#           - aws_docdb_cluster
#           - aws_dynamodb_global_table
#           - aws_dynamodb_table
#           - aws_ebs_volume
#           - aws_ecr_repository
#           - aws_efs_file_system
#           - aws_eks_cluster
#           - aws_elasticache_cluster
#           - aws_elasticache_replication_group
#           - aws_elasticsearch_domain
#           - aws_fsx_*_file_system
#           - aws_glacier_vault
#           - aws_keyspaces_table
#           - aws_kinesis_stream
#           - aws_kms_key
#           - aws_memorydb_cluster
#           - aws_mq_broker
#           - aws_msk_cluster
#           - aws_neptune_cluster
#           - aws_opensearch_domain
#           - aws_rds_cluster
#           - aws_redshift_cluster
#           - aws_redshiftserverless_namespace
#           - aws_s3_bucket
#           - aws_secretsmanager_secret
#           - aws_timestreamwrite_table
#           - azurerm_container_registry
#           - azurerm_cosmosdb_*
#           - azurerm_eventhub_namespace
#           - azurerm_key_vault
#           - azurerm_key_vault_key
#           - azurerm_kubernetes_cluster
#           - azurerm_log_analytics_workspace
#           - azurerm_managed_disk
#           - azurerm_managed_redis
#           - azurerm_mariadb_database
#           - azurerm_mariadb_server
#           - azurerm_mssql_database
#           - azurerm_mssql_managed_database
#           - azurerm_mssql_managed_instance
#           - azurerm_mssql_server
#           - azurerm_mysql_database
#           - azurerm_mysql_flexible_database
#           - azurerm_mysql_flexible_server
#           - azurerm_mysql_server
#           - azurerm_netapp_volume
#           - azurerm_postgresql_database
#           - azurerm_postgresql_flexible_server
#           - azurerm_postgresql_flexible_server_database
#           - azurerm_postgresql_server
#           - azurerm_recovery_services_vault
#           - azurerm_redis_cache
#           - azurerm_servicebus_namespace
#           - azurerm_storage_account
#           - azurerm_storage_container
#           - azurerm_storage_share
#           - google_alloydb_cluster
#           - google_artifact_registry_repository
#           - google_bigquery_dataset
#           - google_bigquery_table
#           - google_bigtable_instance
#           - google_bigtable_table
#           - google_compute_disk
#           - google_compute_region_disk
#           - google_container_cluster
#           - google_filestore_instance
#           - google_firestore_database
#           - google_kms_crypto_key
#           - google_memorystore_instance
#           - google_redis_cluster
#           - google_redis_instance
#           - google_secret_manager_secret
#           - google_spanner_database
#           - google_spanner_instance
#           - google_sql_database
#           - google_sql_database_instance
#           - google_storage_bucket
#           - kubernetes_namespace
#           - kubernetes_namespace_v1
#           - kubernetes_persistent_volume
#           - kubernetes_persistent_volume_claim
#           - kubernetes_persistent_volume_claim_v1
#           - kubernetes_persistent_volume_v1
#       extra_types:
#         type: array
#         items: {type: string}
#         default: []
#         description: More types that hold data, besides `types`.
#       allowed_resources:
#         type: array
#         items: {type: string}
#         default: []
#         description: Addresses of resources that may be destroyed, such as `module.sandbox.*`; `*` stands for any text.
#       forget:
#         type: string
#         enum: [ignore, warn, deny]
#         default: warn
#         description: What to say where an object is left alone and no longer managed.
#       deposed:
#         type: string
#         enum: [ignore, warn, deny]
#         default: warn
#         description: What to say where an object is destroyed that an interrupted replacement left behind.
package plangate.plan.no_stateful_destroy

import data.plangate.lib.names

applicable contains resource.address if some resource in candidates

deny contains finding(resource, "stateful resource is deleted") if {
	some resource in candidates
	not resource.deposed
	resource.action == "delete"
}

deny contains object.union(
	finding(resource, "stateful resource is destroyed to be replaced"),
	{"path": cause(resource)},
) if {
	some resource in candidates
	not resource.deposed
	resource.action == "replace"
	resource.destroys
}

deny contains finding(resource, left_behind) if {
	data.config.deposed == "deny"
	some resource in candidates
	resource.deposed
	resource.destroys
}

warn contains finding(resource, left_behind) if {
	data.config.deposed == "warn"
	some resource in candidates
	resource.deposed
	resource.destroys
}

deny contains finding(resource, no_longer_managed) if {
	data.config.forget == "deny"
	some resource in candidates
	forgotten(resource)
}

warn contains finding(resource, no_longer_managed) if {
	data.config.forget == "warn"
	some resource in candidates
	forgotten(resource)
}

undetermined contains finding(resource, "cannot tell whether the stateful resource is destroyed: its actions are not known") if {
	some resource in candidates
	resource.action == "unknown"
}

left_behind := "what an interrupted replacement of a stateful resource left behind is destroyed"

no_longer_managed := "stateful resource is left alone and no longer managed"

finding(resource, message) := {"message": message, "resource": resource.address}

# The attribute that forces the replacement, where one alone does.
cause(resource) := resource.replace_paths[0] if count(resource.replace_paths) == 1

cause(resource) := [] if count(resource.replace_paths) != 1

# Stateful resources that exist now. What is only made cannot be destroyed.
candidates := [resource |
	some type, same in input.plan.by_type
	names.matched(types, type)
	some resource in same
	resource.mode == "managed"
	resource.action in {"update", "replace", "delete", "forget", "unknown"}
	not names.matched(allowed_resources, resource.address)
]

types := names.patterns(array.concat(data.config.types, data.config.extra_types))

allowed_resources := names.patterns(data.config.allowed_resources)

forgotten(resource) if resource.action == "forget"

forgotten(resource) if {
	resource.action == "replace"
	"forget" in resource.actions
}
