//! The report for a terminal.

use crate::report::Report;

/// Whether text carries ANSI colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences.
    #[default]
    Plain,
    /// ANSI colours.
    Ansi,
}

pub(super) fn render(report: &Report, _style: Style) -> String {
    format!("{}\n", report.decision.as_str())
}
