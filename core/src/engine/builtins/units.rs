//! `units.parse` and `units.parse_bytes`, on exact fractions.

use num_bigint::BigInt;
use regorus::Value;

use super::operand::{from_integer, string};
use super::{Builtin, Call, Failure};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("units.parse", 1, parse),
    Builtin::here("units.parse_bytes", 1, parse_bytes),
];

/// OPA refuses longer exponents; this one also refuses what they would take in memory.
const MAX_EXPONENT_DIGITS: usize = 6;
const MAX_EXPONENT: i32 = 10_000;

/// `numerator / 10^scale`.
struct Decimal {
    numerator: BigInt,
    scale: u32,
}

impl Decimal {
    fn of(text: &str) -> Option<Self> {
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent: i32 = exponent
            .parse()
            .ok()
            .filter(|exponent: &i32| exponent.abs() <= MAX_EXPONENT)?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.trim_start_matches(['+', '-']).is_empty() && fraction.is_empty() {
            return None;
        }
        let numerator: BigInt = format!("{whole}{fraction}").parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()? - exponent;
        let power = BigInt::from(10).pow(scale.min(0).unsigned_abs());
        Some(Self {
            numerator: numerator * power,
            scale: u32::try_from(scale).unwrap_or(0),
        })
    }
}

fn amount(text: &str) -> Result<(&str, &str), Failure> {
    if text.contains(' ') {
        return Err(Failure::failed("spaces not allowed in resource strings"));
    }
    let (number, unit) = number_and_unit(text)?;
    if number.is_empty() {
        return Err(Failure::failed("no amount provided"));
    }
    Ok((number, unit))
}

/// `10.2` and `gb`. An `e` belongs to the number when an exponent follows it, and else begins the unit.
fn number_and_unit(text: &str) -> Result<(&str, &str), Failure> {
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).copied();
    let mut index = 0;
    while let Some(byte) = at(index) {
        match byte {
            b'0'..=b'9' | b'.' | b'+' | b'-' => {}
            b'e' | b'E' => {
                let mut start = index + 1;
                match at(start) {
                    Some(b'+' | b'-') => start += 1,
                    Some(b'0'..=b'9') => {}
                    _ => break,
                }
                let digits = bytes
                    .iter()
                    .skip(start)
                    .take_while(|byte| byte.is_ascii_digit())
                    .count();
                if digits > MAX_EXPONENT_DIGITS {
                    return Err(Failure::failed("exponent too large"));
                }
                index = start - 1;
            }
            _ => break,
        }
        index += 1;
    }
    Ok(text.split_at_checked(index).unwrap_or((text, "")))
}

fn scaled(number: &str, factor: u64) -> Result<Decimal, Failure> {
    let decimal = Decimal::of(number).ok_or_else(|| Failure::failed("could not parse amount to a number"))?;
    Ok(Decimal {
        numerator: decimal.numerator * factor,
        ..decimal
    })
}

fn parse(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let text = string(operands, 1)?.replace('"', "");
    let (number, unit) = amount(&text)?;
    let mut characters = unit.chars();
    let unit: String = characters
        .next()
        .into_iter()
        .chain(characters.as_str().to_lowercase().chars())
        .collect();
    // `m` is milli and `M` is mega; all others may be written either way.
    if unit == "m" {
        let milli = scaled(number, 1)?;
        return decimal(&Decimal {
            scale: milli.scale + 3,
            ..milli
        });
    }
    let factor = factor(&unit.to_lowercase()).filter(|_| !unit.ends_with('b'));
    decimal(&scaled(number, factor.ok_or_else(unknown_unit)?)?)
}

fn factor(unit: &str) -> Option<u64> {
    let (base, prefix) = match unit.strip_suffix('i') {
        Some(prefix) => (1024_u64, prefix),
        None => (1000, unit),
    };
    let power = match (prefix, base) {
        ("", 1000) => 0,
        ("k", _) => 1,
        ("m", _) => 2,
        ("g", _) => 3,
        ("t", _) => 4,
        ("p", _) => 5,
        ("e", _) => 6,
        _ => return None,
    };
    Some(base.pow(power))
}

fn unknown_unit() -> Failure {
    Failure::failed("unit not recognized")
}

/// Ten decimals, as OPA prints its fractions.
fn decimal(decimal: &Decimal) -> Result<Value, Failure> {
    let divisor = BigInt::from(10).pow(decimal.scale);
    let whole = &decimal.numerator / &divisor;
    if &whole * &divisor == decimal.numerator {
        return Ok(from_integer(&whole));
    }
    let float: Option<f64> = format!("{}e-{}", decimal.numerator, decimal.scale).parse().ok();
    let rounded = float.and_then(|float| format!("{float:.10}").parse::<f64>().ok());
    rounded
        .map(Value::from)
        .ok_or_else(|| Failure::failed("could not parse amount to a number"))
}

fn parse_bytes(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let text = string(operands, 1)?.to_lowercase().replace('"', "");
    let (number, unit) = amount(&text)?;
    let prefix = unit
        .strip_suffix('b')
        .filter(|prefix| !prefix.is_empty())
        .unwrap_or(unit);
    let factor = factor(prefix).ok_or_else(unknown_unit)?;
    let bytes = scaled(number, factor)?;
    Ok(from_integer(&(bytes.numerator / BigInt::from(10).pow(bytes.scale))))
}
