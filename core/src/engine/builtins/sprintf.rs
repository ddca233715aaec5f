//! `sprintf`: Go's `fmt.Sprintf` over the four types that OPA hands to it.

use num_bigint::BigInt;
use num_bigint::Sign;
use regorus::Value;

use super::operand::{array, exact_integer, string};
use super::term::{self, Ascii};
use super::{Builtin, Call, Failure, float};

pub(super) const TABLE: &[Builtin] = &[Builtin::here("sprintf", 2, sprintf)];

/// Go refuses widths and precisions above this, so no verb pads further.
const MAX_WIDTH: i64 = 1_000_000;

/// An operand, as the Go type that OPA makes of it.
pub(super) enum Argument {
    Int(i64),
    Big(BigInt),
    Float(f64),
    Text(String),
}

impl Argument {
    fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::Text((**text).to_owned()),
            Value::Number(number) => match (number.as_i64(), exact_integer(value), number.as_f64()) {
                (Some(small), ..) => Self::Int(small),
                (None, Some(big), _) => Self::Big(big),
                (None, None, Some(float)) => Self::Float(float),
                _ => Self::Text(value.to_string()),
            },
            other => Self::Text(term::text(other)),
        }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Self::Int(_) => "int64",
            Self::Big(_) => "*big.Int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
        }
    }
}

fn sprintf(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let template = string(operands, 1)?;
    let arguments: Vec<Argument> = array(operands, 2)?.into_iter().map(Argument::of).collect();
    Ok(format(call, template, &arguments)?.into())
}

pub(super) fn format(call: &Call<'_>, template: &str, arguments: &[Argument]) -> Result<String, Failure> {
    let mut printer = Printer {
        format: template.as_bytes(),
        arguments,
        next: 0,
        reordered: false,
        good_index: true,
        out: String::new(),
        spec: Spec::default(),
    };
    let mut position = 0;
    while let Some(rest) = template.get(position..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find('%').unwrap_or(rest.len());
        printer.out.push_str(rest.get(..plain).unwrap_or_default());
        position += plain;
        if position < template.len() {
            position = printer.verb(template, position + 1);
        }
        call.check_text(printer.out.len())?;
    }
    printer.extra();
    call.check_text(printer.out.len())?;
    Ok(printer.out)
}

/// What stands between `%` and the verb.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "five independent flags, as Go has them")]
struct Spec {
    sharp: bool,
    zero: bool,
    plus: bool,
    minus: bool,
    space: bool,
    /// `%#v`, which is another thing than `#`.
    sharp_v: bool,
    plus_v: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

struct Printer<'a> {
    format: &'a [u8],
    arguments: &'a [Argument],
    next: usize,
    reordered: bool,
    good_index: bool,
    out: String,
    spec: Spec,
}

impl Printer<'_> {
    /// Prints one verb, and says where the format goes on.
    fn verb(&mut self, format: &str, mut position: usize) -> usize {
        self.spec = Spec::default();
        self.good_index = true;
        while let Some(byte) = self.byte(position) {
            match byte {
                b'#' => self.spec.sharp = true,
                b'0' => self.spec.zero = true,
                b'+' => self.spec.plus = true,
                b'-' => self.spec.minus = true,
                b' ' => self.spec.space = true,
                _ => break,
            }
            position += 1;
        }
        let mut after_index;
        (position, after_index) = self.index(position);
        if self.byte(position) == Some(b'*') {
            position += 1;
            match self.star() {
                Some(width) => {
                    if width < 0 {
                        self.spec.minus = true;
                        self.spec.zero = false;
                    }
                    self.spec.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => self.out.push_str("%!(BADWIDTH)"),
            }
            after_index = false;
        } else {
            (self.spec.width, position) = self.number(position, self.format.len());
            if after_index && self.spec.width.is_some() {
                self.good_index = false;
            }
        }
        if self.byte(position) == Some(b'.') && position + 1 < self.format.len() {
            position += 1;
            if after_index {
                self.good_index = false;
            }
            (position, after_index) = self.index(position);
            if self.byte(position) == Some(b'*') {
                position += 1;
                match self.star() {
                    Some(precision) if precision >= 0 => self.spec.precision = usize::try_from(precision).ok(),
                    _ => self.out.push_str("%!(BADPREC)"),
                }
                after_index = false;
            } else {
                let precision;
                (precision, position) = self.number(position, self.format.len());
                self.spec.precision = Some(precision.unwrap_or(0));
            }
        }
        if !after_index {
            (position, _) = self.index(position);
        }
        let Some(verb) = format.get(position..).and_then(|rest| rest.chars().next()) else {
            self.out.push_str("%!(NOVERB)");
            return format.len();
        };
        self.operand(verb);
        position + verb.len_utf8()
    }

    fn operand(&mut self, verb: char) {
        if verb == '%' {
            self.out.push('%');
        } else if !self.good_index {
            self.out.push_str(&format!("%!{verb}(BADINDEX)"));
        } else if let Some(argument) = self.arguments.get(self.next) {
            if matches!(verb, 'v' | 'w') {
                self.spec.sharp_v = std::mem::take(&mut self.spec.sharp);
                self.spec.plus_v = std::mem::take(&mut self.spec.plus);
            }
            self.argument(argument, verb);
            self.next += 1;
        } else {
            self.out.push_str(&format!("%!{verb}(MISSING)"));
        }
    }

    fn byte(&self, position: usize) -> Option<u8> {
        self.format.get(position).copied()
    }

    /// `[3]`: which operand is next.
    fn index(&mut self, position: usize) -> (usize, bool) {
        if self.byte(position) != Some(b'[') {
            return (position, false);
        }
        self.reordered = true;
        let rest = self.format.get(position..).unwrap_or_default();
        let Some(close) = rest.iter().position(|byte| *byte == b']').filter(|_| rest.len() >= 3) else {
            self.good_index = false;
            return (position + 1, false);
        };
        let close = position + close;
        match self.number(position + 1, close) {
            (Some(number), end) if end == close => {
                let index = number.checked_sub(1).filter(|index| *index < self.arguments.len());
                match index {
                    Some(index) => self.next = index,
                    None => self.good_index = false,
                }
                (close + 1, true)
            }
            _ => {
                self.good_index = false;
                (close + 1, false)
            }
        }
    }

    /// Digits from a position on. Too many of them end the format, as in Go.
    fn number(&self, start: usize, end: usize) -> (Option<usize>, usize) {
        let mut number: Option<i64> = None;
        let mut position = start;
        while let Some(digit) = self
            .byte(position)
            .filter(|byte| byte.is_ascii_digit() && position < end)
        {
            // Go looks before it takes the next digit, so the last number may be ten times the limit.
            if number.is_some_and(|number| number > MAX_WIDTH) {
                return (None, end);
            }
            let value = number.unwrap_or(0) * 10 + i64::from(digit - b'0');
            number = Some(value);
            position += 1;
        }
        (number.and_then(|number| usize::try_from(number).ok()), position)
    }

    /// `*`: a width or precision from the operands.
    fn star(&mut self) -> Option<i64> {
        let argument = self.arguments.get(self.next)?;
        self.next += 1;
        match argument {
            Argument::Int(number) if number.abs() <= MAX_WIDTH => Some(*number),
            _ => None,
        }
    }

    fn extra(&mut self) {
        let Some(rest) = self
            .arguments
            .get(self.next..)
            .filter(|rest| !rest.is_empty() && !self.reordered)
        else {
            return;
        };
        self.spec = Spec::default();
        self.out.push_str("%!(EXTRA ");
        for (index, argument) in rest.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.out.push_str(argument.type_name());
            self.out.push('=');
            self.argument(argument, 'v');
        }
        self.out.push(')');
    }

    fn argument(&mut self, argument: &Argument, verb: char) {
        if verb == 'T' {
            return self.text(argument.type_name());
        }
        match (argument, verb) {
            (Argument::Int(number), 'c') => self.pad(&scalar(*number).to_string()),
            (Argument::Int(number), 'q') => {
                let ascii = if self.spec.plus { Ascii::Only } else { Ascii::Any };
                let mut quoted = String::new();
                term::quote(&scalar(*number).to_string(), '\'', ascii, &mut quoted);
                self.pad(&quoted);
            }
            (Argument::Int(number), 'U') => self.code_point(*number),
            (Argument::Int(number), 'v' | 'd' | 'b' | 'o' | 'O' | 'x' | 'X') => self.integer(*number, verb),
            (Argument::Big(number), 'v' | 's' | 'd' | 'b' | 'o' | 'O' | 'x' | 'X') => self.big(number, verb),
            (Argument::Big(number), _) if verb != 'w' && verb != 'p' => {
                self.out.push_str(&format!("%!{verb}(big.Int={number})"));
            }
            (Argument::Float(number), 'v') => self.float(*number, 'g', None),
            (Argument::Float(number), 'b' | 'g' | 'G' | 'x' | 'X') => self.float(*number, verb, None),
            (Argument::Float(number), 'e' | 'E' | 'f' | 'F') => {
                self.float(*number, if verb == 'F' { 'f' } else { verb }, Some(6));
            }
            (Argument::Text(text), 'v') if self.spec.sharp_v => self.quoted(text),
            (Argument::Text(text), 'v' | 's') => self.text(text),
            (Argument::Text(text), 'x' | 'X') => self.hexadecimal(text, verb),
            (Argument::Text(text), 'q') => self.quoted(text),
            _ => {
                self.out.push_str(&format!("%!{verb}({}=", argument.type_name()));
                self.argument(argument, 'v');
                self.out.push(')');
            }
        }
    }

    fn padding(&mut self, count: usize) {
        let fill = if self.spec.zero && !self.spec.minus { '0' } else { ' ' };
        self.out.extend(std::iter::repeat_n(fill, count));
    }

    fn pad(&mut self, text: &str) {
        let missing = self.spec.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.spec.minus {
            self.out.push_str(text);
            self.padding(missing);
        } else {
            self.padding(missing);
            self.out.push_str(text);
        }
    }

    /// Pads with spaces whatever the flags say: zeros have been taken care of.
    fn pad_with_spaces(&mut self, text: &str) {
        let zero = std::mem::take(&mut self.spec.zero);
        self.pad(text);
        self.spec.zero = zero;
    }

    fn truncated<'t>(&self, text: &'t str) -> &'t str {
        let end = self
            .spec
            .precision
            .and_then(|precision| text.char_indices().nth(precision));
        end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
    }

    fn text(&mut self, text: &str) {
        self.pad(self.truncated(text));
    }

    fn quoted(&mut self, text: &str) {
        let text = self.truncated(text);
        let backquotable = |c: char| c != '`' && c != '\u{feff}' && c != '\u{7f}' && (c == '\t' || c >= ' ');
        let mut quoted = String::new();
        if self.spec.sharp && text.chars().all(backquotable) {
            quoted = format!("`{text}`");
        } else {
            term::quote(
                text,
                '"',
                if self.spec.plus { Ascii::Only } else { Ascii::Any },
                &mut quoted,
            );
        }
        self.pad(&quoted);
    }

    fn hexadecimal(&mut self, text: &str, verb: char) {
        let prefix = match (self.spec.sharp, verb) {
            (true, 'x') => "0x",
            (true, _) => "0X",
            (false, _) => "",
        };
        let bytes = text.as_bytes();
        let bytes = bytes.get(..self.spec.precision.unwrap_or(usize::MAX)).unwrap_or(bytes);
        let digits = bytes.iter().map(|byte| {
            if verb == 'x' {
                format!("{byte:02x}")
            } else {
                format!("{byte:02X}")
            }
        });
        let encoded = match (bytes.is_empty(), self.spec.space) {
            (true, _) => String::new(),
            (false, true) => digits
                .map(|digits| format!("{prefix}{digits}"))
                .collect::<Vec<_>>()
                .join(" "),
            (false, false) => format!("{prefix}{}", digits.collect::<String>()),
        };
        self.pad(&encoded);
    }

    fn code_point(&mut self, number: i64) {
        let digits = self.spec.precision.unwrap_or(4).max(4);
        let mut text = format!("U+{:0digits$X}", number.cast_unsigned());
        let character = u32::try_from(number)
            .ok()
            .and_then(char::from_u32)
            .filter(|c| self.spec.sharp && term::is_printable(*c));
        if let Some(character) = character {
            text.push_str(&format!(" '{character}'"));
        }
        self.pad_with_spaces(&text);
    }

    fn sign(&self, negative: bool) -> &'static str {
        sign(negative, self.spec.plus, self.spec.space)
    }

    fn integer(&mut self, number: i64, verb: char) {
        let sign = self.sign(number < 0);
        let magnitude = number.unsigned_abs();
        let mut digits = match verb {
            'b' => format!("{magnitude:b}"),
            'o' | 'O' => format!("{magnitude:o}"),
            'x' => format!("{magnitude:x}"),
            'X' => format!("{magnitude:X}"),
            _ => magnitude.to_string(),
        };
        let least = match (self.spec.precision, self.spec.width) {
            (Some(0), _) if number == 0 => {
                let width = self.spec.width.unwrap_or(0);
                self.spec.zero = false;
                return self.padding(width);
            }
            (Some(precision), _) => precision,
            (None, Some(width)) if self.spec.zero && !self.spec.minus => width.saturating_sub(sign.len()),
            _ => 0,
        };
        digits.insert_str(0, &"0".repeat(least.saturating_sub(digits.len())));
        let prefix = match verb {
            'O' if self.spec.sharp && !digits.starts_with('0') => "0o0",
            'O' => "0o",
            'b' if self.spec.sharp => "0b",
            'o' if self.spec.sharp && !digits.starts_with('0') => "0",
            'x' if self.spec.sharp => "0x",
            'X' if self.spec.sharp => "0X",
            _ => "",
        };
        self.pad_with_spaces(&format!("{sign}{prefix}{digits}"));
    }

    /// `big.Int` brings its own formatting, which differs: the prefix counts into a zero-padded width, for one.
    fn big(&mut self, number: &BigInt, verb: char) {
        let sign = sign(
            number.sign() == Sign::Minus,
            self.spec.plus || self.spec.plus_v,
            self.spec.space,
        );
        let radix = match verb {
            'b' => 2,
            'o' | 'O' => 8,
            'x' | 'X' => 16,
            _ => 10,
        };
        let mut digits = number.magnitude().to_str_radix(radix);
        if verb == 'X' {
            digits.make_ascii_uppercase();
        }
        let prefix = match (self.spec.sharp || self.spec.sharp_v, verb) {
            (_, 'O') => "0o",
            (true, 'b') => "0b",
            (true, 'o') => "0",
            (true, 'x') => "0x",
            (true, 'X') => "0X",
            _ => "",
        };
        let fixed = sign.len() + prefix.len();
        let least = match (self.spec.precision, self.spec.width) {
            (Some(precision), _) => precision,
            (None, Some(width)) if self.spec.zero && !self.spec.minus => width.saturating_sub(fixed),
            _ => 0,
        };
        let zeros = "0".repeat(least.saturating_sub(digits.len()));
        self.pad_with_spaces(&format!("{sign}{prefix}{zeros}{digits}"));
    }

    fn float(&mut self, number: f64, verb: char, default_precision: Option<usize>) {
        let precision = self.spec.precision.or(default_precision);
        let mut digits = float::format(number.abs(), verb, precision);
        if self.spec.sharp && verb != 'b' {
            digits = with_point(&digits, verb, precision);
        }
        let sign = self.sign(number.is_sign_negative());
        let length = sign.len() + digits.len();
        match self.spec.width {
            Some(width) if self.spec.zero && !self.spec.minus && width > length && !sign.is_empty() => {
                self.out.push_str(sign);
                self.padding(width - length);
                self.out.push_str(&digits);
            }
            _ => self.pad(&format!("{sign}{digits}")),
        }
    }
}

fn sign(negative: bool, plus: bool, space: bool) -> &'static str {
    match (negative, plus, space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

fn scalar(number: i64) -> char {
    u32::try_from(number)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `#`: a point in every number, and the zeros that `%g` leaves out.
fn with_point(text: &str, verb: char, precision: Option<usize>) -> String {
    let marks: &[char] = if matches!(verb, 'x' | 'X') {
        &['p', 'P']
    } else {
        &['e', 'E']
    };
    let (number, tail) = text.find(marks).map_or((text, ""), |at| text.split_at(at));
    let mut wanted = if matches!(verb, 'g' | 'G' | 'x') {
        precision.unwrap_or(6)
    } else {
        0
    };
    let significant = number.chars().filter(|c| *c != '.').skip_while(|c| *c == '0').count();
    wanted = wanted.saturating_sub(significant);
    let mut number = number.to_owned();
    if !number.contains('.') {
        if number == "0" {
            wanted = wanted.saturating_sub(1);
        }
        number.push('.');
    }
    number.push_str(&"0".repeat(wanted));
    number + tail
}
