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
    let there: Vec<_> = files
        .iter()
        .map(|(name, _)| folder.join(name))
        .filter(|path| path.symlink_metadata().is_ok())
        .map(|path| format!("`{}`", path.display()))
        .collect();
    if let [names @ .., last] = there.as_slice() {
        let message = match names {
            [] => format!("{last} is there already"),
            names => format!("{} and {last} are there already", names.join(", ")),
        };
        return Err(Own::unreadable("init.exists", message)
            .help("nothing was written: choose another folder, or move them away")
            .into());
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
        "{told}\nNext:\n{enter}  terraform plan -out=tfplan\n  terraform show -json tfplan > plan.json\n  \
         plangate check plan.json --policies policies\n"
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
