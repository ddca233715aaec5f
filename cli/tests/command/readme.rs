//! The README shows what its first command prints, to the byte.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of the fenced block that follows `marker`, and where it stands.
fn block(readme: &str, marker: &str) -> (std::ops::Range<usize>, String) {
    let start = readme.find(marker).unwrap() + marker.len();
    let end = start + readme[start..].find("```").unwrap();
    (start..end, readme[start..end].to_owned())
}

#[test]
fn the_readme_shows_what_the_example_prints() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (_, shell) = block(&readme, "```sh\n");
    let arguments = shell
        .trim()
        .strip_prefix("cargo run --quiet -p plangate-cli -- ")
        .unwrap();
    let output = Command::cargo_bin("plangate")
        .unwrap()
        .args(arguments.split(' '))
        .current_dir(root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    let (place, shown) = block(&readme, "```text\n");
    if std::env::var_os("PLANGATE_BLESS").is_some() {
        let blessed = format!("{}{printed}{}", &readme[..place.start], &readme[place.end..]);
        fs::write(path, blessed).unwrap();
        return;
    }
    assert!(
        shown == printed,
        "the README shows another output\nrun `cargo xtask bless` and review the difference\n\n{printed}"
    );
}
