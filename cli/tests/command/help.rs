//! Help, version, completions, schemas, `init` and `policies`.

use crate::sandbox::{Sandbox, plan};
use insta::assert_snapshot;
use plangate::{PolicySet, Source};

#[test]
fn help() {
    let sandbox = Sandbox::new();
    for (name, arguments) in [
        ("help", "--help"),
        ("help_check", "check --help"),
        ("help_access", "access -h"),
        ("help_input", "input -h"),
        ("help_policies", "policies --help"),
        ("help_schema", "schema --help"),
        ("help_init", "init --help"),
        ("help_completions", "completions --help"),
    ] {
        let ended = sandbox.run(arguments);
        assert_eq!((ended.code, ended.errors.as_str()), (0, ""));
        assert_snapshot!(name, ended.out);
    }
}

#[test]
fn version() {
    let ended = Sandbox::new().run("--version");
    assert_eq!(ended.out, format!("plangate {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ended = sandbox.run(&format!("completions {shell}"));
        assert_eq!((ended.code, ended.errors.as_str()), (0, ""));
        assert!(
            ended.out.contains("plangate") && ended.out.contains("no-bundled"),
            "{shell}"
        );
    }
}

#[test]
fn schemas() {
    let sandbox = Sandbox::new();
    for (name, member) in [("input", "plan"), ("report", "decision")] {
        let ended = sandbox.run(&format!("schema {name}"));
        assert_eq!(ended.code, 0);
        let schema: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
        assert!(schema["properties"][member].is_object(), "{name}");
    }
}

#[test]
fn init_writes_what_check_takes() {
    let sandbox = Sandbox::new();
    assert_snapshot!("init", sandbox.run("init"));
    let sandbox = sandbox
        .file("small.json", &plan("t3.micro"))
        .file("large.json", &plan("m5.24xlarge"));
    let allowed = sandbox.run("check small.json --policies policies");
    assert_eq!(allowed.code, 0, "{allowed}");
    let denied = sandbox.run("check large.json --policies policies");
    assert_eq!(denied.code, 1, "{denied}");
    assert!(denied.out.contains("plan.instance_types"), "{denied}");
}

#[test]
fn every_line_that_init_leaves_in_comments_is_right() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run("init").code, 0);
    let text = sandbox.read("plangate.toml");
    let live: Vec<_> = text
        .lines()
        .map(|line| {
            let setting = line.strip_prefix("# ");
            setting
                .filter(|rest| rest.starts_with('[') || rest.contains(" = "))
                .unwrap_or(line)
        })
        .collect();
    let live = live.join("\n");
    assert!(
        live.contains("\n[policies.plan.instance_types]\n") && live.contains("\nerrored = "),
        "{live}"
    );
    let sandbox = sandbox
        .file("plangate.toml", &live)
        .file("small.json", &plan("t3.micro"));
    let ended = sandbox.run("check small.json --policies policies");
    assert_eq!(ended.code, 0, "{ended}");
}

#[test]
fn the_tests_that_init_writes_pass() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run("init project").code, 0);
    let source = |name: &str| Source::new(name, sandbox.read(&format!("project/policies/plan/{name}")));
    let policies = PolicySet::compile([source("instance_types.rego")]).unwrap();
    let results = policies.run_tests([source("instance_types_test.rego")]).unwrap();
    assert_eq!(results.len(), 4);
    assert!(results.iter().all(|result| result.passed), "{results:?}");
}

#[test]
fn init_overwrites_nothing() {
    let sandbox = Sandbox::new().file("plangate.toml", "# mine\n");
    assert_snapshot!("init_again", sandbox.run("init"));
    assert_eq!(sandbox.read("plangate.toml"), "# mine\n");
    assert!(!sandbox.path("policies").exists());
}

#[test]
fn policies_are_listed_and_shown() {
    let sandbox = Sandbox::with_plans();
    let own = "--no-bundled --policies policies";
    assert_snapshot!("policies_list", sandbox.run(&format!("policies list {own}")));
    assert_snapshot!(
        "policies_show",
        sandbox.run(&format!("policies show plan.instances {own}"))
    );
    let bundled = sandbox.run("policies list");
    for policy in PolicySet::bundled().unwrap().policies() {
        assert!(bundled.out.contains(policy.id()), "{}", policy.id());
        let shown = sandbox.run(&format!("policies show {}", policy.id()));
        assert_eq!(shown.code, 0, "{shown}");
        let (_, settings) = shown.out.split_once("In plangate.toml\n").unwrap();
        let sandbox = Sandbox::with_plans().file("plangate.toml", settings);
        let again = sandbox.run(&format!("policies show {}", policy.id()));
        assert_eq!(again.out, shown.out, "what `show` prints is what it reads");
    }
}

#[test]
fn a_broken_configuration_does_not_hide_what_can_be_set() {
    let sandbox = Sandbox::with_plans().file("plangate.toml", "[policies.plan.instance]\n");
    assert_snapshot!(
        "policies_list_broken",
        sandbox.run("policies list --no-bundled --policies policies")
    );
}
