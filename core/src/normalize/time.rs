//! Times to one form, `2026-11-23T09:00:00Z`: always UTC and of one width, so that texts sort as times do.

use chrono::{DateTime, Datelike, Utc};

/// What to do about a time that cannot be read.
pub(super) const HELP: &str = "write it as RFC 3339 has it, with an offset or `Z`: `2026-11-23T09:00:00Z`";

/// An RFC 3339 time in UTC. Any offset and any number of fractional digits are read; the fraction is cut off, because hosts differ in
/// how many digits they give and a text with a fraction would not compare with one without.
pub(super) fn utc(text: &str) -> Option<String> {
    let time = DateTime::parse_from_rfc3339(text.trim()).ok()?;
    from_epoch(time.timestamp())
}

/// Seconds since 1970 as a time in UTC.
pub(super) fn from_epoch(seconds: i64) -> Option<String> {
    let time = DateTime::<Utc>::from_timestamp(seconds, 0)?;
    (0..=9999)
        .contains(&time.year())
        .then(|| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trap_28_time_formats() {
        for (text, expected) in [
            ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z"),
            ("2026-11-23T11:00:00+02:00", "2026-11-23T09:00:00Z"),
            ("2026-11-23T00:30:00-09:30", "2026-11-23T10:00:00Z"),
            ("2026-11-23T09:00:00.1234567Z", "2026-11-23T09:00:00Z"),
            ("2026-11-23T09:00:00.999999999999Z", "2026-11-23T09:00:00Z"),
            ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ] {
            assert_eq!(utc(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "2026-11-23",
            "2026-11-23T09:00:00",
            "2017-09-15 16:50:55 UTC",
            "1700000000",
            "2026-13-01T00:00:00Z",
            "0000-01-01T00:00:00+01:00",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_since_1970() {
        assert_eq!(from_epoch(1_557_933_632).as_deref(), Some("2019-05-15T15:20:32Z"));
        assert_eq!(from_epoch(i64::MAX), None);
    }
}
