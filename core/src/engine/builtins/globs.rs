//! Globs as `gobwas/glob` has them, translated to regular expressions: linear time, and any separators.

use std::iter::Peekable;
use std::str::Chars;

use super::re2::Translated;

/// How deep alternatives may nest.
const MAX_DEPTH: usize = 200;

/// `None`: not a glob.
pub(super) fn translate(glob: &str, separators: &str) -> Option<Translated> {
    let one = if separators.is_empty() {
        r"(?s:.)".to_owned()
    } else {
        format!("[^{}]", quote_expression(separators))
    };
    let mut out = String::from(r"\A(?:");
    let mut open = 0_usize;
    let mut rest = glob.chars().peekable();
    while let Some(next) = rest.next() {
        match next {
            '*' if rest.next_if_eq(&'*').is_some() => out.push_str(r"(?s:.)*"),
            '*' => out.push_str(&format!("{one}*")),
            '?' => out.push_str(&one),
            '[' => out.push_str(&class(&mut rest)?),
            '{' => {
                open += 1;
                out.push_str("(?:");
            }
            ',' if open > 0 => out.push('|'),
            '}' if open > 0 => {
                open -= 1;
                out.push(')');
            }
            '\\' => out.push_str(&literal(rest.next()?)),
            character => out.push_str(&literal(character)),
        }
        if open > MAX_DEPTH {
            return None;
        }
    }
    out.push_str(r")\z");
    (open == 0).then_some(Translated {
        pattern: out,
        groups: Vec::new(),
    })
}

/// What follows `[`: `a-c]` or `abc]`, either possibly after `!`.
fn class(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let not = if rest.next_if_eq(&'!').is_some() { "^" } else { "" };
    let mut ahead = rest.clone();
    let low = ahead.next()?;
    if ahead.next_if_eq(&'-').is_some() {
        let high = ahead.next()?;
        if ahead.next()? != ']' || high < low {
            return None;
        }
        *rest = ahead;
        return Some(format!("[{not}{}-{}]", literal(low), literal(high)));
    }
    let mut characters = String::new();
    loop {
        match rest.next()? {
            ']' => break,
            '\\' => characters.push_str(&literal(rest.next()?)),
            character => characters.push_str(&literal(character)),
        }
    }
    (!characters.is_empty()).then(|| format!("[{not}{characters}]"))
}

/// A character that stands for itself, in the regex crate's syntax and in RE2's.
fn literal(character: char) -> String {
    if character.is_alphanumeric() || !(character.is_ascii() || character.is_control()) {
        return character.to_string();
    }
    format!("\\x{{{:X}}}", u32::from(character))
}

/// A text that stands for itself in an expression.
pub(super) fn quote_expression(text: &str) -> String {
    text.chars().map(literal).collect()
}

/// A text that stands for itself in a glob.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '?' | '\\' | '[' | ']' | '{' | '}') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted
}
