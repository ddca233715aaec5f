//! The eight resource types of generated plans, with the attributes that their providers write.

use serde_json::{Map, Value, json};

use crate::chance::Chance;

/// A resource type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) provider: &'static str,
    /// Attributes that are known only after apply when the object is new.
    pub(crate) computed: &'static [&'static str],
    /// Attributes that the provider marks sensitive.
    pub(crate) sensitive: &'static [&'static str],
    /// The attribute that an update changes.
    pub(crate) changing: &'static str,
    pub(crate) attributes: fn(&mut Chance, &str) -> Value,
}

const AWS: &str = "registry.terraform.io/hashicorp/aws";
const AZURE: &str = "registry.terraform.io/hashicorp/azurerm";
const GOOGLE: &str = "registry.terraform.io/hashicorp/google";

/// The types and how many in a hundred are of each.
pub(crate) const KINDS: &[(u64, Kind)] = &[
    (25, INSTANCE),
    (15, BUCKET),
    (15, SECURITY_GROUP),
    (15, ROLE),
    (7, STORAGE_ACCOUNT),
    (7, NETWORK_RULE),
    (9, COMPUTE_INSTANCE),
    (7, FIREWALL),
];

pub(crate) const INSTANCE: Kind = Kind {
    name: "aws_instance",
    provider: AWS,
    computed: &[
        "id",
        "arn",
        "private_ip",
        "private_dns",
        "primary_network_interface_id",
        "instance_state",
    ],
    sensitive: &["user_data"],
    changing: "instance_type",
    attributes: instance,
};
const BUCKET: Kind = Kind {
    name: "aws_s3_bucket",
    provider: AWS,
    computed: &[
        "id",
        "arn",
        "bucket_domain_name",
        "bucket_regional_domain_name",
        "hosted_zone_id",
    ],
    sensitive: &[],
    changing: "policy",
    attributes: bucket,
};
const SECURITY_GROUP: Kind = Kind {
    name: "aws_security_group",
    provider: AWS,
    computed: &["id", "arn", "owner_id"],
    sensitive: &[],
    changing: "ingress",
    attributes: security_group,
};
const ROLE: Kind = Kind {
    name: "aws_iam_role",
    provider: AWS,
    computed: &["id", "arn", "create_date", "unique_id"],
    sensitive: &[],
    changing: "max_session_duration",
    attributes: role,
};
const STORAGE_ACCOUNT: Kind = Kind {
    name: "azurerm_storage_account",
    provider: AZURE,
    computed: &[
        "id",
        "primary_access_key",
        "primary_connection_string",
        "primary_blob_endpoint",
    ],
    sensitive: &[
        "primary_access_key",
        "primary_connection_string",
        "secondary_access_key",
        "secondary_connection_string",
    ],
    changing: "account_replication_type",
    attributes: storage_account,
};
const NETWORK_RULE: Kind = Kind {
    name: "azurerm_network_security_rule",
    provider: AZURE,
    computed: &["id"],
    sensitive: &[],
    changing: "priority",
    attributes: network_rule,
};
const COMPUTE_INSTANCE: Kind = Kind {
    name: "google_compute_instance",
    provider: GOOGLE,
    computed: &[
        "id",
        "instance_id",
        "self_link",
        "cpu_platform",
        "current_status",
        "label_fingerprint",
    ],
    sensitive: &[],
    changing: "machine_type",
    attributes: compute_instance,
};
const FIREWALL: Kind = Kind {
    name: "google_compute_firewall",
    provider: GOOGLE,
    computed: &["id", "self_link", "creation_timestamp"],
    sensitive: &[],
    changing: "priority",
    attributes: firewall,
};

const ENVIRONMENTS: &[&str] = &["production", "staging", "development"];
const TEAMS: &[&str] = &["payments", "platform", "search", "identity"];
const REGIONS: &[&str] = &["eu-west-1", "us-east-1", "eu-central-1"];
const ACCOUNT: &str = "123456789012";

/// Tags as people write them: each is forgotten now and then.
fn tags(chance: &mut Chance) -> Value {
    let mut tags = Map::new();
    for (name, forgotten, values) in [
        ("CostCenter", 8, &["cc-1001", "cc-1002", "cc-2044"][..]),
        ("Environment", 4, ENVIRONMENTS),
        ("ManagedBy", 5, &["terraform"]),
        ("Owner", 6, TEAMS),
        ("Service", 7, &["checkout", "ledger", "login", "catalog"]),
    ] {
        if !chance.percent(forgotten) {
            tags.insert(name.to_owned(), chance.word(values).into());
        }
    }
    Value::Object(tags)
}

/// The same as Google wants them: lower case.
fn labels(chance: &mut Chance) -> Value {
    let tags = tags(chance);
    let lower = |(name, value): (&String, &Value)| (name.to_lowercase(), value.clone());
    Value::Object(tags.as_object().into_iter().flatten().map(lower).collect())
}

/// A policy document as a JSON text in a JSON text, which is how providers have it.
fn statements(chance: &mut Chance, count: u64) -> String {
    let statements: Vec<_> = (0..count)
        .map(|number| {
            json!({
                "Sid": format!("Statement{number}"),
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:ListBucket", "kms:Decrypt"],
                "Resource": [format!("arn:aws:s3:::{}/*", chance.hex(8)), format!("arn:aws:s3:::{}", chance.hex(8))],
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            })
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

fn instance(chance: &mut Chance, name: &str) -> Value {
    let tags = tags(chance);
    let region = chance.word(REGIONS);
    let id = format!("i-{}", chance.hex(17));
    json!({
        "ami": format!("ami-{}", chance.hex(17)),
        "arn": format!("arn:aws:ec2:{region}:{ACCOUNT}:instance/{id}"),
        "associate_public_ip_address": chance.percent(10),
        "availability_zone": format!("{region}a"),
        "capacity_reservation_specification": [{"capacity_reservation_preference": "open", "capacity_reservation_target": []}],
        "cpu_options": [{"amd_sev_snp": "", "core_count": 2, "threads_per_core": 2}],
        "credit_specification": [{"cpu_credits": "unlimited"}],
        "disable_api_stop": false,
        "disable_api_termination": chance.percent(30),
        "ebs_block_device": [{
            "delete_on_termination": true, "device_name": "/dev/sdf", "encrypted": !chance.percent(10), "iops": 3000,
            "kms_key_id": format!("arn:aws:kms:{region}:{ACCOUNT}:key/{}", chance.hex(32)), "snapshot_id": "", "tags": {},
            "throughput": 125, "volume_id": format!("vol-{}", chance.hex(17)), "volume_size": 100, "volume_type": "gp3",
        }],
        "ebs_optimized": true,
        "enclave_options": [{"enabled": false}],
        "ephemeral_block_device": [],
        "get_password_data": false,
        "hibernation": false,
        "host_id": "",
        "iam_instance_profile": format!("{name}-profile"),
        "id": id,
        "instance_initiated_shutdown_behavior": "stop",
        "instance_state": "running",
        "instance_type": chance.word(&["t3.micro", "t3.large", "m6i.xlarge", "c6i.2xlarge"]),
        "ipv6_address_count": 0,
        "ipv6_addresses": [],
        "key_name": "deploy",
        "launch_template": [],
        "maintenance_options": [{"auto_recovery": "default"}],
        "metadata_options": [{
            "http_endpoint": "enabled", "http_protocol_ipv6": "disabled", "http_put_response_hop_limit": 1,
            "http_tokens": chance.word(&["required", "required", "optional"]), "instance_metadata_tags": "disabled",
        }],
        "monitoring": true,
        "network_interface": [],
        "password_data": "",
        "placement_group": "",
        "primary_network_interface_id": format!("eni-{}", chance.hex(17)),
        "private_dns": format!("ip-10-0-{}-{}.{region}.compute.internal", chance.below(256), chance.below(256)),
        "private_dns_name_options": [{
            "enable_resource_name_dns_a_record": false, "enable_resource_name_dns_aaaa_record": false, "hostname_type": "ip-name",
        }],
        "private_ip": format!("10.0.{}.{}", chance.below(256), chance.below(256)),
        "root_block_device": [{
            "delete_on_termination": true, "device_name": "/dev/xvda", "encrypted": true, "iops": 3000, "kms_key_id": "",
            "tags": {}, "throughput": 125, "volume_id": format!("vol-{}", chance.hex(17)), "volume_size": 30, "volume_type": "gp3",
        }],
        "secondary_private_ips": [],
        "security_groups": [],
        "source_dest_check": true,
        "subnet_id": format!("subnet-{}", chance.hex(17)),
        "tags": tags,
        "tags_all": tags,
        "tenancy": "default",
        "timeouts": null,
        "user_data": chance.hex(40),
        "user_data_replace_on_change": false,
        "volume_tags": null,
        "vpc_security_group_ids": [format!("sg-{}", chance.hex(17)), format!("sg-{}", chance.hex(17))],
    })
}

fn bucket(chance: &mut Chance, name: &str) -> Value {
    let tags = tags(chance);
    let region = chance.word(REGIONS);
    let bucket = format!("{name}-{}", chance.hex(8));
    let count = 1 + chance.below(3);
    json!({
        "acceleration_status": "",
        "acl": null,
        "arn": format!("arn:aws:s3:::{bucket}"),
        "bucket": bucket,
        "bucket_domain_name": format!("{bucket}.s3.amazonaws.com"),
        "bucket_prefix": "",
        "bucket_regional_domain_name": format!("{bucket}.s3.{region}.amazonaws.com"),
        "cors_rule": [],
        "force_destroy": chance.percent(10),
        "grant": [{"id": chance.hex(64), "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}],
        "hosted_zone_id": "Z1BKCTXD74EZPE",
        "id": bucket,
        "lifecycle_rule": [{
            "abort_incomplete_multipart_upload_days": 7, "enabled": true, "expiration": [{"date": "", "days": 365, "expired_object_delete_marker": false}],
            "id": "expire", "noncurrent_version_expiration": [{"days": 30}], "noncurrent_version_transition": [], "prefix": "", "tags": {}, "transition": [],
        }],
        "logging": [{"target_bucket": "acme-logs", "target_prefix": format!("{bucket}/")}],
        "object_lock_configuration": [],
        "object_lock_enabled": false,
        "policy": statements(chance, count),
        "region": region,
        "replication_configuration": [],
        "request_payer": "BucketOwner",
        "server_side_encryption_configuration": [{"rule": [{
            "apply_server_side_encryption_by_default": [{"kms_master_key_id": "", "sse_algorithm": "AES256"}], "bucket_key_enabled": false,
        }]}],
        "tags": tags,
        "tags_all": tags,
        "timeouts": null,
        "versioning": [{"enabled": !chance.percent(20), "mfa_delete": false}],
        "website": [],
        "website_domain": null,
        "website_endpoint": null,
    })
}

fn security_group(chance: &mut Chance, name: &str) -> Value {
    let tags = tags(chance);
    let id = format!("sg-{}", chance.hex(17));
    let count = 1 + chance.below(6);
    let ingress: Vec<_> = (0..count)
        .map(|number| {
            let port = chance.weighted(&[(40, 443), (20, 22), (20, 5432), (10, 3306), (10, 8080)], 443);
            json!({
                "cidr_blocks": [chance.cidr(), format!("10.{}.0.0/16", chance.below(256))],
                "description": format!("rule {number} of {name}"), "from_port": port, "ipv6_cidr_blocks": [], "prefix_list_ids": [],
                "protocol": "tcp", "security_groups": [], "self": false, "to_port": port,
            })
        })
        .collect();
    json!({
        "arn": format!("arn:aws:ec2:eu-west-1:{ACCOUNT}:security-group/{id}"),
        "description": format!("Traffic of {name}"),
        "egress": [{
            "cidr_blocks": ["0.0.0.0/0"], "description": "", "from_port": 0, "ipv6_cidr_blocks": ["::/0"], "prefix_list_ids": [],
            "protocol": "-1", "security_groups": [], "self": false, "to_port": 0,
        }],
        "id": id,
        "ingress": ingress,
        "name": name,
        "name_prefix": "",
        "owner_id": ACCOUNT,
        "revoke_rules_on_delete": false,
        "tags": tags,
        "tags_all": tags,
        "timeouts": null,
        "vpc_id": format!("vpc-{}", chance.hex(17)),
    })
}

fn role(chance: &mut Chance, name: &str) -> Value {
    let tags = tags(chance);
    let role = format!("{name}-{}", chance.hex(6));
    let count = 1 + chance.below(3);
    json!({
        "arn": format!("arn:aws:iam::{ACCOUNT}:role/{role}"),
        "assume_role_policy": json!({"Version": "2012-10-17", "Statement": [{
            "Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Sid": "",
        }]}).to_string(),
        "create_date": "2025-04-02T08:11:43Z",
        "description": format!("What {name} may do"),
        "force_detach_policies": false,
        "id": role,
        "inline_policy": [{"name": "access", "policy": statements(chance, count)}],
        "managed_policy_arns": [
            "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
        ],
        "max_session_duration": 3600,
        "name": role,
        "name_prefix": "",
        "path": "/",
        "permissions_boundary": format!("arn:aws:iam::{ACCOUNT}:policy/boundary"),
        "tags": tags,
        "tags_all": tags,
        "unique_id": format!("AROA{}", chance.hex(17).to_uppercase()),
    })
}

fn storage_account(chance: &mut Chance, name: &str) -> Value {
    let account = format!("st{}", chance.hex(12));
    let key = chance.hex(64);
    json!({
        "access_tier": "Hot",
        "account_kind": "StorageV2",
        "account_replication_type": chance.word(&["LRS", "GRS", "ZRS"]),
        "account_tier": "Standard",
        "allow_nested_items_to_be_public": chance.percent(10),
        "allowed_copy_scope": "",
        "azure_files_authentication": [],
        "blob_properties": [{
            "change_feed_enabled": false, "change_feed_retention_in_days": 0, "container_delete_retention_policy": [{"days": 7}], "cors_rule": [],
            "default_service_version": "", "delete_retention_policy": [{"days": 7, "permanent_delete_enabled": false}],
            "last_access_time_enabled": false, "restore_policy": [], "versioning_enabled": true,
        }],
        "cross_tenant_replication_enabled": false,
        "custom_domain": [],
        "customer_managed_key": [],
        "default_to_oauth_authentication": false,
        "dns_endpoint_type": "Standard",
        "edge_zone": "",
        "https_traffic_only_enabled": !chance.percent(5),
        "id": format!("/subscriptions/{}/resourceGroups/{name}/providers/Microsoft.Storage/storageAccounts/{account}", chance.hex(32)),
        "identity": [{"identity_ids": [], "principal_id": chance.hex(32), "tenant_id": chance.hex(32), "type": "SystemAssigned"}],
        "immutability_policy": [],
        "infrastructure_encryption_enabled": false,
        "is_hns_enabled": false,
        "large_file_share_enabled": false,
        "local_user_enabled": true,
        "location": "westeurope",
        "min_tls_version": chance.word(&["TLS1_2", "TLS1_2", "TLS1_0"]),
        "name": account,
        "network_rules": [{"bypass": ["AzureServices"], "default_action": "Deny", "ip_rules": [], "private_link_access": [], "virtual_network_subnet_ids": []}],
        "nfsv3_enabled": false,
        "primary_access_key": key,
        "primary_blob_endpoint": format!("https://{account}.blob.core.windows.net/"),
        "primary_connection_string": format!("DefaultEndpointsProtocol=https;AccountName={account};AccountKey={key}"),
        "primary_location": "westeurope",
        "public_network_access_enabled": true,
        "queue_encryption_key_type": "Service",
        "resource_group_name": name,
        "routing": [],
        "sas_policy": [],
        "secondary_access_key": chance.hex(64),
        "secondary_connection_string": format!("DefaultEndpointsProtocol=https;AccountName={account};AccountKey={}", chance.hex(64)),
        "sftp_enabled": false,
        "shared_access_key_enabled": true,
        "static_website": [],
        "table_encryption_key_type": "Service",
        "tags": tags(chance),
        "timeouts": null,
    })
}

fn network_rule(chance: &mut Chance, name: &str) -> Value {
    let group = format!("nsg-{}", chance.hex(6));
    json!({
        "access": "Allow",
        "description": format!("Traffic of {name}"),
        "destination_address_prefix": "*",
        "destination_address_prefixes": [],
        "destination_application_security_group_ids": [],
        "destination_port_range": chance.word(&["443", "22", "3389", "8080"]),
        "destination_port_ranges": [],
        "direction": "Inbound",
        "id": format!("/subscriptions/{}/resourceGroups/{name}/providers/Microsoft.Network/networkSecurityGroups/{group}/securityRules/{name}", chance.hex(32)),
        "name": name,
        "network_security_group_name": group,
        "priority": 100 + chance.below(4000),
        "protocol": "Tcp",
        "resource_group_name": name,
        "source_address_prefix": chance.cidr(),
        "source_address_prefixes": [],
        "source_application_security_group_ids": [],
        "source_port_range": "*",
        "source_port_ranges": [],
        "timeouts": null,
    })
}

fn compute_instance(chance: &mut Chance, name: &str) -> Value {
    let labels = labels(chance);
    let instance = format!("{name}-{}", chance.hex(6));
    let zone = chance.word(&["europe-west1-b", "us-central1-a"]);
    let link = format!("https://www.googleapis.com/compute/v1/projects/acme/zones/{zone}");
    json!({
        "advanced_machine_features": [],
        "allow_stopping_for_update": true,
        "attached_disk": [],
        "boot_disk": [{
            "auto_delete": true, "device_name": "persistent-disk-0", "disk_encryption_key_raw": "", "disk_encryption_key_sha256": "",
            "initialize_params": [{
                "enable_confidential_compute": false, "image": "https://www.googleapis.com/compute/v1/projects/debian-cloud/global/images/debian-12",
                "labels": {}, "provisioned_iops": 0, "resource_manager_tags": {}, "size": 20, "type": "pd-balanced",
            }],
            "kms_key_self_link": "", "mode": "READ_WRITE", "source": format!("{link}/disks/{instance}"),
        }],
        "can_ip_forward": false,
        "confidential_instance_config": [],
        "cpu_platform": "Intel Broadwell",
        "current_status": "RUNNING",
        "deletion_protection": chance.percent(30),
        "description": "",
        "desired_status": null,
        "effective_labels": labels,
        "enable_display": false,
        "guest_accelerator": [],
        "hostname": "",
        "id": format!("projects/acme/zones/{zone}/instances/{instance}"),
        "instance_id": (1_000_000_000_000_000_000 + chance.below(8_000_000_000_000_000_000)).to_string(),
        "label_fingerprint": chance.hex(12),
        "labels": labels,
        "machine_type": chance.word(&["e2-medium", "n2-standard-4"]),
        "metadata": {"enable-oslogin": "TRUE", "block-project-ssh-keys": "true"},
        "metadata_startup_script": null,
        "min_cpu_platform": "",
        "name": instance,
        "network_interface": [{
            "access_config": [], "alias_ip_range": [], "internal_ipv6_prefix_length": 0, "ipv6_access_config": [], "ipv6_access_type": "",
            "name": "nic0", "network": "https://www.googleapis.com/compute/v1/projects/acme/global/networks/main",
            "network_ip": format!("10.1.{}.{}", chance.below(256), chance.below(256)), "nic_type": "", "queue_count": 0, "stack_type": "IPV4_ONLY",
            "subnetwork": "https://www.googleapis.com/compute/v1/projects/acme/regions/europe-west1/subnetworks/main", "subnetwork_project": "acme",
        }],
        "params": [],
        "project": "acme",
        "reservation_affinity": [],
        "resource_policies": [],
        "scheduling": [{
            "automatic_restart": true, "instance_termination_action": "", "min_node_cpus": 0, "node_affinities": [],
            "on_host_maintenance": "MIGRATE", "preemptible": false, "provisioning_model": "STANDARD",
        }],
        "scratch_disk": [],
        "self_link": format!("{link}/instances/{instance}"),
        "service_account": [{"email": "run@acme.iam.gserviceaccount.com", "scopes": ["https://www.googleapis.com/auth/cloud-platform"]}],
        "shielded_instance_config": [{"enable_integrity_monitoring": true, "enable_secure_boot": false, "enable_vtpm": true}],
        "tags": ["web", "internal"],
        "tags_fingerprint": chance.hex(12),
        "terraform_labels": labels,
        "timeouts": null,
        "zone": zone,
    })
}

fn firewall(chance: &mut Chance, name: &str) -> Value {
    let rule = format!("{name}-{}", chance.hex(6));
    json!({
        "allow": [{"ports": [chance.word(&["443", "22", "3389", "8080"])], "protocol": "tcp"}, {"ports": [], "protocol": "icmp"}],
        "creation_timestamp": "2025-04-02T01:11:43.000-07:00",
        "deny": [],
        "description": format!("Traffic of {name}"),
        "destination_ranges": [],
        "direction": "INGRESS",
        "disabled": false,
        "enable_logging": null,
        "id": format!("projects/acme/global/firewalls/{rule}"),
        "log_config": [{"metadata": "INCLUDE_ALL_METADATA"}],
        "name": rule,
        "network": "https://www.googleapis.com/compute/v1/projects/acme/global/networks/main",
        "priority": 1000 + chance.below(1000),
        "project": "acme",
        "self_link": format!("https://www.googleapis.com/compute/v1/projects/acme/global/firewalls/{rule}"),
        "source_ranges": [chance.cidr(), chance.cidr()],
        "source_service_accounts": [],
        "source_tags": [],
        "target_service_accounts": [],
        "target_tags": ["web"],
        "timeouts": null,
    })
}
