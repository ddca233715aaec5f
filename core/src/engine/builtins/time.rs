//! `time.*`: nanoseconds since 1970, in time zones, by Go's layouts.

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::{OffsetName, Tz};
use regorus::Value;

use super::layout::{self, Colons, MONTHS, Pad, Part, Units, WEEKDAYS, Zulu, next_part};
use super::operand::{any, exact_integer, integer, kind, string};
use super::{Builtin, Call, Failure, time_parse};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("time.add_date", 4, add_date),
    Builtin::here("time.clock", 1, clock),
    Builtin::here("time.date", 1, date),
    Builtin::here("time.diff", 2, diff),
    Builtin::here("time.format", 1, format),
    Builtin::here("time.parse_duration_ns", 1, parse_duration),
    Builtin::here("time.parse_ns", 2, |_, operands| {
        parse(layout::named(string(operands, 1)?), string(operands, 2)?)
    }),
    Builtin::here("time.parse_rfc3339_ns", 1, |_, operands| {
        parse(layout::RFC3339, string(operands, 1)?)
    }),
    Builtin::here("time.weekday", 1, weekday),
];

const SECOND: i128 = 1_000_000_000;
const DAY: i64 = 86_400;

/// Days since 1970 of a date in the Gregorian calendar.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = (shifted + 2) % 12 + 1;
    (
        year_of_era + era * 400 + i64::from(month <= 2),
        month,
        day_of_year - (153 * shifted + 2) / 5 + 1,
    )
}

pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// An instant in a zone.
struct Moment {
    seconds: i64,
    nanosecond: i64,
    zone: Tz,
    layout: Option<String>,
}

impl Moment {
    /// Nanoseconds, or `[nanoseconds, zone]`, or `[nanoseconds, zone, layout]`.
    fn of(operands: &[Value], position: usize) -> Result<Self, Failure> {
        let operand = any(operands, position);
        let expected = "either number (ns) or [number (ns), string (tz)]";
        let wrong = |found: &Value| Failure::Operand(format!("operand 1 must be {expected} but got {}", kind(found)));
        let parts: Vec<Value> = match operand {
            Value::Number(_) => vec![operand.clone()],
            Value::Array(array) if array.first().is_some() => array.iter().cloned().collect(),
            other => return Err(wrong(other)),
        };
        let nanoseconds = match parts.first() {
            Some(number @ Value::Number(_)) => exact_integer(number).and_then(|number| i64::try_from(number).ok()),
            _ => {
                return Err(super::operand::wrong_kind(
                    1,
                    parts.first().unwrap_or(operand),
                    &["number"],
                ));
            }
        };
        let nanoseconds = nanoseconds.ok_or_else(|| Failure::failed("timestamp too big"))?;
        let zone = match parts.get(1) {
            None => Tz::UTC,
            Some(_) => zone(string(&parts, 2).map_err(|_| wrong(operand))?)?,
        };
        let layout = parts
            .get(2)
            .map(|_| string(&parts, 3).map(ToOwned::to_owned))
            .transpose()?;
        let (seconds, nanosecond) = (
            nanoseconds.div_euclid(1_000_000_000),
            nanoseconds.rem_euclid(1_000_000_000),
        );
        Ok(Self {
            seconds,
            nanosecond,
            zone,
            layout,
        })
    }

    fn offset_name(&self) -> (i64, Option<String>) {
        offset_at(self.zone, self.seconds)
    }

    /// Seconds since 1970 on the zone's clocks.
    fn local(&self) -> i64 {
        self.seconds + self.offset_name().0
    }

    fn date(&self) -> (i64, i64, i64) {
        civil_from_days(self.local().div_euclid(DAY))
    }

    fn clock(&self) -> (i64, i64, i64) {
        let second = self.local().rem_euclid(DAY);
        (second / 3600, second / 60 % 60, second % 60)
    }

    fn weekday(&self) -> &'static str {
        let index = (self.local().div_euclid(DAY) + 4).rem_euclid(7);
        usize::try_from(index)
            .ok()
            .and_then(|index| WEEKDAYS.get(index))
            .copied()
            .unwrap_or_default()
    }
}

/// East of Greenwich in seconds, and the abbreviation.
fn offset_at(zone: Tz, seconds: i64) -> (i64, Option<String>) {
    let Some(utc) = DateTime::<Utc>::from_timestamp(seconds, 0) else {
        return (0, None);
    };
    let offset = zone.offset_from_utc_datetime(&utc.naive_utc());
    (
        i64::from(offset.fix().local_minus_utc()),
        offset.abbreviation().map(ToOwned::to_owned),
    )
}

/// `Local` is UTC: what the machine's zone is must not change a decision.
fn zone(name: &str) -> Result<Tz, Failure> {
    match name {
        "" | "UTC" | "Local" => Ok(Tz::UTC),
        name => name.parse().map_err(|_| Failure::failed("unknown time zone")),
    }
}

fn nanoseconds(nanoseconds: i128) -> Result<Value, Failure> {
    i64::try_from(nanoseconds)
        .map(Value::from)
        .map_err(|_| Failure::failed("time outside of valid range"))
}

fn triple((a, b, c): (i64, i64, i64)) -> Value {
    vec![Value::from(a), Value::from(b), Value::from(c)].into()
}

fn date(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(triple(Moment::of(operands, 1)?.date()))
}

fn clock(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(triple(Moment::of(operands, 1)?.clock()))
}

fn weekday(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(Moment::of(operands, 1)?.weekday().into())
}

fn parse(layout: &str, text: &str) -> Result<Value, Failure> {
    nanoseconds(
        time_parse::parse(layout, text)
            .ok_or_else(|| Failure::failed("parsing time: the text does not match the layout"))?,
    )
}

fn parse_duration(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let duration = time_parse::duration(string(operands, 1)?);
    duration
        .map(Value::from)
        .ok_or_else(|| Failure::failed("time: invalid duration"))
}

/// A day that the month has not runs into the next one.
fn add_date(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let moment = Moment::of(operands, 1)?;
    let (years, months, days) = (integer(operands, 2)?, integer(operands, 3)?, integer(operands, 4)?);
    let out_of_range = || Failure::failed("time outside of valid range");
    // Beyond these the result is out of range whatever the others are, or near enough to it.
    if [years, months, days].iter().any(|number| number.abs() > 10_000_000) {
        return Err(out_of_range());
    }
    let (year, month, day) = moment.date();
    let month = month - 1 + months;
    let days = days_from_civil(year + years + month.div_euclid(12), month.rem_euclid(12) + 1, 1) + day - 1 + days;
    let local = days * DAY + moment.local().rem_euclid(DAY);
    // As Go finds the instant of a local time: the offset as if it were UTC, corrected once.
    let guess = offset_at(moment.zone, local).0;
    let corrected = offset_at(moment.zone, local - guess).0;
    nanoseconds(i128::from(local - corrected) * SECOND + i128::from(moment.nanosecond))
}

/// Years, months, days, hours, minutes and seconds between two instants.
fn diff(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let mut earlier = Moment::of(operands, 1)?;
    let mut later = Moment::of(operands, 2)?;
    later.zone = earlier.zone;
    if (earlier.seconds, earlier.nanosecond) > (later.seconds, later.nanosecond) {
        std::mem::swap(&mut earlier, &mut later);
    }
    let ((y1, mo1, d1), (y2, mo2, d2)) = (earlier.date(), later.date());
    let ((h1, mi1, s1), (h2, mi2, s2)) = (earlier.clock(), later.clock());
    let (mut year, mut month, mut day, mut hour, mut minute, mut second) =
        (y2 - y1, mo2 - mo1, d2 - d1, h2 - h1, mi2 - mi1, s2 - s1);
    let carry = |number: &mut i64, next: &mut i64, size: i64| {
        if *number < 0 {
            *number += size;
            *next -= 1;
        }
    };
    carry(&mut second, &mut minute, 60);
    carry(&mut minute, &mut hour, 60);
    carry(&mut hour, &mut day, 24);
    carry(&mut day, &mut month, days_in_month(y1, mo1));
    carry(&mut month, &mut year, 12);
    Ok([year, month, day, hour, minute, second]
        .into_iter()
        .map(Value::from)
        .collect::<Vec<_>>()
        .into())
}

fn format(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let moment = Moment::of(operands, 1)?;
    let layout = moment
        .layout
        .as_deref()
        .filter(|layout| !layout.is_empty())
        .unwrap_or(layout::RFC3339_NANO);
    let mut rest = layout::named(layout);
    let mut out = String::new();
    loop {
        let (before, part, after) = next_part(rest);
        out.push_str(before);
        let Some(part) = part else { return Ok(out.into()) };
        out.push_str(&text_of(&moment, part));
        rest = after;
    }
}

fn text_of(moment: &Moment, part: Part) -> String {
    let (year, month, day) = moment.date();
    let (hour, minute, second) = moment.clock();
    let month_name = usize::try_from(month - 1)
        .ok()
        .and_then(|index| MONTHS.get(index))
        .copied()
        .unwrap_or_default();
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let padded = |number: i64, pad: Pad, width: usize| match pad {
        Pad::Not => number.to_string(),
        Pad::Space => format!("{number:>width$}"),
        Pad::Zero => format!("{number:0>width$}"),
    };
    match part {
        Part::LongYear => format!("{year:04}"),
        Part::Year => format!("{:02}", year.rem_euclid(100)),
        Part::LongMonth => month_name.to_owned(),
        Part::Month => month_name.chars().take(3).collect(),
        Part::MonthNumber(pad) => padded(month, pad, 2),
        Part::Day(pad) => padded(day, pad, 2),
        Part::YearDay(pad) => padded(
            days_from_civil(year, month, day) - days_from_civil(year, 1, 1) + 1,
            pad,
            3,
        ),
        Part::LongWeekday => moment.weekday().to_owned(),
        Part::Weekday => moment.weekday().chars().take(3).collect(),
        Part::Hour => format!("{hour:02}"),
        Part::Hour12(pad) => padded(hour12, pad, 2),
        Part::Minute(pad) => padded(minute, pad, 2),
        Part::Second(pad) => padded(second, pad, 2),
        Part::UpperHalf => if hour >= 12 { "PM" } else { "AM" }.to_owned(),
        Part::LowerHalf => if hour >= 12 { "pm" } else { "am" }.to_owned(),
        Part::ZoneName => {
            let (seconds, name) = moment.offset_name();
            // Zones without an abbreviation go by their offset, `-03` or `+0530`.
            let units = if seconds % 3600 == 0 {
                Units::Hours
            } else {
                Units::Minutes
            };
            name.unwrap_or_else(|| {
                offset_text(
                    seconds,
                    layout::Offset {
                        zulu: Zulu::No,
                        units,
                        colons: Colons::No,
                    },
                )
            })
        }
        Part::Offset(form) => offset_text(moment.offset_name().0, form),
        Part::Fraction(count) => format!(".{}", fraction(moment.nanosecond, count)),
        Part::ShortFraction(count) => {
            let digits = fraction(moment.nanosecond, count);
            let digits = digits.trim_end_matches('0');
            if digits.is_empty() {
                String::new()
            } else {
                format!(".{digits}")
            }
        }
    }
}

fn fraction(nanosecond: i64, count: usize) -> String {
    let digits = format!("{nanosecond:09}");
    digits.chars().chain(std::iter::repeat('0')).take(count).collect()
}

fn offset_text(seconds: i64, form: layout::Offset) -> String {
    if seconds == 0 && form.zulu == Zulu::Yes {
        return "Z".into();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.abs();
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let colon = if form.colons == Colons::Yes { ":" } else { "" };
    match form.units {
        Units::Hours => format!("{sign}{hour:02}"),
        Units::Minutes => format!("{sign}{hour:02}{colon}{minute:02}"),
        Units::Seconds => format!("{sign}{hour:02}{colon}{minute:02}{colon}{second:02}"),
    }
}
