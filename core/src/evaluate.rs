//! A policy set over an input: what each policy says, and what that means.

mod access;
mod approval;
mod findings;

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{Document, Run};
use crate::error::Error;
use crate::input::{Doubt, Input, Plan, ResourceMode, scrub, sha256};
use crate::json::Value;
use crate::policy::{Enforcement, Family, Policy, PolicySet};
use crate::report::{
    Counts, Decision, Digests, EngineInfo, Finding, InputDigest, Obligation, Outcome, PlanSummary, REPORT_SCHEMA,
    Report, Verdict, WeighedDoubt,
};
use crate::stack;

impl PolicySet {
    /// Asks every policy about an input. There is no error: a policy that fails while running is part of the report, and denies.
    pub fn evaluate(&self, input: &Input) -> Report {
        let statements = stack::roomy(|| {
            let document = Document::new(input, input.secrets.clone());
            let document = match &input.time {
                Some(time) => document.at(time),
                None => document,
            };
            self.enabled().map(|policy| ask(policy, input, &document)).collect()
        });
        let statements: Vec<Statement<'_>> = statements.unwrap_or_else(|error| {
            let failed = |policy| Statement {
                error: Some(error.clone()),
                ..Statement::new(policy, input)
            };
            self.enabled().map(failed).collect()
        });
        let doubts = self.weigh_doubts(input);
        let mut decision = doubts.iter().map(|doubt| doubt.decision).max().unwrap_or_default();

        let mut policies = Vec::new();
        let mut findings = Vec::new();
        let mut obligations = Vec::new();
        let grants = access::grants(&statements);
        for statement in statements {
            let matched = approval::match_reviews(&statement, input.change.as_ref());
            let outcome = self.outcome(&statement, &matched);
            decision = decision.max(outcome.decision);
            policies.push(outcome);
            findings.extend(statement.findings);
            obligations.extend(matched);
        }
        let access = input.request.as_ref().map(|request| access::answer(request, grants));
        if let Some(refused) = access.as_ref().filter(|access| !access.granted) {
            // What is granted by nobody is denied, unless somebody might have granted it.
            let undecided = policies.iter().any(|outcome| {
                outcome.family == Family::Access
                    && outcome.level == Enforcement::Mandatory
                    && outcome.verdict == Verdict::Undetermined
            });
            decision = decision.max(if undecided {
                // Whatever is configured: what nobody granted is never simply allowed.
                self.config().undetermined.max(Decision::Review)
            } else {
                Decision::Deny
            });
            findings.push(access::refusal(refused, input));
        }
        findings::sort(&mut findings);
        Report {
            schema: REPORT_SCHEMA,
            engine: EngineInfo {
                name: "plangate",
                version: env!("CARGO_PKG_VERSION"),
            },
            decision,
            counts: policies
                .iter()
                .fold(Counts::default(), |sum, outcome| sum.plus(outcome.counts)),
            policies,
            findings,
            obligations,
            access,
            doubts,
            plan: input.plan.as_ref().map(summary),
            digests: self.report_digests(input),
        }
    }

    fn enabled(&self) -> impl Iterator<Item = &Policy> {
        self.policies().filter(|policy| policy.is_enabled())
    }

    fn weigh_doubts(&self, input: &Input) -> Vec<WeighedDoubt> {
        // Without any of the three every policy is not applicable, and that must not look like consent.
        let is_empty = input.plan.is_none() && input.change.is_none() && input.request.is_none();
        let nothing = is_empty.then(|| Doubt::usual("nothing_to_decide"));
        let doubts = input
            .plan
            .iter()
            .flat_map(|plan| plan.doubts.iter().cloned())
            .chain(nothing);
        let configured = &self.config().doubts;
        doubts
            .map(|doubt| WeighedDoubt {
                decision: configured
                    .get(doubt.code)
                    .copied()
                    .unwrap_or_else(|| doubt.usual_decision()),
                doubt,
            })
            .collect()
    }

    fn outcome(&self, statement: &Statement<'_>, obligations: &[Obligation]) -> Outcome {
        let policy = statement.policy;
        let verdict = statement.verdict(obligations);
        let weighs = policy.level() == Enforcement::Mandatory;
        let decision = if statement.error.is_some() {
            Decision::Deny
        } else if weighs {
            let open = obligations
                .iter()
                .any(|obligation| obligation.status != crate::report::ObligationStatus::Satisfied);
            let said = statement
                .findings
                .iter()
                .filter(|finding| finding.level == Enforcement::Mandatory);
            let said = said.map(|finding| {
                if finding.verdict == Verdict::Fail {
                    Decision::Deny
                } else {
                    self.config().undetermined
                }
            });
            // An access policy that cannot tell does not stand in the way of one that grants.
            let said = said
                .filter(|decision| policy.family() != Family::Access || *decision == Decision::Deny)
                .max();
            said.unwrap_or_default()
                .max(if open { Decision::Review } else { Decision::Allow })
        } else {
            Decision::Allow
        };
        Outcome {
            policy: policy.id().to_owned(),
            title: policy.title().to_owned(),
            family: policy.family(),
            severity: policy.severity(),
            level: policy.level(),
            verdict,
            decision,
            counts: statement.counts(verdict, obligations),
            reason: statement
                .error
                .as_ref()
                .map(ToString::to_string)
                .or_else(|| statement.not_applicable.clone()),
            errored: statement.error.is_some(),
        }
    }

    fn report_digests(&self, input: &Input) -> Digests {
        let config: BTreeMap<&str, (&str, &str, &Value)> = self
            .policies()
            .map(|policy| {
                (
                    policy.id(),
                    (policy.level().as_str(), policy.severity().as_str(), policy.config()),
                )
            })
            .collect();
        let settings = (&config, self.config().undetermined, &self.config().doubts);
        Digests {
            policies: self.digests().clone(),
            config: sha256(&serde_json::to_vec(&settings).unwrap_or_default()),
            inputs: input
                .sources
                .iter()
                .map(|source| InputDigest {
                    kind: source.kind,
                    sha256: source.sha256.clone(),
                })
                .collect(),
        }
    }
}

/// What one policy said about an input, before it is weighed.
struct Statement<'a> {
    policy: &'a Policy,
    findings: Vec<Finding>,
    requirements: Vec<approval::Requirement>,
    grants: BTreeSet<String>,
    /// What the policy looked at, where it tells.
    applicable: Option<BTreeSet<String>>,
    /// Why it was not asked, or had nothing to look at.
    not_applicable: Option<String>,
    error: Option<Error>,
}

fn ask<'a>(policy: &'a Policy, input: &Input, document: &Document) -> Statement<'a> {
    let mut statement = Statement::new(policy, input);
    if statement.not_applicable.is_none() {
        let mut run = policy.program().run(document);
        if let Err(error) = statement.fill(&mut run) {
            // What was said before the error stays; the policy denies in any case.
            statement.error = Some(error);
        }
    }
    statement
}

/// The part of the input that a family is about, where it is absent.
fn missing_part(family: Family, input: &Input) -> Option<&'static str> {
    match family {
        Family::Tagging | Family::Plan if input.plan.is_none() => Some("no plan was given"),
        Family::Access if input.request.is_none() => Some("nobody asks for access"),
        Family::Approval if input.plan.is_none() && input.change.is_none() => {
            Some("neither a plan nor a change was given")
        }
        _ => None,
    }
}

impl<'a> Statement<'a> {
    /// Nothing said yet.
    fn new(policy: &'a Policy, input: &Input) -> Self {
        Self {
            policy,
            findings: Vec::new(),
            requirements: Vec::new(),
            grants: BTreeSet::new(),
            applicable: None,
            not_applicable: missing_part(policy.family(), input).map(str::to_owned),
            error: None,
        }
    }

    fn fill(&mut self, run: &mut Run) -> Result<(), Error> {
        let policy = self.policy;
        let items = |run: &mut Run, rule: &str| -> Result<Vec<Value>, Error> {
            if !policy.has_rule(rule) {
                return Ok(Vec::new());
            }
            match run.rule(&format!("data.plangate.{}.{rule}", policy.id()))? {
                None => Ok(Vec::new()),
                Some(Value::Array(items)) => Ok(items),
                Some(other) => Err(findings::wrong_shape(
                    policy,
                    rule,
                    &format!("is {}, expected a set: write `{rule} contains ...`", other.kind()),
                )),
            }
        };
        if policy.has_rule("applicable") {
            let addresses = items(run, "applicable")?;
            let addresses: BTreeSet<String> = addresses
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect();
            if addresses.is_empty() {
                self.not_applicable = Some("nothing that it looks at is in the input".to_owned());
            }
            self.applicable = Some(addresses);
        }
        for (rule, verdict, level) in [
            ("deny", Verdict::Fail, policy.level()),
            ("reject", Verdict::Fail, policy.level()),
            ("undetermined", Verdict::Undetermined, policy.level()),
            ("warn", Verdict::Fail, Enforcement::Advisory),
        ] {
            // Only what the family knows: `warn` of an access policy decides nothing and `compile` has not listed it.
            for item in items(run, rule)? {
                self.findings.push(findings::read(policy, rule, verdict, level, &item)?);
            }
        }
        for item in items(run, "require")? {
            self.requirements.push(approval::Requirement::read(policy, &item)?);
        }
        for item in items(run, "grant")? {
            let action = item.as_str().ok_or_else(|| {
                findings::wrong_shape(policy, "grant", &format!("holds {}, expected a string", item.kind()))
            })?;
            self.grants.insert(scrub(action));
        }
        Ok(())
    }

    fn verdict(&self, obligations: &[Obligation]) -> Verdict {
        use crate::report::ObligationStatus;
        let said = self.findings.iter().map(|finding| finding.verdict).max();
        let asked = obligations.iter().map(|obligation| match obligation.status {
            ObligationStatus::Satisfied => Verdict::Pass,
            ObligationStatus::Missing => Verdict::Fail,
            ObligationStatus::CannotTell => Verdict::Undetermined,
        });
        if self.error.is_some() {
            Verdict::Fail
        } else if let Some(worst) = said.into_iter().chain(asked).max() {
            worst
        } else if self.not_applicable.is_some() || self.has_nothing_to_ask_for() {
            Verdict::NotApplicable
        } else {
            Verdict::Pass
        }
    }

    /// An approval policy that asks for nothing, or an access policy that neither grants nor denies, had nothing to say in this case.
    fn has_nothing_to_ask_for(&self) -> bool {
        match self.policy.family() {
            Family::Approval => {
                self.applicable.is_none() && self.requirements.is_empty() && self.policy.has_rule("require")
            }
            Family::Access => self.applicable.is_none() && self.grants.is_empty(),
            Family::Tagging | Family::Plan => false,
        }
    }

    /// One check for each thing looked at or complained about; one for the whole where the policy tells of neither.
    fn counts(&self, verdict: Verdict, obligations: &[Obligation]) -> Counts {
        let mut checks: BTreeMap<&str, Verdict> = BTreeMap::new();
        for address in self.applicable.iter().flatten() {
            checks.insert(address, Verdict::Pass);
        }
        for finding in &self.findings {
            let check = checks
                .entry(finding.resource.as_deref().unwrap_or_default())
                .or_insert(Verdict::Pass);
            *check = finding.verdict.max(*check);
        }
        if checks.is_empty() || self.error.is_some() || !obligations.is_empty() {
            return Counts::default().plus_one(verdict);
        }
        checks
            .values()
            .fold(Counts::default(), |counts, verdict| counts.plus_one(*verdict))
    }
}

impl Counts {
    fn plus_one(mut self, verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => self.pass += 1,
            Verdict::Fail => self.fail += 1,
            Verdict::Undetermined => self.undetermined += 1,
            Verdict::NotApplicable => self.not_applicable += 1,
        }
        self
    }

    fn plus(self, other: Self) -> Self {
        Self {
            pass: self.pass + other.pass,
            fail: self.fail + other.fail,
            undetermined: self.undetermined + other.undetermined,
            not_applicable: self.not_applicable + other.not_applicable,
        }
    }
}

fn summary(plan: &Plan) -> PlanSummary {
    let mut actions = BTreeMap::new();
    for resource in plan
        .resources
        .iter()
        .filter(|resource| resource.mode == ResourceMode::Managed)
    {
        *actions.entry(resource.action.as_str()).or_insert(0) += 1;
    }
    PlanSummary {
        tool: plan.tool,
        version: plan.version.clone(),
        actions,
    }
}
