//! `plangate check`, `access` and `input`: decisions, exit codes, formats, outputs, standard input.

use crate::sandbox::{ACCESS, APPROVAL, Ended, INSTANCES, Sandbox, plan};
use insta::assert_snapshot;

const OWN: &str = "--no-bundled --policies policies";

#[test]
fn allowed() {
    assert_snapshot!(Sandbox::with_plans().run(&format!("check small.json {OWN}")));
}

#[test]
fn denied() {
    assert_snapshot!(Sandbox::with_plans().run(&format!("check large.json {OWN}")));
}

#[test]
fn needs_review() {
    assert_snapshot!(Sandbox::with_plans().run(&format!("check unknown.json {OWN}")));
}

#[test]
fn approvals_are_matched() {
    let sandbox = Sandbox::with_plans()
        .file("policies/security.rego", APPROVAL)
        .file("members.json", r#"[{"id": 2, "login": "grace", "type": "User"}, {"id": 3, "login": "ada", "type": "User"}]"#)
        .file(
            "pull_request.json",
            r#"{"id": 1, "number": 7, "state": "open", "title": "Web", "user": {"id": 9, "login": "dennis", "type": "User"},
                "head": {"ref": "web", "sha": "c0ffee1", "repo": {"full_name": "acme/web"}},
                "base": {"ref": "main", "sha": "c0ffee0", "repo": {"full_name": "acme/web"}}}"#,
        );
    let reviews = |login: &str, id: u64| {
        format!(
            r#"[{{"id": 80, "user": {{"id": {id}, "login": "{login}", "type": "User"}}, "state": "APPROVED",
                "commit_id": "c0ffee1", "submitted_at": "2026-11-23T09:00:00Z"}}]"#
        )
    };
    let sandbox = sandbox
        .file("by_grace.json", &reviews("grace", 2))
        .file("by_author.json", &reviews("dennis", 9));
    let arguments = format!("check small.json {OWN} --team acme/security=members.json --change pull_request.json");
    let by_author = sandbox.run(&format!("{arguments} by_author.json"));
    assert_snapshot!(by_author);
    let by_grace = sandbox.run(&format!("{arguments} by_grace.json"));
    assert_eq!(by_grace.code, 0, "{by_grace}");
    let forced = sandbox.run(&format!("{arguments} by_grace.json --provider github"));
    assert_eq!(forced.out, by_grace.out);
}

#[test]
fn the_worst_of_several_plans_decides() {
    let sandbox = Sandbox::with_plans();
    assert_snapshot!(sandbox.run(&format!("check small.json unknown.json large.json {OWN}")));
    assert_eq!(sandbox.run(&format!("check small.json unknown.json {OWN}")).code, 4);
    assert_eq!(sandbox.run(&format!("check large.json unknown.json {OWN}")).code, 1);
    assert_eq!(sandbox.run(&format!("check small.json small.json {OWN}")).code, 0);
}

#[test]
fn several_plans_as_json_are_a_list() {
    let sandbox = Sandbox::with_plans();
    let both = sandbox.run(&format!("check small.json large.json {OWN} --format json"));
    let both: serde_json::Value = serde_json::from_str(&both.out).unwrap();
    let one = sandbox.run(&format!("check large.json {OWN} --format json"));
    let one: serde_json::Value = serde_json::from_str(&one.out).unwrap();
    assert_eq!(both[0]["plan"], "small.json");
    assert_eq!(both[0]["report"]["decision"], "allow");
    assert_eq!(both[1]["plan"], "large.json");
    assert_eq!(both[1]["report"], one);
    assert_eq!(one["decision"], "deny");
    assert_eq!(
        one["findings"][0]["id"],
        "plan.instances@aws_instance.web#/instance_type"
    );
}

#[test]
fn several_plans_as_markdown_begin_with_the_marker() {
    let both = Sandbox::with_plans().run(&format!("check small.json large.json {OWN} --format markdown"));
    assert!(
        both.out.starts_with("<!-- plangate:report -->\n# `small.json`\n"),
        "{both}"
    );
    assert!(both.out.contains("\n# `large.json`\n"), "{both}");
}

#[test]
fn one_unreadable_plan_means_no_decision_at_all() {
    let sandbox = Sandbox::with_plans().file("broken.json", "{");
    let ended = sandbox.run(&format!("check large.json broken.json {OWN} --output json=report.json"));
    assert_eq!((ended.code, ended.out.as_str()), (3, ""), "{ended}");
    assert!(!sandbox.path("report.json").exists());
}

#[test]
fn plans_come_on_standard_input() {
    let sandbox = Sandbox::with_plans();
    let piped = sandbox.run_with(&format!("check - {OWN}"), &plan("m5.24xlarge"));
    let read = sandbox.run(&format!("check large.json {OWN}"));
    assert_eq!((piped.code, piped.out), (1, read.out));
}

#[test]
fn outputs_are_written_beside_what_is_printed() {
    let sandbox = Sandbox::with_plans().file("report.json", "old");
    let arguments = format!("check large.json {OWN}");
    let ended = sandbox.run(&format!(
        "{arguments} --output json=report.json --output markdown=comment.md text=report.txt"
    ));
    assert_eq!(ended.code, 1, "{ended}");
    assert_eq!(sandbox.read("report.txt"), ended.out);
    assert_eq!(
        sandbox.read("report.json"),
        sandbox.run(&format!("{arguments} --format json")).out
    );
    assert_eq!(
        sandbox.read("comment.md"),
        sandbox.run(&format!("{arguments} --format markdown")).out
    );
    let left: Vec<_> = std::fs::read_dir(sandbox.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[cfg(unix)]
#[test]
fn outputs_follow_links_and_have_usual_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with_plans().file("usual", "").file("real.json", "old");
    std::os::unix::fs::symlink(sandbox.path("real.json"), sandbox.path("link.json")).unwrap();
    let ended = sandbox.run(&format!(
        "check large.json {OWN} --output json=link.json text=/dev/null markdown=new.md"
    ));
    assert_eq!(ended.code, 1, "{ended}");
    assert!(sandbox.read("real.json").starts_with('{'));
    assert!(sandbox.path("link.json").is_symlink());
    let mode = |name: &str| std::fs::metadata(sandbox.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("new.md"), mode("usual"));
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let sandbox = Sandbox::with_plans();
    let arguments = format!("check large.json {OWN}");
    let with = |variables: &[(&str, &str)]| {
        let mut command = sandbox.command(&arguments);
        command.envs(variables.iter().copied());
        Ended::of(&mut command).out.contains('\u{1b}')
    };
    assert!(!with(&[]));
    assert!(with(&[("CLICOLOR_FORCE", "1")]));
    assert!(!with(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "0")]));
    assert!(!with(&[("CLICOLOR", "1")]));
}

#[test]
fn the_configuration_is_found_named_and_left_out() {
    let disabled = "[decision]\nundetermined = \"deny\"\n";
    let sandbox = Sandbox::with_plans().file("other.toml", disabled);
    let arguments = format!("check unknown.json {OWN}");
    assert_eq!(sandbox.run(&arguments).code, 4);
    assert_eq!(sandbox.run(&format!("{arguments} --config other.toml")).code, 1);
    let sandbox = sandbox.file("plangate.toml", disabled);
    assert_eq!(sandbox.run(&arguments).code, 1);
}

#[test]
fn bundled_policies_are_asked_too() {
    let sandbox = Sandbox::with_plans();
    let ended = sandbox.run("check small.json --policies policies --format json");
    let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    let policies: Vec<_> = report["policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|policy| policy["policy"].as_str().unwrap())
        .collect();
    assert!(policies.contains(&"plan.instances"), "{policies:?}");
    assert!(policies.contains(&"tagging.required_tags"), "{policies:?}");
}

#[test]
fn tests_and_repeated_files_are_left_out() {
    let sandbox = Sandbox::with_plans()
        .file("policies/instances_test.rego", "package broken {")
        .file("policies/below/access.rego", ACCESS);
    let ended = sandbox.run(&format!("check small.json {OWN} policies/instances.rego --format json"));
    let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(report["counts"]["not_applicable"], 1);
    assert_eq!(report["policies"].as_array().unwrap().len(), 2);
}

#[test]
fn access_is_granted_or_not() {
    let sandbox = Sandbox::new()
        .file("policies/access.rego", ACCESS)
        .file("policies/other.rego", INSTANCES)
        .file("ada.json", r#"{"login": "ada", "teams": ["payments"]}"#)
        .file("bob.json", r#"{"login": "bob"}"#)
        .file("stack.json", r#"{"name": "ledger"}"#);
    let ask = |who: &str, action: &str| {
        sandbox.run(&format!(
            "access --actor {who}.json --stack stack.json --action {action} {OWN}"
        ))
    };
    assert_snapshot!("access_granted", ask("ada", "write"));
    assert_snapshot!("access_denied", ask("bob", "write"));
    assert_eq!(ask("bob", "read").code, 0);
    assert_eq!(ask("ada", "admin").code, 1);
}

#[test]
fn input_is_what_policies_read() {
    let sandbox = Sandbox::with_plans().file("ada.json", r#"{"login": "ada", "teams": ["payments"]}"#);
    let ended =
        sandbox.run("input large.json --actor ada.json --action write --reason why --time 2026-11-23T10:00:00+01:00");
    assert_eq!((ended.code, ended.errors.as_str()), (0, ""));
    let input: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(input["schema"], "plangate.input/v1");
    assert_eq!(
        input["plan"]["by_type"]["aws_instance"][0]["after"]["instance_type"],
        "m5.24xlarge"
    );
    assert_eq!(input["actor"]["login"], "ada");
    assert_eq!(
        input["request"],
        serde_json::json!({"action": "write", "reason": "why"})
    );
    assert_eq!(input["time"], "2026-11-23T09:00:00Z");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = Sandbox::with_plans();
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("plangate"))
        .current_dir(sandbox.path(""))
        .args(["check", "large.json", "--no-bundled", "--policies", "policies"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(1));
}
