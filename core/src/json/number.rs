//! A number with the digits it was written with.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::ser::{Error as _, Serialize, Serializer};

/// A JSON number of any size and precision, kept as its text.
///
/// Equality is numeric where it can be decided without rounding: `1`, `1.0` and `1e0` are equal, and so are `0.10` and `0.1`.
#[derive(Clone, Debug)]
pub struct Number(Box<str>);

impl Number {
    /// Takes a text that follows JSON's grammar of numbers, as the caller has made sure.
    pub(crate) fn from_checked(text: &str) -> Self {
        Self(text.into())
    }

    /// Reads a text. `None` where it does not follow JSON's grammar of numbers.
    pub fn parse(text: &str) -> Option<Self> {
        match super::Value::from_json("number", text.as_bytes()) {
            Ok(super::Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// A finite number. `None` for NaN and the infinities, which JSON does not have.
    pub fn from_f64(value: f64) -> Option<Self> {
        serde_json::Number::from_f64(value).map(|number| Self(number.to_string().into()))
    }

    /// The digits as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value, if it is a whole number from 0 that fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// The value, if it is a whole number that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// Sign, significant digits without zeros around them, and the power of ten of the last digit: equal for equal numbers.
    ///
    /// The exponent saturates, so that `1e99999999999999999999` costs nothing.
    fn canonical(&self) -> (bool, String, i64) {
        let (negative, text) = match self.0.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, &*self.0),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent: i64 = exponent.parse().unwrap_or(if exponent.starts_with('-') {
            i64::MIN / 2
        } else {
            i64::MAX / 2
        });
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_end_matches('0');
        let dropped = digits.len() - significant.len();
        let shift = i64::try_from(dropped).unwrap_or(0) - i64::try_from(fraction.len()).unwrap_or(0);
        let significant = significant.trim_start_matches('0');
        if significant.is_empty() {
            return (false, String::new(), 0);
        }
        (negative, significant.to_owned(), exponent.saturating_add(shift))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.canonical() == other.canonical()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical().hash(state);
    }
}

/// A total order that agrees with equality. It is not the numeric order: nothing here sorts numbers by size.
impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.canonical().cmp(&other.canonical())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(value.to_string().into())
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl Serialize for Number {
    /// Whole numbers as such; all others as raw JSON text, so that no digit is lost on the way out.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(value) = self.as_i64() {
            return serializer.serialize_i64(value);
        }
        serde_json::value::RawValue::from_string(self.0.to_string())
            .map_err(S::Error::custom)?
            .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::from_checked(text)
    }

    #[test]
    fn equality_is_numeric() {
        for (left, right) in [
            ("1", "1.0"),
            ("1", "1e0"),
            ("0.10", "0.1"),
            ("100", "1E2"),
            ("-0", "0"),
            ("0.0", "0e9"),
        ] {
            assert_eq!(number(left), number(right));
        }
        for (left, right) in [
            ("1", "2"),
            ("1", "-1"),
            ("8071748603418320040", "8071748603418320041"),
            ("10", "1"),
        ] {
            assert_ne!(number(left), number(right));
        }
        assert_ne!(number("1e99999999999999999999"), number("1"));
    }

    #[test]
    fn digits_survive_the_way_out() {
        for text in [
            "8071748603418320040",
            "99999999999999999999999999",
            "0.1234567890123456789",
            "1.0",
            "1e400",
        ] {
            assert_eq!(serde_json::to_string(&number(text)).unwrap(), text);
        }
    }
}
