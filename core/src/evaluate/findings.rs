//! What policies say, as findings: messages and objects of the contract, read strictly.

use crate::error::{Error, ErrorKind};
use crate::input::{Path, Step, scrub};
use crate::json::Value;
use crate::policy::{Enforcement, Policy};
use crate::report::{Finding, Verdict};

/// The members that an element of `deny`, `warn` or `undetermined` may have.
const MEMBERS: &[&str] = &["fix", "message", "path", "resource", "unknown"];

/// Reads one element of a decision rule: a message, or `{message, resource?, path?, fix?, unknown?}`.
pub(super) fn read(
    policy: &Policy,
    rule: &str,
    verdict: Verdict,
    level: Enforcement,
    item: &Value,
) -> Result<Finding, Error> {
    let wrong = |what: String| wrong_shape(policy, rule, &what);
    let text = |name: &str| match item.member(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(scrub(text))),
        Some(other) => Err(wrong(format!(
            "holds `{name}` that is {}, expected a string",
            other.kind()
        ))),
    };
    if let Value::Object(members) = item
        && let Some(unknown) = members.keys().find(|name| !MEMBERS.contains(&name.as_str()))
    {
        return Err(wrong(format!(
            "holds an object with `{unknown}`, expected {}",
            MEMBERS.join(", ")
        )));
    }
    let message = match item {
        Value::String(text) => scrub(text),
        Value::Object(_) => text("message")?.ok_or_else(|| wrong("holds an object without `message`".to_owned()))?,
        other => {
            return Err(wrong(format!(
                "holds {}, expected a message or an object",
                other.kind()
            )));
        }
    };
    let resource = match item.member("resource") {
        // The resource itself is as good as its address.
        Some(Value::Object(resource)) => match resource.get("address") {
            Some(Value::String(address)) => Some(scrub(address)),
            _ => return Err(wrong("holds `resource` that is an object without `address`".to_owned())),
        },
        _ => text("resource")?,
    };
    let path = path(item.member("path")).map_err(|what| wrong(format!("holds `path` {what}")))?;
    let mut unknown = Vec::new();
    for item in item.member("unknown").and_then(Value::as_array).unwrap_or_default() {
        unknown.push(self::path(Some(item)).map_err(|what| wrong(format!("holds `unknown` with an element {what}")))?);
    }
    unknown.sort();
    Ok(Finding {
        id: id(policy.id(), resource.as_deref(), &path),
        policy: policy.id().to_owned(),
        severity: policy.severity(),
        level,
        verdict,
        message,
        resource,
        path,
        unknown,
        fix: text("fix")?.or_else(|| policy.remediation().map(str::to_owned)),
        location: policy.location(),
    })
}

/// Policy, resource and path in one. Never the message: that may change with every release of a policy.
pub(super) fn id(policy: &str, resource: Option<&str>, path: &Path) -> String {
    let mut id = policy.to_owned();
    if let Some(address) = resource {
        id.push('@');
        id.push_str(address);
    }
    if !path.0.is_empty() {
        let pointer = path
            .0
            .iter()
            .fold(crate::location::Pointer::root(), |pointer, step| match step {
                Step::Index(index) => pointer.join(index),
                Step::Name(name) => pointer.join(name),
            });
        id.push('#');
        id.push_str(pointer.as_str());
    }
    id
}

/// Worst first, then by policy, resource and path, so that the order depends on nothing else.
pub(super) fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| {
        let rank = |finding: &Finding| (finding.level, finding.verdict, finding.severity);
        rank(b).cmp(&rank(a)).then_with(|| {
            (&a.policy, &a.resource, &a.path, &a.message).cmp(&(&b.policy, &b.resource, &b.path, &b.message))
        })
    });
    findings.dedup_by(|a, b| a.id == b.id && a.message == b.message && a.verdict == b.verdict);
}

/// The error for a decision rule that says something the contract does not have.
pub(super) fn wrong_shape(policy: &Policy, rule: &str, what: &str) -> Error {
    Error::new(ErrorKind::Policy, "policy.shape", format!("`{rule}` {what}")).at(policy.location())
}

fn path(value: Option<&Value>) -> Result<Path, String> {
    let steps = match value {
        None | Some(Value::Null) => return Ok(Path::default()),
        Some(Value::Array(steps)) => steps,
        Some(other) => {
            return Err(format!(
                "that is {}, expected an array of names and indexes",
                other.kind()
            ));
        }
    };
    let step = |step: &Value| match step {
        Value::String(name) => Ok(Step::Name(scrub(name))),
        Value::Number(number) => number
            .as_u64()
            .map(Step::Index)
            .ok_or_else(|| "with a number that is no index".to_owned()),
        other => Err(format!("with {}, expected names and indexes", other.kind())),
    };
    steps.iter().map(step).collect::<Result<_, _>>().map(Path)
}
