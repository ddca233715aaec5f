//! RE2's syntax, which Go and OPA have, translated to that of the `regex` crate.
//!
//! The two agree on what a match is. They differ in what `\d` and `\b` cover, in braces and brackets that stand for themselves, in escapes, and in
//! what a class may hold. So every construct is read as Go reads it, and written in the form that can mean nothing else.

use std::iter::Peekable;
use std::str::Chars;

/// An expression in the crate's syntax, and the names of its groups. A group without a name has an empty one.
#[derive(Debug)]
pub(super) struct Translated {
    pub(super) pattern: String,
    pub(super) groups: Vec<String>,
}

/// RE2 refuses more repetitions.
const MAX_REPETITIONS: u32 = 1000;
/// Go refuses deeper nesting, and so does the crate, much sooner.
const MAX_DEPTH: usize = 200;

/// `None`: not an expression of RE2.
pub(super) fn translate(pattern: &str) -> Option<Translated> {
    let mut translator = Translator {
        rest: pattern.chars().peekable(),
        out: String::with_capacity(pattern.len() * 2),
        groups: vec![String::new()],
        open: 0,
        repeatable: Repeatable::Nothing,
    };
    while translator.rest.peek().is_some() {
        translator.item()?;
    }
    (translator.open == 0).then_some(Translated {
        pattern: translator.out,
        groups: translator.groups,
    })
}

/// What a repetition would repeat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeatable {
    Nothing,
    Item,
    /// `a**` is an error in RE2.
    Repetition,
}

struct Translator<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
    groups: Vec<String>,
    open: usize,
    repeatable: Repeatable,
}

impl Translator<'_> {
    fn take(&mut self, expected: char) -> bool {
        self.rest.next_if_eq(&expected).is_some()
    }

    fn item(&mut self) -> Option<()> {
        let next = self.rest.next()?;
        match next {
            '(' => return self.group(),
            '|' => {
                self.out.push('|');
                self.repeatable = Repeatable::Nothing;
                return Some(());
            }
            ')' => {
                self.open = self.open.checked_sub(1)?;
                self.out.push(')');
            }
            '*' | '+' | '?' => return self.repeat(&next.to_string()),
            '{' => {
                if let Some(bounds) = self.bounds() {
                    return self.repeat(&bounds?);
                }
                self.literal('{');
            }
            '^' | '$' | '.' => self.out.push(next),
            '[' => self.class()?,
            '\\' => self.escape()?,
            literal => self.literal(literal),
        }
        self.repeatable = Repeatable::Item;
        Some(())
    }

    fn literal(&mut self, character: char) {
        self.out.push_str(&literal(character));
    }

    fn repeat(&mut self, operator: &str) -> Option<()> {
        if self.repeatable != Repeatable::Item {
            return None;
        }
        self.out.push_str(operator);
        if self.take('?') {
            self.out.push('?');
        }
        self.repeatable = Repeatable::Repetition;
        Some(())
    }

    /// What follows `{`: nothing that counts (`None`), bounds that are out of range (`Some(None)`), or bounds.
    fn bounds(&mut self) -> Option<Option<String>> {
        let mut ahead = self.rest.clone();
        let least = number(&mut ahead)?;
        let most = if ahead.next_if_eq(&',').is_some() {
            if ahead.peek() == Some(&'}') {
                None
            } else {
                Some(number(&mut ahead)?)
            }
        } else {
            Some(least)
        };
        if ahead.next() != Some('}') {
            return None;
        }
        self.rest = ahead;
        if least > MAX_REPETITIONS || most.is_some_and(|most| most > MAX_REPETITIONS || most < least) {
            return Some(None);
        }
        Some(Some(most.map_or_else(
            || format!("{{{least},}}"),
            |most| format!("{{{least},{most}}}"),
        )))
    }

    /// What follows `(`.
    fn group(&mut self) -> Option<()> {
        self.open += 1;
        self.repeatable = Repeatable::Nothing;
        if self.open > MAX_DEPTH {
            return None;
        }
        if !self.take('?') {
            self.groups.push(String::new());
            self.out.push('(');
            return Some(());
        }
        let named = match self.rest.peek()? {
            'P' => {
                self.rest.next();
                if !self.take('<') {
                    return None;
                }
                true
            }
            '<' => self.rest.next().is_some(),
            _ => false,
        };
        if named { self.name() } else { self.flags() }
    }

    fn name(&mut self) -> Option<()> {
        let mut name = String::new();
        loop {
            match self.rest.next()? {
                '>' => break,
                character if character == '_' || character.is_ascii_alphanumeric() => name.push(character),
                _ => return None,
            }
        }
        if name.is_empty() {
            return None;
        }
        self.groups.push(name);
        self.out.push('(');
        Some(())
    }

    /// `i-s:` or `i-s)` after `(?`.
    fn flags(&mut self) -> Option<()> {
        let mut flags = String::new();
        let mut given = false;
        let end = loop {
            match self.rest.next()? {
                flag @ ('i' | 'm' | 's' | 'U') => {
                    given = true;
                    if !flags.rsplit('-').next().unwrap_or_default().contains(flag) {
                        flags.push(flag);
                    }
                }
                '-' if !flags.contains('-') => {
                    given = false;
                    flags.push('-');
                }
                end @ (':' | ')') => break end,
                _ => return None,
            }
        };
        if flags.contains('-') && !given {
            return None;
        }
        // The crate refuses a flag that is set and cleared at once. The last word counts.
        let (set, cleared) = flags.split_once('-').unwrap_or((&flags, ""));
        let set: String = set.chars().filter(|flag| !cleared.contains(*flag)).collect();
        let dash = if cleared.is_empty() { "" } else { "-" };
        if end == ')' {
            self.open -= 1;
            if !set.is_empty() || !cleared.is_empty() {
                self.out.push_str(&format!("(?{set}{dash}{cleared})"));
            }
        } else {
            self.out.push_str(&format!("(?{set}{dash}{cleared}:"));
        }
        Some(())
    }

    /// What follows a backslash outside a class.
    fn escape(&mut self) -> Option<()> {
        match *self.rest.peek()? {
            'A' | 'z' => {
                let anchor = self.rest.next()?;
                self.out.push('\\');
                self.out.push(anchor);
            }
            boundary @ ('b' | 'B') => {
                self.rest.next();
                self.out.push_str(&format!(r"(?-u:\{boundary})"));
            }
            'Q' => {
                self.rest.next();
                loop {
                    match self.rest.next() {
                        Some('\\') if self.rest.peek() == Some(&'E') => {
                            self.rest.next();
                            break;
                        }
                        Some(character) => self.literal(character),
                        None => break,
                    }
                }
            }
            _ => {
                if let Some(class) = self.perl_class() {
                    self.out.push_str(&format!("[{class}]"));
                } else if let Some(class) = self.unicode_class() {
                    self.out.push_str(&class?);
                } else {
                    let character = self.character_escape()?;
                    self.literal(character);
                }
            }
        }
        Some(())
    }

    /// `\d` and its kin, ASCII as in RE2.
    fn perl_class(&mut self) -> Option<&'static str> {
        let class = match self.rest.peek()? {
            'd' => "0-9",
            'D' => "[^0-9]",
            's' => r"\t\n\x0C\r\x20",
            'S' => r"[^\t\n\x0C\r\x20]",
            'w' => "0-9A-Za-z_",
            'W' => "[^0-9A-Za-z_]",
            _ => return None,
        };
        self.rest.next();
        Some(class)
    }

    /// `\pL`, `\p{Greek}`, `\p{^Greek}`. `Some(None)` when it begins as one and is none.
    fn unicode_class(&mut self) -> Option<Option<String>> {
        let kind = self.rest.next_if(|next| matches!(next, 'p' | 'P'))?;
        Some(self.unicode_name(kind == 'P'))
    }

    fn unicode_name(&mut self, negated: bool) -> Option<String> {
        let mut name = String::new();
        match self.rest.next()? {
            '{' => loop {
                match self.rest.next()? {
                    '}' => break,
                    character => name.push(character),
                }
            },
            one => name.push(one),
        }
        let (negated, name) = name
            .strip_prefix('^')
            .map_or((negated, name.as_str()), |name| (!negated, name));
        let known = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        known.then(|| format!(r"\{}{{{name}}}", if negated { 'P' } else { 'p' }))
    }

    /// The one character that an escape stands for.
    fn character_escape(&mut self) -> Option<char> {
        let character = self.rest.next()?;
        match character {
            '0'..='7' => {
                // A single digit but zero would be a reference to a group, which RE2 has not.
                if character != '0' && !self.rest.peek().is_some_and(|next| next.is_digit(8)) {
                    return None;
                }
                let mut code = character.to_digit(8)?;
                for _ in 0..2 {
                    let Some(digit) = self.rest.peek().and_then(|next| next.to_digit(8)) else {
                        break;
                    };
                    self.rest.next();
                    code = code * 8 + digit;
                }
                char::from_u32(code)
            }
            'x' => {
                let mut digits = String::new();
                if self.take('{') {
                    loop {
                        match self.rest.next()? {
                            '}' => break,
                            digit => digits.push(digit),
                        }
                    }
                } else {
                    digits.extend([self.rest.next()?, self.rest.next()?]);
                }
                if !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
                    return None;
                }
                char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
            }
            'a' => Some('\u{7}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\u{b}'),
            punctuation if punctuation.is_ascii() && !punctuation.is_ascii_alphanumeric() => Some(punctuation),
            _ => None,
        }
    }

    /// What follows `[`.
    fn class(&mut self) -> Option<()> {
        self.out.push('[');
        if self.take('^') {
            self.out.push('^');
        }
        let mut first = true;
        while first || self.rest.peek()? != &']' {
            first = false;
            if self.rest.peek() == Some(&'[')
                && let Some(name) = self.posix_class()
            {
                self.out.push_str(&name?);
                continue;
            }
            if self.rest.peek() == Some(&'\\') {
                let mut ahead = self.rest.clone();
                ahead.next();
                if matches!(ahead.peek(), Some('d' | 'D' | 's' | 'S' | 'w' | 'W' | 'p' | 'P')) {
                    self.rest = ahead;
                    if let Some(class) = self.perl_class() {
                        self.out.push_str(class);
                    } else {
                        let class = self.unicode_class()??;
                        self.out.push_str(&class);
                    }
                    continue;
                }
            }
            let low = self.class_character()?;
            let mut ahead = self.rest.clone();
            if ahead.next() == Some('-') && ahead.peek().is_some_and(|next| *next != ']') {
                self.rest = ahead;
                let high = self.class_character()?;
                if high < low {
                    return None;
                }
                self.out.push_str(&format!("{}-{}", literal(low), literal(high)));
            } else {
                self.literal(low);
            }
        }
        self.rest.next();
        self.out.push(']');
        Some(())
    }

    fn class_character(&mut self) -> Option<char> {
        if self.take('\\') {
            self.character_escape()
        } else {
            self.rest.next()
        }
    }

    /// `[:alpha:]`. `Some(None)` when it begins as one and is none.
    fn posix_class(&mut self) -> Option<Option<String>> {
        const NAMES: [&str; 14] = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
            "word", "xdigit",
        ];
        let ahead: String = self.rest.clone().take(12).collect();
        let end = ahead.strip_prefix("[:")?.find(":]")?;
        let text = ahead.get(..end + 4)?;
        let name = text.get(2..end + 2)?;
        let known = NAMES.contains(&name.strip_prefix('^').unwrap_or(name));
        for _ in 0..text.len() {
            self.rest.next();
        }
        Some(known.then(|| text.to_owned()))
    }
}

fn number(rest: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let mut digits = String::new();
    while let Some(digit) = rest.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some(digits.parse().unwrap_or(u32::MAX))
}

/// A character that stands for itself, in and out of classes.
fn literal(character: char) -> String {
    if character.is_alphanumeric() || !(character.is_ascii() || character.is_control()) {
        return character.to_string();
    }
    format!("\\x{{{:X}}}", u32::from(character))
}
