//! Error codes: one table in core, every code of the source in it, and `docs/errors.md` written from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use plangate::Error;

use crate::sources::{check_generated, files};

/// What may stand before the dot: `plan` in `plan.binary`.
fn areas() -> BTreeSet<&'static str> {
    Error::CODES
        .iter()
        .filter_map(|(code, _)| Some(code.split_once('.')?.0))
        .collect()
}

/// The codes in the source of core, each with a file that has it. Built-in functions and samples have names of the same form.
fn used() -> BTreeMap<String, String> {
    let functions = include_str!("../../../core/src/engine/builtins/capabilities.txt");
    let functions: BTreeSet<_> = functions.lines().filter_map(|line| line.split(' ').next()).collect();
    let areas = areas();
    let mut used = BTreeMap::new();
    for file in files("core/src", "rs") {
        let of_functions = file.path.starts_with("core/src/engine/builtins/");
        if of_functions || matches!(&*file.path, "core/src/error/codes.rs" | "core/src/render/samples.rs") {
            continue;
        }
        let code = file.code();
        // Of `a "b" c "d" e`, every second part stands between quotes.
        for literal in code.split('"').skip(1) {
            let is_code = literal.split_once('.').is_some_and(|(area, name)| {
                areas.contains(area) && !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            });
            if is_code && !functions.contains(literal) {
                used.insert(literal.to_owned(), file.path.clone());
            }
        }
    }
    used
}

#[test]
fn every_code_is_in_the_table_and_every_entry_is_used() {
    let used = used();
    let table: BTreeMap<_, _> = Error::CODES.iter().copied().collect();
    let missing: Vec<_> = used
        .iter()
        .filter(|(code, _)| !table.contains_key(code.as_str()))
        .collect();
    let unused: Vec<_> = table.keys().filter(|code| !used.contains_key(**code)).collect();
    assert!(
        missing.is_empty(),
        "codes without a line in `Error::CODES`: {missing:?}"
    );
    assert!(
        unused.is_empty(),
        "lines of `Error::CODES` that no error has: {unused:?}"
    );
}

#[test]
fn the_table_is_sorted_and_says_something() {
    assert!(Error::CODES.is_sorted_by(|(one, _), (next, _)| one < next));
    for (code, meaning) in Error::CODES {
        assert!(!meaning.is_empty() && !meaning.ends_with('.'), "{code}: {meaning}");
    }
}

#[test]
fn the_page_of_errors_is_current() {
    let mut page = String::from(
        "<!-- Written by `cargo xtask bless` from `Error::CODES` in core/src/error/codes.rs. -->\n\n\
         # Errors\n\n\
         What the codes of the library mean. The error itself says where, and what to do. A code does not change its meaning.\n\
         The command has further codes for files and arguments, whose messages say all there is to say.\n",
    );
    let mut area = "";
    for (code, meaning) in Error::CODES {
        let (of, _) = code.split_once('.').unwrap();
        if area != of {
            area = of;
            write!(page, "\n## {area}\n\n| code | meaning |\n|---|---|\n").unwrap();
        }
        writeln!(page, "| `{code}` | {meaning} |").unwrap();
    }
    check_generated("docs/errors.md", &page);
}
