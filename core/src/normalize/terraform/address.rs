//! Resource addresses: `module.app["eu.west"].data.aws_ami.linux[0]`, taken apart with quoted keys.

use std::iter::Peekable;
use std::str::Chars;

use crate::input::{Key, ResourceMode};

/// An address in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The module's address with instance keys; empty for the root module.
    pub(super) module: String,
    /// The names of the module calls.
    pub(super) module_path: Vec<String>,
    pub(super) mode: ResourceMode,
    pub(super) kind: String,
    pub(super) name: String,
    /// Absent also where the key is a wildcard: in deferred changes it is not known yet.
    pub(super) key: Option<Key>,
}

impl Address {
    /// Takes an absolute resource address apart. `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let parts = parts(text)?;
        let (module, rest) = split_module(&parts);
        let (mode, rest) = match rest {
            [first, rest @ ..] if first.name == "data" => (ResourceMode::Data, rest),
            [first, rest @ ..] if first.name == "ephemeral" => (ResourceMode::Ephemeral, rest),
            rest => (ResourceMode::Managed, rest),
        };
        let [kind, name] = rest else { return None };
        if kind.index.is_some() {
            return None;
        }
        Some(Self {
            module: module_text(text, module),
            module_path: module_names(module),
            mode,
            kind: kind.name.to_owned(),
            name: name.name.to_owned(),
            key: match &name.index {
                Some(Index::Key(key)) => Some(key.clone()),
                Some(Index::Wildcard) | None => None,
            },
        })
    }

    /// The names of the module calls in a module's address; empty for what is none.
    pub(super) fn module_path(text: &str) -> Vec<String> {
        parts(text).map_or_else(Vec::new, |parts| module_names(split_module(&parts).0))
    }
}

/// One step of an address: a name, and an instance key after it.
struct Part<'a> {
    name: &'a str,
    index: Option<Index>,
    /// The byte of the address after this part.
    end: usize,
}

enum Index {
    Key(Key),
    Wildcard,
}

fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let name = rest.split(['.', '[']).next()?;
        if name.is_empty() {
            return None;
        }
        at += name.len();
        let mut index = None;
        if text.get(at..)?.starts_with('[') {
            let (value, length) = bracketed(text.get(at..)?)?;
            index = Some(value);
            at += length;
        }
        parts.push(Part { name, index, end: at });
        match text.get(at..)?.chars().next() {
            None => return Some(parts),
            Some('.') => at += 1,
            Some(_) => return None,
        }
    }
}

/// The parts of the module path, `module` and name by turns, and the parts after it.
fn split_module<'p, 'a>(parts: &'p [Part<'a>]) -> (&'p [Part<'a>], &'p [Part<'a>]) {
    let mut length = 0;
    while let Some([first, _, ..]) = parts.get(length..) {
        if first.name != "module" || first.index.is_some() {
            break;
        }
        length += 2;
    }
    parts.split_at(length)
}

fn module_text(text: &str, module: &[Part<'_>]) -> String {
    module
        .last()
        .and_then(|part| text.get(..part.end))
        .unwrap_or_default()
        .to_owned()
}

fn module_names(module: &[Part<'_>]) -> Vec<String> {
    module
        .iter()
        .skip(1)
        .step_by(2)
        .map(|part| part.name.to_owned())
        .collect()
}

/// An instance key in brackets, and its length with them.
fn bracketed(text: &str) -> Option<(Index, usize)> {
    let inner = text.strip_prefix('[')?;
    if inner.starts_with('"') {
        let mut characters = inner.get(1..)?.chars().peekable();
        let key = quoted(&mut characters)?;
        let rest: usize = characters.map(char::len_utf8).sum();
        let end = text.len() - rest;
        return text
            .get(end..)?
            .starts_with(']')
            .then_some((Index::Key(Key::String(key)), end + 1));
    }
    let (inner, _) = inner.split_once(']')?;
    let index = match inner {
        "*" => Index::Wildcard,
        digits => Index::Key(Key::Number(digits.parse().ok()?)),
    };
    Some((index, inner.len() + 2))
}

/// The text of a quoted key after its opening quote, as HCL escapes it: `\"`, `\\`, `\n`, `\u00e9`, `$${`, `%%{`.
fn quoted(characters: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut text = String::new();
    loop {
        match characters.next()? {
            '"' => return Some(text),
            '\\' => text.push(match characters.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => code_point(characters, 4)?,
                'U' => code_point(characters, 8)?,
                other @ ('"' | '\\') => other,
                _ => return None,
            }),
            sign @ ('$' | '%') => {
                text.push(sign);
                let mut ahead = characters.clone();
                if ahead.next() == Some(sign) && ahead.next() == Some('{') {
                    characters.next();
                }
            }
            other => text.push(other),
        }
    }
}

fn code_point(characters: &mut Peekable<Chars<'_>>, digits: usize) -> Option<char> {
    let mut code = 0;
    for _ in 0..digits {
        code = code * 16 + characters.next()?.to_digit(16)?;
    }
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(text: &str) -> Option<Key> {
        Address::parse(text).unwrap().key
    }

    #[test]
    fn takes_addresses_apart() {
        let address = Address::parse("module.app[\"eu.west\"].module.db.data.aws_ami.linux[0]").unwrap();
        assert_eq!(address.module, "module.app[\"eu.west\"].module.db");
        assert_eq!(address.module_path, ["app", "db"]);
        assert_eq!(address.mode, ResourceMode::Data);
        assert_eq!((address.kind.as_str(), address.name.as_str()), ("aws_ami", "linux"));
        assert_eq!(address.key, Some(Key::Number(0)));
        let address = Address::parse("ephemeral.random_password.x").unwrap();
        assert_eq!((address.mode, address.module.as_str()), (ResourceMode::Ephemeral, ""));
        assert_eq!(Address::parse("module.data.aws_ami.x").unwrap().module_path, ["data"]);
        assert_eq!(key_of("module.a[*].aws_x.y[*]"), None);
    }

    #[test]
    fn reads_quoted_keys() {
        let key = |text: &str| Some(Key::String(text.to_owned()));
        assert_eq!(key_of(r#"a_b.c["example.com"]"#), key("example.com"));
        assert_eq!(key_of(r#"a_b.c["a]/[b"]"#), key("a]/[b"));
        assert_eq!(key_of(r#"a_b.c["say \"hi\" \\ \n \u00e9"]"#), key("say \"hi\" \\ \n é"));
        assert_eq!(key_of(r#"a_b.c["$${x} $5 $$ %%{y}"]"#), key("${x} $5 $$ %{y}"));
        assert_eq!(key_of(r#"a_b.c["0"]"#), key("0"));
        assert_eq!(key_of(r#"a_b.c[""]"#), key(""));
    }

    #[test]
    fn refuses_what_is_no_address() {
        for text in [
            "",
            ".",
            "a",
            "a.b.c",
            "a.b.",
            "a..b",
            "a[0].b",
            "a.b[",
            "a.b[x]",
            "a.b[\"x]",
            "a.b[\"x\"",
            "a.b[0]x",
            "module.a",
            "data.a",
            "a.b[\"\\q\"]",
            "a.b[\"\\u12\"]",
            "a.b[99999999999999999999]",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
