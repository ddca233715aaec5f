//! The policies that are asked: the bundled ones, the user's files and folders, and the configuration.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use plangate::{Config, PolicySet, Source};
use walkdir::WalkDir;

use crate::arguments;
use crate::problem::{Own, Problems, Texts};
use crate::read;

/// The configuration that is read where no other is named.
const CONFIG: &str = "plangate.toml";

/// The policies that the arguments name, under the configuration that they name.
pub(crate) fn compile(arguments: &arguments::Set) -> Result<PolicySet, Problems> {
    let mut problems = Problems::default();
    let policies = problems.note(unconfigured(arguments));
    let config = problems.note(configuration(arguments.config.as_deref()));
    match (policies, config) {
        (Some(policies), Some(None)) => Ok(policies),
        (Some(policies), Some(Some((config, texts)))) => policies
            .with_config(&config)
            .map_err(|error| Problems::of_text(error, texts)),
        _ => Err(problems),
    }
}

/// The policies that the arguments name, with the settings that they have by themselves.
pub(crate) fn unconfigured(arguments: &arguments::Set) -> Result<PolicySet, Problems> {
    let mut problems = Problems::default();
    let mut files = Vec::new();
    for path in &arguments.policies {
        files.extend(problems.note(rego_files(path)).into_iter().flatten());
    }
    // A file that is named and lies in a named folder is one policy, not two.
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    let mut sources: Vec<Source> = Vec::new();
    if !arguments.no_bundled {
        sources.extend(Source::bundled());
    }
    for file in files {
        if let Some(text) = problems.note(read::text(&file, "--policies")) {
            sources.push(Source::new(file.display().to_string(), text));
        }
    }
    if !problems.all.is_empty() {
        return Err(problems);
    }
    let texts = sources
        .iter()
        .map(|source| (source.name().to_owned(), source.text().to_owned()))
        .collect();
    PolicySet::compile(sources).map_err(|error| Problems::of_text(error, texts))
}

/// The configuration of `--config`, or of `plangate.toml` where there is one, and its text by its name.
fn configuration(named: Option<&Path>) -> Result<Option<(Config, Texts)>, Problems> {
    let path = match named {
        Some(path) => path,
        None if Path::new(CONFIG).exists() => Path::new(CONFIG),
        None => return Ok(None),
    };
    let text = read::text(path, "--config")?;
    let name = path.display().to_string();
    let texts = Texts::from([(name.clone(), text.clone())]);
    match Config::from_toml(&name, &text) {
        Ok(config) => Ok(Some((config, texts))),
        Err(error) => Err(Problems::of_text(error, texts)),
    }
}

/// A Rego file itself, or those in a folder and below, in order of their names. Tests are left out.
fn rego_files(path: &Path) -> Result<Vec<PathBuf>, Own> {
    if let Err(error) = fs::metadata(path) {
        return Err(read::unreadable(path, "--policies", &error));
    }
    if path.is_file() {
        if path.extension().is_none_or(|extension| extension != "rego") {
            return Err(Own::usage(
                "policies.file",
                format!(
                    "`{}` is no Rego file, and --policies takes `*.rego` and folders",
                    path.display()
                ),
            )
            .help("plans come before the options: `plangate check plan.json --policies policies`"));
        }
        return Ok(if is_test(path) {
            Vec::new()
        } else {
            vec![path.to_owned()]
        });
    }
    let mut files = Vec::new();
    let mut tests = 0_usize;
    for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let place = error.path().unwrap_or(path).to_owned();
            read::unreadable(&place, "--policies", &io::Error::from(error))
        })?;
        let file = entry.path();
        if !entry.file_type().is_file() || file.extension().is_none_or(|extension| extension != "rego") {
            continue;
        }
        if is_test(file) {
            tests += 1;
        } else {
            files.push(file.to_owned());
        }
    }
    if files.is_empty() {
        let found = if tests > 0 { "only tests" } else { "no `*.rego` file" };
        return Err(
            Own::unreadable("policies.none", format!("{found} in the folder `{}`", path.display()))
                .help("`plangate init` writes a first policy"),
        );
    }
    Ok(files)
}

fn is_test(path: &Path) -> bool {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .is_some_and(|stem| stem.ends_with("_test"))
}
