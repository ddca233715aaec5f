//! Text to tokens: one pass over the bytes, comments kept aside, errors collected.

use super::fault::Fault;
use super::syntax::Span;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
    /// Whether white space or a comment stands before it. `f (x)` is not a call.
    pub(crate) spaced: bool,
    /// Whether it is the first of its line.
    pub(crate) first: bool,
}

/// What a token is. The text is in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An identifier or a keyword: which, the parser knows.
    Word,
    Number,
    String,
    RawString,
    /// `$"` or, raw, `` $` ``.
    TemplateOpen {
        raw: bool,
    },
    /// Text between the expressions of a template string.
    TemplateText {
        raw: bool,
    },
    /// `{` in a template string.
    ExpressionOpen,
    /// `}` in a template string.
    ExpressionClose,
    TemplateClose,
    /// Punctuation: `{`, `:=`, `==` and so on.
    Mark(&'static str),
    /// Something that is no token. Already reported.
    Illegal,
    End,
}

/// A comment, from `#` to the end of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    pub(crate) span: Span,
    /// Whether the `#` is the first character of its line.
    pub(crate) at_margin: bool,
}

/// What the lexer found.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    /// Ends with [`TokenKind::End`].
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) faults: Vec<Fault>,
}

/// Splits a text into tokens.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer {
        text,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        spaced: false,
        first: true,
        templates: Vec::new(),
        out: Lexed::default(),
    };
    lexer.run();
    lexer.out
}

/// Longest first, so that `:=` is not read as `:`.
const MARKS: [&str; 27] = [
    ":=", "==", "!=", "<=", ">=", "[", "]", "{", "}", "(", ")", ",", ":", "+", "-", "*", "/", "%", "&", "|", "=", "<",
    ">", ";", ".", "!", "$",
];

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    spaced: bool,
    first: bool,
    /// The template strings that are open here, the innermost last.
    templates: Vec<Template>,
    out: Lexed,
}

struct Template {
    raw: bool,
    /// Braces that are open inside the current expression.
    braces: usize,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(next) = self.peek() {
            match next {
                ' ' | '\t' | '\r' => {
                    self.at += 1;
                    self.spaced = true;
                }
                '\n' => {
                    self.at += 1;
                    self.spaced = true;
                    self.first = true;
                }
                '#' => self.comment(),
                'a'..='z' | 'A'..='Z' | '_' => self.word(),
                '0'..='9' => self.number(),
                '"' => self.string(),
                '`' => self.raw_string(),
                _ => self.mark(next),
            }
        }
        let end = self.at;
        self.push(TokenKind::End, end);
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips characters while they fit.
    fn skip(&mut self, fits: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|next| !fits(next)).unwrap_or(rest.len());
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        let span = self.span(start);
        self.out.tokens.push(Token {
            kind,
            span,
            spaced: self.spaced,
            first: self.first,
        });
        self.spaced = false;
        self.first = false;
    }

    fn span(&self, start: usize) -> Span {
        // Sources are limited to far less than 4 GiB before they get here.
        Span {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(self.at).unwrap_or(u32::MAX),
        }
    }

    fn fault(&mut self, start: usize, message: impl Into<String>, help: &str) {
        let span = self.span(start);
        self.out
            .faults
            .push(Fault::new("rego.parse", span, message).with_help(help));
    }

    fn comment(&mut self) {
        let start = self.at;
        let at_margin = start == 0 || self.text.as_bytes().get(start - 1) == Some(&b'\n');
        self.skip(|next| next != '\n');
        let mut span = self.span(start);
        if span.of(self.text).ends_with('\r') {
            span.end -= 1;
        }
        self.out.comments.push(Comment { span, at_margin });
        self.spaced = true;
    }

    fn word(&mut self) {
        let start = self.at;
        self.skip(|next| next.is_ascii_alphanumeric() || next == '_');
        self.push(TokenKind::Word, start);
    }

    fn number(&mut self) {
        let start = self.at;
        let digits = |lexer: &mut Self| {
            let before = lexer.at;
            lexer.skip(|next| next.is_ascii_digit());
            lexer.at > before
        };
        let mut wrong = None;
        digits(self);
        if self.peek() == Some('.') {
            self.at += 1;
            if !digits(self) {
                wrong = Some("a number needs digits behind its point");
            }
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.at += 1;
            if matches!(self.peek(), Some('+' | '-')) {
                self.at += 1;
            }
            if !digits(self) {
                wrong = Some("a number needs digits in its exponent");
            }
        }
        if matches!(self.peek(), Some(next) if next.is_ascii_alphabetic() || next == '_') {
            self.skip(|next| next.is_ascii_alphanumeric() || next == '_');
            wrong = Some("letters stand right behind a number");
        }
        if let Some(wrong) = wrong {
            self.fault(start, wrong, "write numbers as in JSON, such as `12`, `0.5` or `1e3`");
            self.push(TokenKind::Illegal, start);
        } else {
            self.push(TokenKind::Number, start);
        }
    }

    fn string(&mut self) {
        let start = self.at;
        self.at += 1;
        loop {
            self.skip(|next| !matches!(next, '"' | '\\' | '\n'));
            match self.peek() {
                Some('"') => {
                    self.at += 1;
                    return self.push(TokenKind::String, start);
                }
                Some('\\') => self.escape(false),
                _ => {
                    self.fault(
                        start,
                        "a string is not closed on its line",
                        "end it with `\"`, or use back quotes for text of several lines",
                    );
                    return self.push(TokenKind::Illegal, start);
                }
            }
        }
    }

    /// Passes over a backslash and what it escapes.
    fn escape(&mut self, template: bool) {
        let start = self.at;
        self.at += 1;
        match self.peek() {
            Some('\\' | '"' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => self.at += 1,
            Some('{') if template => self.at += 1,
            Some('u') => {
                let digits = self.text.get(self.at + 1..self.at + 5);
                if digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit())) {
                    self.at += 5;
                } else {
                    self.at += 1;
                    self.fault(start, "`\\u` needs four hexadecimal digits", "write it as in `\\u00e9`");
                }
            }
            next => {
                self.at += next.map_or(0, |next| if next == '\n' { 0 } else { next.len_utf8() });
                self.fault(
                    start,
                    "a string has an escape that does not exist",
                    "write a backslash as `\\\\`, or put the text in back quotes, where nothing is escaped",
                );
            }
        }
    }

    fn raw_string(&mut self) {
        let start = self.at;
        self.at += 1;
        self.skip(|next| next != '`');
        if self.peek().is_some() {
            self.at += 1;
            self.push(TokenKind::RawString, start);
        } else {
            self.at = start + 1;
            self.fault(start, "a raw string is not closed", "end it with a back quote");
            self.at = self.text.len();
            self.push(TokenKind::Illegal, start);
        }
    }

    fn mark(&mut self, next: char) {
        let start = self.at;
        let Some(mark) = MARKS.into_iter().find(|mark| self.rest().starts_with(mark)) else {
            self.at += next.len_utf8();
            let (message, help) = match next {
                '\u{a0}' => ("a non-breaking space is no white space here", "use a plain space"),
                '\0' => ("a null character is not allowed", "remove it"),
                _ => (
                    "a character that Rego does not know",
                    "put it in a string, or remove it",
                ),
            };
            self.fault(start, message, help);
            return self.push(TokenKind::Illegal, start);
        };
        self.at += mark.len();
        match mark {
            "$" => self.template_open(start),
            "!" => {
                self.fault(start, "`!` is not an operator", "write `not` before the expression");
                self.push(TokenKind::Illegal, start);
            }
            "{" => {
                if let Some(template) = self.templates.last_mut() {
                    template.braces += 1;
                }
                self.push(TokenKind::Mark(mark), start);
            }
            "}" => match self.templates.last_mut() {
                Some(template) if template.braces == 0 => {
                    let raw = template.raw;
                    self.push(TokenKind::ExpressionClose, start);
                    self.template(raw);
                }
                Some(template) => {
                    template.braces -= 1;
                    self.push(TokenKind::Mark(mark), start);
                }
                None => self.push(TokenKind::Mark(mark), start),
            },
            _ => self.push(TokenKind::Mark(mark), start),
        }
    }

    fn template_open(&mut self, start: usize) {
        let raw = match self.peek() {
            Some('"') => false,
            Some('`') => true,
            _ => {
                self.fault(
                    start,
                    "`$` stands alone",
                    "a template string is written `$\"text {value}\"`",
                );
                return self.push(TokenKind::Illegal, start);
            }
        };
        self.at += 1;
        self.push(TokenKind::TemplateOpen { raw }, start);
        self.templates.push(Template { raw, braces: 0 });
        self.template(raw);
    }

    /// Text of a template string, up to its next expression or its end.
    fn template(&mut self, raw: bool) {
        let start = self.at;
        let quote = if raw { '`' } else { '"' };
        loop {
            self.skip(|next| next != quote && next != '{' && next != '\\' && (raw || next != '\n'));
            match self.peek() {
                Some('\\') if !raw => self.escape(true),
                Some('\\') => self.at += if self.rest().starts_with("\\{") { 2 } else { 1 },
                Some(next) if next == quote || next == '{' => break,
                _ => {
                    self.fault(start, "a template string is not closed", "end it with its quote");
                    self.templates.pop();
                    return self.push(TokenKind::Illegal, start);
                }
            }
        }
        if self.at > start {
            self.push(TokenKind::TemplateText { raw }, start);
        }
        let mark = self.at;
        self.at += 1;
        if self.text.as_bytes().get(mark) == Some(&b'{') {
            self.push(TokenKind::ExpressionOpen, mark);
        } else {
            self.templates.pop();
            self.push(TokenKind::TemplateClose, mark);
        }
    }
}

/// The text that a string token stands for, or `None` for surrogates that do not pair.
pub(crate) fn unquote(token: Token, text: &str) -> Option<String> {
    let written = token.span.of(text);
    match token.kind {
        TokenKind::String => unescape(written.get(1..written.len().saturating_sub(1))?),
        TokenKind::RawString => written.get(1..written.len().saturating_sub(1)).map(str::to_owned),
        TokenKind::TemplateText { raw: false } => unescape(written),
        TokenKind::TemplateText { raw: true } => Some(written.replace("\\{", "{")),
        _ => None,
    }
}

fn unescape(written: &str) -> Option<String> {
    let mut out = String::with_capacity(written.len());
    let mut chars = written.chars();
    while let Some(next) = chars.next() {
        if next != '\\' {
            out.push(next);
            continue;
        }
        match chars.next()? {
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => out.push(unicode(&mut chars)),
            escaped => out.push(escaped),
        }
    }
    Some(out)
}

/// One `\u` escape, or a pair of surrogates. As in Go's JSON, half a pair is U+FFFD.
fn unicode(chars: &mut std::str::Chars<'_>) -> char {
    let hex = |chars: &mut std::str::Chars<'_>| {
        let digits = chars.as_str().get(..4)?;
        let unit = u16::from_str_radix(digits, 16).ok()?;
        *chars = chars.as_str().get(4..)?.chars();
        Some(unit)
    };
    let Some(first) = hex(chars) else {
        return char::REPLACEMENT_CHARACTER;
    };
    let mut ahead = chars.clone();
    if (0xd800..0xdc00).contains(&first) && ahead.as_str().starts_with("\\u") {
        ahead.next();
        ahead.next();
        if let Some(second) = hex(&mut ahead)
            && let Some(Ok(pair)) = char::decode_utf16([first, second]).next()
        {
            *chars = ahead;
            return pair;
        }
    }
    char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        lex(text).tokens.into_iter().map(|token| token.kind).collect()
    }

    fn messages(text: &str) -> Vec<String> {
        lex(text).faults.into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn template_strings_nest() {
        use TokenKind::*;
        assert_eq!(
            kinds(r#"$"a {f({"b": $"{c}"})} \{d}""#),
            [
                TemplateOpen { raw: false },
                TemplateText { raw: false },
                ExpressionOpen,
                Word,
                Mark("("),
                Mark("{"),
                String,
                Mark(":"),
                TemplateOpen { raw: false },
                ExpressionOpen,
                Word,
                ExpressionClose,
                TemplateClose,
                Mark("}"),
                Mark(")"),
                ExpressionClose,
                TemplateText { raw: false },
                TemplateClose,
                End,
            ]
        );
    }

    #[test]
    fn strings_are_unescaped_like_json() {
        let lexed = lex(r#""\u00e9\n\ud83d\ude00\ud800x""#);
        assert_eq!(
            unquote(lexed.tokens[0], r#""\u00e9\n\ud83d\ude00\ud800x""#).unwrap(),
            "é\n😀\u{fffd}x"
        );
    }

    #[test]
    fn all_errors_are_reported() {
        assert_eq!(
            messages("\"a\n'b' 1x \"\\q\" 2. !"),
            [
                "a string is not closed on its line",
                "a character that Rego does not know",
                "a character that Rego does not know",
                "letters stand right behind a number",
                "a string has an escape that does not exist",
                "a number needs digits behind its point",
                "`!` is not an operator",
            ]
        );
    }

    #[test]
    fn comments_are_kept_with_their_margin() {
        let lexed = lex("# a\r\n  # b\nx # c");
        let found: Vec<_> = lexed
            .comments
            .iter()
            .map(|comment| (comment.at_margin, comment.span.of("# a\r\n  # b\nx # c")))
            .collect();
        assert_eq!(found, [(true, "# a"), (false, "# b"), (false, "# c")]);
    }
}
