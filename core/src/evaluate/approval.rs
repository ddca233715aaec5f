//! What approval policies ask for, matched with the reviews that there are.

use std::collections::BTreeSet;

use super::Statement;
use super::findings::wrong_shape;
use crate::error::Error;
use crate::input::{Change, Person, Review, ReviewState, scrub};
use crate::json::Value;
use crate::policy::Policy;
use crate::report::{NotCounted, Obligation, ObligationStatus};

/// One element of `require`: `{from, count?, reason, resources?}`.
#[derive(Debug)]
pub(super) struct Requirement {
    from: Vec<Approvers>,
    count: u64,
    reason: String,
    resources: Vec<String>,
}

/// Whose approval counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Approvers {
    Anyone,
    Team(String),
    User(String),
}

const MEMBERS: &[&str] = &["count", "from", "reason", "resources"];

impl Requirement {
    pub(super) fn read(policy: &Policy, item: &Value) -> Result<Self, Error> {
        let wrong = |what: String| wrong_shape(policy, "require", &what);
        let Value::Object(members) = item else {
            return Err(wrong(format!(
                "holds {}, expected an object with {}",
                item.kind(),
                MEMBERS.join(", ")
            )));
        };
        if let Some(unknown) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            return Err(wrong(format!(
                "holds an object with `{unknown}`, expected {}",
                MEMBERS.join(", ")
            )));
        }
        let from = match members.get("from") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let mut from = from
            .into_iter()
            .map(|text| Approvers::read(&scrub(text)).ok_or_else(|| unknown_approvers(&wrong, text)))
            .collect::<Result<Vec<_>, _>>()?;
        from.sort();
        from.dedup();
        if from.is_empty() {
            // Nobody could ever satisfy it, or everybody would: neither is what the author meant.
            return Err(wrong(
                "holds an object without `from`: `team:<slug>`, `user:<login>` or `anyone`".to_owned(),
            ));
        }
        let count = match members.get("count") {
            None => 1,
            Some(Value::Number(number)) => number
                .as_u64()
                .filter(|count| *count > 0)
                .ok_or_else(|| wrong("holds a `count` that is not a whole number from 1".to_owned()))?,
            Some(other) => return Err(wrong(format!("holds a `count` that is {}", other.kind()))),
        };
        let reason = members
            .get("reason")
            .and_then(Value::as_str)
            .ok_or_else(|| wrong("holds an object without a `reason`".to_owned()))?;
        let resources: BTreeSet<String> = members
            .get("resources")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(scrub)
            .collect();
        Ok(Self {
            from,
            count,
            reason: scrub(reason),
            resources: resources.into_iter().collect(),
        })
    }
}

fn unknown_approvers(wrong: &impl Fn(String) -> Error, text: &str) -> Error {
    wrong(format!(
        "asks for the approval of `{}`, expected `team:<slug>`, `user:<login>` or `anyone`",
        scrub(text)
    ))
}

impl Approvers {
    fn read(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "anyone" => Some(Self::Anyone),
            Some(("team", slug)) if !slug.is_empty() => Some(Self::Team(slug.to_owned())),
            Some(("user", login)) if !login.is_empty() => Some(Self::User(login.to_lowercase())),
            _ => None,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Anyone => "anyone".to_owned(),
            Self::Team(slug) => format!("team:{slug}"),
            Self::User(login) => format!("user:{login}"),
        }
    }
}

/// The obligations of one policy, sorted by reviewers and reason.
pub(super) fn match_reviews(statement: &Statement<'_>, change: Option<&Change>) -> Vec<Obligation> {
    let mut obligations: Vec<Obligation> = statement
        .requirements
        .iter()
        .map(|requirement| obligation(statement.policy, requirement, change))
        .collect();
    obligations.sort_by(|a, b| (&a.id, &a.reason, &a.resources).cmp(&(&b.id, &b.reason, &b.resources)));
    obligations
}

fn obligation(policy: &Policy, requirement: &Requirement, change: Option<&Change>) -> Obligation {
    let reviews = change.map_or(&[][..], |change| &change.reviews);
    let mut approved_by = BTreeSet::new();
    let mut not_counted = BTreeSet::new();
    for review in reviews.iter().filter(|review| review.state == ReviewState::Approved) {
        let login = login(&review.reviewer);
        if !review.counts {
            not_counted.insert(NotCounted {
                reviewer: login,
                why: review.why.clone(),
            });
        } else if requirement
            .from
            .iter()
            .any(|approvers| includes(approvers, review, change))
        {
            approved_by.insert(login);
        } else {
            let why = not_asked(requirement, change);
            not_counted.insert(NotCounted { reviewer: login, why });
        }
    }
    let missing = requirement.count.saturating_sub(approved_by.len() as u64);
    let status = if missing == 0 {
        ObligationStatus::Satisfied
    } else if is_uncertain(requirement, change) {
        ObligationStatus::CannotTell
    } else {
        ObligationStatus::Missing
    };
    let from = names(&requirement.from);
    Obligation {
        id: format!("{}@{}", policy.id(), from.join("+")),
        policy: policy.id().to_owned(),
        level: policy.level(),
        from,
        count: requirement.count,
        reason: requirement.reason.clone(),
        resources: requirement.resources.clone(),
        status,
        candidates: if missing == 0 {
            Vec::new()
        } else {
            candidates(requirement, change, &approved_by)
        },
        approved_by: approved_by.into_iter().collect(),
        missing,
        not_counted: not_counted.into_iter().collect(),
    }
}

fn includes(approvers: &Approvers, review: &Review, change: Option<&Change>) -> bool {
    match approvers {
        Approvers::Anyone => true,
        Approvers::User(login) => review.reviewer.login.as_deref() == Some(login.as_str()),
        Approvers::Team(slug) => {
            team(change, slug).is_some_and(|team| team.members.iter().any(|member| same(member, &review.reviewer)))
        }
    }
}

/// Why an approval that counts does not count here.
fn not_asked(requirement: &Requirement, change: Option<&Change>) -> String {
    let unseen = requirement.from.iter().find(|approvers| match approvers {
        Approvers::Team(slug) => team(change, slug).is_none(),
        Approvers::Anyone | Approvers::User(_) => false,
    });
    match unseen {
        Some(team) => format!(
            "it cannot be told whether they are of {}, whose members were not given",
            team.name()
        ),
        None => format!("not one of {}", names(&requirement.from).join(", ")),
    }
}

/// A team by its slug, with or without the organization: `security` finds `acme/security` where no other organization has one.
fn team<'a>(change: Option<&'a Change>, slug: &str) -> Option<&'a crate::input::Team> {
    let teams = &change?.teams;
    // The document has slugs in lower case, as hosts compare them.
    let slug = slug.to_lowercase();
    teams.get(&slug).or_else(|| {
        let mut found = teams
            .iter()
            .filter(|(name, _)| name.rsplit_once('/').is_some_and(|(_, last)| last == slug));
        match (found.next(), found.next()) {
            (Some((_, team)), None) => Some(team),
            _ => None,
        }
    })
}

/// Ids where both have one, because logins are renamed; logins otherwise.
fn same(a: &Person, b: &Person) -> bool {
    match (&a.id, &b.id) {
        (Some(a), Some(b)) => a == b,
        _ => a.login.is_some() && a.login == b.login,
    }
}

/// Whether the approvals could be there and not be seen: reviews or members of a team are missing from the input.
fn is_uncertain(requirement: &Requirement, change: Option<&Change>) -> bool {
    let Some(change) = change else { return true };
    let unseen_team = requirement.from.iter().any(|approvers| match approvers {
        Approvers::Team(slug) => team(Some(change), slug).is_none_or(|team| !team.complete),
        _ => false,
    });
    let has_strangers = change.reviews.iter().any(|review| review.counts);
    !change.complete.reviews || (unseen_team && has_strangers)
}

/// Members of the teams asked for, and users asked for, who have not approved and did not write the change.
fn candidates(requirement: &Requirement, change: Option<&Change>, approved_by: &BTreeSet<String>) -> Vec<String> {
    let author = change.and_then(|change| change.author.as_ref());
    let mut candidates = BTreeSet::new();
    for approvers in &requirement.from {
        match approvers {
            Approvers::Anyone => {}
            Approvers::User(login) => drop(candidates.insert(login.clone())),
            Approvers::Team(slug) => candidates.extend(
                team(change, slug)
                    .into_iter()
                    .flat_map(|team| &team.members)
                    .filter(|member| author.is_none_or(|author| !same(author, member)))
                    .filter_map(|member| member.login.clone()),
            ),
        }
    }
    candidates
        .into_iter()
        .filter(|login| !approved_by.contains(login))
        .collect()
}

fn names(approvers: &[Approvers]) -> Vec<String> {
    approvers.iter().map(Approvers::name).collect()
}

fn login(person: &Person) -> String {
    person.login.clone().unwrap_or_else(|| "a deleted account".to_owned())
}
