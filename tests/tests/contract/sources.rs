//! The files of the repository, as contract tests read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Compares a generated file with what it should be, or writes it anew for `cargo xtask bless`.
pub(crate) fn check_generated(path: &str, generated: &str) {
    let file = root().join(path);
    if std::env::var_os("PLANGATE_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, generated).unwrap();
        return;
    }
    assert!(
        fs::read_to_string(&file).is_ok_and(|committed| committed == generated),
        "{path} is not what the code says any more\nrun `cargo xtask bless` and review the difference"
    );
}

/// A file, by its path from the root with `/` between the parts.
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl SourceFile {
    /// The code without unit tests, comments and docs: what is compiled into the crate.
    pub(crate) fn code(&self) -> String {
        let code = self
            .text
            .split("\n#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or(&self.text);
        code.lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// All files of an extension under a folder, sorted by path. What is built or installed is left out.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<SourceFile> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" && name != "node_modules" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|it| it == extension) {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push(SourceFile { path, text });
            }
        }
    }
    assert!(!found.is_empty(), "no .{extension} file under {folder}");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
