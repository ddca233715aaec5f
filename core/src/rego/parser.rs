//! Tokens to syntax tree: packages, imports, recovery; rules, literals and terms are in the files below.
//!
//! The grammar is OPA's, ambiguities included: in `{a | b}` a comprehension wins over a set of one union. Where OPA tries and
//! goes back, this parser looks ahead over matched brackets instead, so its time is linear in the text.

mod import;
mod literal;
mod rule;
mod term;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::limits::Limits;

use super::fault::Fault;
use super::lexer::{Lexed, Token, TokenKind, lex};
use super::metadata;
use super::syntax::{Module, Name, Rule, Span, Version};

/// Parses one source. The module holds what could be read; it is complete when there are no faults.
pub(crate) fn parse(source: Arc<str>, text: &Arc<str>, version: Version) -> (Module, Vec<Fault>) {
    if text.len() > Limits::SOURCE_BYTES {
        let fault = Fault::new(
            "rego.too_long",
            Span::default(),
            format!(
                "the source is {} bytes long, more than {}",
                text.len(),
                Limits::SOURCE_BYTES
            ),
        )
        .with_help("split it into several files, and move data into the configuration");
        return (empty_module(source, "".into(), version), vec![fault]);
    }
    let Lexed {
        tokens,
        comments,
        faults,
    } = lex(text);
    let mut module = empty_module(source, text.clone(), version);
    let mut parser = Parser::new(text, &tokens, version, faults);
    parser.module(&mut module);
    let mut faults = parser.faults;
    module.version = parser.version;
    metadata::attach(&mut module, &comments, &mut faults);
    faults.sort_by_key(|fault| fault.span.start);
    faults.dedup_by_key(|fault| fault.span.start);
    faults.truncate(Limits::ERRORS);
    (module, faults)
}

/// Parses a query: literals that all must hold.
#[cfg(feature = "compliance")]
pub(crate) fn parse_query(text: &str, version: Version) -> Result<super::syntax::Body, Vec<Fault>> {
    let lexed = lex(text);
    let mut parser = Parser::new(text, &lexed.tokens, version, lexed.faults);
    let body = parser.literals(None);
    match body {
        Ok(body) if parser.faults.is_empty() => Ok(body),
        _ => Err(parser.faults),
    }
}

fn empty_module(source: Arc<str>, text: Arc<str>, version: Version) -> Module {
    Module {
        source,
        text,
        version,
        package: Vec::new(),
        imports: Vec::new(),
        rules: Vec::new(),
        annotations: Vec::new(),
    }
}

/// The fault is recorded; the statement is given up.
struct Failed;
type Parsed<T> = Result<T, Failed>;

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// For each token that opens a bracket, the one that closes it.
    closers: Vec<usize>,
    at: usize,
    version: Version,
    /// Keywords that are switched on beyond those that always are.
    keywords: BTreeSet<&'static str>,
    wildcards: usize,
    depth: usize,
    chain: usize,
    /// A bracket that belongs to the name before it although it stands apart, as heads allow.
    spaced_step: Option<usize>,
    faults: Vec<Fault>,
}

/// Keywords of every version.
const KEYWORDS: [&str; 11] = [
    "package", "import", "as", "default", "else", "not", "some", "with", "null", "true", "false",
];
/// Keywords of v1, which v0 has to import.
const FUTURE_KEYWORDS: [&str; 4] = ["contains", "every", "if", "in"];

/// Whether the word is a keyword in the current version of the language.
pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word) || FUTURE_KEYWORDS.contains(&word)
}

/// Whether the text can name a rule: an identifier that is no keyword.
pub(crate) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|next| next.is_ascii_alphanumeric() || next == '_')
        && !is_keyword(text)
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, tokens: &'a [Token], version: Version, faults: Vec<Fault>) -> Self {
        let keywords = match version {
            Version::V0 => BTreeSet::new(),
            Version::V1 => FUTURE_KEYWORDS.into(),
        };
        Self {
            text,
            tokens,
            closers: matching(tokens),
            at: 0,
            version,
            keywords,
            wildcards: 0,
            depth: 0,
            chain: 0,
            spaced_step: None,
            faults,
        }
    }

    // Tokens.

    fn token(&self) -> Token {
        self.peek(0)
    }

    fn peek(&self, ahead: usize) -> Token {
        let end = Token {
            kind: TokenKind::End,
            span: Span::default(),
            spaced: true,
            first: true,
        };
        self.tokens
            .get(self.at + ahead)
            .or(self.tokens.last())
            .copied()
            .unwrap_or(end)
    }

    fn advance(&mut self) -> Token {
        let token = self.token();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    /// The end of the last token that was taken.
    fn last(&self) -> Span {
        self.at
            .checked_sub(1)
            .and_then(|before| self.tokens.get(before))
            .map_or(Span::default(), |token| token.span)
    }

    fn is(&self, mark: &str) -> bool {
        is_mark(self.token(), mark)
    }

    fn eat(&mut self, mark: &str) -> bool {
        let found = self.is(mark);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, mark: &'static str, after: &str) -> Parsed<Span> {
        if self.is(mark) {
            Ok(self.advance().span)
        } else {
            self.unexpected(&format!("`{mark}` {after}"))
        }
    }

    /// The word here, unless it is a keyword.
    fn identifier(&self) -> Option<&'a str> {
        let word = self.word(0)?;
        (!self.reserved(word)).then_some(word)
    }

    fn word(&self, ahead: usize) -> Option<&'a str> {
        let token = self.peek(ahead);
        (token.kind == TokenKind::Word).then(|| token.span.of(self.text))
    }

    /// Whether the word is a keyword here.
    fn reserved(&self, word: &str) -> bool {
        KEYWORDS.contains(&word) || self.keywords.contains(word)
    }

    /// Whether this keyword stands here and starts no reference (`default.x`).
    fn is_keyword(&self, keyword: &str) -> bool {
        self.word(0) == Some(keyword) && self.reserved(keyword) && !self.starts_reference()
    }

    /// Whether a step follows the word here without a space: `word.x`, `word[x]`.
    fn starts_reference(&self) -> bool {
        let next = self.peek(1);
        !next.spaced && (is_mark(next, ".") || is_mark(next, "["))
    }

    /// Whether the word is a keyword of the source's version, imported ones aside.
    fn names_nothing(&self, word: &str) -> bool {
        KEYWORDS.contains(&word) || (self.version == Version::V1 && FUTURE_KEYWORDS.contains(&word))
    }

    fn name(&mut self) -> Name {
        let token = self.advance();
        Name {
            text: token.span.of(self.text).into(),
            span: token.span,
        }
    }

    // Faults.

    fn fail<T>(&mut self, fault: Fault) -> Parsed<T> {
        self.faults.push(fault);
        Err(Failed)
    }

    fn unexpected<T>(&mut self, wanted: &str) -> Parsed<T> {
        let token = self.token();
        let found = match token.kind {
            // The lexer has said why.
            TokenKind::Illegal => return Err(Failed),
            TokenKind::End => "the end of the file".to_owned(),
            TokenKind::Word => {
                let word = token.span.of(self.text);
                if self.reserved(word) {
                    format!("the keyword `{word}`")
                } else {
                    format!("`{word}`")
                }
            }
            TokenKind::Number => "a number".to_owned(),
            TokenKind::String | TokenKind::RawString => "a string".to_owned(),
            TokenKind::Mark(mark) => format!("`{mark}`"),
            TokenKind::TemplateOpen { .. } => "a template string".to_owned(),
            TokenKind::TemplateText { .. } | TokenKind::TemplateClose => "text of a template string".to_owned(),
            TokenKind::ExpressionOpen => "`{`".to_owned(),
            TokenKind::ExpressionClose => "`}`".to_owned(),
        };
        let mut fault = Fault::new("rego.parse", token.span, format!("expected {wanted}, found {found}"));
        if let Some(help) = self.missing_import() {
            fault = fault.with_help(help);
        }
        self.fail(fault)
    }

    /// In v0, a word that would be a keyword if it were imported, here or right before.
    fn missing_import(&self) -> Option<String> {
        let words = [Some(self.token().span), Some(self.last())];
        words.into_iter().flatten().find_map(|span| {
            let word = span.of(self.text);
            (FUTURE_KEYWORDS.contains(&word) && !self.keywords.contains(word)).then(|| {
                format!("this source is Rego v0, where `{word}` has to be imported: `import rego.v1` or `import future.keywords.{word}`")
            })
        })
    }

    /// Runs a part of the grammar one level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= Limits::NESTING {
            let fault = Fault::new(
                "rego.too_deep",
                self.token().span,
                format!("this nests more than {} levels deep", Limits::NESTING),
            )
            .with_help("give inner parts names, or move large documents into data");
            return self.fail(fault);
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    // Statements.

    fn module(&mut self, module: &mut Module) {
        let mut has_package = false;
        if self.token().kind == TokenKind::End && self.faults.is_empty() {
            self.faults.push(
                Fault::new("rego.parse", self.token().span, "the source is empty")
                    .with_help("a policy starts with `package`"),
            );
        }
        while self.token().kind != TokenKind::End {
            let start = self.at;
            let parsed = if self.is_keyword("package") {
                let first = !has_package && module.imports.is_empty() && module.rules.is_empty();
                has_package = true;
                self.package(first).map(|path| module.package = path)
            } else {
                if !has_package {
                    has_package = true;
                    let span = self.token().span;
                    self.faults.push(
                        Fault::new("rego.parse", span, "the source does not start with a package")
                            .with_help("put `package` and a name before everything else"),
                    );
                }
                if self.is_keyword("import") {
                    self.import().map(|import| module.imports.push(import))
                } else {
                    self.rule().map(|rule: Rule| module.rules.push(rule))
                }
            };
            if parsed.is_err() {
                self.recover(start);
            }
        }
    }

    /// Goes on at the next line that starts no further right than the statement that failed.
    fn recover(&mut self, start: usize) {
        self.depth = 0;
        let column = |token: Token| {
            let before = self.text.get(..token.span.start as usize).unwrap_or_default();
            before.len() - before.rfind('\n').map_or(0, |newline| newline + 1)
        };
        let margin = self.tokens.get(start).map_or(0, |token| column(*token));
        let failed = self.at;
        // The line on which the error shows may itself start the next rule, where a bracket was left open above.
        let line = (start + 1..=failed)
            .rev()
            .find(|at| self.tokens.get(*at).is_some_and(|token| token.first));
        self.at = line.unwrap_or(failed.max(start + 1));
        while let Some(token) = self.tokens.get(self.at) {
            let statement = matches!(token.kind, TokenKind::Word | TokenKind::String | TokenKind::Number);
            let starts = token.first && statement && column(*token) <= margin;
            if starts || token.kind == TokenKind::End {
                break;
            }
            self.at += 1;
        }
    }
}

fn is_mark(token: Token, mark: &str) -> bool {
    matches!(token.kind, TokenKind::Mark(found) if found == mark)
}

/// For each token that opens a bracket the place of the one that closes it; for all others their own place.
fn matching(tokens: &[Token]) -> Vec<usize> {
    let mut closers: Vec<usize> = (0..tokens.len()).collect();
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Mark("(" | "[" | "{") | TokenKind::ExpressionOpen => open.push(at),
            TokenKind::Mark(")" | "]" | "}") | TokenKind::ExpressionClose => {
                if let Some(opened) = open.pop()
                    && let Some(closer) = closers.get_mut(opened)
                {
                    *closer = at;
                }
            }
            _ => {}
        }
    }
    for opened in open {
        if let Some(closer) = closers.get_mut(opened) {
            *closer = tokens.len().saturating_sub(1);
        }
    }
    closers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::print::Printer;

    fn faults(text: &str) -> Vec<String> {
        let (_, faults) = parse("a.rego".into(), &text.into(), Version::V1);
        let text_of = |fault: Fault| fault.in_text(&"a.rego".into(), text).to_string();
        faults.into_iter().map(text_of).collect()
    }

    fn printed(version: Version, text: &str) -> String {
        let (module, faults) = parse("a.rego".into(), &text.into(), version);
        assert_eq!(faults, [], "{text}");
        let mut printer = Printer::default();
        for rule in &module.rules {
            printer.rule(rule);
        }
        printer.finish().0.trim().to_owned()
    }

    #[test]
    fn one_run_reports_every_broken_rule() {
        let text = "package p\n\nimport data.if\nq if {\n  a b\n}\nr := [1\ns := 1\nt if { x }\nu { y }\n\"v\" := 2\n";
        assert_eq!(
            faults(text),
            [
                "a.rego:3:8: the import would be named `if`, which is a keyword",
                "a.rego:5:5: expected a new line, `;` or `}` behind the statement, found `b`",
                "a.rego:8:1: expected `]` or `,` in the list, found `s`",
                "a.rego:10:1: `if` is missing before the rule's body",
                "a.rego:11:1: expected a rule, which starts with its name, found a string",
            ]
        );
    }

    #[test]
    fn a_bracket_left_open_spoils_one_rule_only() {
        let text = "package p\nq if {\n  f(x\n}\nr := 1\ns := 2 +\n";
        let (module, _) = parse("a.rego".into(), &text.into(), Version::V1);
        assert_eq!(module.rules.len(), 1);
        assert_eq!(faults(text).len(), 2);
    }

    #[test]
    fn comprehensions_win_over_unions_as_in_opa() {
        assert_eq!(printed(Version::V1, "package p\nq := {a | b}"), "q := {a | b}");
        assert_eq!(printed(Version::V1, "package p\nq := {a | b, c}"), "q := {(a | b), c}");
        assert_eq!(
            printed(Version::V1, "package p\nq := {a + 1 | b}"),
            "q := {(a + 1 | b)}"
        );
        assert_eq!(
            printed(Version::V1, "package p\nq := {a | b, c in d}"),
            "q := {a | b, c in d}"
        );
        assert_eq!(
            printed(Version::V1, "package p\nq := {a: b | c, d: e}"),
            "q := {a: (b | c), d: e}"
        );
    }

    #[test]
    fn heads_mean_what_they_mean_in_each_version() {
        let v0 = |text: &str| printed(Version::V0, &format!("package p\n{text}"));
        assert_eq!(v0("q[x] { x := 1 }"), "q contains x if {\n  x := 1\n}");
        assert_eq!(v0("q.r { true }"), "q contains \"r\" if {\n  true\n}");
        assert_eq!(v0("q.r.s { true }"), "q.r.s if {\n  true\n}");
        assert_eq!(v0("q { a } { b }"), "q if {\n  a\n}\n\nq if {\n  b\n}");
        assert_eq!(v0("import future.keywords.if\nq[1] if true"), "q[1] if {\n  true\n}");
        assert_eq!(
            printed(Version::V1, "package p\nq.r if { true } else := {1} if { {1}[x] }"),
            "q.r if {\n  true\n} else := {1} if {\n  {1}[x]\n}"
        );
    }

    #[test]
    fn version_0_asks_for_imports() {
        let (_, faults) = parse("a.rego".into(), &"package p\nq contains 1".into(), Version::V0);
        assert!(faults[0].help.as_ref().unwrap().contains("import rego.v1"));
    }

    #[test]
    fn nesting_is_limited_and_linear() {
        for (open, close) in [
            ("[", "]"),
            ("{1 | ", "}"),
            ("{\"a\": ", "}"),
            ("f(", ")"),
            ("{1 | 2, ", "}"),
            ("{x | a, ", " in b}"),
        ] {
            let nested = |depth: usize| format!("package p\nq := {}1{}", open.repeat(depth), close.repeat(depth));
            assert_eq!(faults(&nested(Limits::NESTING / 2 - 2)), [] as [&str; 0], "{open}");
            let found = faults(&nested(100_000));
            assert!(found[0].contains("levels deep"), "{found:?}");
        }
        let found = faults(&format!("package p\nq := 1{}", " + 1".repeat(100_000)));
        assert!(found[0].contains("operators"), "{found:?}");
        let found = faults(&format!("package p\nq := a{}", "[0]".repeat(100_000)));
        assert!(found[0].contains("steps"), "{found:?}");
    }

    #[test]
    fn any_text_ends_in_an_answer() {
        let tokens = [
            "package", "p", "{", "}", "[", "]", "|", ",", "if", "\"", "$\"", "`", "\n", "in", ":=", "(", "1", "é",
        ];
        let mut seed = 7_u64;
        for _ in 0..2_000 {
            let mut text = String::new();
            for _ in 0..30 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push_str(tokens[usize::try_from(seed >> 33).unwrap() % tokens.len()]);
                text.push(' ');
            }
            parse("a.rego".into(), &text.as_str().into(), Version::V1);
        }
    }
}
