//! The table of providers: which attributes hold tags, in which form, and what providers add.

use super::super::configuration::DefaultsArgument;
use crate::input::Tri;

/// How a provider's resources carry tags.
#[derive(Debug)]
pub(super) struct Scheme {
    /// Groups of attributes. The first group of which a resource has an attribute counts; the attributes of a group add up.
    pub(super) groups: &'static [&'static [Attribute]],
    /// Computed maps of a resource's own tags and its provider's defaults, best first.
    pub(super) merged: &'static [&'static str],
    /// Where the provider's own configuration has default tags.
    pub(super) defaults: Option<DefaultTags>,
    /// Keys with this prefix are the provider's marks, not anybody's tags.
    pub(super) reserved: Option<&'static str>,
}

/// An attribute that holds tags.
#[derive(Debug)]
pub(super) struct Attribute {
    /// The way into the resource: `tags`, `metadata[0].labels`.
    pub(super) path: &'static str,
    pub(super) form: Form,
}

/// The form in which an attribute holds tags. Values of another shape are read by their shape: types differ inside one provider.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// `{team = "a"}`
    Map,
    /// `[{key = "team", value = "a"}]`
    Blocks { key: &'static str, value: &'static str },
    /// `["team:a", "bare"]`, split at the first colon.
    Texts,
}

/// Default tags in a provider block.
#[derive(Clone, Copy, Debug)]
pub(super) struct DefaultTags {
    pub(super) argument: DefaultsArgument,
    pub(super) reach: Reach,
}

/// Which resources default tags reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Every one: they add up with the resource's own.
    All,
    /// Those that have no tags of their own.
    Untagged,
}

/// What the table says of one resource type.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// Tags are in these attributes.
    Scheme(&'static Scheme),
    /// No resource of this provider has tags.
    Untaggable,
    /// There may be tags where nobody can read them, as in a string of YAML.
    Opaque,
}

struct Row {
    providers: &'static [&'static str],
    rule: Rule,
    /// Types that differ from their provider's rule.
    exceptions: &'static [(&'static str, Rule)],
}

const fn map(path: &'static str) -> Attribute {
    Attribute { path, form: Form::Map }
}

const fn texts(path: &'static str) -> Attribute {
    Attribute {
        path,
        form: Form::Texts,
    }
}

const fn blocks(path: &'static str, key: &'static str) -> Attribute {
    Attribute {
        path,
        form: Form::Blocks { key, value: "value" },
    }
}

const fn plain(groups: &'static [&'static [Attribute]]) -> Scheme {
    Scheme {
        groups,
        merged: &[],
        defaults: None,
        reserved: None,
    }
}

const AWS: Scheme = Scheme {
    groups: &[&[map("tags")]],
    merged: &["tags_all"],
    defaults: Some(DefaultTags {
        argument: DefaultsArgument::Block("default_tags"),
        reach: Reach::All,
    }),
    reserved: None,
};
/// Its tags are blocks, or in old providers a list of maps; the provider's defaults do not reach it.
const AWS_AUTOSCALING_GROUP: Scheme = plain(&[&[blocks("tag", "key"), blocks("tags", "key")]]);
const AWSCC: Scheme = plain(&[&[blocks("tags", "key")]]);
/// `labels` comes last: a monitoring channel has `labels` of another meaning beside its `user_labels`.
const GOOGLE: Scheme = Scheme {
    groups: &[
        &[map("user_labels")],
        &[map("resource_labels")],
        &[map("labels")],
        &[map("settings[0].user_labels")],
    ],
    merged: &["terraform_labels", "effective_labels"],
    defaults: Some(DefaultTags {
        argument: DefaultsArgument::Map("default_labels"),
        reach: Reach::All,
    }),
    reserved: Some("goog-"),
};
const AZAPI: Scheme = Scheme {
    groups: &[&[map("tags")]],
    merged: &[],
    defaults: Some(DefaultTags {
        argument: DefaultsArgument::Map("default_tags"),
        reach: Reach::Untagged,
    }),
    reserved: None,
};
const DATADOG: Scheme = Scheme {
    groups: &[&[texts("tags")]],
    merged: &[],
    defaults: Some(DefaultTags {
        argument: DefaultsArgument::Block("default_tags"),
        reach: Reach::All,
    }),
    reserved: None,
};
const MAP_OF_TAGS: Scheme = plain(&[&[map("tags")]]);
const MAP_OF_LABELS: Scheme = plain(&[&[map("labels")]]);
const LIST_OF_TAGS: Scheme = plain(&[&[texts("tags")]]);
const AIVEN: Scheme = plain(&[&[blocks("tag", "key")]]);
const DOCKER: Scheme = plain(&[&[blocks("labels", "label")]]);
const KUBERNETES: Scheme = plain(&[&[map("metadata[0].labels")]]);
const KUBERNETES_MANIFEST: Scheme = plain(&[&[map("manifest.metadata.labels")]]);
const OCI: Scheme = plain(&[&[map("freeform_tags"), map("defined_tags")]]);
/// A provider that the table does not have.
const OTHER: Scheme = plain(&[&[map("tags")], &[map("labels")]]);

const ROWS: &[Row] = &[
    Row {
        providers: &["aws"],
        rule: Rule::Scheme(&AWS),
        exceptions: &[("aws_autoscaling_group", Rule::Scheme(&AWS_AUTOSCALING_GROUP))],
    },
    Row {
        providers: &["awscc"],
        rule: Rule::Scheme(&AWSCC),
        exceptions: &[],
    },
    Row {
        providers: &["google", "google-beta"],
        rule: Rule::Scheme(&GOOGLE),
        exceptions: &[],
    },
    Row {
        providers: &["azapi"],
        rule: Rule::Scheme(&AZAPI),
        exceptions: &[],
    },
    Row {
        providers: &["azurerm", "alicloud", "tencentcloud", "huaweicloud"],
        rule: Rule::Scheme(&MAP_OF_TAGS),
        exceptions: &[],
    },
    Row {
        providers: &[
            "azuread",
            "digitalocean",
            "cloudflare",
            "linode",
            "ibm",
            "newrelic",
            "vsphere",
        ],
        rule: Rule::Scheme(&LIST_OF_TAGS),
        exceptions: &[],
    },
    Row {
        providers: &["datadog"],
        rule: Rule::Scheme(&DATADOG),
        exceptions: &[],
    },
    Row {
        providers: &["kubernetes"],
        rule: Rule::Scheme(&KUBERNETES),
        exceptions: &[("kubernetes_manifest", Rule::Scheme(&KUBERNETES_MANIFEST))],
    },
    Row {
        providers: &["kubectl"],
        rule: Rule::Untaggable,
        exceptions: &[("kubectl_manifest", Rule::Opaque)],
    },
    Row {
        providers: &["oci"],
        rule: Rule::Scheme(&OCI),
        exceptions: &[],
    },
    Row {
        providers: &["aiven"],
        rule: Rule::Scheme(&AIVEN),
        exceptions: &[],
    },
    Row {
        providers: &["hcloud", "yandex"],
        rule: Rule::Scheme(&MAP_OF_LABELS),
        exceptions: &[],
    },
    Row {
        providers: &["docker"],
        rule: Rule::Scheme(&DOCKER),
        exceptions: &[],
    },
    Row {
        providers: &[
            "archive",
            "external",
            "helm",
            "http",
            "local",
            "null",
            "okta",
            "pagerduty",
            "random",
            "template",
            "terraform",
            "time",
            "tls",
        ],
        rule: Rule::Untaggable,
        exceptions: &[],
    },
];

/// How a resource type of a provider carries tags.
pub(super) fn rule(provider: &str, kind: &str) -> Rule {
    let Some(row) = ROWS.iter().find(|row| row.providers.contains(&provider)) else {
        return Rule::Scheme(&OTHER);
    };
    let exception = row.exceptions.iter().find(|(exception, _)| *exception == kind);
    exception.map_or(row.rule, |(_, rule)| *rule)
}

/// Well-known types, for plans from which nulls were removed: there, a missing attribute proves nothing.
const TAGGABLE: &[&str] = &[
    "aws_acm_certificate",
    "aws_alb",
    "aws_ami",
    "aws_autoscaling_group",
    "aws_cloudfront_distribution",
    "aws_cloudtrail",
    "aws_cloudwatch_log_group",
    "aws_cloudwatch_metric_alarm",
    "aws_db_instance",
    "aws_db_subnet_group",
    "aws_default_security_group",
    "aws_default_vpc",
    "aws_dynamodb_table",
    "aws_ebs_snapshot",
    "aws_ebs_volume",
    "aws_ecr_repository",
    "aws_ecs_cluster",
    "aws_ecs_service",
    "aws_ecs_task_definition",
    "aws_efs_file_system",
    "aws_eip",
    "aws_eks_cluster",
    "aws_eks_node_group",
    "aws_elasticache_cluster",
    "aws_elasticache_replication_group",
    "aws_elb",
    "aws_iam_policy",
    "aws_iam_role",
    "aws_iam_user",
    "aws_instance",
    "aws_internet_gateway",
    "aws_key_pair",
    "aws_kinesis_stream",
    "aws_kms_key",
    "aws_lambda_function",
    "aws_launch_template",
    "aws_lb",
    "aws_lb_listener",
    "aws_lb_target_group",
    "aws_msk_cluster",
    "aws_nat_gateway",
    "aws_network_acl",
    "aws_network_interface",
    "aws_opensearch_domain",
    "aws_rds_cluster",
    "aws_rds_cluster_instance",
    "aws_redshift_cluster",
    "aws_route53_zone",
    "aws_route_table",
    "aws_s3_bucket",
    "aws_s3_object",
    "aws_secretsmanager_secret",
    "aws_security_group",
    "aws_sfn_state_machine",
    "aws_sns_topic",
    "aws_sqs_queue",
    "aws_ssm_parameter",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_endpoint",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
    "azurerm_app_service",
    "azurerm_application_gateway",
    "azurerm_container_registry",
    "azurerm_cosmosdb_account",
    "azurerm_key_vault",
    "azurerm_kubernetes_cluster",
    "azurerm_lb",
    "azurerm_linux_virtual_machine",
    "azurerm_linux_web_app",
    "azurerm_log_analytics_workspace",
    "azurerm_managed_disk",
    "azurerm_mssql_server",
    "azurerm_network_interface",
    "azurerm_network_security_group",
    "azurerm_postgresql_flexible_server",
    "azurerm_public_ip",
    "azurerm_redis_cache",
    "azurerm_resource_group",
    "azurerm_route_table",
    "azurerm_service_plan",
    "azurerm_storage_account",
    "azurerm_virtual_machine",
    "azurerm_virtual_network",
    "azurerm_windows_virtual_machine",
    "google_artifact_registry_repository",
    "google_bigquery_dataset",
    "google_bigquery_table",
    "google_cloud_run_v2_service",
    "google_compute_address",
    "google_compute_disk",
    "google_compute_forwarding_rule",
    "google_compute_image",
    "google_compute_instance",
    "google_compute_instance_template",
    "google_compute_snapshot",
    "google_container_cluster",
    "google_dns_managed_zone",
    "google_kms_crypto_key",
    "google_project",
    "google_pubsub_subscription",
    "google_pubsub_topic",
    "google_redis_instance",
    "google_secret_manager_secret",
    "google_sql_database_instance",
    "google_storage_bucket",
];

const UNTAGGABLE: &[&str] = &[
    "aws_autoscaling_policy",
    "aws_cloudwatch_log_stream",
    "aws_ec2_tag",
    "aws_iam_group",
    "aws_iam_group_policy",
    "aws_iam_policy_attachment",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_user_policy",
    "aws_iam_user_policy_attachment",
    "aws_kms_alias",
    "aws_lambda_permission",
    "aws_lb_target_group_attachment",
    "aws_main_route_table_association",
    "aws_route",
    "aws_route53_record",
    "aws_route_table_association",
    "aws_s3_bucket_acl",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_logging",
    "aws_s3_bucket_notification",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_secretsmanager_secret_version",
    "aws_security_group_rule",
    "aws_sns_topic_policy",
    "aws_sns_topic_subscription",
    "aws_sqs_queue_policy",
    "aws_volume_attachment",
    "azurerm_monitor_diagnostic_setting",
    "azurerm_network_security_rule",
    "azurerm_role_assignment",
    "azurerm_storage_container",
    "azurerm_subnet",
    "azurerm_subnet_network_security_group_association",
    "azurerm_virtual_network_peering",
    "google_compute_firewall",
    "google_compute_network",
    "google_compute_router",
    "google_compute_subnetwork",
    "google_container_node_pool",
    "google_project_iam_binding",
    "google_project_iam_member",
    "google_project_service",
    "google_service_account",
    "google_sql_database",
    "google_sql_user",
    "google_storage_bucket_iam_binding",
    "google_storage_bucket_iam_member",
];

/// Whether a well-known type takes tags.
pub(super) fn is_taggable(kind: &str) -> Tri {
    if TAGGABLE.contains(&kind) {
        Tri::Yes
    } else if UNTAGGABLE.contains(&kind) {
        Tri::No
    } else {
        Tri::CannotTell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_is_both() {
        assert!(TAGGABLE.iter().all(|kind| !UNTAGGABLE.contains(kind)));
    }

    #[test]
    fn every_provider_stands_in_one_row() {
        let mut providers: Vec<_> = ROWS.iter().flat_map(|row| row.providers).collect();
        let count = providers.len();
        providers.sort_unstable();
        providers.dedup();
        assert_eq!(providers.len(), count);
    }
}
