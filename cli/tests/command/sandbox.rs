//! A folder of its own for each test, and the command run in it.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;

/// A policy on one attribute: fails on `m5.24xlarge`, undetermined where unknown, needs a reviewer for databases.
pub(crate) const INSTANCES: &str = r#"# METADATA
# title: Instances are small
# custom:
#   severity: high
#   remediation: Use a smaller type.
package plangate.plan.instances

applicable contains resource.address if some resource in input.plan.by_type.aws_instance

deny contains {
	"message": sprintf("type `%s` is too large", [resource.after.instance_type]),
	"resource": resource.address,
	"path": ["instance_type"],
	"fix": "use `t3.micro`",
} if {
	some resource in input.plan.by_type.aws_instance
	resource.after.instance_type == "m5.24xlarge"
}

undetermined contains {
	"message": "the type is known only after apply",
	"resource": resource.address,
	"path": ["instance_type"],
	"unknown": [["instance_type"]],
} if {
	some resource in input.plan.by_type.aws_instance
	["instance_type"] in resource.unknown
}
"#;

/// An access policy: members of `payments` may write, and everybody may read.
pub(crate) const ACCESS: &str = r#"# METADATA
# title: Payments writes
package plangate.access.payments

grant contains "read"

grant contains "write" if "payments" in input.actor.teams
"#;

/// An approval policy: every change needs the security team.
pub(crate) const APPROVAL: &str = r#"# METADATA
# title: Security approves
package plangate.approval.security

require contains {"from": "team:acme/security", "reason": "security looks at every change"}
"#;

/// A plan that makes one instance of this type.
pub(crate) fn plan(instance_type: &str) -> String {
    instance(&format!(r#"{{"instance_type": "{instance_type}"}}"#), "{}")
}

/// A plan that makes one instance whose type is known only after apply.
pub(crate) fn unknown_plan() -> String {
    instance("{}", r#"{"instance_type": true}"#)
}

fn instance(after: &str, unknown: &str) -> String {
    format!(
        r#"{{
  "format_version": "1.2",
  "terraform_version": "1.9.8",
  "complete": true, "errored": false, "applyable": true,
  "planned_values": {{"root_module": {{}}}},
  "configuration": {{"root_module": {{}}}},
  "resource_changes": [{{
    "address": "aws_instance.web", "mode": "managed", "type": "aws_instance", "name": "web",
    "provider_name": "registry.terraform.io/hashicorp/aws",
    "change": {{"actions": ["create"], "before": null, "after": {after}, "after_unknown": {unknown},
      "before_sensitive": false, "after_sensitive": {{}}}}
  }}]
}}"#
    )
}

/// A folder that is removed afterwards.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A folder with a policy on instances, and plans that it allows, denies and cannot decide.
    pub(crate) fn with_plans() -> Self {
        Self::new()
            .file("policies/instances.rego", INSTANCES)
            .file("small.json", &plan("t3.micro"))
            .file("large.json", &plan("m5.24xlarge"))
            .file("unknown.json", &unknown_plan())
    }

    /// Adds a file, and the folders above it.
    pub(crate) fn file(self, name: &str, content: &str) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The command in this folder, without a terminal, and with an environment in which nothing speaks of colours.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::cargo_bin("plangate").unwrap();
        command
            .current_dir(self.folder.path())
            .args(arguments.split_whitespace());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "TERM"] {
            command.env_remove(variable);
        }
        // Help is wrapped to this, where there is no terminal.
        command.env("COLUMNS", "80");
        command
    }

    /// What the command says and how it ends. Arguments are separated by spaces.
    pub(crate) fn run(&self, arguments: &str) -> Ended {
        Ended::of(&mut self.command(arguments))
    }

    /// The same with something on standard input.
    pub(crate) fn run_with(&self, arguments: &str, standard_input: &str) -> Ended {
        Ended::of(self.command(arguments).write_stdin(standard_input))
    }
}

/// What the command said and how it ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) errors: String,
}

impl Ended {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}", self.code)?;
        for (name, text) in [("standard output", &self.out), ("standard error", &self.errors)] {
            if !text.is_empty() {
                write!(f, "\n--- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}
