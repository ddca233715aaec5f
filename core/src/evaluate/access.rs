//! Grants of access policies and the answer to a request.

use std::collections::BTreeMap;

use super::Statement;
use super::findings;
use crate::input::{Input, Path, Request};
use crate::location::{Location, Position};
use crate::policy::{Enforcement, Severity};
use crate::report::{Access, Finding, Verdict};

/// Each of these includes those before it.
const LEVELS: &[&str] = &["read", "write", "admin"];

/// What is granted, and by which policies. An advisory policy tells and grants nothing; so does one that failed.
pub(super) fn grants(statements: &[Statement<'_>]) -> BTreeMap<String, Vec<String>> {
    let mut grants: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for statement in statements {
        if statement.policy.level() == Enforcement::Mandatory && statement.error.is_none() {
            for action in &statement.grants {
                grants
                    .entry(action.clone())
                    .or_default()
                    .push(statement.policy.id().to_owned());
            }
        }
    }
    grants
}

/// Whether a request is granted: by its own name, or by a level that includes it.
pub(super) fn answer(request: &Request, grants: BTreeMap<String, Vec<String>>) -> Access {
    let asked = LEVELS.iter().position(|level| *level == request.action);
    let granted = grants.keys().any(|action| {
        *action == request.action || asked.is_some_and(|asked| LEVELS.iter().skip(asked).any(|level| level == action))
    });
    Access {
        action: request.action.clone(),
        granted,
        grants,
    }
}

/// The finding that tells of a request which nothing grants.
pub(super) fn refusal(access: &Access, input: &Input) -> Finding {
    let actor = input
        .actor
        .as_ref()
        .map_or("nobody in particular", |actor| actor.login.as_str());
    let stack = input
        .stack
        .as_ref()
        .map_or("a stack without a name", |stack| stack.name.as_str());
    Finding {
        id: findings::id("access", Some(stack), &Path::default().member(access.action.as_str())),
        policy: "access".to_owned(),
        severity: Severity::High,
        level: Enforcement::Mandatory,
        verdict: Verdict::Fail,
        message: format!("no policy grants `{}` on `{stack}` to `{actor}`", access.action),
        resource: None,
        path: Path::default(),
        unknown: Vec::new(),
        fix: None,
        location: Location::text("request", Position { line: 1, column: 1 }),
    }
}
