//! `plangate init`: a first configuration, a first policy and its test.

use std::fs;
use std::io::Write;
use std::path::Path;

use plangate::input::Doubt;

use crate::exit::Exit;
use crate::output;
use crate::problem::{Own, Problems};

pub(crate) fn run(folder: &Path) -> Result<Exit, Problems> {
    let here = folder == Path::new(".");
    let folder = if here { Path::new("") } else { folder };
    let files = [
        ("plangate.toml", configuration()),
        (
            "policies/plan/instance_types.rego",
            include_str!("init/instance_types.rego").to_owned(),
        ),
        (
            "policies/plan/instance_types_test.rego",
            include_str!("init/instance_types_test.rego").to_owned(),
        ),
    ];
    let mut problems = Problems::default();
    for (name, _) in &files {
        let path = folder.join(name);
        if path.symlink_metadata().is_ok() {
            let error = Own::unreadable("init.exists", format!("`{}` is there already", path.display()));
            problems.add(error.help("nothing was written: choose another folder, or move the file away"));
        }
    }
    if !problems.all.is_empty() {
        return Err(problems);
    }
    let mut told = String::new();
    for (name, text) in &files {
        let path = folder.join(name);
        write(&path, text).map_err(|error| {
            Own::unreadable("init.file", format!("`{}` cannot be written: {error}", path.display()))
        })?;
        told = format!("{told}wrote {}\n", path.display());
    }
    let enter = if here {
        String::new()
    } else {
        format!("  cd {}\n", folder.display())
    };
    told = format!(
        "{told}\nNext:\n{enter}  terraform show -json plan.tfplan > plan.json\n  plangate check plan.json --policies policies\n"
    );
    output::print(told.as_bytes())
}

/// Writes a new file. One that has come into being since it was looked for is not overwritten either.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::File::create_new(path)?.write_all(text.as_bytes())
}

fn configuration() -> String {
    let mut text = include_str!("init/plangate.toml").to_owned();
    for (code, decision, meaning) in Doubt::CODES {
        let setting = format!("{code} = \"{}\"", decision.as_str());
        text = format!("{text}# {setting:<36} # {meaning}\n");
    }
    text
}
