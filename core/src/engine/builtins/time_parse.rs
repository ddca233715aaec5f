//! Go's `time.Parse` and `time.ParseDuration`, to nanoseconds since 1970.

use super::layout::{Colons, MONTHS, Pad, Part, Units, WEEKDAYS, Zulu, next_part};
use super::time::{days_from_civil, days_in_month};

#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    half: Option<Half>,
    /// East of Greenwich, in seconds.
    offset: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

/// `None`: the text is not of this layout, or no time.
pub(super) fn parse(layout: &str, text: &str) -> Option<i128> {
    let mut fields = Fields::default();
    let (mut layout, mut text) = (layout, text);
    loop {
        let (before, part, after) = next_part(layout);
        text = skip(text, before)?;
        let Some(part) = part else { break };
        layout = after;
        text = fields.part(part, text, layout)?;
    }
    text.is_empty().then(|| fields.nanoseconds())?
}

/// The text after a prefix, in which a run of spaces is any run of spaces.
fn skip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (mut text, mut prefix) = (text, prefix);
    while let Some(next) = prefix.chars().next() {
        if next == ' ' {
            if !text.is_empty() && !text.starts_with(' ') {
                return None;
            }
            (text, prefix) = (text.trim_start_matches(' '), prefix.trim_start_matches(' '));
        } else {
            text = text.strip_prefix(next)?;
            prefix = prefix.get(next.len_utf8()..)?;
        }
    }
    Some(text)
}

/// A number of so many digits.
fn digits(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (number, rest) = text.split_at_checked(count)?;
    Some((number.parse().ok()?, rest))
}

fn padded(text: &str, pad: Pad) -> Option<(i64, &str)> {
    let text = if pad == Pad::Space {
        text.strip_prefix(' ').unwrap_or(text)
    } else {
        text
    };
    digits(text, if pad == Pad::Zero { 2 } else { 1 }, 2)
}

fn name<'a>(text: &'a str, names: &[&str], length: Option<usize>) -> Option<(i64, &'a str)> {
    names.iter().enumerate().find_map(|(index, name)| {
        let name = length.map_or(*name, |length| name.get(..length).unwrap_or(name));
        let (found, rest) = text.split_at_checked(name.len())?;
        found
            .eq_ignore_ascii_case(name)
            .then_some((i64::try_from(index).ok()?, rest))
    })
}

fn below(limit: i64, (number, rest): (i64, &str)) -> Option<(i64, &str)> {
    (number < limit).then_some((number, rest))
}

impl Fields {
    fn part<'a>(&mut self, part: Part, text: &'a str, layout: &str) -> Option<&'a str> {
        let (number, rest) = match part {
            Part::LongYear => digits(text, 4, 4)?,
            Part::Year => digits(text, 2, 2)?,
            Part::LongMonth => name(text, &MONTHS, None)?,
            Part::Month => name(text, &MONTHS, Some(3))?,
            Part::MonthNumber(pad) | Part::Day(pad) | Part::Hour12(pad) | Part::Minute(pad) | Part::Second(pad) => {
                padded(text, pad)?
            }
            Part::YearDay(Pad::Zero) => digits(text, 3, 3)?,
            Part::YearDay(_) => digits(text.strip_prefix("  ").or(text.strip_prefix(' ')).unwrap_or(text), 1, 3)?,
            Part::LongWeekday => name(text, &WEEKDAYS, None)?,
            Part::Weekday => name(text, &WEEKDAYS, Some(3))?,
            Part::Hour => digits(text, 1, 2)?,
            Part::UpperHalf => return self.half(text, ["AM", "PM"]),
            Part::LowerHalf => return self.half(text, ["am", "pm"]),
            Part::ZoneName => return Self::zone(text),
            Part::Offset(offset) if offset.zulu == Zulu::Yes && text.starts_with('Z') => {
                self.offset = Some(0);
                return text.get(1..);
            }
            Part::Offset(offset) => return self.offset(text, offset.units, offset.colons),
            Part::Fraction(count) => return self.fraction(text, count),
            Part::ShortFraction(_) => return self.short_fraction(text),
        };
        match part {
            Part::LongYear => self.year = number,
            Part::Year => self.year = if number >= 69 { 1900 + number } else { 2000 + number },
            Part::LongMonth | Part::Month => self.month = Some(number + 1),
            Part::MonthNumber(_) => self.month = Some(number).filter(|number| (1..=12).contains(number)).map(Some)?,
            Part::Day(_) => self.day = Some(number),
            Part::YearDay(_) => self.year_day = Some(number),
            Part::Hour => self.hour = below(24, (number, rest))?.0,
            Part::Hour12(_) => self.hour = below(13, (number, rest))?.0,
            Part::Minute(_) => self.minute = below(60, (number, rest))?.0,
            Part::Second(_) => {
                self.second = below(60, (number, rest))?.0;
                // A fraction may follow the seconds although the layout has none.
                let fraction_expected = matches!(next_part(layout).1, Some(Part::Fraction(_) | Part::ShortFraction(_)));
                return if fraction_expected {
                    Some(rest)
                } else {
                    self.short_fraction(rest)
                };
            }
            _ => {}
        }
        Some(rest)
    }

    fn half<'a>(&mut self, text: &'a str, [morning, afternoon]: [&str; 2]) -> Option<&'a str> {
        if let Some(rest) = text.strip_prefix(morning) {
            self.half = Some(Half::Morning);
            return Some(rest);
        }
        self.half = Some(Half::Afternoon);
        text.strip_prefix(afternoon)
    }

    fn offset<'a>(&mut self, text: &'a str, units: Units, colons: Colons) -> Option<&'a str> {
        let sign = match text.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        let (mut rest, mut seconds) = (text.get(1..)?, 0);
        let count = match units {
            Units::Hours => 1,
            Units::Minutes => 2,
            Units::Seconds => 3,
        };
        for (index, (limit, factor)) in [(24, 3600), (60, 60), (60, 1)].into_iter().take(count).enumerate() {
            if index > 0 && colons == Colons::Yes {
                rest = rest.strip_prefix(':')?;
            }
            let number;
            (number, rest) = below(limit + 1, digits(rest, 2, 2)?)?;
            seconds += number * factor;
        }
        self.offset = Some(sign * seconds);
        Some(rest)
    }

    /// An abbreviation. Go takes them all for UTC where there is no local zone of the name, even `GMT+3`.
    fn zone(text: &str) -> Option<&str> {
        if let Some(rest) = text.strip_prefix("UTC") {
            return Some(rest);
        }
        if ["ChST", "MeST"].iter().any(|name| text.starts_with(name)) {
            return text.get(4..);
        }
        if let Some(rest) = text.strip_prefix("GMT") {
            let after = signed_hours(rest).map_or(rest, |(_, after)| after);
            return Some(after);
        }
        if text.starts_with(['+', '-']) {
            return signed_hours(text).map(|(_, rest)| rest);
        }
        let upper = text.bytes().take(6).take_while(u8::is_ascii_uppercase).count();
        let name = text.get(..upper)?;
        let known = match upper {
            3 => true,
            4 => name.ends_with('T') || name == "WITA",
            5 => name.ends_with('T'),
            _ => false,
        };
        known.then(|| text.get(upper..))?
    }

    fn fraction<'a>(&mut self, text: &'a str, count: usize) -> Option<&'a str> {
        let (fraction, rest) = text.split_at_checked(count + 1)?;
        let fraction = fraction.strip_prefix(['.', ','])?;
        if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.nanosecond = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
        Some(rest)
    }

    fn short_fraction<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let count = text
            .strip_prefix(['.', ','])
            .map_or(0, |digits| digits.bytes().take_while(u8::is_ascii_digit).count());
        if count == 0 {
            Some(text)
        } else {
            self.fraction(text, count)
        }
    }

    fn nanoseconds(&self) -> Option<i128> {
        let hour = match self.half {
            Some(Half::Afternoon) if self.hour < 12 => self.hour + 12,
            Some(Half::Morning) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let days = if let Some(year_day) = self.year_day {
            self.day_of_year(year_day)?
        } else {
            let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
            if day < 1 || day > days_in_month(self.year, month) {
                return None;
            }
            days_from_civil(self.year, month, day)
        };
        let seconds = i128::from(days) * 86_400
            + i128::from(hour * 3600 + self.minute * 60 + self.second - self.offset.unwrap_or(0));
        Some(seconds * 1_000_000_000 + i128::from(self.nanosecond))
    }

    fn day_of_year(&self, year_day: i64) -> Option<i64> {
        let (mut month, mut day) = (1, year_day);
        while month < 12 && day > days_in_month(self.year, month) {
            day -= days_in_month(self.year, month);
            month += 1;
        }
        let agrees = self.month.is_none_or(|given| given == month) && self.day.is_none_or(|given| given == day);
        (agrees && day >= 1 && day <= days_in_month(self.year, month)).then(|| days_from_civil(self.year, month, day))
    }
}

/// `+03`: up to 23 hours.
fn signed_hours(text: &str) -> Option<(i64, &str)> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits = text.get(1..)?;
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let hours: i64 = digits.get(..count)?.parse().ok()?;
    (hours <= 23).then_some((sign * hours, digits.get(count..)?))
}

/// `-1d2h30m1.5s`: Go's durations with OPA's days, weeks and years of 365 days.
pub(super) fn duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total: i128 = 0;
    loop {
        let (whole, after) = leading(rest, |byte| byte.is_ascii_digit());
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => leading(after, |byte| byte.is_ascii_digit()),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let (unit, after) = leading(after, |byte| byte != b'.' && !byte.is_ascii_digit());
        let unit = unit_nanoseconds(unit)?;
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let fraction = fraction.get(..fraction.len().min(18))?;
        let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
        let fraction: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        total = total
            .checked_add(whole.checked_mul(unit)?)?
            .checked_add(fraction.checked_mul(unit)? / scale)?;
        rest = after;
        if rest.is_empty() {
            return i64::try_from(sign * total).ok();
        }
    }
}

fn leading(text: &str, accept: impl Fn(u8) -> bool) -> (&str, &str) {
    let count = text.bytes().take_while(|byte| accept(*byte)).count();
    text.split_at_checked(count).unwrap_or((text, ""))
}

fn unit_nanoseconds(unit: &str) -> Option<i128> {
    const HOUR: i128 = 3_600_000_000_000;
    Some(match unit {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => HOUR,
        "d" => 24 * HOUR,
        "w" => 7 * 24 * HOUR,
        "y" => 365 * 24 * HOUR,
        _ => return None,
    })
}
