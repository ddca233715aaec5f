//! Go's time layouts, in which a reference time says where each part stands.

/// A part of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    LongYear,
    Year,
    LongMonth,
    Month,
    /// A number padded to two places with a zero, with a space, or not at all.
    MonthNumber(Pad),
    Day(Pad),
    YearDay(Pad),
    LongWeekday,
    Weekday,
    Hour,
    Hour12(Pad),
    Minute(Pad),
    Second(Pad),
    UpperHalf,
    LowerHalf,
    ZoneName,
    Offset(Offset),
    /// This many digits.
    Fraction(usize),
    /// As many digits as it takes, this many at most.
    ShortFraction(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pad {
    Not,
    Space,
    Zero,
}

/// `-07:00` and its variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// `Z` stands for no offset.
    pub(super) zulu: Zulu,
    pub(super) units: Units,
    pub(super) colons: Colons,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zulu {
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Units {
    Hours,
    Minutes,
    Seconds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colons {
    Yes,
    No,
}

/// The text before the first part, the part, and the layout after it.
pub(super) fn next_part(layout: &str) -> (&str, Option<Part>, &str) {
    for (index, _) in layout.char_indices() {
        let Some((before, rest)) = layout.split_at_checked(index) else {
            continue;
        };
        if let Some((part, length)) = part_at(rest) {
            // `_2006` is an underscore before a year.
            let skipped = usize::from(part == Part::LongYear && rest.starts_with('_'));
            let before = layout.get(..before.len() + skipped).unwrap_or(before);
            return (before, Some(part), rest.get(length..).unwrap_or_default());
        }
    }
    (layout, None, "")
}

/// The part that a layout begins with, and its length.
fn part_at(layout: &str) -> Option<(Part, usize)> {
    const FIXED: [(&str, Part); 24] = [
        ("January", Part::LongMonth),
        ("Monday", Part::LongWeekday),
        ("MST", Part::ZoneName),
        ("002", Part::YearDay(Pad::Zero)),
        ("01", Part::MonthNumber(Pad::Zero)),
        ("02", Part::Day(Pad::Zero)),
        ("03", Part::Hour12(Pad::Zero)),
        ("04", Part::Minute(Pad::Zero)),
        ("05", Part::Second(Pad::Zero)),
        ("06", Part::Year),
        ("15", Part::Hour),
        ("1", Part::MonthNumber(Pad::Not)),
        ("2006", Part::LongYear),
        ("2", Part::Day(Pad::Not)),
        ("_2006", Part::LongYear),
        ("__2", Part::YearDay(Pad::Space)),
        ("_2", Part::Day(Pad::Space)),
        ("3", Part::Hour12(Pad::Not)),
        ("4", Part::Minute(Pad::Not)),
        ("5", Part::Second(Pad::Not)),
        ("PM", Part::UpperHalf),
        ("pm", Part::LowerHalf),
        ("Jan", Part::Month),
        ("Mon", Part::Weekday),
    ];
    if let Some((text, part)) = FIXED.iter().find(|(text, _)| layout.starts_with(text)) {
        // `Month` is no weekday with `th` after it.
        let abbreviated = matches!(part, Part::Month | Part::Weekday);
        let lower_follows = layout.as_bytes().get(text.len()).is_some_and(u8::is_ascii_lowercase);
        return (!(abbreviated && lower_follows)).then_some((*part, text.len()));
    }
    offset_at(layout).or_else(|| fraction_at(layout))
}

fn offset_at(layout: &str) -> Option<(Part, usize)> {
    const FORMS: [(&str, Units, Colons); 5] = [
        ("070000", Units::Seconds, Colons::No),
        ("07:00:00", Units::Seconds, Colons::Yes),
        ("0700", Units::Minutes, Colons::No),
        ("07:00", Units::Minutes, Colons::Yes),
        ("07", Units::Hours, Colons::No),
    ];
    let (zulu, rest) = match layout.strip_prefix('-') {
        Some(rest) => (Zulu::No, rest),
        None => (Zulu::Yes, layout.strip_prefix('Z')?),
    };
    let (form, units, colons) = FORMS.into_iter().find(|(form, ..)| rest.starts_with(form))?;
    Some((Part::Offset(Offset { zulu, units, colons }), form.len() + 1))
}

/// `.000` or `.999`, with nothing like a digit after it.
fn fraction_at(layout: &str) -> Option<(Part, usize)> {
    let digits = layout.strip_prefix(['.', ','])?;
    let digit = digits.chars().next().filter(|digit| matches!(digit, '0' | '9'))?;
    let count = digits.len() - digits.trim_start_matches(digit).len();
    if digits.as_bytes().get(count).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some((
        if digit == '0' {
            Part::Fraction(count)
        } else {
            Part::ShortFraction(count)
        },
        count + 1,
    ))
}

/// The layouts that have names.
pub(super) fn named(layout: &str) -> &str {
    match layout {
        "ANSIC" => "Mon Jan _2 15:04:05 2006",
        "UnixDate" => "Mon Jan _2 15:04:05 MST 2006",
        "RubyDate" => "Mon Jan 02 15:04:05 -0700 2006",
        "RFC822" => "02 Jan 06 15:04 MST",
        "RFC822Z" => "02 Jan 06 15:04 -0700",
        "RFC850" => "Monday, 02-Jan-06 15:04:05 MST",
        "RFC1123" => "Mon, 02 Jan 2006 15:04:05 MST",
        "RFC1123Z" => "Mon, 02 Jan 2006 15:04:05 -0700",
        "RFC3339" => RFC3339,
        "RFC3339Nano" => RFC3339_NANO,
        other => other,
    }
}

pub(super) const RFC3339: &str = "2006-01-02T15:04:05Z07:00";
pub(super) const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
