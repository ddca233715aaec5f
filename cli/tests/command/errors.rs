//! Every form of error: place, line with a caret, help, exit code; and nothing on standard output.

use crate::sandbox::{Ended, INSTANCES, Sandbox, plan};
use insta::assert_snapshot;

const OWN: &str = "--no-bundled --policies policies";

/// What standard error says, after checking the exit code and that nothing was printed.
fn errors(sandbox: &Sandbox, code: i32, arguments: &str) -> String {
    let ended = sandbox.run(arguments);
    assert_eq!((ended.code, ended.out.as_str()), (code, ""), "{ended}");
    ended.errors
}

#[test]
fn files_that_are_not_there() {
    let sandbox = Sandbox::with_plans();
    assert_snapshot!(errors(
        &sandbox,
        3,
        &format!("check smal.json {OWN} --actor nobody.json --stack stack/x.json")
    ));
    assert_snapshot!(
        "policies_not_there",
        errors(&sandbox, 3, "check small.json --policies policy")
    );
    assert_snapshot!(
        "config_not_there",
        errors(&sandbox, 3, "check small.json --config plan.toml")
    );
}

#[test]
fn folders_where_files_are_expected() {
    let sandbox = Sandbox::with_plans()
        .file("empty/README", "")
        .file("tests/a_test.rego", "package a");
    assert_snapshot!(errors(&sandbox, 3, &format!("check policies {OWN} --config policies")));
    assert_snapshot!(
        "output_folder",
        sandbox
            .run(&format!("check small.json {OWN} --output json=policies"))
            .errors
    );
    assert_snapshot!(
        "no_policies",
        errors(&sandbox, 3, "check small.json --policies empty tests")
    );
}

#[cfg(unix)]
#[test]
fn files_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with_plans();
    let path = sandbox.path("small.json");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    assert_snapshot!(errors(&sandbox, 3, &format!("check small.json {OWN}")));
}

#[test]
fn standard_input_is_read_once() {
    let sandbox = Sandbox::with_plans();
    let twice = sandbox.run_with(&format!("check - {OWN} --change -"), "{}");
    assert_eq!((twice.code, twice.out.as_str()), (2, ""), "{twice}");
    assert_snapshot!(twice.errors);
    let empty = sandbox.run_with(&format!("check - {OWN}"), "");
    assert_eq!((empty.code, empty.out.as_str()), (3, ""), "{empty}");
    assert_snapshot!("standard_input_empty", empty.errors);
}

#[test]
fn outputs_that_make_no_sense() {
    let sandbox = Sandbox::with_plans();
    for (name, output) in [
        ("output_unknown_format", "markdwn=x.md"),
        ("output_without_file", "json"),
        ("output_to_standard_output", "json=-"),
        ("output_twice", "json=x text=x"),
        ("output_over_plan", "json=small.json"),
    ] {
        assert_snapshot!(
            name,
            errors(&sandbox, 2, &format!("check small.json {OWN} --output {output}"))
        );
    }
    let ended = sandbox.run(&format!("check small.json {OWN} --output json=new/report.json"));
    assert_eq!(ended.code, 3);
    assert!(ended.out.starts_with("ALLOWED"), "{ended}");
    assert_snapshot!("output_into_no_folder", ended.errors);
}

#[test]
fn arguments_that_make_no_sense() {
    let sandbox = Sandbox::with_plans();
    for (name, arguments) in [
        ("usage_no_plan", "check"),
        ("usage_option", "check small.json --polices x"),
        ("usage_format", "check small.json --format jsn"),
        ("usage_team", "check small.json --team security"),
        ("usage_provider", "check small.json --provider githb"),
        (
            "usage_policy_file",
            "check --no-bundled small.json --policies policies small.json",
        ),
        ("usage_no_policies", "check small.json --no-bundled"),
        ("usage_access", "access --actor a.json --stack s.json"),
        ("usage_policy", "policies show required_tag"),
        ("usage_command", "chekc"),
    ] {
        assert_snapshot!(name, errors(&sandbox, 2, arguments));
    }
}

#[test]
fn plans_that_are_none() {
    let sandbox = Sandbox::with_plans()
        .file("cut.json", "{\n\t\"größe\": tru")
        .file("version.json", r#"{"format_version": "2.0", "resource_changes": []}"#)
        .file("list.json", "[]");
    for name in ["cut", "version", "list"] {
        assert_snapshot!(
            format!("plan_{name}"),
            errors(&sandbox, 3, &format!("check {name}.json {OWN}"))
        );
    }
}

#[test]
fn a_plan_that_does_not_parse_shows_none_of_its_lines() {
    let sandbox = Sandbox::with_plans().file("cut.json", "{\"password\": \"hunter2\", \"x\": hunter2}");
    let errors = errors(&sandbox, 3, &format!("check cut.json {OWN}"));
    assert!(errors.contains("cut.json:1:"), "{errors}");
    assert!(!errors.contains("hunter"), "{errors}");
}

#[test]
fn documents_that_are_wrong_are_told_once_for_all_plans() {
    let sandbox = Sandbox::with_plans()
        .file("actor.json", r#"{"login": "ada", "team": ["x"]}"#)
        .file("change.json", r#"{"object_kind": "merge_request"}"#);
    assert_snapshot!(errors(
        &sandbox,
        3,
        &format!("check small.json large.json {OWN} --actor actor.json")
    ));
    assert_snapshot!(
        "change_of_nobody",
        errors(&sandbox, 3, &format!("check small.json {OWN} --change change.json"))
    );
    assert_snapshot!(
        "time_of_nobody",
        errors(&sandbox, 3, &format!("check small.json {OWN} --time yesterday"))
    );
}

#[test]
fn configurations_that_are_wrong() {
    let sandbox = Sandbox::with_plans();
    for (name, text) in [
        ("syntax", "[decision]\nundetermined = \n"),
        ("word", "[decision]\n\tundetermined = \"perhaps\"\n"),
        (
            "policy",
            "# größe\n[policies.plan.instance]\nenforcement = \"advisory\"\n",
        ),
    ] {
        let sandbox = Sandbox::with_plans().file("plangate.toml", text);
        assert_snapshot!(
            format!("config_{name}"),
            errors(&sandbox, 3, &format!("check small.json {OWN}"))
        );
    }
    std::fs::write(sandbox.path("plangate.toml"), b"\xff\xfe").unwrap();
    assert_snapshot!(
        "config_encoding",
        errors(&sandbox, 3, &format!("check small.json {OWN}"))
    );
}

#[test]
fn policies_that_are_broken_are_all_told() {
    let sandbox = Sandbox::with_plans()
        .file(
            "policies/tab.rego",
            "package plangate.plan.tab\n\ndeny contains \"x\" if {\n\tx := \"größe\" +\n}\n",
        )
        .file(
            "policies/package.rego",
            "package plangate.plans.other\n\ndeny contains \"x\"\n",
        )
        .file("policies/twice.rego", INSTANCES);
    assert_snapshot!(errors(&sandbox, 3, &format!("check small.json {OWN}")));
}

#[test]
fn everything_that_is_wrong_is_told_in_one_go() {
    let sandbox = Sandbox::with_plans()
        .file("plangate.toml", "[decisions]\n")
        .file("policies/broken.rego", "package plangate.plan.broken\n")
        .file("stack.json", "{}");
    let errors = errors(&sandbox, 3, &format!("check none.json {OWN} --stack stack.json"));
    for place in ["none.json", "stack.json", "plangate.toml:1:2", "policies/broken.rego"] {
        assert!(errors.contains(place), "{place}\n{errors}");
    }
}

#[test]
fn errors_have_colours_for_those_who_ask() {
    let sandbox = Sandbox::with_plans().file("plangate.toml", "[decisions]\n");
    let mut command = sandbox.command(&format!("check small.json {OWN}"));
    let errors = Ended::of(command.env("CLICOLOR_FORCE", "1")).errors;
    assert_snapshot!(errors.replace('\u{1b}', "ESC"));
}

#[test]
fn names_of_members_move_no_cursor() {
    let sandbox = Sandbox::new()
        .file("policies/instances.rego", INSTANCES)
        .file("small.json", &plan("t3.micro"))
        .file("actor.json", r#"{"login": "ada", "\u001b[2J\u202e": 1}"#);
    let errors = errors(&sandbox, 3, &format!("check small.json {OWN} --actor actor.json"));
    assert!(!errors.contains('\u{1b}') && !errors.contains('\u{202e}'), "{errors:?}");
}
