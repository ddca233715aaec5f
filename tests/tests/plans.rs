//! Real plans from public repositories, where they are at hand: each is read, what their index says of them is so, and none leaks.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use plangate::Input;
use plangate::input::{Action, Key, Mode, Plan, ReplaceOrder, Resource, ResourceMode, Step, TagOrigin, Tool, Tri};
use serde_json::Value;

/// The folder of plans: not in the repository, because their licences differ.
fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("PLANGATE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let plans = shared.join("plans");
    if plans.is_dir() {
        return Some(plans);
    }
    println!(
        "skipped: there is no {}; set PLANGATE_SHARED to the folder that has `plans`",
        plans.display()
    );
    None
}

fn read(folder: &Path, name: &str) -> Plan {
    let bytes = fs::read(folder.join(name)).unwrap();
    let input = Input::from_terraform(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    input.plan.unwrap()
}

/// The plan of this name, if the folder is there.
fn plan(name: &str) -> Option<Plan> {
    Some(read(&folder()?, name))
}

fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "json"))
        .collect();
    names.sort();
    names
}

/// A row of the table in INDEX.md.
struct Row {
    file: String,
    version: Option<String>,
    format: Option<String>,
    count: usize,
    actions: BTreeMap<String, usize>,
    providers: BTreeSet<String>,
    /// Feature words, and what stands after `:` or `=` behind them.
    features: BTreeMap<String, String>,
}

fn rows(index: &str) -> Vec<Row> {
    let is_row = |line: &&str| line.starts_with("| ") && line.contains(".json");
    let present = |cell: &str| (cell != "absent").then(|| cell.to_owned());
    let list = |cell: &str| -> Vec<String> {
        cell.split(", ")
            .filter(|word| !word.is_empty() && *word != "-")
            .map(str::to_owned)
            .collect()
    };
    let feature = |word: String| match word.split_once([':', '=']) {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (word, String::new()),
    };
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let action = |word: String| {
            let (name, count) = word.rsplit_once(' ').unwrap();
            (name.to_owned(), count.parse().unwrap())
        };
        Row {
            file: cells[0].to_owned(),
            version: present(cells[3]),
            format: present(cells[4]),
            count: cells[5].parse().unwrap(),
            actions: list(cells[6]).into_iter().map(action).collect(),
            providers: list(cells[7]).into_iter().collect(),
            features: list(cells[8].split(';').next().unwrap())
                .into_iter()
                .map(feature)
                .collect(),
        }
    };
    index.lines().filter(is_row).map(row).collect()
}

/// A provider as the index writes it.
fn provider(resource: &Resource) -> String {
    let provider = &resource.provider;
    let Some(namespace) = &provider.namespace else {
        return provider.kind.clone();
    };
    let host = match provider.host.as_deref() {
        Some("registry.opentofu.org") => "tofu:",
        Some("terraform.io") => "terraform.io/",
        _ => "",
    };
    format!("{host}{namespace}/{}", provider.kind)
}

fn begins_with(resource: &Resource, name: &str) -> bool {
    resource
        .unknown
        .iter()
        .any(|path| path.0.first() == Some(&Step::Name(name.to_owned())))
}

/// Whether some resource has this attribute with something in it.
fn has_filled(plan: &Plan, name: &str) -> bool {
    let filled = |value: &plangate::json::Value| match value {
        plangate::json::Value::Object(members) => !members.is_empty(),
        plangate::json::Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    plan.resources
        .iter()
        .any(|resource| resource.after.member(name).is_some_and(filled))
}

/// What the document says where the index uses a feature word. `None`: the word is about something the document does not keep.
fn facts(plan: &Plan) -> Vec<(&'static str, bool)> {
    let any = |test: &dyn Fn(&Resource) -> bool| plan.resources.iter().any(|resource| test(resource));
    let has_key = |test: fn(&Key) -> bool| any(&|resource| resource.key.as_ref().is_some_and(test));
    let doubts: Vec<&str> = plan.doubts.iter().map(|doubt| doubt.code).collect();
    vec![
        ("unknowns", any(&|resource| !resource.unknown.is_empty())),
        ("unknown_tags_all", any(&|resource| begins_with(resource, "tags_all"))),
        ("sensitive", any(&|resource| !resource.sensitive.is_empty())),
        ("drift", !plan.drift.is_empty()),
        ("checks", !plan.checks.is_empty()),
        ("count", has_key(|key| matches!(key, Key::Number(_)))),
        ("for_each", has_key(|key| matches!(key, Key::String(_)))),
        ("modules", any(&|resource| !resource.module_path.is_empty())),
        ("data_rc", any(&|resource| resource.mode == ResourceMode::Data)),
        ("moved", any(&|resource| resource.previous_address.is_some())),
        ("import", any(&|resource| resource.importing.is_some())),
        ("replace_paths", any(&|resource| !resource.replace_paths.is_empty())),
        ("action_reason", any(&|resource| resource.reason.is_some())),
        ("action_invocations", !plan.actions.is_empty()),
        ("errored", plan.errored),
        ("not_applyable", plan.applyable == Some(false)),
        ("no_rc_key", doubts.contains(&"no_resource_changes")),
        ("tag_block", has_filled(plan, "tag")),
    ]
}

#[test]
fn what_the_index_says_is_so() {
    let Some(folder) = folder() else { return };
    let rows = rows(&fs::read_to_string(folder.join("INDEX.md")).unwrap());
    let listed: Vec<String> = rows.iter().map(|row| row.file.clone()).collect();
    assert_eq!(listed, files(&folder), "the index lists what is there");
    for row in &rows {
        let plan = read(&folder, &row.file);
        let file = &row.file;
        assert_eq!(plan.version, row.version, "{file}: version");
        assert_eq!(plan.format_version, row.format, "{file}: format version");
        assert_eq!(plan.resources.len(), row.count, "{file}: number of resources");
        assert_eq!(
            plan.by_type.values().map(Vec::len).sum::<usize>(),
            row.count,
            "{file}: by type"
        );
        let mut actions = BTreeMap::new();
        for resource in &plan.resources {
            *actions.entry(resource.actions.join("+")).or_insert(0) += 1;
            assert_ne!(resource.action, Action::Unknown, "{file}: {}", resource.address);
            assert_eq!(
                resource.destroys,
                resource.actions.contains(&"delete".to_owned()),
                "{file}"
            );
        }
        assert_eq!(actions, row.actions, "{file}: actions");
        let providers: BTreeSet<String> = plan.resources.iter().map(|resource| provider(resource)).collect();
        assert_eq!(providers, row.providers, "{file}: providers");
        for (feature, holds) in facts(&plan) {
            assert_eq!(holds, row.features.contains_key(feature), "{file}: {feature}");
        }
        let drift = row.features.get("drift").map_or(0, |count| count.parse().unwrap());
        assert_eq!(plan.drift.len(), drift, "{file}: drift");
        let reasons: BTreeSet<&str> = plan
            .resources
            .iter()
            .filter_map(|resource| resource.reason.as_deref())
            .collect();
        let expected: BTreeSet<&str> = row
            .features
            .get("action_reason")
            .into_iter()
            .flat_map(|list| list.split(','))
            .collect();
        assert_eq!(reasons, expected, "{file}: reasons");
        // These words are about marks that can be empty, so they hold one way only.
        for (name, feature) in [("tags", "unknown_tags"), ("tags_all", "unknown_tags_all")] {
            let is_unknown = plan.resources.iter().any(|resource| begins_with(resource, name));
            assert!(!is_unknown || row.features.contains_key(feature), "{file}: {feature}");
        }
        for word in ["labels", "effective_labels", "tags_all"] {
            let is_filled = has_filled(&plan, word);
            assert!(!is_filled || row.features.contains_key(word), "{file}: {word}");
        }
        if row.providers.iter().any(|provider| provider.starts_with("tofu:")) {
            assert_eq!(plan.tool, Tool::Opentofu, "{file}: tool");
        }
    }
}

/// Texts of a plan that are marked sensitive, and all others. Texts below six characters are too common to look for.
#[derive(Default)]
struct Texts {
    marked: BTreeSet<String>,
    plain: BTreeSet<String>,
}

impl Texts {
    fn add(&mut self, value: &Value, marks: &[&Value], above: bool) {
        let here = above || marks.iter().any(|mark| mark.as_bool() == Some(true));
        match value {
            Value::String(text) => {
                let texts = if here { &mut self.marked } else { &mut self.plain };
                texts.insert(text.clone());
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let marks: Vec<&Value> = marks.iter().filter_map(|mark| mark.get(index)).collect();
                    self.add(item, &marks, here);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.plain.insert(name.clone());
                    let marks: Vec<&Value> = marks.iter().filter_map(|mark| mark.get(name)).collect();
                    self.add(member, &marks, here);
                }
            }
            _ => {}
        }
    }

    fn of(plan: &Value) -> Self {
        let mut texts = Self::default();
        let entries = |name: &str| plan[name].as_array().cloned().unwrap_or_default();
        for entry in entries("resource_changes").iter().chain(&entries("resource_drift")) {
            let change = &entry["change"];
            texts.add(&change["before"], &[&change["before_sensitive"]], false);
            texts.add(&change["after"], &[&change["after_sensitive"]], false);
            let mut rest = entry.clone();
            rest["change"]["before"] = Value::Null;
            rest["change"]["after"] = Value::Null;
            texts.add(&rest, &[], false);
        }
        for change in plan["output_changes"]
            .as_object()
            .into_iter()
            .flat_map(|outputs| outputs.values())
        {
            texts.add(&change["before"], &[&change["before_sensitive"]], false);
            texts.add(&change["after"], &[&change["after_sensitive"]], false);
        }
        for (name, variable) in plan["variables"].as_object().into_iter().flatten() {
            let declared = &plan["configuration"]["root_module"]["variables"][name];
            texts.add(&variable["value"], &[&declared["sensitive"]], declared.is_null());
        }
        for name in ["provider_config", "root_module"] {
            texts.add(&plan["configuration"][name], &[], false);
        }
        texts
    }

    /// Marked texts that stand nowhere unmarked, not even as part of a longer text.
    fn secrets(&self) -> impl Iterator<Item = &String> {
        let is_secret =
            |text: &&String| text.chars().count() >= 6 && !self.plain.iter().any(|plain| plain.contains(*text));
        self.marked.iter().filter(is_secret)
    }
}

#[test]
fn no_sensitive_value_is_in_the_document() {
    let Some(folder) = folder() else { return };
    let mut looked_for = 0;
    for file in files(&folder) {
        let bytes = fs::read(folder.join(&file)).unwrap();
        let document = Input::from_terraform(&bytes).unwrap().to_json();
        let texts = Texts::of(&serde_json::from_slice(&bytes).unwrap());
        for secret in texts.secrets() {
            let quoted = serde_json::to_string(secret).unwrap();
            assert!(
                !document.contains(quoted.trim_matches('"')),
                "{file} leaks a sensitive value"
            );
            looked_for += 1;
        }
    }
    assert!(looked_for > 5, "found only {looked_for} sensitive values to look for");
}

#[test]
fn the_order_of_resources_decides_nothing() {
    let Some(folder) = folder() else { return };
    for file in files(&folder) {
        let bytes = fs::read(folder.join(&file)).unwrap();
        let mut plan: Value = serde_json::from_slice(&bytes).unwrap();
        let before = Input::from_terraform(&serde_json::to_vec(&plan).unwrap())
            .unwrap()
            .to_json();
        for name in ["resource_changes", "resource_drift"] {
            if let Some(entries) = plan[name].as_array_mut() {
                entries.reverse();
            }
        }
        let after = Input::from_terraform(&serde_json::to_vec(&plan).unwrap())
            .unwrap()
            .to_json();
        assert!(before == after, "{file}");
    }
}

fn resource<'a>(plan: &'a Plan, address: &str) -> &'a Resource {
    plan.resources
        .iter()
        .find(|resource| resource.address == address)
        .unwrap()
}

fn doubts(plan: &Plan) -> Vec<&str> {
    plan.doubts.iter().map(|doubt| doubt.code).collect()
}

fn tags(resource: &Resource) -> Vec<(&str, &str)> {
    resource
        .tags
        .values
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect()
}

#[test]
fn tirith_aws_empty_tag_value_unknown() {
    let Some(plan) = plan("tirith__aws_empty_tag_value_unknown.json") else {
        return;
    };
    // Somebody has edited this one: the same address twice, once with another index.
    assert_eq!(
        doubts(&plan),
        ["address_mismatch", "address_repeated", "sensitivity_unknown"]
    );
    let vpc = &plan.by_type["aws_vpc"][0];
    assert_eq!(tags(vpc), [("Name", "")]);
    assert_eq!(vpc.tags.unknown_keys, [""; 0]);
    assert!(!vpc.tags.all_unknown);
    assert_eq!(vpc.tags.origin["Name"], TagOrigin::Resource);
}

#[test]
fn infracost_aws_tf012_26() {
    let Some(plan) = plan("infracost__aws_tf012_26.json") else {
        return;
    };
    assert_eq!(plan.tool, Tool::Terraform);
    assert_eq!(doubts(&plan), ["sensitivity_unknown"]);
    let untagged = resource(&plan, "aws_instance.instance_2");
    assert_eq!((untagged.tags.supported, untagged.tags.all_unknown), (Tri::Yes, false));
    assert_eq!(tags(untagged), []);
    let named = resource(&plan, "module.instances.aws_instance.module_instance_named[\"test.1\"]");
    assert_eq!(named.key, Some(Key::String("test.1".to_owned())));
    assert_eq!(named.module, "module.instances");
    assert_eq!(tags(named), [("Name", "test.1")]);
    let database = resource(
        &plan,
        "module.db.module.db_2.module.db_instance.aws_db_instance.this[0]",
    );
    assert_eq!(database.module_path, ["db", "db_2", "db_instance"]);
    assert_eq!(
        tags(database),
        [("Environment", "dev"), ("Name", "demodb"), ("Owner", "user2")]
    );
    let attachment = "module.db.module.db_2.module.db_instance.aws_iam_role_policy_attachment.enhanced_monitoring[0]";
    assert_eq!(resource(&plan, attachment).tags.supported, Tri::No);
}

#[test]
fn tfreport_tofu111_forget_import_moved() {
    let Some(plan) = plan("tfreport__tofu111_forget_import_moved.json") else {
        return;
    };
    let forgotten = resource(&plan, "null_resource.ephemeral");
    assert_eq!((forgotten.action, forgotten.destroys), (Action::Forget, false));
    assert_eq!(forgotten.reason.as_deref(), Some("delete_because_no_resource_config"));
    assert!(forgotten.after.is_null());
    let moved = resource(&plan, "null_resource.renamed");
    assert_eq!(
        (moved.action, moved.previous_address.as_deref()),
        (Action::NoOp, Some("null_resource.original"))
    );
    let imported = resource(&plan, "random_string.imported");
    assert_eq!(imported.action, Action::NoOp);
    assert_eq!(imported.importing.as_ref().unwrap().id.as_deref(), Some("fixedval"));
    assert_eq!((plan.tool, plan.mode), (Tool::Opentofu, Mode::Normal));
}

#[test]
fn carbonifer_gcp_labels_unknown_tags() {
    let Some(plan) = plan("carbonifer__gcp_labels_unknown_tags.json") else {
        return;
    };
    // Network tags are a list and no labels, known or not.
    let template = resource(&plan, "google_compute_instance_from_template.ifromtpl");
    assert_eq!(tags(template), [("my_key", "my_value")]);
    assert!(!template.tags.all_unknown);
    let instance = resource(&plan, "google_compute_instance.default[0]");
    assert_eq!(
        (instance.tags.supported, instance.tags.attribute.as_deref()),
        (Tri::Yes, Some("labels"))
    );
    assert_eq!(tags(instance), []);
    assert_eq!(
        resource(&plan, "google_compute_network.vpc_network").tags.supported,
        Tri::No
    );
    let database = resource(&plan, "google_sql_database_instance.instance");
    assert_eq!(database.tags.attribute.as_deref(), Some("settings[0].user_labels"));
}

#[test]
fn tags_of_every_form() {
    let Some(folder) = folder() else { return };
    let plan = read(&folder, "tfcompliance__aws_asg_tag_tf012.json");
    assert_eq!(
        tags(resource(&plan, "aws_autoscaling_group.failure_2")),
        [("environment", "live"), ("service", "")]
    );
    let plan = read(&folder, "tfcompliance__datadog_list_tags.json");
    let monitor = resource(&plan, "datadog_monitor.kubernetes_memory_limit_reached[0]");
    assert_eq!(
        tags(monitor),
        [
            ("environment", "dev"),
            ("managed_by", "terraform"),
            ("owner", "some-owner"),
            ("service", "some-service")
        ]
    );
    let plan = read(&folder, "aiven__kafka_tag_blocks.json");
    assert_eq!(
        resource(&plan, "aiven_kafka.foo").tags.attribute.as_deref(),
        Some("tag")
    );
    let plan = read(&folder, "tgc__gcp_gke_beta_labels.json");
    let cluster = resource(&plan, "google_container_cluster.primary");
    assert_eq!(
        (cluster.tags.attribute.as_deref(), tags(cluster)),
        (Some("resource_labels"), vec![])
    );
    let plan = read(&folder, "alextzk__gke_k8s_helm_tf114.json");
    let namespace = resource(&plan, "module.gke.kubernetes_namespace_v1.external_secrets");
    assert_eq!(namespace.tags.attribute.as_deref(), Some("metadata[0].labels"));
    assert_eq!(
        resource(&plan, "module.gke.helm_release.nginx_ingress").tags.supported,
        Tri::No
    );
    let manifest = resource(&plan, "module.gke.kubectl_manifest.gcp_secret_store");
    assert_eq!(
        (manifest.tags.supported, manifest.tags.all_unknown),
        (Tri::CannotTell, true)
    );
    let plan = read(&folder, "tfreport__tofu112_tags_labels_lists.json");
    assert!(plan.resources[0].tags.all_unknown, "its tags are sensitive as a whole");
    let plan = read(&folder, "tirith__aws_destroy_sensitive.json");
    let bucket = resource(&plan, "module.s3_bucket.aws_s3_bucket.this[0]");
    assert_eq!(
        (bucket.action, tags(bucket)),
        (Action::Delete, vec![("Owner", "stackguardian")])
    );
    assert_eq!(bucket.tags.previous, bucket.tags.values);
}

#[test]
fn modes_and_tools_and_doubts() {
    let Some(folder) = folder() else { return };
    for (file, tool, mode, expected) in [
        (
            "opentofu__drift_refresh_only.json",
            Tool::Opentofu,
            Mode::RefreshOnly,
            &["no_resource_changes", "refresh_only"][..],
        ),
        (
            "opentofu__plan_error.json",
            Tool::Opentofu,
            Mode::Normal,
            &["errored", "no_resource_changes"],
        ),
        ("opentofu__destroy_complex.json", Tool::Opentofu, Mode::Destroy, &[]),
        (
            "snykcli__aws_destroy_tf015.json",
            Tool::Terraform,
            Mode::Destroy,
            &["unknown_member"],
        ),
        ("tirith__azurerm_destroy.json", Tool::Terraform, Mode::Destroy, &[]),
        (
            "tfjson__action_invocations_invoke.json",
            Tool::Terraform,
            Mode::Normal,
            &["actions_only", "no_resource_changes"],
        ),
        (
            "tfreport__tofu111_empty_plan.json",
            Tool::Opentofu,
            Mode::Normal,
            &["no_resource_changes"],
        ),
        (
            "checkov__no_resource_changes_tf111.json",
            Tool::Terraform,
            Mode::Normal,
            &["no_resource_changes"],
        ),
        (
            "tfvalidator__gcp_applied_drift_tf10.json",
            Tool::Terraform,
            Mode::Normal,
            &[],
        ),
        (
            "tfvisual__aws_s3_mixed_old.json",
            Tool::Unknown,
            Mode::Normal,
            &["format_version_missing", "sensitivity_unknown", "unknown_tool"],
        ),
    ] {
        let plan = read(&folder, file);
        assert_eq!((plan.tool, plan.mode), (tool, mode), "{file}");
        assert_eq!(doubts(&plan), expected, "{file}");
    }
    let plan = read(&folder, "checkov__aws_create_before_destroy.json");
    assert_eq!(plan.resources[0].replace_order, Some(ReplaceOrder::CreateFirst));
    let plan = read(&folder, "opentofu__replace_within_set.json");
    assert_eq!(plan.resources[0].replace_order, Some(ReplaceOrder::DeleteFirst));
}
