//! What a report comes down to, in words that every format shares: its headline, its counts, its findings by what they say.

use std::collections::BTreeMap;

use crate::policy::Enforcement;
use crate::report::{Decision, Finding, ObligationStatus, Outcome, PlanSummary, Report, Verdict, WeighedDoubt};

/// How many names of a list are told.
const NAMES: usize = 3;

/// A sentence, its parts told apart by where they come from.
pub(super) type Phrase = Vec<Part>;

/// Part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Our own words.
    Own(String),
    /// The words of a policy, possibly with values of a plan in them.
    Said(String),
    /// An address, a login, a path, an id.
    Name(String),
}

pub(super) fn own(text: impl Into<String>) -> Part {
    Part::Own(text.into())
}

pub(super) fn name(text: impl Into<String>) -> Part {
    Part::Name(text.into())
}

/// `1 finding`, `2 findings`.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", grouped(number))
}

/// A number with a comma every three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn length<T>(items: &[T]) -> u64 {
    items.len() as u64
}

/// The decision as people say it.
pub(super) fn decided(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allowed",
        Decision::Review => "needs review",
        Decision::Deny => "denied",
    }
}

/// Findings in the three ways in which they weigh, each in the report's order.
#[derive(Debug, Default)]
pub(super) struct Weighed<'a> {
    /// Mandatory, and failed.
    pub(super) failed: Vec<&'a Finding>,
    /// Mandatory, and not to be decided yet.
    pub(super) undetermined: Vec<&'a Finding>,
    /// Told and no more.
    pub(super) advisory: Vec<&'a Finding>,
}

impl<'a> Weighed<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let mut weighed = Self::default();
        for finding in &report.findings {
            match (finding.level, finding.verdict) {
                (Enforcement::Mandatory, Verdict::Undetermined) => weighed.undetermined.push(finding),
                (Enforcement::Mandatory, _) => weighed.failed.push(finding),
                (Enforcement::Advisory | Enforcement::Disabled, _) => weighed.advisory.push(finding),
            }
        }
        weighed
    }
}

/// Findings of one policy that say the same of one place or many.
#[derive(Debug)]
pub(super) struct Statement<'a> {
    /// The first of them: message, unknown paths and fix are those of all.
    pub(super) first: &'a Finding,
    /// All of them, for resource and path.
    pub(super) places: Vec<&'a Finding>,
}

/// Findings of one policy by what they say, in the order in which each is first said.
pub(super) fn statements<'a>(findings: &[&'a Finding]) -> Vec<Statement<'a>> {
    let mut statements: Vec<Statement<'a>> = Vec::new();
    let mut places = BTreeMap::new();
    for finding in findings {
        let key = (&finding.message, &finding.fix, &finding.unknown);
        let place = *places.entry(key).or_insert(statements.len());
        match statements.get_mut(place) {
            Some(statement) => statement.places.push(finding),
            None => statements.push(Statement {
                first: finding,
                places: vec![finding],
            }),
        }
    }
    statements
}

/// The fix that all of several statements share, told once for all of them.
pub(super) fn common_fix<'a>(statements: &[Statement<'a>]) -> Option<&'a str> {
    let (first, others) = statements.split_first()?;
    let fix = first.first.fix.as_deref()?;
    let shared = !others.is_empty() && others.iter().all(|other| other.first.fix.as_deref() == Some(fix));
    shared.then_some(fix)
}

/// What the decision rests on: `2 findings, 1 approval missing`.
pub(super) fn headline(report: &Report) -> Phrase {
    let weighed = Weighed::of(report);
    let mandatory = |status| {
        report
            .obligations
            .iter()
            .filter(move |obligation| obligation.level == Enforcement::Mandatory && obligation.status == status)
    };
    let mut facts: Vec<Phrase> = Vec::new();
    if let Some(access) = &report.access {
        let verb = if access.granted {
            " is granted"
        } else {
            " is not granted"
        };
        facts.push(vec![name(&access.action), own(verb)]);
    }
    let mut fact = |number: u64, one: &str, many: &str| {
        if number > 0 {
            facts.push(vec![own(count(number, one, many))]);
        }
    };
    fact(
        errored(report).count() as u64,
        "policy failed to run",
        "policies failed to run",
    );
    let failed = weighed.failed.iter().filter(|finding| !is_refusal(finding)).count();
    fact(failed as u64, "finding", "findings");
    fact(length(&weighed.undetermined), "undetermined", "undetermined");
    let missing = mandatory(ObligationStatus::Missing).map(|obligation| obligation.missing);
    fact(missing.sum(), "approval missing", "approvals missing");
    fact(
        mandatory(ObligationStatus::CannotTell).count() as u64,
        "approval cannot be told",
        "approvals cannot be told",
    );
    fact(
        report.doubts.iter().filter(|doubt| weighs(doubt)).count() as u64,
        "doubt",
        "doubts",
    );
    if facts.is_empty() {
        let checks = report.counts.pass;
        let approvals = mandatory(ObligationStatus::Satisfied).count() as u64;
        let mut fact = |number: u64, one: &str, many: &str| {
            if number > 0 {
                facts.push(vec![own(count(number, one, many))]);
            }
        };
        fact(checks, "check passed", "checks passed");
        fact(approvals, "approval given", "approvals given");
        fact(length(&weighed.advisory), "advisory finding", "advisory findings");
    }
    if facts.is_empty() {
        facts.push(vec![own("no policy had anything to look at")]);
    }
    facts.join(&own(", "))
}

/// The finding that says that no policy grants what was asked for: the answer to the request says so already.
pub(super) fn is_refusal(finding: &Finding) -> bool {
    finding.policy == "access"
}

/// The policies that failed while running.
pub(super) fn errored(report: &Report) -> impl Iterator<Item = &Outcome> {
    report.policies.iter().filter(|outcome| outcome.errored)
}

/// Whether a doubt keeps the decision from being `allow`.
pub(super) fn weighs(doubt: &WeighedDoubt) -> bool {
    doubt.decision > Decision::Allow
}

/// The plan in one line: `terraform 1.9.8 plan: 4 to create, 1 to update, 12 unchanged`.
pub(super) fn plan(plan: &PlanSummary) -> String {
    const WORDS: &[(&str, &str)] = &[
        ("create", "to create"),
        ("update", "to update"),
        ("replace", "to replace"),
        ("delete", "to delete"),
        ("forget", "to forget"),
        ("read", "to read"),
        ("unknown", "with an unknown action"),
        ("no_op", "unchanged"),
    ];
    let tool = match plan.tool {
        crate::input::Tool::Terraform => "terraform ",
        crate::input::Tool::Opentofu => "opentofu ",
        crate::input::Tool::Unknown => "",
    };
    let version = plan
        .version
        .as_deref()
        .map_or_else(String::new, |version| format!("{version} "));
    let changes: Vec<_> = WORDS
        .iter()
        .filter_map(|(action, words)| match plan.actions.get(action) {
            Some(0) | None => None,
            Some(number) => Some(format!("{} {words}", grouped(*number))),
        })
        .collect();
    let changes = if changes.is_empty() {
        "no resources".to_owned()
    } else {
        changes.join(", ")
    };
    format!("{tool}{version}plan: {changes}")
}

/// The policies by their worst verdict: `4 policies: 1 failed, 3 passed`.
pub(super) fn policies(report: &Report) -> String {
    let of = |verdict| {
        let outcomes = report.policies.iter().filter(|outcome| outcome.verdict == verdict);
        outcomes.count() as u64
    };
    let policies = count(length(&report.policies), "policy", "policies");
    verdicts(
        &policies,
        [
            of(Verdict::Fail),
            of(Verdict::Undetermined),
            of(Verdict::Pass),
            of(Verdict::NotApplicable),
        ],
    )
}

/// The checks by verdict: `42 checks: 1 failed, 41 passed`. `None` when there was none.
pub(super) fn checks(report: &Report) -> Option<String> {
    let counts = report.counts;
    let checks = counts.pass + counts.fail + counts.undetermined;
    let text = count(checks, "check", "checks");
    (checks > 0).then(|| verdicts(&text, [counts.fail, counts.undetermined, counts.pass, 0]))
}

fn verdicts(what: &str, numbers: [u64; 4]) -> String {
    let parts: Vec<_> = numbers
        .into_iter()
        .zip(["failed", "undetermined", "passed", "not applicable"])
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{} {word}", grouped(number)))
        .collect();
    if parts.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {}", parts.join(", "))
    }
}

/// The policies that had nothing to look at, by the reason why.
pub(super) fn not_applicable(report: &Report) -> BTreeMap<&str, Vec<&str>> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for outcome in &report.policies {
        if outcome.verdict == Verdict::NotApplicable {
            let reason = outcome.reason.as_deref().unwrap_or("nothing to look at");
            by_reason.entry(reason).or_default().push(&outcome.policy);
        }
    }
    by_reason
}

/// Whose approval counts: `team security or user ada`.
pub(super) fn reviewers(from: &[String]) -> Phrase {
    let each = from.iter().map(|one| match one.split_once(':') {
        Some(("team", slug)) => vec![own("team "), name(slug)],
        Some(("user", login)) => vec![name(login)],
        _ if one == "anyone" => vec![own("anyone")],
        _ => vec![name(one)],
    });
    each.collect::<Vec<Phrase>>().join(&own(" or "))
}

/// The first few names, and how many more there are.
pub(super) fn names(all: &[&str]) -> Phrase {
    let shown = if all.len() > NAMES + 1 { NAMES } else { all.len() };
    let each: Vec<Phrase> = all.iter().take(shown).map(|one| vec![name(*one)]).collect();
    let mut phrase = each.join(&own(", "));
    if all.len() > shown {
        let more = grouped((all.len() - shown) as u64);
        phrase.push(own(format!(" and {more} more")));
    }
    phrase
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(count(1, "check", "checks"), "1 check");
        assert_eq!(count(0, "check", "checks"), "0 checks");
        assert_eq!(count(999, "check", "checks"), "999 checks");
        assert_eq!(count(1_234_567, "check", "checks"), "1,234,567 checks");
    }
}
