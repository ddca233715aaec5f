//! Cases: a folder in, a report out. `cases/README.md` says which file is what.
//!
//! The same rules are written once more in Python (`bindings-python/tests/cases.py`) and once in JavaScript
//! (`bindings-wasm/tests/cases.mjs`), because the three are compared over the same folders.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests"))]

pub mod opa;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use plangate::{Config, Error, Format, Input, PolicySet, Source};

/// The bundled policies, compiled once for all cases.
static BUNDLED: LazyLock<Result<PolicySet, Error>> = LazyLock::new(PolicySet::bundled);

/// A case folder.
#[derive(Clone, Debug)]
pub struct Case {
    folder: PathBuf,
    /// The files in the folder, sorted by name, with what each is for.
    files: Vec<(Role, PathBuf)>,
}

/// What a file of a case is for, in the order in which they are read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Plan,
    Change,
    /// The members of the team of this slug.
    Team(String),
    Actor,
    Stack,
    Request,
    Run,
    Time,
    Policies,
    Bundled,
    Config,
    Expected,
    Notes,
}

/// What a case comes to.
#[derive(Clone, Debug)]
pub enum Answer {
    /// `report.json`
    Report(String),
    /// `error.json`: the input was refused, or the policies were.
    Refused(String),
}

impl Answer {
    /// The name of the file that holds the expected one.
    pub fn file(&self) -> &'static str {
        match self {
            Self::Report(_) => "report.json",
            Self::Refused(_) => "error.json",
        }
    }

    /// The bytes that the file must have.
    pub fn text(&self) -> &str {
        match self {
            Self::Report(text) | Self::Refused(text) => text,
        }
    }
}

/// The folder with all cases.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// All cases, sorted by name: every folder `<topic>/<name>/`.
pub fn cases() -> io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for topic in folders(&root())? {
        for folder in folders(&topic)? {
            cases.push(Case::open(folder)?);
        }
    }
    Ok(cases)
}

impl Case {
    /// A case folder. A file that none of the rules knows is an error: it would be read by nobody.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        let mut files = Vec::new();
        for path in sorted(&folder)? {
            let name = file_name(&path);
            let role = role(&name).ok_or_else(|| {
                let message = format!(
                    "{}: no file of a case is called so, see tests/cases/README.md",
                    path.display()
                );
                io::Error::new(io::ErrorKind::InvalidData, message)
            })?;
            files.push((role, path));
        }
        files.sort();
        Ok(Self { folder, files })
    }

    /// `<topic>/<name>`.
    pub fn name(&self) -> String {
        let topic = self.folder.parent().map(file_name).unwrap_or_default();
        format!("{topic}/{}", file_name(&self.folder))
    }

    /// A file in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The document.
    pub fn input(&self) -> io::Result<Result<Input, Error>> {
        let mut input = Input::new();
        for (role, path) in &self.files {
            let read = || fs::read(path);
            let next = match role {
                Role::Plan => Input::from_terraform(&read()?),
                Role::Change => input.with_change(&read()?),
                Role::Team(slug) => input.with_github_team(slug, &read()?),
                Role::Actor => input.with_actor(&read()?),
                Role::Stack => input.with_stack(&read()?),
                Role::Request => input.with_request(&read()?),
                Role::Run => input.with_run(&read()?),
                Role::Time => input.with_time(fs::read_to_string(path)?.trim()),
                Role::Policies | Role::Bundled | Role::Config | Role::Expected | Role::Notes => continue,
            };
            input = match next {
                Ok(input) => input,
                Err(error) => return Ok(Err(error)),
            };
        }
        Ok(Ok(input))
    }

    /// The policies: those in `policies/`, or the bundled ones, or both, under the case's `plangate.toml`.
    pub fn policies(&self) -> io::Result<Result<PolicySet, Error>> {
        let mut sources = Vec::new();
        if let Some(folder) = self.path(&Role::Policies) {
            for path in sorted(folder)? {
                sources.push(Source::new(file_name(&path), fs::read_to_string(&path)?));
            }
            if self.path(&Role::Bundled).is_some() {
                sources.extend(Source::bundled());
            }
        }
        let mut policies = if sources.is_empty() {
            BUNDLED.clone()
        } else {
            PolicySet::compile(sources)
        };
        if let Some(path) = self.path(&Role::Config) {
            let text = fs::read_to_string(path)?;
            policies = policies.and_then(|set| set.with_config(&Config::from_toml("plangate.toml", &text)?));
        }
        Ok(policies)
    }

    /// What the case comes to. The one place of this crate that evaluates a case.
    pub fn answer(&self) -> io::Result<Answer> {
        let report = match (self.input()?, self.policies()?) {
            (Ok(input), Ok(policies)) => Ok(policies.evaluate(&input)),
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        Ok(match report {
            Ok(report) => Answer::Report(report.render(Format::Json)),
            Err(error) => Answer::Refused(serde_json::to_string_pretty(&error)? + "\n"),
        })
    }

    fn path(&self, wanted: &Role) -> Option<&Path> {
        self.files
            .iter()
            .find(|(role, _)| role == wanted)
            .map(|(_, path)| path.as_path())
    }
}

fn role(name: &str) -> Option<Role> {
    Some(match name {
        "actor.json" => Role::Actor,
        "stack.json" => Role::Stack,
        "request.json" => Role::Request,
        "run.json" => Role::Run,
        "time.txt" => Role::Time,
        "policies" => Role::Policies,
        "bundled" => Role::Bundled,
        "plangate.toml" => Role::Config,
        "report.json" | "error.json" | "input.json" => Role::Expected,
        "README.md" => Role::Notes,
        _ if name.starts_with("plan.") => Role::Plan,
        _ if name.starts_with("change") && Path::new(name).extension().is_some_and(|it| it == "json") => Role::Change,
        _ => {
            let slug = name.strip_prefix("team.")?.strip_suffix(".json")?;
            Role::Team(slug.replace("__", "/"))
        }
    })
}

fn folders(parent: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(sorted(parent)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// What is in a folder, sorted by name.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", folder.display())))?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_files_are_for() {
        assert_eq!(role("plan.jsonl"), Some(Role::Plan));
        assert_eq!(role("change-2-reviews.json"), Some(Role::Change));
        assert_eq!(
            role("team.acme__security.json"),
            Some(Role::Team("acme/security".to_owned()))
        );
        assert_eq!(role("plans.json"), None);
        assert_eq!(role("Plan.json"), None);
    }

    #[test]
    fn a_file_that_nobody_reads_is_refused() {
        let folder = std::env::temp_dir().join(format!("plangate-case-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("actr.json"), "{}").unwrap();
        let error = Case::open(folder.clone()).unwrap_err();
        fs::remove_dir_all(folder).unwrap();
        assert!(error.to_string().contains("actr.json"), "{error}");
    }
}
