//! The report as a comment on a pull request.

use super::escape::{code, prose};
use super::steps;
use super::summary::{self, Part, Phrase, Statement, Weighed};
use crate::input::Path;
use crate::policy::Enforcement;
use crate::report::{Decision, Finding, Obligation, ObligationStatus, Report, Verdict};

/// The first line of every comment, by which a bot finds the one that it wrote last time.
const MARKER: &str = "<!-- plangate:report -->";

/// A comment on GitHub has at most 65,536 characters. What is beyond this is counted and left out.
const LIMIT: usize = 60_000;

/// Longer lists are folded.
const FOLD: usize = 10;

pub(super) fn render(report: &Report) -> String {
    let weighed = Weighed::of(report);
    let mut comment = Comment::new();
    headline(&mut comment, report);
    next(&mut comment, report);
    findings(&mut comment, report, "Findings", &weighed.failed);
    findings(&mut comment, report, "Undetermined", &weighed.undetermined);
    obligations(&mut comment, &report.obligations);
    access(&mut comment, report);
    doubts(&mut comment, report);
    findings(
        &mut comment,
        report,
        "Advice, which does not weigh on the decision",
        &weighed.advisory,
    );
    policies(&mut comment, report);
    comment.finish()
}

/// A comment that grows block by block until it is full.
#[derive(Debug)]
struct Comment {
    text: String,
    left_out: u64,
}

impl Comment {
    fn new() -> Self {
        Self {
            text: format!("{MARKER}\n"),
            left_out: 0,
        }
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            let lines = summary::count(self.left_out, "line is", "lines are");
            self.text.extend([
                "\n",
                &lines,
                " left out here, because a comment can hold no more. The JSON report has everything.\n",
            ]);
        }
        self.text
    }

    /// Adds one line, if there is room.
    fn line(&mut self, line: &str) {
        if self.text.len() + line.len() < LIMIT {
            self.text.push_str(line);
            self.text.push('\n');
        } else {
            self.left_out += 1;
        }
    }

    /// A heading or paragraph with its blank lines.
    fn heading(&mut self, heading: &str) {
        self.blank();
        self.line(heading);
        self.blank();
    }

    fn blank(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Adds lines under a summary that can be folded. The summary is HTML, not Markdown.
    fn folded(&mut self, summary: &str, lines: &[String]) {
        if self.text.len() + summary.len() > LIMIT {
            self.left_out += lines.len() as u64;
            return;
        }
        self.blank();
        self.text.extend(["<details>\n<summary>", summary, "</summary>\n\n"]);
        for line in lines {
            self.line(line);
        }
        self.text.push_str("\n</details>\n");
    }
}

fn headline(comment: &mut Comment, report: &Report) {
    comment.line(&format!("## Plangate: {}", summary::decided(report.decision)));
    let mut text = format!("**{}**", phrase(summary::headline(report)));
    if let Some(plan) = &report.plan {
        text = format!("{text}  \n{}", prose(&summary::plan(plan)));
    }
    comment.heading(&text);
}

fn next(comment: &mut Comment, report: &Report) {
    comment.heading("### What to do next");
    for (number, step) in (1..).zip(steps::next_steps(report)) {
        comment.line(&format!("{number}. {}", phrase(step)));
    }
}

/// Findings of one weight, by severity, then by policy.
fn findings(comment: &mut Comment, report: &Report, title: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    comment.heading(&format!("### {title}"));
    for of_severity in findings.chunk_by(|a, b| a.severity == b.severity) {
        let Some(first) = of_severity.first() else { continue };
        comment.heading(&format!("#### Severity: {}", first.severity.as_str()));
        for group in of_severity.chunk_by(|a, b| a.policy == b.policy) {
            policy_findings(comment, report, group);
        }
    }
}

fn policy_findings(comment: &mut Comment, report: &Report, group: &[&Finding]) {
    let Some(first) = group.first() else { return };
    let title = report
        .policies
        .iter()
        .find(|outcome| outcome.policy == first.policy)
        .map_or_else(String::new, |outcome| format!(" {}", prose(&outcome.title)));
    comment.heading(&format!("**{}**{title}", code(&first.policy)));
    let statements = summary::statements(group);
    let common = summary::common_fix(&statements);
    let lines: Vec<_> = statements
        .iter()
        .flat_map(|statement| items(statement, common.is_some()))
        .collect();
    if lines.len() > FOLD {
        comment.folded(&summary::count(group.len() as u64, "finding", "findings"), &lines);
    } else {
        for line in &lines {
            comment.line(line);
        }
    }
    if let Some(fix) = common {
        comment.heading(&format!("Fix: {}", prose(fix)));
    }
}

/// What is said, and of which places: one line each.
fn items(statement: &Statement<'_>, fix_is_told: bool) -> Vec<String> {
    let first = statement.first;
    let message = prose(&first.message);
    let mut lines = match statement.places.as_slice() {
        [only] => match place(only) {
            Some(place) => vec![format!("- {place}: {message}")],
            None => vec![format!("- {message}")],
        },
        places => {
            let places = places.iter().filter_map(|finding| place(finding));
            std::iter::once(format!("- {message}"))
                .chain(places.map(|place| format!("  - {place}")))
                .collect()
        }
    };
    if !first.unknown.is_empty() {
        let unknown: Vec<_> = first.unknown.iter().map(path).collect();
        lines.push(format!("  - unknown: {}", unknown.join(", ")));
    }
    if let Some(fix) = first.fix.as_ref().filter(|_| !fix_is_told) {
        lines.push(format!("  - fix: {}", prose(fix)));
    }
    lines
}

fn place(finding: &Finding) -> Option<String> {
    let resource = finding.resource.as_deref().map(code);
    let path = (!finding.path.0.is_empty()).then(|| code(&finding.path.to_string()));
    match (resource, path) {
        (Some(resource), Some(path)) => Some(format!("{resource} {path}")),
        (one, other) => one.or(other),
    }
}

fn obligations(comment: &mut Comment, obligations: &[Obligation]) {
    if obligations.is_empty() {
        return;
    }
    comment.heading("### Approvals");
    for obligation in obligations {
        let tick = if obligation.status == ObligationStatus::Satisfied {
            "x"
        } else {
            " "
        };
        let advisory = match obligation.level {
            Enforcement::Mandatory => "",
            Enforcement::Advisory | Enforcement::Disabled => ", advisory",
        };
        let summary = format!(
            "- [{tick}] {}, {} of {}{advisory}, for {}: {}",
            phrase(summary::reviewers(&obligation.from)),
            obligation.approved_by.len(),
            obligation.count,
            code(&obligation.policy),
            prose(&obligation.reason),
        );
        let mut lines = vec![summary];
        if obligation.status == ObligationStatus::CannotTell {
            lines.push("  - it cannot be told who approved".to_owned());
        }
        let mut row = |label: &str, items: &[String]| {
            if !items.is_empty() {
                let items: Vec<_> = items.iter().map(String::as_str).collect();
                lines.push(format!("  - {label}: {}", phrase(summary::names(&items))));
            }
        };
        row("resources", &obligation.resources);
        row("approved by", &obligation.approved_by);
        if obligation.status != ObligationStatus::Satisfied {
            row("can approve", &obligation.candidates);
        }
        lines.extend(obligation.not_counted.iter().map(|approval| {
            let (reviewer, why) = (code(&approval.reviewer), prose(&approval.why));
            format!("  - does not count: {reviewer} ({why})")
        }));
        comment.line(&lines.join("\n"));
    }
}

fn access(comment: &mut Comment, report: &Report) {
    let Some(access) = &report.access else { return };
    comment.heading("### Access");
    let status = if access.granted { "granted" } else { "not granted" };
    comment.line(&format!("- {} is {status}", code(&access.action)));
    for (action, policies) in &access.grants {
        let policies: Vec<_> = policies.iter().map(|policy| code(policy)).collect();
        comment.line(&format!("- {} is granted by {}", code(action), policies.join(", ")));
    }
}

fn doubts(comment: &mut Comment, report: &Report) {
    if report.doubts.is_empty() {
        return;
    }
    comment.heading("### Doubts");
    for doubt in &report.doubts {
        let weight = match doubt.decision {
            Decision::Allow => "noted",
            Decision::Review => "review",
            Decision::Deny => "deny",
        };
        comment.line(&format!(
            "- **{weight}** {}: {}",
            code(doubt.doubt.code),
            prose(&doubt.doubt.message)
        ));
    }
}

fn policies(comment: &mut Comment, report: &Report) {
    for outcome in summary::errored(report) {
        let reason = outcome.reason.as_deref().unwrap_or("no reason was given");
        comment.heading(&format!("{} failed to run: {}", code(&outcome.policy), prose(reason)));
    }
    if report.policies.is_empty() {
        return;
    }
    let mut rows = vec![
        "| Policy | Title | Level | Verdict | Checks |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    rows.extend(report.policies.iter().map(|outcome| {
        let verdict = match (outcome.errored, outcome.verdict) {
            (true, _) => "failed to run",
            (false, Verdict::Pass) => "pass",
            (false, Verdict::Fail) => "fail",
            (false, Verdict::Undetermined) => "undetermined",
            (false, Verdict::NotApplicable) => "not applicable",
        };
        let checks = outcome.counts.pass + outcome.counts.fail + outcome.counts.undetermined;
        // A pipe ends a table cell even in code.
        let policy = code(&outcome.policy).replace('|', "\\|");
        let (title, level) = (prose(&outcome.title), outcome.level.as_str());
        format!("| {policy} | {title} | {level} | {verdict} | {checks} |")
    }));
    let counts: Vec<_> = std::iter::once(summary::policies(report))
        .chain(summary::checks(report))
        .collect();
    comment.folded(&counts.join("; "), &rows);
}

fn phrase(parts: Phrase) -> String {
    parts
        .into_iter()
        .map(|part| match part {
            Part::Own(text) => text,
            Part::Said(text) => prose(&text),
            Part::Name(text) => code(&text),
        })
        .collect()
}

fn path(path: &Path) -> String {
    if path.0.is_empty() {
        "everything".to_owned()
    } else {
        code(&path.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::{LIMIT, MARKER, render};
    use crate::policy::Severity;

    #[test]
    fn comments_for_reviewers() {
        for (name, report) in samples::all() {
            let comment = render(&report);
            assert!(comment.starts_with(MARKER), "{name}");
            assert_eq!(comment.matches(MARKER).count(), 1, "{name}");
            assert_eq!(
                comment.matches("\n<details>\n").count(),
                comment.matches("\n</details>\n").count(),
                "{name}"
            );
            insta::assert_snapshot!(name, comment);
        }
    }

    #[test]
    fn a_comment_fits_whatever_is_found() {
        let mut report = samples::empty();
        report.findings = (0..5_000)
            .map(|index| {
                let policy = format!("plan.policy_{}", index / 100);
                samples::finding(&policy, Severity::High, &"@<".repeat(1_000))
            })
            .collect();
        let comment = render(&report);
        assert!(comment.len() < LIMIT + 2_000, "{}", comment.len());
        assert!(comment.contains("lines are left out here"));
        assert_eq!(
            comment.matches("<details>").count(),
            comment.matches("</details>").count()
        );
    }
}
