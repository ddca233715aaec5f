//! Bytes to [`Value`], strictly. Errors say where and what kind of thing was found, and never quote the document.

use std::collections::btree_map::Entry;

use super::{Number, Object, Value};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::location::{Location, Pointer, Position};

pub(super) fn document(source: &str, bytes: &[u8]) -> Result<Value, Error> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes
            .get(..error.valid_up_to())
            .and_then(|prefix| std::str::from_utf8(prefix).ok())
            .unwrap_or("");
        Error::new(ErrorKind::Syntax, "json.encoding", "bytes that are not UTF-8")
            .at(Location::text(source, Position::of_byte(valid, valid.len())))
    })?;
    let mut reader = Reader::new(source, text);
    reader.skip_space();
    let value = reader.value()?;
    reader.skip_space();
    if reader.at < text.len() {
        return Err(reader.error("json.trailing", "something after the end of the JSON document"));
    }
    Ok(value)
}

/// The document that begins at byte `start` of a longer text, and the byte after its end.
pub(super) fn embedded(source: &str, text: &str, start: usize) -> Result<(Value, usize), Error> {
    let mut reader = Reader::new(source, text);
    reader.at = start;
    let value = reader.value()?;
    Ok((value, reader.at))
}

struct Reader<'a> {
    source: &'a str,
    text: &'a str,
    at: usize,
    /// The way from the root to the value that is being read, for errors.
    steps: Vec<Step>,
}

enum Step {
    Member(String),
    Element(usize),
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, text: &'a str) -> Self {
        Self {
            source,
            text,
            at: 0,
            steps: Vec::new(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn error(&self, code: &'static str, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Syntax, code, message)
            .at(Location::text(self.source, Position::of_byte(self.text, self.at)))
    }

    /// What stands at the cursor, without quoting anything that could be a value.
    fn found(&self) -> String {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            None => "the end of the document".to_owned(),
            Some('"') => "a string".to_owned(),
            Some(c @ ('{' | '}' | '[' | ']' | ':' | ',')) => format!("`{c}`"),
            Some('0'..='9' | '-') => "a number".to_owned(),
            Some(c) if c.is_alphabetic() => "a word without quotes".to_owned(),
            Some(_) => "a character that JSON does not have here".to_owned(),
        }
    }

    fn unexpected(&self, expected: &str) -> Error {
        self.error("json.syntax", format!("expected {expected}, found {}", self.found()))
    }

    fn value(&mut self) -> Result<Value, Error> {
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.unexpected("a JSON value")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Error> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.unexpected("a JSON value"))
    }

    fn enter(&mut self) -> Result<(), Error> {
        if self.steps.len() >= Limits::JSON_DEPTH {
            let message = format!("more than {} levels of objects and arrays", Limits::JSON_DEPTH);
            return Err(Error::new(ErrorKind::Limit, "json.depth", message)
                .at(Location::text(self.source, Position::of_byte(self.text, self.at))));
        }
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    fn object(&mut self) -> Result<Value, Error> {
        self.enter()?;
        let mut members = Object::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a member name in quotes"));
            }
            let start = self.at;
            let name = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("`:` after a member name"));
            }
            self.at += 1;
            self.skip_space();
            self.steps.push(Step::Member(name));
            let value = self.value()?;
            if let Some(Step::Member(name)) = self.steps.pop() {
                match members.entry(name) {
                    Entry::Vacant(entry) => drop(entry.insert(value)),
                    // Saying the same thing twice hides nothing, and real plans have been seen to do it.
                    Entry::Occupied(entry) if *entry.get() == value => {}
                    Entry::Occupied(entry) => {
                        self.at = start;
                        return Err(self.duplicate(entry.key()));
                    }
                }
            }
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(members));
                }
                _ => return Err(self.unexpected("`,` or `}`")),
            }
            self.skip_space();
        }
    }

    fn array(&mut self) -> Result<Value, Error> {
        self.enter()?;
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            self.steps.push(Step::Element(items.len()));
            items.push(self.value()?);
            self.steps.pop();
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(items));
                }
                _ => return Err(self.unexpected("`,` or `]`")),
            }
            self.skip_space();
        }
    }

    /// Two members of one name and different values: readers disagree on which counts, so one of them could hide the other from a policy.
    fn duplicate(&self, name: &str) -> Error {
        let mut pointer = Pointer::root();
        for step in &self.steps {
            pointer = match step {
                Step::Member(name) => pointer.join(name),
                Step::Element(index) => pointer.join(index),
            };
        }
        self.error(
            "json.duplicate_key",
            format!("a second member `{name}` with another value in the object at {pointer}"),
        )
        .with_help("programs disagree on which of the two counts; write the file anew with the tool that made it")
    }

    fn number(&mut self) -> Result<Number, Error> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => {
                self.at += 1;
                if matches!(self.peek(), Some(b'0'..=b'9')) {
                    return Err(self.error("json.syntax", "a number that begins with zero and goes on"));
                }
            }
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.unexpected("a digit")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(Number::from_checked(self.text.get(start..self.at).unwrap_or("0")))
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Result<(), Error> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.unexpected("a digit"));
        }
        self.digits();
        Ok(())
    }

    fn string(&mut self) -> Result<String, Error> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            text.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                None => return Err(self.error("json.syntax", "a string without an end")),
                Some(_) => return Err(self.error("json.syntax", "a control character inside a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let escape = self.peek();
        self.at += 1;
        Ok(match escape {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                self.at -= 1;
                return Err(self.error("json.syntax", "an escape that JSON does not have"));
            }
        })
    }

    fn unicode_escape(&mut self) -> Result<char, Error> {
        let high = self.hex4()?;
        if !(0xd800..0xe000).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let is_pair = high < 0xdc00 && self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u"));
        if is_pair {
            self.at += 2;
            let low = self.hex4()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        Err(self.error("json.syntax", "half of a surrogate pair in a string"))
    }

    fn hex4(&mut self) -> Result<u32, Error> {
        let digits = self
            .text
            .get(self.at..self.at + 4)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.error("json.syntax", "`\\u` without four hexadecimal digits"))?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(text: &str) -> (&'static str, String) {
        let error = document("x.json", text.as_bytes()).unwrap_err();
        (error.code(), error.to_string())
    }

    #[test]
    fn reads_what_serde_json_reads() {
        for text in [
            r#"{"a": [1, -2.50, 3e8, true, false, null, "\u00e9\ud83d\ude00\n\/"], "b": {}}"#,
            "[]",
            " \t\r\n\"x\" ",
            "0",
        ] {
            let ours = serde_json::to_value(document("x", text.as_bytes()).unwrap()).unwrap();
            assert_eq!(ours, serde_json::from_str::<serde_json::Value>(text).unwrap());
        }
    }

    #[test]
    fn refuses_with_a_place() {
        assert_eq!(code_of("{\"a\": 1,\n \"a\": 2}").0, "json.duplicate_key");
        assert!(
            code_of("{\"a\": 1,\n \"a\": 2}")
                .1
                .starts_with("x.json:2:2: a second member `a`")
        );
        assert!(document("x", b"{\"a\": [1], \"a\": [1.0]}").is_ok());
        assert_eq!(code_of("{} {}").0, "json.trailing");
        assert_eq!(code_of(&"[".repeat(100_000)).0, "json.depth");
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "1.",
            "+1",
            "nul",
            "\"a",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\u{1}\"",
            "{a:1}",
            "-",
        ] {
            assert_eq!(code_of(text).0, "json.syntax", "{text}");
        }
        assert_eq!(document("x", &[b'"', 0xff, b'"']).unwrap_err().code(), "json.encoding");
    }

    #[test]
    fn never_quotes_the_document() {
        for text in [
            "{\"password\": hunter2}",
            "[\"hunter2\" \"hunter2\"]",
            "{\"x\": \"hunter2",
        ] {
            assert!(!code_of(text).1.contains("hunter2"));
        }
    }
}
