//! What a report comes down to, in words that every format shares: its headline, its counts, and what to do next.

use std::collections::BTreeMap;

use crate::policy::Enforcement;
use crate::report::{
    Decision, Finding, Obligation, ObligationStatus, Outcome, PlanSummary, Report, Verdict, WeighedDoubt,
};

/// How many steps, and how many names in one step, are told one by one.
const STEPS: usize = 10;
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

fn own(text: impl Into<String>) -> Part {
    Part::Own(text.into())
}

fn name(text: impl Into<String>) -> Part {
    Part::Name(text.into())
}

/// `1 finding`, `2 findings`.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", grouped(number))
}

/// A number with a comma every three digits.
fn grouped(number: u64) -> String {
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
fn is_refusal(finding: &Finding) -> bool {
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

/// What to do next, most pressing first. Never empty.
pub(super) fn next_steps(report: &Report) -> Vec<Phrase> {
    let weighed = Weighed::of(report);
    let mut steps = Vec::new();
    for outcome in errored(report) {
        steps.push(vec![
            own("repair policy "),
            name(&outcome.policy),
            own(", which failed to run"),
        ]);
    }
    steps.extend(report.doubts.iter().filter(|doubt| weighs(doubt)).map(settle));
    steps.extend(repairs(&weighed.failed));
    if report.decision > Decision::Allow {
        steps.extend(inspections(&weighed.undetermined));
    }
    steps.extend(report.obligations.iter().filter_map(ask));
    if let Some(access) = report.access.as_ref().filter(|access| !access.granted) {
        let mut step = vec![
            own("ask whoever looks after the access policies to grant "),
            name(&access.action),
        ];
        let others: Vec<_> = access.grants.keys().map(|action| vec![name(action)]).collect();
        if !others.is_empty() {
            step.push(own(", or ask for what is granted: "));
            step.extend(others.join(&own(", ")));
        }
        steps.push(step);
    }
    let mut told: Vec<Phrase> = Vec::new();
    steps.retain(|step| {
        let is_new = !told.contains(step);
        if is_new && told.len() <= STEPS {
            told.push(step.clone());
        }
        is_new
    });
    let more = steps.len().saturating_sub(STEPS);
    if more > 1 {
        steps.truncate(STEPS);
        let more = count(more as u64, "more thing", "more things");
        steps.push(vec![own(format!("{more} of this kind: see the findings"))]);
    }
    if steps.is_empty() {
        steps.push(vec![own(match report.decision {
            Decision::Allow => "nothing: it may go ahead",
            Decision::Review => "ask somebody who may to look at it",
            Decision::Deny => "see the policies that deny",
        })]);
    }
    steps
}

/// What settles a doubt.
fn settle(doubt: &WeighedDoubt) -> Phrase {
    let advice = match doubt.doubt.code {
        "errored" => "put right what made planning fail, and make a new plan",
        "deferred" | "incomplete" => "have the plan reviewed: another one will follow it",
        "values_only" => "give the whole plan, as `terraform show -json` writes it for a plan file",
        "actions_only" => "have the actions reviewed that the plan invokes",
        "nothing_to_decide" => "give a plan, a change or a request for access",
        "unknown_action" => "have the resources reviewed whose action is not known",
        _ => return vec![own("have the plan reviewed: "), Part::Said(doubt.doubt.message.clone())],
    };
    vec![own(advice)]
}

/// What puts findings right, one step for each fix.
fn repairs(findings: &[&Finding]) -> Vec<Phrase> {
    let mut steps: Vec<(&Finding, Vec<&str>)> = Vec::new();
    let mut places: BTreeMap<(Option<&str>, &str), usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| !is_refusal(finding)) {
        // Without a fix, what the policy says is all there is to go by.
        let key = (
            finding.fix.as_deref(),
            finding.fix.as_deref().map_or(finding.message.as_str(), |_| ""),
        );
        let place = *places.entry(key).or_insert_with(|| {
            steps.push((finding, Vec::new()));
            steps.len() - 1
        });
        if let (Some((_, resources)), Some(resource)) = (steps.get_mut(place), finding.resource.as_deref())
            && resources.last() != Some(&resource)
        {
            resources.push(resource);
        }
    }
    steps
        .into_iter()
        .map(|(finding, mut resources)| {
            let (mut step, words) = match &finding.fix {
                Some(fix) => (Vec::new(), fix),
                None => (vec![own("resolve: ")], &finding.message),
            };
            step.push(Part::Said(words.trim_end().trim_end_matches('.').to_owned()));
            resources.retain(|resource| !words.contains(resource));
            if !resources.is_empty() {
                step.push(own(": "));
                step.extend(names(&resources));
            }
            step
        })
        .collect()
}

/// What to look at where the answer hangs on unknown values, one step for each policy.
fn inspections(findings: &[&Finding]) -> Vec<Phrase> {
    let mut by_policy: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for finding in findings {
        let resources = by_policy.entry(&finding.policy).or_default();
        if let Some(resource) = finding.resource.as_deref()
            && resources.last() != Some(&resource)
        {
            resources.push(resource);
        }
    }
    by_policy
        .into_iter()
        .map(|(policy, resources)| {
            let mut step = vec![own("have somebody review ")];
            if resources.is_empty() {
                step.push(own("what "));
            } else {
                step.extend(names(&resources));
                step.push(own(", which "));
            }
            step.extend([name(policy), own(" can decide only after apply")]);
            step
        })
        .collect()
}

/// What fulfils an obligation that is mandatory and open.
fn ask(obligation: &Obligation) -> Option<Phrase> {
    if obligation.level != Enforcement::Mandatory {
        return None;
    }
    let from = &obligation.from;
    let mut step = match obligation.status {
        ObligationStatus::Satisfied => return None,
        ObligationStatus::CannotTell => {
            let mut step = vec![own("give the reviews of the change and the members of ")];
            step.extend(reviewers(from));
            step.push(own(", so that it can be told who approved"));
            return Some(step);
        }
        ObligationStatus::Missing => vec![own("ask ")],
    };
    match (from.as_slice(), obligation.missing) {
        ([one], 1) if one == "anyone" && obligation.approved_by.is_empty() => step.push(own("somebody")),
        ([one], 1) if one == "anyone" => step.push(own("one more person")),
        ([one], missing) if one == "anyone" => step.push(own(count(missing, "person", "people"))),
        ([one], _) if one.starts_with("user:") => step.extend(reviewers(from)),
        (_, 1) => {
            step.push(own(if from.iter().any(|one| one.starts_with("team:")) {
                "a member of "
            } else {
                "one of "
            }));
            step.extend(reviewers(from));
        }
        (_, missing) => {
            step.push(own(format!("{missing} members of ")));
            step.extend(reviewers(from));
        }
    }
    step.push(own(" to approve"));
    let named_already = matches!(from.as_slice(), [one] if one.starts_with("user:"));
    if !obligation.candidates.is_empty() && !named_already {
        step.push(own(": "));
        let candidates: Vec<_> = obligation.candidates.iter().map(String::as_str).collect();
        step.extend(names(&candidates));
    }
    Some(step)
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
