//! What to do next, in words that every format shares.

use std::collections::BTreeMap;

use super::summary::{Part, Phrase, Weighed, count, errored, is_refusal, name, names, own, reviewers, weighs};
use crate::policy::Enforcement;
use crate::report::{Decision, Finding, Obligation, ObligationStatus, Report, WeighedDoubt};

/// How many steps are told one by one.
const STEPS: usize = 10;

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

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use crate::policy::Severity;

    fn words(phrase: &Phrase) -> String {
        let parts = phrase.iter().map(|part| match part {
            Part::Own(text) | Part::Said(text) | Part::Name(text) => text.as_str(),
        });
        parts.collect()
    }

    fn steps(findings: Vec<Finding>) -> Vec<String> {
        let mut report = samples::empty();
        report.findings = findings;
        next_steps(&report).iter().map(words).collect()
    }

    fn on(resource: &str, fix: &str) -> Finding {
        let mut finding = samples::finding("plan.x", Severity::High, "wrong");
        finding.resource = Some(resource.to_owned());
        finding.fix = Some(fix.to_owned());
        finding
    }

    #[test]
    fn one_fix_is_one_step() {
        let all = ["a.a", "a.b", "a.c", "a.d", "a.e"].map(|resource| on(resource, "repair it."));
        assert_eq!(steps(all.to_vec()), ["repair it: a.a, a.b, a.c and 2 more"]);
        assert_eq!(steps(all[..4].to_vec()), ["repair it: a.a, a.b, a.c, a.d"]);
    }

    #[test]
    fn a_fix_that_names_its_resource_does_not_name_it_twice() {
        assert_eq!(steps(vec![on("a.b", "add a tag to a.b")]), ["add a tag to a.b"]);
    }

    #[test]
    fn many_steps_are_cut_and_counted() {
        let all = (0..1_500).map(|index| on("a.b", &format!("do {index}"))).collect();
        let steps = steps(all);
        assert_eq!(steps.len(), STEPS + 1);
        assert_eq!(
            steps.last().unwrap(),
            "1,490 more things of this kind: see the findings"
        );
    }

    #[test]
    fn what_two_policies_ask_for_is_told_once() {
        let mut report = samples::empty();
        let asked = Obligation {
            id: "approval.a@anyone".to_owned(),
            policy: "approval.a".to_owned(),
            level: Enforcement::Mandatory,
            from: vec!["anyone".to_owned()],
            count: 2,
            reason: "why".to_owned(),
            resources: Vec::new(),
            status: ObligationStatus::Missing,
            approved_by: vec!["ada".to_owned()],
            missing: 1,
            candidates: Vec::new(),
            not_counted: Vec::new(),
        };
        report.obligations = vec![asked.clone(), asked];
        let steps: Vec<_> = next_steps(&report).iter().map(words).collect();
        assert_eq!(steps, ["ask one more person to approve"]);
    }
}
