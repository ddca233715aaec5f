//! JSON text as Go reads and writes it: the last of equal members counts, numbers keep all digits, `<` is `\u003c`.

use std::collections::BTreeMap;

use regorus::Value;

use super::term;

/// Levels of objects and arrays inside each other.
const MAX_DEPTH: usize = 512;

/// `None`: not JSON, or deeper than the limit.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.space();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.space();
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string().map(Value::from),
            b't' => self.word("true", true.into()),
            b'f' => self.word("false", false.into()),
            b'n' => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut members = BTreeMap::new();
        if self.take(b'}').is_some() {
            return Some(members.into());
        }
        loop {
            self.space();
            if self.peek()? != b'"' {
                return None;
            }
            let key = self.string()?;
            self.take(b':')?;
            members.insert(Value::from(key), self.value(depth + 1)?);
            if self.take(b',').is_none() {
                return self.take(b'}').map(|()| members.into());
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut elements = Vec::new();
        if self.take(b']').is_some() {
            return Some(elements.into());
        }
        loop {
            elements.push(self.value(depth + 1)?);
            if self.take(b',').is_none() {
                return self.take(b']').map(|()| elements.into());
            }
        }
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        if self.peek()? == b'-' {
            self.at += 1;
        }
        if self.peek()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Value::from_numeric_string(self.text.get(start..self.at)?).ok()
    }

    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..)?;
            let plain = rest.find(|c: char| matches!(c, '"' | '\\') || c < ' ')?;
            out.push_str(rest.get(..plain)?);
            self.at += plain + 1;
            match rest.as_bytes().get(plain)? {
                b'"' => return Some(out),
                b'\\' => out.push(self.escape()?),
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                if let Some(character) = char::from_u32(unit) {
                    return Some(character);
                }
                // A high surrogate needs a low one after it. Either alone stands for nothing.
                let low = self
                    .text
                    .get(self.at..)
                    .filter(|rest| rest.starts_with("\\u"))
                    .map(|rest| rest.get(2..6));
                let low = low.flatten().and_then(|digits| u32::from_str_radix(digits, 16).ok());
                match low {
                    Some(low @ 0xdc00..=0xdfff) if unit < 0xdc00 => {
                        self.at += 6;
                        char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00))?
                    }
                    _ => char::REPLACEMENT_CHARACTER,
                }
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        digits
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(digits, 16).ok())?
    }
}

/// How a text is laid out: what begins each line after the first, and what indents it once for each level.
#[derive(Clone, Copy)]
pub(super) struct Layout<'a> {
    pub(super) prefix: &'a str,
    pub(super) indent: &'a str,
}

/// The text of a value, on one line without a layout. Sets are arrays, and keys that are no strings their own text.
pub(super) fn write(value: &Value, layout: Option<Layout<'_>>) -> String {
    let mut out = String::new();
    write_at(value, layout, 0, &mut out);
    out
}

fn write_at(value: &Value, layout: Option<Layout<'_>>, level: usize, out: &mut String) {
    match value {
        Value::String(text) => write_string(text, out),
        Value::Array(array) => write_array(array.iter().collect(), layout, level, out),
        Value::Set(set) => write_array(term::sorted(set.iter().collect()), layout, level, out),
        Value::Object(object) => {
            let members: BTreeMap<String, &Value> = object.iter().map(|(key, value)| (key_text(key), value)).collect();
            let writers = members.iter().map(|(key, value)| {
                move |out: &mut String| {
                    write_string(key, out);
                    out.push_str(if layout.is_some() { ": " } else { ":" });
                    write_at(value, layout, level + 1, out);
                }
            });
            write_list(['{', '}'], writers, layout, level, out);
        }
        other => out.push_str(&other.to_string()),
    }
}

/// The text that a member has in JSON.
pub(super) fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) => (**text).to_owned(),
        other => write(other, None),
    }
}

fn write_array(elements: Vec<&Value>, layout: Option<Layout<'_>>, level: usize, out: &mut String) {
    let writers = elements
        .into_iter()
        .map(|element| move |out: &mut String| write_at(element, layout, level + 1, out));
    write_list(['[', ']'], writers, layout, level, out);
}

fn write_list<W: FnOnce(&mut String)>(
    [open, close]: [char; 2],
    writers: impl Iterator<Item = W>,
    layout: Option<Layout<'_>>,
    level: usize,
    out: &mut String,
) {
    let line = |level: usize, out: &mut String| {
        if let Some(layout) = layout {
            out.push('\n');
            out.push_str(layout.prefix);
            out.push_str(&layout.indent.repeat(level));
        }
    };
    out.push(open);
    let mut any = false;
    for writer in writers {
        if any {
            out.push(',');
        }
        any = true;
        line(level + 1, out);
        writer(out);
    }
    if any {
        line(level, out);
    }
    out.push(close);
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
