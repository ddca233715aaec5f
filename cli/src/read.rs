//! Files and standard input.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::problem::Own;

/// What stands for standard input in place of a file.
const STANDARD_INPUT: &str = "-";

/// Reads what the arguments name. Standard input has one reader at most.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    standard_input: Option<String>,
}

/// A file's content and what errors call it.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Reader {
    /// The content of a file, or of standard input for `-`. `argument` is what it was given for.
    pub(crate) fn read(&mut self, path: &Path, argument: &str) -> Result<Content, Own> {
        if path == Path::new(STANDARD_INPUT) {
            return self.standard_input(argument);
        }
        let bytes = fs::read(path).map_err(|error| unreadable(path, argument, &error))?;
        Ok(Content {
            name: path.display().to_string(),
            bytes,
        })
    }

    fn standard_input(&mut self, argument: &str) -> Result<Content, Own> {
        if let Some(first) = self.standard_input.replace(argument.to_owned()) {
            let uses = if first == argument {
                format!("twice for {first}")
            } else {
                format!("for {first} and for {argument}")
            };
            return Err(Own::usage(
                "arguments.standard_input",
                format!("standard input is given {uses}, and can be read only once"),
            )
            .help("put one of the two into a file"));
        }
        let mut bytes = Vec::new();
        io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|error| Own::unreadable("file.unreadable", format!("standard input cannot be read: {error}")))?;
        if bytes.is_empty() {
            return Err(Own::unreadable(
                "file.empty",
                format!("standard input is empty, and {argument} is to be read from it"),
            )
            .help("write into it: `terraform show -json plan.tfplan | plangate check -`"));
        }
        Ok(Content {
            name: "standard input".to_owned(),
            bytes,
        })
    }
}

/// A text file's content: a policy or a configuration.
pub(crate) fn text(path: &Path, argument: &str) -> Result<String, Own> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, argument, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        Own::unreadable(
            "file.encoding",
            format!("`{}` is not UTF-8 text, from byte {place} on", path.display()),
        )
        .help("save it as UTF-8")
    })
}

/// Why a file cannot be read, and what may have been meant.
pub(crate) fn unreadable(path: &Path, argument: &str, error: &io::Error) -> Own {
    let name = path.display();
    if path.is_dir() {
        return Own::unreadable(
            "file.folder",
            format!("`{name}` is a folder, and {argument} takes a file"),
        );
    }
    match error.kind() {
        io::ErrorKind::NotFound => {
            let missing = Own::unreadable("file.missing", format!("no file `{name}`, given for {argument}"));
            match neighbor(path) {
                Some(neighbor) => missing.help(format!("did you mean `{}`?", neighbor.display())),
                None => missing,
            }
        }
        io::ErrorKind::PermissionDenied => {
            Own::unreadable("file.permission", format!("`{name}` may not be read by this user"))
        }
        _ => Own::unreadable("file.unreadable", format!("`{name}` cannot be read: {error}")),
    }
}

/// What lies beside a missing file under a name much like it.
fn neighbor(path: &Path) -> Option<PathBuf> {
    let wanted = path.file_name()?.to_str()?;
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let names = fs::read_dir(folder).ok()?.flatten();
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    let near = nearest(wanted, names)?;
    Some(path.with_file_name(near))
}

/// The name that is most like `wanted`, if one is.
pub(crate) fn nearest(wanted: &str, names: impl IntoIterator<Item = String>) -> Option<String> {
    let farthest = (wanted.chars().count() / 3).max(1);
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(wanted, &name), name))
        .filter(|(distance, _)| *distance <= farthest)
        .min()
        .map(|(_, name)| name)
}
