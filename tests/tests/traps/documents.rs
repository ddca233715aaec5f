//! Traps 28 and on: the document around the changes.

use super::*;

#[test]
fn trap_28_wrappers_logs_and_encodings_are_read() {
    let inner =
        json!({"format_version": "1.2", "resource_changes": [entry("aws_vpc", "aws", json!({"actions": ["delete"]}))]});
    let direct = serde_json::to_string(&inner).unwrap();
    let utf16 = |unit: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        format!("{mark}{direct}").encode_utf16().flat_map(unit).collect()
    };
    let inputs = [
        json!({"plan": inner}).to_string().into_bytes(),
        json!({"tfplan": inner, "tfrun": {}}).to_string().into_bytes(),
        json!({"input": {"tfplan": inner}}).to_string().into_bytes(),
        json!({"spacelift": {"run": {}}, "terraform": inner})
            .to_string()
            .into_bytes(),
        json!({"mock": {"case": {"tfplan": inner}}}).to_string().into_bytes(),
        format!("\u{feff}{direct}").into_bytes(),
        utf16(u16::to_le_bytes, "\u{feff}"),
        utf16(u16::to_be_bytes, "\u{feff}"),
        utf16(u16::to_le_bytes, ""),
        utf16(u16::to_be_bytes, ""),
        format!("[command]/usr/bin/terraform show -json tfplan\n{direct}\n::debug::done\n").into_bytes(),
        format!("time=2026-11-23T09:00:00Z level=info msg=\"running\"\n{direct}\n").into_bytes(),
        format!("\u{1b}[0m\u{1b}[1m{direct}\u{1b}[0m\n").into_bytes(),
        format!("09:00:00.000 STDOUT terraform: {direct}\n").into_bytes(),
        serde_json::to_string_pretty(&inner)
            .unwrap()
            .replace('\n', "\r\n")
            .into_bytes(),
    ];
    for input in inputs {
        let plan = text(&input).unwrap_or_else(|error| panic!("{error} in {}", String::from_utf8_lossy(&input)));
        assert_eq!(plan.resources[0].action, Action::Delete);
    }
}

#[test]
fn trap_28_what_is_no_plan_is_named_with_the_command_to_use() {
    for (input, code) in [
        (&b""[..], "plan.empty"),
        (b"PK\x03\x04\x14\x00\x08\x00", "plan.binary"),
        (b"\x1f\x8b\x08\x00", "plan.compressed"),
        (b"{\"a\": \"\xff\"}", "plan.encoding"),
        (
            b"Terraform will perform the following actions:\n\n  # aws_vpc.x will be created\n",
            "plan.text",
        ),
        (
            b"No changes. Your infrastructure matches the configuration.\n",
            "plan.text",
        ),
        (b"resource \"aws_vpc\" \"x\" {\n}\n", "plan.hcl"),
        (b"{\"format_version\": \"1.0\"}", "plan.state"),
        (b"{\"format_version\": \"1.0\", \"values\": {}}", "plan.state"),
        (b"{\"version\": 4, \"lineage\": \"x\", \"resources\": []}", "plan.state"),
        (
            b"{\"@level\": \"info\", \"type\": \"version\"}\n{\"@level\": \"info\"}\n",
            "plan.json_lines",
        ),
        (
            b"{\"format_version\": \"1.0\", \"provider_schemas\": {}}",
            "plan.schemas",
        ),
        (b"[{\"address\": \"aws_vpc.x\"}]", "plan.array"),
        (b"{\"name\": \"x\"}", "plan.not_a_plan"),
        (b"hello", "plan.not_json"),
        (b"{\"resource_changes\": [", "json.syntax"),
        (
            b"{\"resource_changes\": []}\n{\"resource_changes\": []}\n",
            "plan.several",
        ),
        (
            b"{\"plan\": {\"resource_changes\": []}, \"tfplan\": {\"resource_changes\": []}}",
            "plan.ambiguous",
        ),
        (
            b"{\"format_version\": \"2.0\", \"resource_changes\": []}",
            "plan.format_version",
        ),
        (
            b"{\"format_version\": \"10.0\", \"resource_changes\": []}",
            "plan.format_version",
        ),
        (
            b"{\"format_version\": \"latest\", \"resource_changes\": []}",
            "plan.format_version",
        ),
        (b"{\"resource_changes\": {}}", "plan.shape"),
        (b"{\"resource_changes\": [{\"address\": \"hunter2\"}]}", "plan.shape"),
    ] {
        let error = text(input).unwrap_err();
        assert_eq!(error.code(), code, "{}", String::from_utf8_lossy(input));
        assert!(error.help().is_some(), "{code}");
        assert!(!format!("{error:?}").contains("hunter2"), "{code}");
    }
}

#[test]
fn trap_29_a_member_that_contradicts_itself_is_refused() {
    let error = text(b"{\"resource_changes\": [1],\n \"resource_changes\": []}").unwrap_err();
    assert_eq!(error.code(), "json.duplicate_key");
    assert_eq!(error.location().unwrap().to_string(), "plan:2:2");
}

#[test]
fn trap_31_attributes_that_a_state_does_not_have_are_not_demanded() {
    let change = json!({"actions": ["no-op"], "before": {"tags": {"a": "b"}, "x": null}, "after": {"tags": {"a": "b"}, "x": null}, "after_unknown": {}});
    let plan = plan(&[entry("aws_vpc", "aws", change)]);
    assert_eq!(pairs(&plan.resources[0].tags), [("a", "b")]);
    assert!(!plan.resources[0].tags.all_unknown);
}

#[test]
fn trap_32_ephemeral_resources_and_write_only_values_are_null() {
    let ephemeral = json!({"address": "ephemeral.random_password.x", "mode": "ephemeral", "type": "random_password", "name": "x",
        "provider_name": "registry.opentofu.org/hashicorp/random", "change": {"actions": ["open"], "before": null}});
    let plan = read(&json!({"format_version": "1.2", "resource_changes": [ephemeral]}));
    let resource = &plan.resources[0];
    assert_eq!((resource.mode, plan.tool), (ResourceMode::Ephemeral, Tool::Opentofu));
    assert!(resource.before.is_null() && resource.after.is_null());
    assert_eq!(resource.tags.supported, Tri::No);
    let change = json!({"actions": ["create"], "after": {"secret_wo": null}, "after_sensitive": {"secret_wo": true}});
    let written = read(&json!({"format_version": "1.2", "resource_changes": [entry("aws_vpc", "aws", change)]}));
    assert!(written.resources[0].after.member("secret_wo").unwrap().is_null());
}

#[test]
fn trap_33_the_order_of_a_set_decides_no_tag() {
    let read = |tags_list: Value| {
        tags(
            "datadog_monitor",
            "datadog",
            json!({"tags": tags_list, "x": null}),
            json!({}),
        )
        .values
    };
    assert_eq!(read(json!(["team:a", "team:b"])), read(json!(["team:b", "team:a"])));
}

#[test]
fn trap_34_text_inside_text_stays_text_and_may_be_unknown_as_a_whole() {
    let resource = created(
        "aws_iam_policy",
        "aws",
        json!({"policy": "{\"Version\": \"2012-10-17\"}", "x": null}),
        json!({}),
    );
    assert_eq!(
        resource.after.member("policy").unwrap().as_str(),
        Some("{\"Version\": \"2012-10-17\"}")
    );
    let resource = created("aws_iam_policy", "aws", json!({"x": null}), json!({"policy": true}));
    assert_eq!(paths(&resource.unknown), ["policy"]);
}

#[test]
fn trap_35_the_timestamp_is_the_plans() {
    let at = |time: &str| read(&json!({"format_version": "1.2", "resource_changes": [], "timestamp": time}));
    assert_eq!(
        at("2026-11-23T10:00:00+01:00").timestamp.as_deref(),
        Some("2026-11-23T09:00:00Z")
    );
    let unread = at("yesterday");
    assert_eq!(unread.timestamp, None);
    assert!(doubts(&unread).contains(&"unread_member"));
}

#[test]
fn format_versions_are_numbers() {
    let version = |version: Value| read(&json!({"format_version": version, "complete": true, "resource_changes": []}));
    for accepted in ["0.1", "0.2", "1.0", "1.2", "1.10", "1.999"] {
        assert_eq!(version(json!(accepted)).format_version.as_deref(), Some(accepted));
    }
    assert_eq!(doubts(&version(Value::Null)), ["format_version_missing"]);
}

#[test]
fn the_tool_is_told_by_what_it_writes() {
    let tool = |host: &str, extra: Value| {
        let mut plan = json!({"format_version": "1.2", "terraform_version": "1.11.0", "resource_changes": [
            {"address": "a_b.c", "provider_name": format!("{host}/hashicorp/a"), "change": {"actions": ["create"]}}]});
        plan.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        read(&plan).tool
    };
    assert_eq!(tool("registry.opentofu.org", json!({})), Tool::Opentofu);
    assert_eq!(
        tool("registry.terraform.io", json!({"applyable": true, "complete": true})),
        Tool::Terraform
    );
    // Providers can be pinned to the other registry. What only Terraform writes decides.
    assert_eq!(
        tool("registry.opentofu.org", json!({"applyable": true, "complete": true})),
        Tool::Terraform
    );
    assert_eq!(tool("registry.terraform.io", json!({})), Tool::Unknown);
    assert_eq!(
        tool("registry.terraform.io", json!({"format_version": "1.1"})),
        Tool::Terraform
    );
    assert_eq!(
        tool("registry.terraform.io", json!({"terraform_version": "1.5.7"})),
        Tool::Terraform
    );
}

#[test]
fn deferred_changes_are_beside_the_changes() {
    let deferred = json!({"address": "module.a[*].aws_vpc.x[*]", "module_address": "module.a[*]", "type": "aws_vpc", "name": "x", "index_unknown": true,
        "change": {"actions": ["create"], "after": {"x": null}, "after_unknown": {"tags": true}, "importing": {"unknown": true}}});
    let plan = read(
        &json!({"format_version": "1.2", "complete": false, "resource_changes": [],
        "deferred_changes": [{"reason": "instance_count_unknown", "resource_change": deferred}]}),
    );
    assert_eq!(doubts(&plan), ["deferred", "incomplete"]);
    let deferred = &plan.deferred[0];
    assert_eq!(
        (deferred.reason.as_str(), &deferred.resource.key),
        ("instance_count_unknown", &None)
    );
    assert_eq!(deferred.resource.module_path, ["a"]);
    assert!(deferred.resource.importing.as_ref().unwrap().unknown);
}

#[test]
fn actions_without_resources_are_doubted() {
    let plan = read(
        &json!({"format_version": "1.2", "complete": true, "action_invocations": [
        {"address": "action.a_b.c", "type": "a_b", "name": "c", "provider_name": "registry.terraform.io/x/a", "invoke_action_trigger": {}}]}),
    );
    assert_eq!(doubts(&plan), ["actions_only", "no_resource_changes"]);
    assert_eq!(plan.actions[0].provider.kind, "a");
}

#[test]
fn planned_values_are_a_last_resort() {
    let resource = json!({"address": "aws_vpc.x", "mode": "managed", "type": "aws_vpc", "name": "x", "provider_name": AWS,
        "values": {"cidr": "10.0.0.0/8", "ipam": null, "secret": "hunter2-hunter2"}, "sensitive_values": {"secret": true}});
    let planned = json!({"root_module": {"resources": [resource]}});
    let input =
        refused_or_read(&json!({"format_version": "1.2", "complete": true, "planned_values": planned})).unwrap();
    assert!(!input.to_json().contains("hunter2"));
    let plan = input.plan.unwrap();
    assert_eq!(
        (plan.resources[0].action, doubts(&plan)),
        (Action::Unknown, vec!["values_only"])
    );
    // What equals the state before, or is listed as no change, is no change.
    let state = json!({"values": planned});
    let idle =
        read(&json!({"format_version": "1.2", "complete": true, "planned_values": planned, "prior_state": state}));
    assert_eq!((idle.resources.len(), doubts(&idle)), (0, vec!["no_resource_changes"]));
    let listed =
        read(&json!({"format_version": "1.2", "complete": true, "planned_values": planned, "resource_changes": []}));
    assert_eq!((listed.resources.len(), doubts(&listed)), (0, vec![]));
    let outputs = read(
        &json!({"format_version": "1.2", "complete": true, "output_changes": {"a": {"actions": ["create"], "after": 1, "after_sensitive": false}}}),
    );
    assert_eq!(doubts(&outputs), ["no_resource_changes"]);
}

#[test]
fn checks_keep_what_their_authors_say() {
    let plan = read(&json!({"format_version": "1.2", "resource_changes": [], "checks": [
        {"address": {"kind": "resource", "to_display": "aws_vpc.x"}, "status": "unknown"},
        {"address": {"kind": "check", "to_display": "check.health"}, "status": "fail",
         "instances": [{"status": "fail", "problems": [{"message": "not healthy"}]}]}]}));
    assert_eq!(plan.checks[1].problems, ["not healthy"]);
    assert_eq!(plan.checks[0].kind, "resource");
    assert!(plan.checks[0].problems.is_empty());
}

#[test]
fn members_that_nobody_knows_are_doubted() {
    let plan = read(
        &json!({"format_version": "1.2", "complete": true, "resource_changes": [], "quantum_changes": [], "relevant_attributes": []}),
    );
    assert_eq!(
        plan.doubts[0].message,
        "the plan has a top-level member that is not known: `quantum_changes`"
    );
}
