//! The report as a comment on a pull request.

use crate::report::Report;

pub(super) fn render(report: &Report) -> String {
    format!("**{}**\n", report.decision.as_str())
}
