//! Traps 13 to 27: what happens to resources, and what is known of it.

use super::*;

#[test]
fn trap_13_both_replacements_destroy() {
    for (actions, order) in [
        (json!(["delete", "create"]), ReplaceOrder::DeleteFirst),
        (json!(["create", "delete"]), ReplaceOrder::CreateFirst),
    ] {
        let change =
            json!({"actions": actions, "before": {}, "after": {}, "replace_paths": [["ami"], ["list", 1, "id"]]});
        let plan = plan(&[entry("aws_instance", "aws", change)]);
        let resource = &plan.resources[0];
        assert_eq!(
            (resource.action, resource.replace_order, resource.destroys),
            (Action::Replace, Some(order), true)
        );
        assert_eq!(paths(&resource.replace_paths), ["ami", "list[1].id"]);
    }
}

#[test]
fn trap_14_what_does_not_change_is_there_and_says_so() {
    let change = |extra: Value| {
        let mut change = json!({"actions": ["no-op"], "before": {"x": null}, "after": {"x": null}});
        change
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        change
    };
    let mut moved = entry("aws_vpc", "aws", change(json!({})));
    moved["previous_address"] = json!("aws_vpc.old");
    let imported = entry("aws_eip", "aws", change(json!({"importing": {"id": "eip-1"}})));
    let idle = entry("aws_iam_user", "aws", change(json!({})));
    let plan = plan(&[moved, imported, idle]);
    assert!(plan.resources.iter().all(|resource| resource.action == Action::NoOp));
    assert_eq!(
        plan.by_type["aws_eip"][0].importing.as_ref().unwrap().id.as_deref(),
        Some("eip-1")
    );
    assert_eq!(
        plan.by_type["aws_vpc"][0].previous_address.as_deref(),
        Some("aws_vpc.old")
    );
    assert!(plan.by_type["aws_iam_user"][0].importing.is_none());
}

#[test]
fn trap_15_removed_tags_show_in_what_was_before() {
    let change = json!({
        "actions": ["update"], "after_unknown": {},
        "before": {"tags": {"owner": "a"}, "tags_all": {"owner": "a"}}, "after": {"tags": null, "tags_all": {}},
    });
    let plan = plan(&[entry("aws_vpc", "aws", change)]);
    let tags = &plan.resources[0].tags;
    assert_eq!(tags.previous["owner"], "a");
    assert_eq!((pairs(tags), tags.all_unknown), (vec![], false));
}

#[test]
fn trap_16_what_is_deleted_has_the_tags_that_it_had() {
    for action in ["delete", "forget"] {
        let change = json!({"actions": [action], "before": {"tags": {"owner": "a"}, "tags_all": {"owner": "a"}}, "after": null, "after_unknown": {}});
        let plan = plan(&[entry("aws_vpc", "aws", change)]);
        let resource = &plan.resources[0];
        assert!(resource.after.is_null());
        assert_eq!(
            (resource.tags.supported, pairs(&resource.tags)),
            (Tri::Yes, vec![("owner", "a")])
        );
        assert_eq!(resource.tags.previous, resource.tags.values);
    }
}

#[test]
fn trap_17_resources_of_modules_are_in_the_one_list() {
    let address = "module.a[0].module.b[\"x\"].aws_vpc.main";
    let plan = plan(&[json!({"address": address, "change": {"actions": ["create"], "after": {}}})]);
    let resource = &plan.resources[0];
    assert_eq!(
        (resource.module.as_str(), resource.kind.as_str()),
        ("module.a[0].module.b[\"x\"]", "aws_vpc")
    );
    assert_eq!(resource.module_path, ["a", "b"]);
    assert_eq!(plan.by_type["aws_vpc"].len(), 1);
    assert!(doubts(&plan).iter().all(|code| !code.starts_with("address")));
}

#[test]
fn trap_18_addresses_have_quoted_keys() {
    for key in [
        "example.com",
        "a/b",
        "a]b[c",
        "say \"hi\"",
        "back\\slash",
        "${x}",
        "module.x",
    ] {
        let quoted = key.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${");
        let plan = plan(&[json!({
            "address": format!("aws_route53_zone.x[\"{quoted}\"]"), "type": "aws_route53_zone", "name": "x", "index": key,
            "change": {"actions": ["no-op"]},
        })]);
        assert_eq!(plan.resources[0].key, Some(Key::String(key.to_owned())));
        assert!(!doubts(&plan).contains(&"address_mismatch"), "{key}");
    }
}

#[test]
fn trap_18_an_address_that_lies_is_doubted() {
    let honest = json!({"address": "aws_vpc.x[0]", "type": "aws_vpc", "name": "x", "index": 0, "change": {"actions": ["delete"]}});
    for (member, lie) in [
        ("type", json!("aws_eip")),
        ("name", json!("y")),
        ("index", json!("0")),
        ("mode", json!("data")),
        ("module_address", json!("module.a")),
        ("address", json!("nonsense")),
    ] {
        let mut entry = honest.clone();
        entry[member] = lie;
        let plan = plan(&[entry]);
        assert!(doubts(&plan).contains(&"address_mismatch"), "{member}");
        assert_eq!(plan.resources[0].mode, ResourceMode::Managed, "{member}");
    }
}

#[test]
fn trap_19_keys_have_types() {
    let entry = |index: Value| json!({"address": format!("aws_vpc.x[{index}]"), "type": "aws_vpc", "name": "x", "index": index, "change": {"actions": ["no-op"]}});
    let plan = plan(&[entry(json!(0)), entry(json!("0"))]);
    let keys: Vec<_> = plan
        .resources
        .iter()
        .map(|resource| resource.key.clone().unwrap())
        .collect();
    assert_eq!(keys, [Key::String("0".to_owned()), Key::Number(0)]);
    assert!(!doubts(&plan).contains(&"address_repeated"));
}

#[test]
fn trap_20_numbers_keep_their_digits() {
    let plan = br#"{"format_version": "1.2", "resource_changes": [{"address": "a_b.c", "change": {
        "actions": ["update"], "before": {"id": 8071748603418320040, "n": 1.0}, "after": {"id": 8071748603418320041, "n": 1}}}]}"#;
    let input = Input::from_terraform(plan).unwrap();
    assert!(input.to_json().contains("8071748603418320040"));
    assert!(input.to_json().contains("8071748603418320041"));
    let resource = Arc::clone(&input.plan.unwrap().resources[0]);
    assert_ne!(resource.before.member("id"), resource.after.member("id"));
    assert_eq!(resource.before.member("n"), resource.after.member("n"));
}

#[test]
fn trap_20_members_with_the_names_of_internals_are_members() {
    for name in ["$serde_json::private::Number", "$serde_json::private::RawValue"] {
        let change = json!({"actions": ["create"], "after": {name: "1}, {", "deep": {name: "8"}}});
        let mut entry = entry("aws_vpc", "aws", change);
        entry["change"]["after_unknown"] = json!({"list": [{name: true}]});
        let document = json!({"format_version": "1.2", "resource_changes": [entry]});
        let input = refused_or_read(&document).unwrap();
        // `serde_json` itself would take such a member for a number or for JSON: another reason not to read with it.
        let read = plangate::json::Value::from_json("document", input.to_json().as_bytes()).unwrap();
        let member = |path: &[&str]| path.iter().try_fold(&read, |value, name| value.member(name)).unwrap();
        let resource = member(&["plan", "resources"]).element(0).unwrap();
        let after = resource.member("after").unwrap();
        assert_eq!(after.member(name).unwrap().as_str(), Some("1}, {"));
        assert_eq!(after.member("deep").unwrap().member(name).unwrap().as_str(), Some("8"));
        assert_eq!(
            input.plan.unwrap().resources[0].unknown[0].to_string(),
            format!("list[0][{name:?}]")
        );
    }
}

#[test]
fn trap_21_depth_has_a_limit_and_paths_too() {
    let deep = format!(
        "{{\"format_version\": \"1.2\", \"resource_changes\": {}",
        "[".repeat(100_000)
    );
    assert_eq!(text(deep.as_bytes()).unwrap_err().code(), "json.depth");
    let marks = format!(
        "{}{}{}",
        "[".repeat(490),
        vec!["true"; 20_000].join(","),
        "]".repeat(490)
    );
    let wide = format!(
        "{{\"format_version\": \"1.2\", \"resource_changes\": [{{\"address\": \"a_b.c\", \"change\": {{\"actions\": [\"create\"], \"after\": {{}}, \"after_unknown\": {marks}}}}}]}}"
    );
    assert_eq!(text(wide.as_bytes()).unwrap_err().code(), "plan.paths");
}

#[test]
fn trap_22_sensitive_values_become_handles_everywhere() {
    let secret = "correct horse battery";
    let change = json!({
        "actions": ["update"],
        "before": {"password": secret, "keys": {"inner-key-name": secret}, "empty": null},
        "after": {"password": secret, "keys": {"inner-key-name": "x"}, "empty": null},
        "before_sensitive": {"password": true, "empty": true},
        "after_sensitive": {"keys": true, "gone": true},
        "after_unknown": {"keys": {"other-key-name": true}},
        "replace_paths": [["keys", "inner-key-name"]],
        "importing": {"id": "(sensitive #1)"},
    });
    let drift =
        json!({"actions": ["update"], "before": {"p": secret}, "after": {"p": secret}, "after_sensitive": {"p": true}});
    let deferred = json!({"actions": ["create"], "after": {"p": secret}, "after_sensitive": {"p": true}});
    let input = refused_or_read(&json!({
        "format_version": "1.2",
        "resource_changes": [entry("aws_vpc", "aws", change)],
        "resource_drift": [entry("aws_vpc", "aws", drift)],
        "deferred_changes": [{"reason": "unknown", "resource_change": entry("aws_vpc", "aws", deferred)}],
        "action_invocations": [{"address": "action.a.b", "config_values": {"p": secret}, "config_sensitive": {"p": true}}],
        "output_changes": {
            "marked": {"actions": ["create"], "after": secret, "after_sensitive": true},
            "declared": {"actions": ["create"], "after": secret},
            "nobody_says": {"actions": ["create"], "after": secret},
        },
        "variables": {"declared": {"value": secret}, "nobody_says": {"value": secret}, "plain": {"value": "plain"}},
        "configuration": {"root_module": {
            "variables": {"declared": {"sensitive": true}, "plain": {}},
            "outputs": {"declared": {"sensitive": true}},
        }},
    }))
    .unwrap();
    let document = input.to_json();
    for hidden in [secret, "inner-key-name", "other-key-name"] {
        assert!(!document.contains(hidden), "{hidden}");
    }
    let plan = input.plan.unwrap();
    let resource = &plan.resources[0];
    assert_eq!(resource.before.member("password"), resource.after.member("password"));
    assert!(resource.after.member("empty").unwrap().is_null());
    assert_eq!(paths(&resource.sensitive), ["empty", "gone", "keys", "password"]);
    assert_eq!(paths(&resource.unknown), ["keys"]);
    assert_eq!(paths(&resource.replace_paths), ["keys"]);
    // The import's id only looked like the first handle.
    assert_ne!(
        resource.importing.as_ref().unwrap().id.as_deref(),
        Some("(sensitive #1)")
    );
    assert_eq!(plan.variables["plain"].value.as_str(), Some("plain"));
    assert_eq!(
        (
            plan.variables["declared"].sensitive,
            plan.variables["nobody_says"].sensitive
        ),
        (Tri::Yes, Tri::CannotTell)
    );
    assert_eq!(plan.outputs["nobody_says"].sensitive, Tri::CannotTell);
    assert_eq!(plan.variables["declared"].value, plan.outputs["marked"].after);
}

#[test]
fn trap_22_sensitive_tags_are_handles_or_unknown() {
    let tags = |sensitive: Value| {
        let change = json!({"actions": ["create"], "after_sensitive": sensitive, "after_unknown": {},
            "after": {"x": null, "tags": {"owner": "hunter2-hunter2"}, "tags_all": {"owner": "hunter2-hunter2"}}});
        plan(&[entry("aws_vpc", "aws", change)]).resources[0].tags.clone()
    };
    let one = tags(json!({"tags": {"owner": true}, "tags_all": {"owner": true}}));
    assert_eq!(
        (pairs(&one), one.all_unknown),
        (vec![("owner", "(sensitive #1)")], false)
    );
    let whole = tags(json!({"tags": true, "tags_all": true}));
    assert_eq!((pairs(&whole), whole.all_unknown), (vec![], true));
    assert!(tags(json!(true)).all_unknown);
}

#[test]
fn trap_22_plans_without_marks_are_doubted() {
    let plan = read(&json!({
        "format_version": "0.1",
        "resource_changes": [entry("aws_vpc", "aws", json!({"actions": ["create"], "after": {"x": null}, "after_unknown": {}}))],
    }));
    assert_eq!(doubts(&plan), ["sensitivity_unknown"]);
}

#[test]
fn trap_23_drift_is_apart_from_changes() {
    let drift = |action: &str| {
        entry(
            "aws_vpc",
            "aws",
            json!({"actions": [action], "before": {"x": null}, "after": {"x": null}}),
        )
    };
    let refresh_only = read(
        &json!({"format_version": "1.2", "complete": true, "applyable": true, "resource_drift": [drift("update")]}),
    );
    assert_eq!(
        (
            refresh_only.mode,
            refresh_only.resources.len(),
            refresh_only.drift.len()
        ),
        (Mode::RefreshOnly, 0, 1)
    );
    assert_eq!(doubts(&refresh_only), ["no_resource_changes", "refresh_only"]);
    let recreated = read(&json!({
        "format_version": "1.2", "complete": true, "applyable": true,
        "resource_drift": [drift("delete")], "resource_changes": [drift("create")],
    }));
    assert_eq!(recreated.mode, Mode::Normal);
}

#[test]
fn trap_24_destruction_is_inferred() {
    let deleted = entry(
        "aws_vpc",
        "aws",
        json!({"actions": ["delete"], "before": {}, "after": null}),
    );
    assert_eq!(plan(std::slice::from_ref(&deleted)).mode, Mode::Destroy);
    let mut removed = deleted.clone();
    removed["action_reason"] = json!("delete_because_no_resource_config");
    assert_eq!(plan(&[removed]).mode, Mode::Normal);
    let kept = json!({"address": "aws_eip.x", "change": {"actions": ["no-op"], "before": {}, "after": {}}});
    assert_eq!(plan(&[deleted, kept]).mode, Mode::Normal);
    assert_eq!(plan(&[]).mode, Mode::Normal);
}

#[test]
fn trap_25_partial_plans_are_doubted() {
    let plan = read(&json!({"format_version": "1.2", "complete": false, "applyable": true, "resource_changes": []}));
    assert_eq!((plan.complete, doubts(&plan)), (Some(false), vec!["incomplete"]));
    let plan = read(&json!({"format_version": "1.2", "complete": false, "errored": true}));
    assert_eq!(doubts(&plan), ["errored", "incomplete", "no_resource_changes"]);
}

#[test]
fn trap_26_null_absent_unknown_and_empty_are_four_things() {
    let resource = created(
        "aws_vpc",
        "aws",
        json!({"null": null, "empty": {}, "list": [null, null]}),
        json!({"unknown": true, "list": [false, true], "empty": {}}),
    );
    assert!(resource.after.member("null").unwrap().is_null());
    assert!(resource.after.member("absent").is_none());
    assert!(resource.after.member("unknown").is_none());
    assert_eq!(paths(&resource.unknown), ["list[1]", "unknown"]);
    assert!(resource.after.member("empty").unwrap().as_object().unwrap().is_empty());
}

#[test]
fn trap_26_marks_of_any_shape_are_read() {
    let unknown = |marks: Value| paths(&created("aws_vpc", "aws", json!({"a": [1]}), marks).unknown);
    assert_eq!(unknown(json!({"a": [false, true, {"b": true}]})), ["a[1]", "a[2].b"]);
    assert_eq!(unknown(json!({"a": true})), ["a"]);
    assert_eq!(unknown(json!(true)), [""]);
    for nothing in [json!(null), json!(false), json!({}), json!([]), json!({"a": null})] {
        assert_eq!(unknown(nothing), [""; 0]);
    }
}

#[test]
fn trap_27_deposed_objects_share_an_address() {
    let mut deposed = entry(
        "aws_vpc",
        "aws",
        json!({"actions": ["delete"], "before": {}, "after": null}),
    );
    deposed["deposed"] = json!("a1b2c3d4");
    let current = entry(
        "aws_vpc",
        "aws",
        json!({"actions": ["no-op"], "before": {}, "after": {}}),
    );
    let once = plan(&[deposed.clone(), current.clone()]);
    assert_eq!(once.resources.len(), 2);
    assert_eq!(
        (&once.resources[0].deposed, once.resources[1].deposed.as_deref()),
        (&None, Some("a1b2c3d4"))
    );
    assert!(!doubts(&once).contains(&"address_repeated"));
    assert!(doubts(&plan(&[current.clone(), current])).contains(&"address_repeated"));
}
