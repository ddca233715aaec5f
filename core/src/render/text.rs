//! The report for a terminal.

use textwrap::core::display_width;

use super::page::{Page, Paint, Span};
use super::steps;
use super::summary::{self, Part, Phrase, Statement, Weighed};
use super::visible::visible;
use crate::input::Path;
use crate::policy::{Enforcement, Severity};
use crate::report::{Decision, Finding, Obligation, ObligationStatus, Report};

/// Whether text carries ANSI colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences.
    #[default]
    Plain,
    /// ANSI colours.
    Ansi,
}

/// The widest column of addresses that is aligned: paths stay on the same line behind it.
const ALIGNED: usize = 48;

pub(super) fn render(report: &Report, style: Style) -> String {
    let mut page = Page::new(style);
    let weighed = Weighed::of(report);
    headline(&mut page, report);
    findings(&mut page, report, "Findings", &weighed.failed);
    findings(&mut page, report, "Undetermined", &weighed.undetermined);
    obligations(&mut page, &report.obligations);
    access(&mut page, report);
    doubts(&mut page, report);
    findings(
        &mut page,
        report,
        "Advice, which does not weigh on the decision",
        &weighed.advisory,
    );
    policies(&mut page, report);
    next(&mut page, report);
    page.finish()
}

fn headline(page: &mut Page, report: &Report) {
    let decided = summary::decided(report.decision).to_uppercase();
    let indent = decided.len() + 2;
    let mut line = vec![
        Span::own(decision_paint(report.decision), decided),
        Span::own(Paint::Plain, "  "),
    ];
    line.extend(phrase(summary::headline(report), Paint::Strong));
    page.paragraph(0, indent, &line);
    if let Some(plan) = &report.plan {
        page.paragraph(indent, indent, &[Span::foreign(Paint::Plain, &summary::plan(plan))]);
    }
}

fn heading(page: &mut Page, text: &str) {
    page.blank();
    page.paragraph(0, 0, &[Span::own(Paint::Strong, text)]);
}

/// Findings of one weight: a block for each policy, and in it one for each thing that it says.
fn findings(page: &mut Page, report: &Report, title: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    heading(page, title);
    for group in findings.chunk_by(|a, b| a.policy == b.policy) {
        let Some(first) = group.first() else { continue };
        page.blank();
        let mut line = vec![
            Span::own(severity_paint(first.severity), first.severity.as_str()),
            Span::own(Paint::Plain, "  "),
            Span::foreign(Paint::Strong, &first.policy),
        ];
        if let Some(outcome) = report.policies.iter().find(|outcome| outcome.policy == first.policy) {
            line.push(Span::own(Paint::Plain, "  "));
            line.push(Span::foreign(Paint::Plain, &outcome.title));
        }
        page.paragraph(2, 4, &line);
        let statements = summary::statements(group);
        let common = summary::common_fix(&statements);
        for statement in &statements {
            said(page, statement);
            if let Some(text) = statement.first.fix.as_deref().filter(|_| common.is_none()) {
                fix(page, 6, text);
            }
        }
        if let Some(text) = common {
            fix(page, 4, text);
        }
    }
}

/// What is said, and of which places.
fn said(page: &mut Page, statement: &Statement<'_>) {
    page.paragraph(4, 6, &[Span::foreign(Paint::Plain, &statement.first.message)]);
    let names = statement
        .places
        .iter()
        .filter_map(|finding| finding.resource.as_deref());
    let column = names.map(|name| display_width(&visible(name))).max().unwrap_or(0);
    for finding in &statement.places {
        let mut line = Vec::new();
        let mut width = 0;
        if let Some(resource) = &finding.resource {
            width = display_width(&visible(resource));
            line.push(Span::foreign(Paint::Name, resource));
        }
        if !finding.path.0.is_empty() {
            if column > 0 {
                let space = if column <= ALIGNED { column - width } else { 0 };
                line.push(Span::own(Paint::Plain, " ".repeat(space + 2)));
            }
            line.push(Span::foreign(Paint::Plain, &finding.path.to_string()));
        }
        page.paragraph(6, 8, &line);
    }
    let unknown = &statement.first.unknown;
    if !unknown.is_empty() {
        let mut line = vec![Span::own(Paint::Warning, "unknown"), Span::own(Paint::Plain, ": ")];
        line.extend(list(unknown.iter().map(path)));
        page.paragraph(6, 8, &line);
    }
}

fn fix(page: &mut Page, indent: usize, fix: &str) {
    let line = [
        Span::own(Paint::Advice, "fix"),
        Span::own(Paint::Plain, ": "),
        Span::foreign(Paint::Plain, fix),
    ];
    page.paragraph(indent, indent + 2, &line);
}

fn obligations(page: &mut Page, obligations: &[Obligation]) {
    if obligations.is_empty() {
        return;
    }
    heading(page, "Approvals");
    for obligation in obligations {
        page.blank();
        let (paint, status) = match obligation.status {
            ObligationStatus::Satisfied => (Paint::Good, "given"),
            ObligationStatus::Missing => (Paint::Warning, "missing"),
            ObligationStatus::CannotTell => (Paint::Warning, "cannot tell"),
        };
        let mut line = vec![Span::own(paint, status), Span::own(Paint::Plain, "  ")];
        line.extend(phrase(summary::reviewers(&obligation.from), Paint::Plain));
        let given = obligation.approved_by.len();
        let advisory = match obligation.level {
            Enforcement::Mandatory => "",
            Enforcement::Advisory | Enforcement::Disabled => "  advisory",
        };
        line.push(Span::own(
            Paint::Plain,
            format!(", {given} of {}{advisory}  ", obligation.count),
        ));
        line.push(Span::foreign(Paint::Strong, &obligation.policy));
        page.paragraph(2, 4, &line);
        page.paragraph(4, 6, &[Span::foreign(Paint::Plain, &obligation.reason)]);
        let mut row = |label: &str, spans: Vec<Span>| {
            if !spans.is_empty() {
                let mut line = vec![Span::own(Paint::Dim, label), Span::own(Paint::Plain, ": ")];
                line.extend(spans);
                page.paragraph(4, 6, &line);
            }
        };
        row("for", list(&obligation.resources));
        row("approved by", list(&obligation.approved_by));
        if obligation.status != ObligationStatus::Satisfied {
            row("can approve", list(&obligation.candidates));
        }
        for approval in &obligation.not_counted {
            let spans = [
                Span::foreign(Paint::Name, &approval.reviewer),
                Span::own(Paint::Plain, " ("),
                Span::foreign(Paint::Plain, &approval.why),
                Span::own(Paint::Plain, ")"),
            ];
            row("does not count", spans.to_vec());
        }
    }
}

fn access(page: &mut Page, report: &Report) {
    let Some(access) = &report.access else { return };
    heading(page, "Access");
    page.blank();
    let (paint, status) = if access.granted {
        (Paint::Good, "granted")
    } else {
        (Paint::Bad, "not granted")
    };
    let line = [
        Span::own(paint, status),
        Span::own(Paint::Plain, "  "),
        Span::foreign(Paint::Strong, &access.action),
    ];
    page.paragraph(2, 4, &line);
    for (action, policies) in &access.grants {
        let mut line = vec![
            Span::foreign(Paint::Name, action),
            Span::own(Paint::Plain, " is granted by "),
        ];
        line.extend(list(policies));
        page.paragraph(4, 6, &line);
    }
}

fn doubts(page: &mut Page, report: &Report) {
    if report.doubts.is_empty() {
        return;
    }
    heading(page, "Doubts");
    page.blank();
    let weigh = |decision| match decision {
        Decision::Allow => (Paint::Dim, "noted"),
        Decision::Review => (Paint::Warning, "review"),
        Decision::Deny => (Paint::Bad, "deny"),
    };
    let widest = report
        .doubts
        .iter()
        .map(|doubt| weigh(doubt.decision).1.len())
        .max()
        .unwrap_or(0);
    for doubt in &report.doubts {
        let (paint, weight) = weigh(doubt.decision);
        let line = [
            Span::own(paint, format!("{weight:widest$}")),
            Span::own(Paint::Plain, "  "),
            Span::foreign(Paint::Strong, doubt.doubt.code),
            Span::own(Paint::Plain, "  "),
            Span::foreign(Paint::Plain, &doubt.doubt.message),
        ];
        page.paragraph(2, widest + 4, &line);
    }
}

fn policies(page: &mut Page, report: &Report) {
    heading(page, "Policies");
    page.blank();
    for counts in [Some(summary::policies(report)), summary::checks(report)]
        .into_iter()
        .flatten()
    {
        page.paragraph(2, 4, &[Span::own(Paint::Plain, counts)]);
    }
    for outcome in summary::errored(report) {
        let line = [
            Span::own(Paint::Bad, "failed to run"),
            Span::own(Paint::Plain, ": "),
            Span::foreign(Paint::Name, &outcome.policy),
            Span::own(Paint::Plain, ", "),
            Span::foreign(Paint::Plain, outcome.reason.as_deref().unwrap_or("no reason was given")),
        ];
        page.paragraph(2, 4, &line);
    }
    for (reason, policies) in summary::not_applicable(report) {
        let mut line = vec![Span::own(Paint::Dim, "not applicable"), Span::own(Paint::Plain, ": ")];
        line.extend(list(policies));
        line.push(Span::own(Paint::Plain, " ("));
        line.push(Span::foreign(Paint::Plain, reason));
        line.push(Span::own(Paint::Plain, ")"));
        page.paragraph(2, 4, &line);
    }
}

fn next(page: &mut Page, report: &Report) {
    heading(page, "What to do next");
    page.blank();
    let steps = steps::next_steps(report);
    let width = steps.len().to_string().len();
    for (number, step) in (1..).zip(steps) {
        let mut line = vec![
            Span::own(Paint::Advice, format!("{number:width$}.")),
            Span::own(Paint::Plain, " "),
        ];
        line.extend(phrase(step, Paint::Plain));
        page.paragraph(2, 4 + width, &line);
    }
}

fn phrase(parts: Phrase, paint: Paint) -> Vec<Span> {
    parts
        .into_iter()
        .map(|part| match part {
            Part::Own(text) => Span::own(paint, text),
            Part::Said(text) => Span::foreign(paint, &text),
            Part::Name(text) => Span::foreign(Paint::Name, &text),
        })
        .collect()
}

fn list(names: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<Span> {
    let mut spans = Vec::new();
    for name in names {
        if !spans.is_empty() {
            spans.push(Span::own(Paint::Plain, ", "));
        }
        spans.push(Span::foreign(Paint::Name, name.as_ref()));
    }
    spans
}

fn path(path: &Path) -> String {
    if path.0.is_empty() {
        "everything".to_owned()
    } else {
        path.to_string()
    }
}

fn severity_paint(severity: Severity) -> Paint {
    match severity {
        Severity::Low => Paint::Name,
        Severity::Medium => Paint::Warning,
        Severity::High => Paint::Bad,
        Severity::Critical => Paint::Critical,
    }
}

fn decision_paint(decision: Decision) -> Paint {
    match decision {
        Decision::Allow => Paint::Good,
        Decision::Review => Paint::Warning,
        Decision::Deny => Paint::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::{Style, render};
    use textwrap::core::display_width;

    #[test]
    fn reports_for_people() {
        for (name, report) in samples::all() {
            let text = render(&report, Style::Plain);
            assert!(text.lines().all(|line| display_width(line) <= 80), "{name}:\n{text}");
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{name}:\n{text}");
            insta::assert_snapshot!(name, text);
        }
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        for (name, report) in samples::all() {
            let coloured = render(&report, Style::Ansi);
            let mut plain = String::new();
            let mut rest = coloured.as_str();
            while let Some((before, after)) = rest.split_once('\u{1b}') {
                plain.push_str(before);
                rest = after.split_once('m').map_or("", |(_, rest)| rest);
            }
            plain.push_str(rest);
            assert_eq!(plain, render(&report, Style::Plain), "{name}");
        }
        insta::assert_snapshot!(
            "denied_ansi",
            render(&samples::denied(), Style::Ansi).replace('\u{1b}', "ESC")
        );
    }
}
