//! Floating-point numbers in the forms of Go's `strconv.FormatFloat`.

/// The digits of a finite number that is not negative. Without a precision, as few as tell it from its neighbours.
pub(super) fn format(number: f64, verb: char, precision: Option<usize>) -> String {
    match verb {
        'e' => exponential(number, precision),
        'E' => exponential(number, precision).to_uppercase(),
        'f' => fixed(number, precision),
        'G' => general(number, precision).to_uppercase(),
        'b' => binary(number),
        'x' => hexadecimal(number, precision),
        'X' => hexadecimal(number, precision).to_uppercase(),
        _ => general(number, precision),
    }
}

/// An `f64` has no more decimals than this, and the standard library formats no more than 65,535.
const MAX_DECIMALS: usize = 1100;

fn fixed(number: f64, precision: Option<usize>) -> String {
    let Some(precision) = precision else {
        return format!("{number}");
    };
    let exact = precision.min(MAX_DECIMALS);
    format!("{number:.exact$}{}", "0".repeat(precision - exact))
}

fn exponential(number: f64, precision: Option<usize>) -> String {
    let (digits, exponent) = scientific(number, precision);
    let (sign, exponent) = if exponent < 0 {
        ('-', -exponent)
    } else {
        ('+', exponent)
    };
    format!("{digits}e{sign}{exponent:02}")
}

/// `1.25` and `3` for 1250.
fn scientific(number: f64, precision: Option<usize>) -> (String, i32) {
    let text = match precision {
        None => format!("{number:e}"),
        Some(precision) => {
            let exact = precision.min(MAX_DECIMALS);
            let text = format!("{number:.exact$e}");
            text.replace('e', &format!("{}e", "0".repeat(precision - exact)))
        }
    };
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (digits.to_owned(), exponent.parse().unwrap_or(0))
}

fn general(number: f64, precision: Option<usize>) -> String {
    let (digits, exponent) = scientific(number, precision.map(|precision| precision.max(1) - 1));
    let digits = if digits.contains('.') {
        digits.trim_end_matches('0').trim_end_matches('.')
    } else {
        &digits
    };
    let count = i32::try_from(digits.chars().filter(char::is_ascii_digit).count()).unwrap_or(i32::MAX);
    let mut limit = precision.map_or(6, |precision| i32::try_from(precision.max(1)).unwrap_or(i32::MAX));
    if precision.is_some() && limit > count && count > exponent {
        limit = count;
    }
    let decimals = usize::try_from(count - 1).unwrap_or(0);
    if exponent < -4 || exponent >= limit {
        return exponential(number, Some(decimals));
    }
    fixed(number, Some(usize::try_from(count - 1 - exponent).unwrap_or(0)))
}

/// `4503599627370496p-52`.
fn binary(number: f64) -> String {
    let (mantissa, exponent) = parts(number);
    format!("{mantissa}p{exponent:+}")
}

/// The integral mantissa and the power of two it is multiplied with.
fn parts(number: f64) -> (u64, i32) {
    let bits = number.to_bits();
    let mantissa = bits & ((1 << 52) - 1);
    match i32::try_from((bits >> 52) & 0x7ff).unwrap_or(0) {
        0 => (mantissa, -1074),
        biased => (mantissa | 1 << 52, biased - 1075),
    }
}

/// `0x1.8p+01`.
fn hexadecimal(number: f64, precision: Option<usize>) -> String {
    let (mut mantissa, mut exponent) = parts(number);
    if mantissa == 0 {
        exponent = 0;
    } else {
        exponent += 52;
        while mantissa & 1 << 52 == 0 {
            mantissa <<= 1;
            exponent -= 1;
        }
    }
    if let Some(precision) = precision.filter(|precision| *precision < 13) {
        let dropped = (13 - precision) * 4;
        let (rest, half) = (mantissa & ((1 << dropped) - 1), 1 << (dropped - 1));
        mantissa >>= dropped;
        if rest > half || (rest == half && mantissa & 1 == 1) {
            mantissa += 1;
        }
        mantissa <<= dropped;
        if mantissa >= 1 << 53 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut fraction = format!("{:013x}", mantissa & ((1 << 52) - 1));
    match precision {
        None => fraction.truncate(fraction.trim_end_matches('0').len()),
        Some(precision) if precision < 13 => fraction.truncate(precision),
        Some(precision) => fraction.push_str(&"0".repeat(precision - 13)),
    }
    let point = if fraction.is_empty() { "" } else { "." };
    let (sign, exponent) = if exponent < 0 {
        ('-', -exponent)
    } else {
        ('+', exponent)
    };
    format!("0x{}{point}{fraction}p{sign}{exponent:02}", mantissa >> 52)
}
