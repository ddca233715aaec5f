//! Floating-point numbers with Go's 64 bits of `big.Float`, in which OPA adds and multiplies.
//!
//! `0.1 + 0.2` is `0.3` there, because the rounding falls below what a number of 53 bits shows.

use num_bigint::{BigInt, BigUint, Sign};
use regorus::Value;

use super::operand::from_integer;

const PRECISION: u64 = 64;

/// `mantissa * 2^exponent`, the mantissa of 64 bits at most.
#[derive(Clone, Debug)]
pub(super) struct BigFloat {
    mantissa: BigInt,
    exponent: i64,
}

impl BigFloat {
    pub(super) fn zero() -> Self {
        Self {
            mantissa: BigInt::from(0),
            exponent: 0,
        }
    }

    /// The nearest to the decimal digits of a number. `None` for what is no number, or beyond any exponent that makes sense.
    pub(super) fn of(number: &Value) -> Option<Self> {
        let text = number.to_string();
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mantissa: BigInt = format!("{whole}{fraction}").parse().ok()?;
        let exponent = exponent
            .parse::<i64>()
            .ok()?
            .checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let power = BigInt::from(10).pow(
            u32::try_from(exponent.unsigned_abs())
                .ok()
                .filter(|power| *power <= 5000)?,
        );
        Some(if exponent < 0 {
            Self::quotient(&mantissa, &power)
        } else {
            Self::rounded(mantissa * power, 0, false)
        })
    }

    pub(super) fn is_zero(&self) -> bool {
        self.mantissa.sign() == Sign::NoSign
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        let aligned = |float: &Self| &float.mantissa << (float.exponent - exponent).unsigned_abs();
        Self::rounded(aligned(self) + aligned(other), exponent, false)
    }

    pub(super) fn negated(&self) -> Self {
        Self {
            mantissa: -&self.mantissa,
            exponent: self.exponent,
        }
    }

    pub(super) fn multiply(&self, other: &Self) -> Self {
        Self::rounded(&self.mantissa * &other.mantissa, self.exponent + other.exponent, false)
    }

    /// The divisor must not be zero.
    pub(super) fn divide(&self, divisor: &Self) -> Self {
        let mut quotient = Self::quotient(&self.mantissa, &divisor.mantissa);
        quotient.exponent += self.exponent - divisor.exponent;
        quotient
    }

    fn quotient(numerator: &BigInt, denominator: &BigInt) -> Self {
        // Two bits more than the result has, and one more for whatever the division leaves over.
        let shift = (PRECISION + 2 + denominator.bits()).saturating_sub(numerator.bits());
        let shifted: BigInt = numerator << shift;
        let quotient = &shifted / denominator;
        let inexact = &quotient * denominator != shifted;
        Self::rounded(quotient, -i64::try_from(shift).unwrap_or(0), inexact)
    }

    /// To the nearest of 64 bits, to even on a tie. `inexact`: a little more than the mantissa says.
    fn rounded(mantissa: BigInt, exponent: i64, inexact: bool) -> Self {
        let excess = mantissa.bits().saturating_sub(PRECISION);
        if excess == 0 {
            return Self { mantissa, exponent };
        }
        let (sign, magnitude) = mantissa.into_parts();
        let mut kept: BigUint = &magnitude >> excess;
        let rest = &magnitude - (&kept << excess);
        let half = BigUint::from(1_u8) << (excess - 1);
        if rest > half || (rest == half && (inexact || kept.bit(0))) {
            kept += 1_u8;
        }
        Self {
            mantissa: BigInt::from_biguint(sign, kept),
            exponent: exponent + i64::try_from(excess).unwrap_or(0),
        }
    }

    /// An integer exactly, anything else as the nearest number of 53 bits. `None` beyond what those can hold.
    pub(super) fn value(&self) -> Option<Value> {
        let shift = self.exponent.unsigned_abs();
        if self.exponent >= 0 {
            return (shift <= 20_000).then(|| from_integer(&(&self.mantissa << shift)));
        }
        let whole: BigInt = &self.mantissa >> shift;
        if &whole << shift == self.mantissa {
            return Some(from_integer(&whole));
        }
        let mantissa: f64 = self.mantissa.to_string().parse().ok()?;
        // In two steps, because 2^-1100 alone would be zero.
        let half = i32::try_from(self.exponent / 2).ok()?;
        let rest = i32::try_from(self.exponent).ok()? - half;
        let float = mantissa * 2_f64.powi(half) * 2_f64.powi(rest);
        float.is_finite().then(|| Value::from(float))
    }
}
