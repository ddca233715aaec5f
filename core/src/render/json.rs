//! The report as JSON.

use crate::report::Report;

pub(super) fn render(report: &Report) -> String {
    // Plain data with string keys and finite numbers: writing it to a string has no way to fail.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
