//! Traps 1 to 12: tags and labels of every provider.

use super::*;

#[test]
fn trap_01_unknown_tags_are_neither_missing_nor_present() {
    let whole = tags(
        "aws_vpc",
        "aws",
        json!({"x": null}),
        json!({"tags": true, "tags_all": true}),
    );
    assert_eq!((whole.supported, whole.all_unknown), (Tri::Yes, true));
    let one = tags(
        "aws_vpc",
        "aws",
        json!({"x": null, "tags": {"owner": "a"}, "tags_all": {"owner": "a"}}),
        json!({"tags": {"team": true}, "tags_all": {"team": true}}),
    );
    assert_eq!(
        (pairs(&one), one.unknown_keys.clone(), one.all_unknown),
        (vec![("owner", "a")], vec!["team".to_owned()], false)
    );
}

#[test]
fn trap_02_unknown_tags_all_does_not_mean_unknown_tags() {
    let untagged = tags(
        "aws_vpc",
        "aws",
        json!({"x": null, "tags": null}),
        json!({"tags_all": true}),
    );
    assert_eq!(
        (untagged.supported, pairs(&untagged), untagged.all_unknown),
        (Tri::Yes, vec![], false)
    );
    let constant = with_provider(&json!({"default_tags": [{"tags": {"constant_value": {"owner": "a"}}}]}));
    assert_eq!((pairs(&constant), constant.all_unknown), (vec![("owner", "a")], false));
    let computed = with_provider(&json!({"default_tags": [{"tags": {"references": ["var.tags"]}}]}));
    assert_eq!((pairs(&computed), computed.all_unknown), (vec![], true));
    let without = with_provider(&json!({"region": {"constant_value": "eu-west-1"}}));
    assert_eq!((pairs(&without), without.all_unknown), (vec![], false));
}

#[test]
fn trap_03_an_empty_value_is_a_value() {
    let empty = tags(
        "aws_vpc",
        "aws",
        json!({"x": null, "tags": {"Name": ""}, "tags_all": {}}),
        json!({"tags": {}, "tags_all": {"Name": true}}),
    );
    assert_eq!(
        (pairs(&empty), empty.unknown_keys.clone(), empty.all_unknown),
        (vec![("Name", "")], vec![], false)
    );
}

#[test]
fn trap_04_tags_and_tags_all_are_both_read() {
    let merged = tags(
        "aws_vpc",
        "aws",
        json!({"x": null, "tags": null, "tags_all": {"owner": "a"}}),
        json!({}),
    );
    assert_eq!(
        (pairs(&merged), merged.origin["owner"]),
        (vec![("owner", "a")], TagOrigin::Merged)
    );
    let old = tags(
        "aws_vpc",
        "aws",
        json!({"x": null, "tags": {"owner": "a"}}),
        json!({"tags": {}}),
    );
    assert_eq!(
        (pairs(&old), old.origin["owner"]),
        (vec![("owner", "a")], TagOrigin::Resource)
    );
}

#[test]
fn trap_05_autoscaling_groups_have_blocks() {
    let after = json!({"x": null, "tags": null, "tag": [{"key": "owner", "value": "a", "propagate_at_launch": true}]});
    let blocks = tags("aws_autoscaling_group", "aws", after, json!({"tag": [{}]}));
    assert_eq!(
        (pairs(&blocks), blocks.attribute.as_deref(), blocks.all_unknown),
        (vec![("owner", "a")], Some("tag"), false)
    );
    let after = json!({"x": null, "tag": [], "tags": [{"key": "owner", "value": "a", "propagate_at_launch": "true"}]});
    assert_eq!(
        pairs(&tags("aws_autoscaling_group", "aws", after, json!({}))),
        [("owner", "a")]
    );
    let after = json!({"x": null, "tags": null, "tag": [{"key": "owner", "propagate_at_launch": true}, null]});
    let partly = tags(
        "aws_autoscaling_group",
        "aws",
        after,
        json!({"tag": [{"value": true}, true]}),
    );
    assert_eq!(
        (partly.unknown_keys, partly.all_unknown),
        (vec!["owner".to_owned()], true)
    );
}

#[test]
fn trap_06_volume_tags_are_not_the_tags_of_the_instance() {
    let after = json!({"tags": null, "volume_tags": {"owner": "a"}, "root_block_device": [{"tags": {"owner": "a"}}]});
    let instance = tags("aws_instance", "aws", after, json!({"tags_all": true}));
    assert_eq!((pairs(&instance), instance.all_unknown), (vec![], false));
    let after = json!({"tags": {"a": "b"}, "tags_all": {"a": "b"}, "tag_specifications": [{"resource_type": "instance", "tags": {"owner": "a"}}]});
    assert_eq!(
        pairs(&tags("aws_launch_template", "aws", after, json!({}))),
        [("a", "b")]
    );
}

#[test]
fn trap_07_google_labels() {
    // Network tags are no labels, and the provider's own label is nobody's.
    let own = json!({"goog-terraform-provisioned": "true"});
    let after = json!({"tags": ["ssh"], "labels": null, "terraform_labels": own, "effective_labels": own});
    let provisioned = tags("google_compute_instance", "google", after, json!({}));
    assert_eq!((provisioned.supported, pairs(&provisioned)), (Tri::Yes, vec![]));
    let after = json!({
        "x": null, "labels": {"owner": "a"}, "terraform_labels": {"owner": "a", "env": "b"},
        "effective_labels": {"owner": "a", "env": "b", "added": "outside"},
    });
    let merged = tags("google_storage_bucket", "google-beta", after, json!({}));
    assert_eq!(pairs(&merged), [("env", "b"), ("owner", "a")]);
    assert_eq!(
        (merged.origin["env"], merged.origin["owner"]),
        (TagOrigin::Merged, TagOrigin::Resource)
    );
    for (kind, after, attribute) in [
        (
            "google_container_cluster",
            json!({"x": null, "resource_labels": {"owner": "a"}}),
            "resource_labels",
        ),
        (
            "google_sql_database_instance",
            json!({"x": null, "settings": [{"user_labels": {"owner": "a"}}]}),
            "settings[0].user_labels",
        ),
        (
            "google_monitoring_notification_channel",
            json!({"x": null, "labels": {"email_address": "a@example.com"}, "user_labels": {"owner": "a"}}),
            "user_labels",
        ),
    ] {
        let found = tags(kind, "google", after, json!({}));
        assert_eq!(
            (found.attribute.as_deref(), pairs(&found)),
            (Some(attribute), vec![("owner", "a")]),
            "{kind}"
        );
    }
}

#[test]
fn trap_08_azure_keys_keep_their_case() {
    let found = tags(
        "azurerm_resource_group",
        "azurerm",
        json!({"x": null, "tags": {"Owner": "A"}}),
        json!({}),
    );
    assert_eq!(pairs(&found), [("Owner", "A")]);
    let none = tags("azurerm_subnet", "azurerm", json!({"x": null}), json!({}));
    assert_eq!(none.supported, Tri::No);
}

#[test]
fn trap_09_kubernetes_labels_are_in_metadata() {
    let after = json!({"metadata": [{"labels": {"app": "web"}, "name": null}], "spec": [{"template": [{"metadata": [{"labels": {"x": "y"}}]}]}]});
    let found = tags("kubernetes_deployment_v1", "kubernetes", after, json!({}));
    assert_eq!(
        (pairs(&found), found.attribute.as_deref()),
        (vec![("app", "web")], Some("metadata[0].labels"))
    );
    let unknown = tags(
        "kubernetes_service",
        "kubernetes",
        json!({"x": null}),
        json!({"metadata": true}),
    );
    assert_eq!((unknown.supported, unknown.all_unknown), (Tri::Yes, true));
    let after = json!({"manifest": {"metadata": {"labels": {"replicas": 3}}}, "x": null});
    assert_eq!(
        pairs(&tags("kubernetes_manifest", "kubernetes", after, json!({}))),
        [("replicas", "3")]
    );
    assert_eq!(
        tags("kubectl_manifest", "kubectl", json!({"yaml_body": "a: b"}), json!({})).supported,
        Tri::CannotTell
    );
    assert_eq!(
        tags("helm_release", "helm", json!({"metadata": null}), json!({})).supported,
        Tri::No
    );
}

#[test]
fn trap_10_lists_blocks_and_namespaces() {
    let after = json!({"tags": ["team:a:b", "bare", "env:x", "env:w"], "x": null});
    let listed = tags("datadog_monitor", "datadog", after, json!({}));
    assert_eq!(pairs(&listed), [("bare", ""), ("env", "w,x"), ("team", "a:b")]);
    let unknown = tags(
        "datadog_monitor",
        "datadog",
        json!({"tags": [null], "x": null}),
        json!({"tags": [true]}),
    );
    assert!(unknown.all_unknown);
    let after = json!({"freeform_tags": {"owner": "a"}, "defined_tags": {"Ops.CostCenter": "42"}, "x": null});
    assert_eq!(
        pairs(&tags("oci_core_instance", "oci", after, json!({}))),
        [("Ops.CostCenter", "42"), ("owner", "a")]
    );
    for (kind, provider, after) in [
        (
            "aiven_kafka",
            "aiven",
            json!({"tag": [{"key": "owner", "value": "a"}], "x": null}),
        ),
        (
            "docker_container",
            "docker",
            json!({"labels": [{"label": "owner", "value": "a"}], "x": null}),
        ),
        (
            "awscc_s3_bucket",
            "awscc",
            json!({"tags": [{"key": "owner", "value": "a"}], "x": null}),
        ),
        (
            "awscc_ssm_parameter",
            "awscc",
            json!({"tags": {"owner": "a"}, "x": null}),
        ),
        ("hcloud_server", "hcloud", json!({"labels": {"owner": "a"}, "x": null})),
        (
            "yandex_vpc_network",
            "yandex",
            json!({"labels": {"owner": "a"}, "x": null}),
        ),
        ("alicloud_vpc", "alicloud", json!({"tags": {"owner": "a"}, "x": null})),
        (
            "digitalocean_droplet",
            "digitalocean",
            json!({"tags": ["owner:a"], "x": null}),
        ),
        ("ibm_is_vpc", "ibm", json!({"tags": ["owner:a"], "x": null})),
        ("madeup_thing", "madeup", json!({"labels": {"owner": "a"}, "x": null})),
    ] {
        let found = tags(kind, provider, after, json!({}));
        assert_eq!(
            (found.supported, pairs(&found)),
            (Tri::Yes, vec![("owner", "a")]),
            "{kind}"
        );
    }
}

#[test]
fn trap_11_untaggable_types_are_told_by_the_plan() {
    let attribute_of_null = tags("aws_iam_user", "aws", json!({"tags": null, "x": null}), json!({}));
    assert_eq!(attribute_of_null.supported, Tri::Yes);
    assert_eq!(
        tags("aws_made_up", "aws", json!({"x": null}), json!({})).supported,
        Tri::No
    );
    assert_eq!(
        tags("random_id", "random", json!({"x": 1}), json!({})).supported,
        Tri::No
    );
    // Without a single null the plan may be reduced, and only well-known types are certain.
    assert_eq!(
        tags("aws_made_up", "aws", json!({"x": 1}), json!({})).supported,
        Tri::CannotTell
    );
    assert_eq!(
        tags("aws_iam_role_policy_attachment", "aws", json!({"x": 1}), json!({})).supported,
        Tri::No
    );
    let change = json!({"actions": ["create"], "after": {"x": 1}, "after_unknown": {}, "after_sensitive": {}});
    let reduced = plan(&[entry("aws_vpc", "aws", change)]);
    assert_eq!(doubts(&reduced), ["reduced"]);
    assert_eq!(
        (
            reduced.resources[0].tags.supported,
            reduced.resources[0].tags.all_unknown
        ),
        (Tri::Yes, false)
    );
    // Without marks of unknown values, an absent attribute is not even known to be absent.
    let change = json!({"actions": ["create"], "after": {"x": 1}, "after_sensitive": {}});
    assert!(plan(&[entry("aws_vpc", "aws", change)]).resources[0].tags.all_unknown);
}

#[test]
fn trap_12_tags_as_resources_are_no_tags_of_theirs() {
    let tag = tags(
        "aws_ec2_tag",
        "aws",
        json!({"key": "owner", "value": "a", "x": null}),
        json!({}),
    );
    assert_eq!((tag.supported, pairs(&tag)), (Tri::No, vec![]));
}
