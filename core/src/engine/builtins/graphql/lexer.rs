//! Text to tokens of GraphQL.

use super::super::Failure;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Int,
    Float,
    Text,
    Block,
    /// One of `!$&():=@[]{|}`, or `.` for three of them.
    Punctuation(char),
    End,
}

/// A token, where it is, and the comments before it.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) comments: Vec<String>,
}

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Failure> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    let mut comments = Vec::new();
    loop {
        lexer.space();
        let start = lexer.at;
        let Some((kind, value)) = lexer.token(&mut comments).ok_or_else(|| lexer.error(start))? else {
            continue;
        };
        let (line, column) = lexer.position(start);
        tokens.push(Token {
            kind,
            text: value,
            line,
            column,
            comments: std::mem::take(&mut comments),
        });
        if kind == Kind::End {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn position(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before.get(line_start..).unwrap_or_default().chars().count() + 1,
        )
    }

    fn error(&self, at: usize) -> Failure {
        let (line, column) = self.position(at);
        Failure::failed(format!(
            "Unexpected <Invalid> in GraphQL string at location {line}:{column}"
        ))
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(['\t', ' ', ',', '\n', '\r', '\u{feff}']).len();
    }

    /// A token, or nothing where it was a comment. `None`: neither.
    fn token(&mut self, comments: &mut Vec<String>) -> Option<Option<(Kind, String)>> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Some(Some((Kind::End, String::new())));
        };
        let (kind, value, length) = match first {
            '#' => {
                let end = rest.find(|c: char| c < ' ' && c != '\t').unwrap_or(rest.len());
                comments.push(rest.get(..end)?.to_owned());
                self.at += end;
                return Some(None);
            }
            '.' if rest.starts_with("...") => (Kind::Punctuation('.'), String::new(), 3),
            '!' | '$' | '&' | '(' | ')' | ':' | '=' | '@' | '[' | ']' | '{' | '|' | '}' => {
                (Kind::Punctuation(first), String::new(), 1)
            }
            '_' | 'a'..='z' | 'A'..='Z' => {
                let end = rest
                    .find(|c: char| c != '_' && !c.is_ascii_alphanumeric())
                    .unwrap_or(rest.len());
                (Kind::Name, rest.get(..end)?.to_owned(), end)
            }
            '-' | '0'..='9' => {
                let (kind, length) = number(rest)?;
                (kind, rest.get(..length)?.to_owned(), length)
            }
            '"' if rest.starts_with("\"\"\"") => {
                let (value, length) = block(rest)?;
                (Kind::Block, value, length)
            }
            '"' => {
                let (value, length) = quoted(rest)?;
                (Kind::Text, value, length)
            }
            _ => return None,
        };
        self.at += length;
        Some(Some((kind, value)))
    }
}

fn number(text: &str) -> Option<(Kind, usize)> {
    let digits = |at: usize| {
        text.get(at..)
            .map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count())
    };
    let byte = |at: usize| text.as_bytes().get(at).copied();
    let mut at = usize::from(byte(0) == Some(b'-'));
    let mut kind = Kind::Int;
    let whole = digits(at);
    if whole == 0 || (whole > 1 && byte(at) == Some(b'0')) {
        return None;
    }
    at += whole;
    if byte(at) == Some(b'.') {
        kind = Kind::Float;
        let count = digits(at + 1);
        at += 1 + (count > 0).then_some(count)?;
    }
    if matches!(byte(at), Some(b'e' | b'E')) {
        kind = Kind::Float;
        at += 1 + usize::from(matches!(byte(at + 1), Some(b'+' | b'-')));
        let count = digits(at);
        at += (count > 0).then_some(count)?;
    }
    Some((kind, at))
}

fn quoted(text: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut characters = text.char_indices().skip(1);
    loop {
        let (at, character) = characters.next()?;
        match character {
            '"' => return Some((out, at + 1)),
            '\\' => match characters.next()?.1 {
                escaped @ ('"' | '/' | '\\') => out.push(escaped),
                'b' => out.push('\u{8}'),
                'f' => out.push('\u{c}'),
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'u' => {
                    let digits: String = characters.by_ref().take(4).map(|(_, digit)| digit).collect();
                    let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)?;
                    out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                _ => return None,
            },
            control if control < ' ' && control != '\t' => return None,
            character => out.push(character),
        }
    }
}

fn block(text: &str) -> Option<(String, usize)> {
    let mut raw = String::new();
    let mut at = 3;
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with("\"\"\"") {
            return Some((unindented(&raw), at + 3));
        }
        if rest.starts_with("\\\"\"\"") {
            raw.push_str("\"\"\"");
            at += 4;
            continue;
        }
        let next = rest.chars().next()?;
        if next < ' ' && !matches!(next, '\t' | '\n' | '\r') {
            return None;
        }
        at += next.len_utf8();
        // All line ends are one.
        if next == '\r' {
            raw.push('\n');
            at += usize::from(text.get(at..)?.starts_with('\n'));
        } else {
            raw.push(next);
        }
    }
}

/// A block's text without the indentation that its lines share, and without empty lines at its ends.
fn unindented(raw: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let is_blank = |line: &&str| line.chars().all(|c| matches!(c, ' ' | '\t'));
    let lines: Vec<&str> = raw.split('\n').collect();
    let common = lines
        .iter()
        .filter(|line| !is_blank(line))
        .map(|line| indent(line))
        .min()
        .unwrap_or(0);
    let lines = lines.iter().enumerate().map(|(index, line)| {
        if index == 0 {
            line
        } else {
            line.get(common..).unwrap_or_default()
        }
    });
    let lines: Vec<&str> = lines.collect();
    let start = lines.iter().position(|line| !is_blank(line)).unwrap_or(lines.len());
    let end = lines
        .iter()
        .rposition(|line| !is_blank(line))
        .map_or(start, |last| last + 1);
    lines.get(start..end).unwrap_or_default().join("\n")
}
