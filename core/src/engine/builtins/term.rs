//! The text and the order that OPA gives to values.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;
use regorus::Value;

/// A value as OPA prints a term: `{"a": [1, null]}`, `{1, 2}`, `set()`.
pub(super) fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => quote(text, '"', Ascii::Any, out),
        Value::Array(array) => list('[', array.iter(), ']', out),
        Value::Set(set) if set.is_empty() => out.push_str("set()"),
        Value::Set(set) => list('{', sorted(set.iter().collect()).into_iter(), '}', out),
        Value::Object(object) => {
            out.push('{');
            for (index, (key, value)) in object.iter_sorted().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write(key, out);
                out.push_str(": ");
                write(value, out);
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

fn list<'a>(open: char, elements: impl Iterator<Item = &'a Value>, close: char, out: &mut String) {
    out.push(open);
    for (index, element) in elements.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(element, out);
    }
    out.push(close);
}

/// Values in OPA's order.
pub(super) fn sorted(mut values: Vec<&Value>) -> Vec<&Value> {
    values.sort_by(|a, b| compare(a, b));
    values
}

/// OPA's order, which puts objects before sets where the engine does not.
pub(super) fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => lexical(a.iter(), b.iter()),
        (Value::Set(a), Value::Set(b)) => lexical(
            sorted(a.iter().collect()).into_iter(),
            sorted(b.iter().collect()).into_iter(),
        ),
        (Value::Object(a), Value::Object(b)) => {
            let (mut a, mut b): (Vec<_>, Vec<_>) = (a.iter().collect(), b.iter().collect());
            a.sort_by(|(a, _), (b, _)| compare(a, b));
            b.sort_by(|(a, _), (b, _)| compare(a, b));
            let members = a
                .iter()
                .zip(&b)
                .map(|((a_key, a), (b_key, b))| compare(a_key, b_key).then_with(|| compare(a, b)));
            members
                .into_iter()
                .find(|order| order.is_ne())
                .unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        _ if rank(a) == rank(b) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

fn lexical<'a>(a: impl Iterator<Item = &'a Value>, b: impl Iterator<Item = &'a Value>) -> Ordering {
    let (a, b): (Vec<_>, Vec<_>) = (a.collect(), b.collect());
    a.iter()
        .zip(&b)
        .map(|(a, b)| compare(a, b))
        .find(|order| order.is_ne())
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
        Value::Set(_) => 6,
        Value::Undefined => 7,
    }
}

/// Which printable characters a quoted text may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ascii {
    Any,
    Only,
}

/// Go's `strconv.Quote` and its kin.
pub(super) fn quote(text: &str, mark: char, ascii: Ascii, out: &mut String) {
    out.push(mark);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            _ if character == mark => {
                out.push('\\');
                out.push(mark);
            }
            _ if is_printable(character) && (ascii == Ascii::Any || character.is_ascii()) => out.push(character),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            _ => {
                let code = u32::from(character);
                let escaped = match code {
                    ..0x20 | 0x7f => format!("\\x{code:02x}"),
                    ..0x1_0000 => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                };
                out.push_str(&escaped);
            }
        }
    }
    out.push(mark);
}

/// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols, and the ASCII space.
pub(super) fn is_printable(character: char) -> bool {
    static PRINTABLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\p{L}\p{M}\p{N}\p{P}\p{S}]").ok());
    if character.is_ascii() {
        return matches!(character, ' '..='~');
    }
    let mut buffer = [0; 4];
    PRINTABLE
        .as_ref()
        .is_some_and(|printable| printable.is_match(character.encode_utf8(&mut buffer)))
}
