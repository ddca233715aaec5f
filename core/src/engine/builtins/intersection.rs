//! `regex.globs_match`: whether two simple expressions have a text in common, as `yashtewari/glob-intersection` decides it.

use super::Failure;

/// How many ways of matching are tried before it is too many.
const MAX_STEPS: usize = 1_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flag {
    None,
    Plus,
    Star,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Character(char),
    Dot,
    /// Ranges, both ends included.
    Set(Vec<(char, char)>),
}

#[derive(Clone)]
struct Token {
    kind: Kind,
    flag: Flag,
}

/// Whether some text matches both.
pub(super) fn intersect(left: &str, right: &str) -> Result<bool, Failure> {
    let invalid = || Failure::failed("the input provided is invalid");
    let (left, right) = (parse(left).ok_or_else(invalid)?, parse(right).ok_or_else(invalid)?);
    let Some((left, right)) = trim(&left, &right) else {
        return Ok(false);
    };
    let mut search = Search { steps: 0 };
    search.plain(left, right)
}

fn parse(text: &str) -> Option<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        let kind = match next {
            '.' => Kind::Dot,
            '[' => Kind::Set(set(&mut rest)?),
            ']' | '+' | '*' => return None,
            '\\' => Kind::Character(rest.next()?),
            character => Kind::Character(character),
        };
        let flag = match rest.next_if(|next| matches!(next, '+' | '*')) {
            Some('+') => Flag::Plus,
            Some(_) => Flag::Star,
            None => Flag::None,
        };
        // `a+a*` is `a+`.
        match tokens.last_mut() {
            Some(last) if last.kind == kind && last.flag != Flag::None && flag != Flag::None => {
                if flag == Flag::Plus {
                    last.flag = Flag::Plus;
                }
            }
            _ => tokens.push(Token { kind, flag }),
        }
    }
    Some(tokens)
}

/// What follows `[`.
fn set(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Vec<(char, char)>> {
    let mut ranges = Vec::new();
    let mut previous = None;
    loop {
        match rest.next()? {
            ']' => return Some(ranges),
            '-' => {
                let low = previous.take()?;
                let high = match rest.next()? {
                    ']' | '-' => return None,
                    '\\' => rest.next()?,
                    high => high,
                };
                if high < low {
                    return None;
                }
                ranges.push((low, high));
            }
            other => {
                let character = if other == '\\' { rest.next()? } else { other };
                ranges.push((character, character));
                previous = Some(character);
            }
        }
    }
}

fn overlap(a: &Token, b: &Token) -> bool {
    let within =
        |character: char, ranges: &[(char, char)]| ranges.iter().any(|(low, high)| (*low..=*high).contains(&character));
    match (&a.kind, &b.kind) {
        (Kind::Dot, _) | (_, Kind::Dot) => true,
        (Kind::Character(a), Kind::Character(b)) => a == b,
        (Kind::Character(character), Kind::Set(ranges)) | (Kind::Set(ranges), Kind::Character(character)) => {
            within(*character, ranges)
        }
        (Kind::Set(a), Kind::Set(b)) => a
            .iter()
            .any(|(low, high)| b.iter().any(|(from, to)| low <= to && from <= high)),
    }
}

fn fixed(a: &Token, b: &Token) -> bool {
    a.flag == Flag::None && b.flag == Flag::None
}

/// Takes equal ends off, but one token at each. `None` when they cannot be equal.
fn trim<'a>(left: &'a [Token], right: &'a [Token]) -> Option<(&'a [Token], &'a [Token])> {
    let mut start = 0;
    while let (Some(a), Some(b)) = (left.get(start), right.get(start)) {
        if !fixed(a, b) {
            break;
        }
        if !overlap(a, b) {
            return None;
        }
        start += 1;
    }
    let start = start.saturating_sub(1);
    let (mut left, mut right) = (left.get(start..)?, right.get(start..)?);
    let mut kept = None;
    while let (Some((a, left_rest)), Some((b, right_rest))) = (left.split_last(), right.split_last()) {
        if !fixed(a, b) {
            break;
        }
        if !overlap(a, b) {
            return None;
        }
        kept = Some((left, right));
        (left, right) = (left_rest, right_rest);
    }
    Some(kept.unwrap_or((left, right)))
}

struct Search {
    steps: usize,
}

impl Search {
    fn step(&mut self) -> Result<(), Failure> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(Failure::Limit(format!(
                "the two expressions need more than {MAX_STEPS} steps to compare"
            )));
        }
        Ok(())
    }

    fn plain(&mut self, left: &[Token], right: &[Token]) -> Result<bool, Failure> {
        let (mut left, mut right) = (left, right);
        while let (Some((a, left_rest)), Some((b, right_rest))) = (left.split_first(), right.split_first()) {
            self.step()?;
            match (a.flag, b.flag) {
                (Flag::None, Flag::None) => {}
                (Flag::Plus, _) => return self.plus(left, right),
                (Flag::Star, _) => return self.star(left, right),
                (Flag::None, Flag::Plus) => return self.plus(right, left),
                (Flag::None, Flag::Star) => return self.star(right, left),
            }
            if !overlap(a, b) {
                return Ok(false);
            }
            (left, right) = (left_rest, right_rest);
        }
        Ok(left.is_empty() && right.is_empty())
    }

    fn plus(&mut self, repeated: &[Token], other: &[Token]) -> Result<bool, Failure> {
        let (Some((first, after)), Some((next, rest))) = (repeated.split_first(), other.split_first()) else {
            return Ok(false);
        };
        if !overlap(first, next) {
            return Ok(false);
        }
        Ok(self.star(repeated, rest)? || (next.flag != Flag::None && self.plain(after, other)?))
    }

    fn star(&mut self, repeated: &[Token], other: &[Token]) -> Result<bool, Failure> {
        let Some((first, after)) = repeated.split_first() else {
            return Ok(false);
        };
        for (index, token) in other.iter().enumerate() {
            self.step()?;
            if after.first().is_some_and(|next| overlap(token, next))
                && self.plain(after, other.get(index..).unwrap_or_default())?
            {
                return Ok(true);
            }
            if !overlap(token, first) {
                return Ok(false);
            }
        }
        Ok(after.is_empty())
    }
}
