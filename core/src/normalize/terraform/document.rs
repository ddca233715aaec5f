//! Which of the JSON documents in a text is the plan, out of which wrapper, and what the others are.

use super::framing::Framed;
use super::{SHOW, refused};
use crate::error::{Error, ErrorKind};
use crate::json::{Object, Value};
use crate::location::{Location, Pointer};

/// A plan's members, and where they stand in the document.
pub(super) struct Found {
    pub(super) plan: Object,
    pub(super) pointer: Pointer,
}

/// The one plan in a text.
pub(super) fn plan(framed: Framed) -> Result<Found, Error> {
    let Framed { mut documents, around } = framed;
    let is_event = |document: &Value| document.as_object().is_some_and(is_ui_event);
    let has_events = documents.iter().any(is_event);
    let is_single = documents.len() == 1;
    let mut plans = Vec::new();
    for document in &mut documents {
        let ways = ways_to_plans(document);
        match ways.as_slice() {
            [] => {}
            [way] => {
                let way: Vec<String> = way.iter().map(ToString::to_string).collect();
                plans.push((std::mem::take(document), way));
            }
            _ => {
                let help = "give one plan: the value of one of the members";
                return Err(refused(
                    ErrorKind::Shape,
                    "plan.ambiguous",
                    "a document with several plans in it",
                    help,
                ));
            }
        }
    }
    match (plans.len(), plans.pop()) {
        (1, Some((document, way))) => unwrap(document, &way),
        (0, _) => Err(match (around, documents.first()) {
            (Some(format), _) => format.error(),
            (None, _) if has_events => refused(ErrorKind::Shape, "plan.json_lines", UI_EVENTS, SHOW),
            (None, None) => refused(ErrorKind::Syntax, "plan.not_json", "text that is not JSON", SHOW),
            (None, Some(document)) if is_single => other_document(document),
            (None, Some(_)) => refused(
                ErrorKind::Shape,
                "plan.not_a_plan",
                "several JSON documents, none of which is a plan",
                SHOW,
            ),
        }),
        _ => Err(refused(
            ErrorKind::Shape,
            "plan.several",
            "several plans in one file",
            "give each plan in a file of its own, and check them one by one",
        )),
    }
}

const UI_EVENTS: &str = "the JSON lines that `plan -json` and `apply -json` print";

/// Members that only a plan has.
const PLAN_MEMBERS: &[&str] = &[
    "action_invocations",
    "deferred_action_invocations",
    "deferred_changes",
    "output_changes",
    "planned_values",
    "resource_changes",
    "resource_drift",
];

/// Members that make a plan of an object that has a format version.
const PLAN_MEMBERS_WITH_VERSION: &[&str] = &["applyable", "complete", "errored", "prior_state", "relevant_attributes"];

fn is_plan(members: &Object) -> bool {
    let has_any = |names: &[&str]| names.iter().any(|name| members.contains_key(*name));
    has_any(PLAN_MEMBERS) || (members.contains_key("format_version") && has_any(PLAN_MEMBERS_WITH_VERSION))
}

fn is_ui_event(members: &Object) -> bool {
    members.contains_key("@level") || members.contains_key("@message")
}

/// Members that wrap a plan: Scalr's `tfplan`, Spacelift's `terraform`, policy tools' `input` and `plan`.
const WRAPPERS: &[&str] = &["input", "plan", "terraform", "tfplan"];

/// Wrappers inside wrappers that are followed. `mock`, a case, `input`, `tfplan` is the longest way seen.
const WRAPPERS_DEEP: usize = 5;

/// The ways from a document to the plans in it, member by member. The empty way: the document itself is one.
fn ways_to_plans(document: &Value) -> Vec<Vec<&str>> {
    let mut ways = Vec::new();
    collect_ways(document, &mut Vec::new(), &mut ways);
    ways
}

fn collect_ways<'a>(value: &'a Value, way: &mut Vec<&'a str>, ways: &mut Vec<Vec<&'a str>>) {
    let Some(members) = value.as_object() else { return };
    if is_plan(members) {
        ways.push(way.clone());
        return;
    }
    if way.len() >= WRAPPERS_DEEP {
        return;
    }
    for (name, inner) in members {
        let is_case = way.last() == Some(&"mock");
        if is_case || name == "mock" || WRAPPERS.contains(&name.as_str()) {
            way.push(name);
            collect_ways(inner, way, ways);
            way.pop();
        }
    }
}

fn unwrap(document: Value, way: &[String]) -> Result<Found, Error> {
    let mut pointer = Pointer::root();
    let mut value = document;
    for name in way {
        pointer = pointer.join(name);
        let Value::Object(mut members) = value else { break };
        value = members.remove(name).unwrap_or_default();
    }
    match value {
        Value::Object(plan) => Ok(Found { plan, pointer }),
        other => Err(other_document(&other)),
    }
}

/// Documents that are taken for plans: a member that tells, the code, what it is, and what to do.
const OTHERS: &[(&str, &str, &str, &str)] = &[
    ("@level", "plan.json_lines", UI_EVENTS, SHOW),
    ("@message", "plan.json_lines", UI_EVENTS, SHOW),
    ("values", "plan.state", "the JSON of a state", STATE),
    ("lineage", "plan.state", "a state file", STATE),
    ("provider_schemas", "plan.schemas", "the schemas of providers", SHOW),
    (
        "provider_selections",
        "plan.not_a_plan",
        "the output of `terraform version -json`",
        SHOW,
    ),
    (
        "diagnostics",
        "plan.not_a_plan",
        "the output of `terraform validate -json`",
        SHOW,
    ),
    (
        "function_signatures",
        "plan.not_a_plan",
        "the output of `terraform metadata functions -json`",
        SHOW,
    ),
    (
        "provider_config",
        "plan.configuration",
        "the JSON of a configuration alone",
        SHOW,
    ),
    (
        "root_module",
        "plan.configuration",
        "the JSON of a configuration alone",
        SHOW,
    ),
    (
        "configuration",
        "plan.configuration",
        "the JSON of a configuration alone",
        SHOW,
    ),
    ("format_version", "plan.state", "the JSON of an empty state", STATE),
];

const STATE: &str = "name the plan file: `terraform plan -out=tfplan`, then `terraform show -json tfplan > plan.json`";

fn other_document(document: &Value) -> Error {
    let error = match document {
        Value::Object(members) => OTHERS
            .iter()
            .find(|(member, ..)| members.contains_key(*member))
            .map_or_else(
                || {
                    refused(
                        ErrorKind::Shape,
                        "plan.not_a_plan",
                        "a JSON object that is not a plan",
                        SHOW,
                    )
                },
                |(_, code, what, help)| refused(ErrorKind::Shape, code, what, help),
            ),
        Value::Array(_) => {
            let help =
                "give the whole plan, not a list out of it or of several: `terraform show -json tfplan > plan.json`";
            refused(ErrorKind::Shape, "plan.array", "a JSON array", help)
        }
        other => refused(ErrorKind::Shape, "plan.not_a_plan", other.kind(), SHOW),
    };
    error.at(Location::document("plan", Pointer::root()))
}

#[cfg(test)]
mod tests {
    use super::super::framing;
    use super::*;

    fn pointer(text: &str) -> String {
        plan(framing::documents(text).unwrap())
            .unwrap()
            .pointer
            .as_str()
            .to_owned()
    }

    fn code(text: &str) -> &'static str {
        plan(framing::documents(text).unwrap()).err().unwrap().code()
    }

    #[test]
    fn unwraps() {
        let inner = r#"{"format_version": "1.2", "resource_changes": []}"#;
        assert_eq!(pointer(inner), "");
        assert_eq!(pointer(&format!(r#"{{"plan": {inner}}}"#)), "/plan");
        assert_eq!(pointer(&format!(r#"{{"tfplan": {inner}, "tfrun": {{}}}}"#)), "/tfplan");
        assert_eq!(
            pointer(&format!(r#"{{"input": {{"tfplan": {inner}}}}}"#)),
            "/input/tfplan"
        );
        assert_eq!(
            pointer(&format!(r#"{{"spacelift": {{}}, "terraform": {inner}}}"#)),
            "/terraform"
        );
        assert_eq!(
            pointer(&format!(r#"{{"mock": {{"case": {{"tfplan": {inner}}}}}}}"#)),
            "/mock/case/tfplan"
        );
        assert_eq!(
            code(&format!(
                r#"{{"mock": {{"a": {{"tfplan": {inner}}}, "b": {{"tfplan": {inner}}}}}}}"#
            )),
            "plan.ambiguous"
        );
        assert_eq!(
            code(&format!(r#"{{"plan": {inner}, "tfplan": {inner}}}"#)),
            "plan.ambiguous"
        );
        assert_eq!(code(&format!("{inner}\n{inner}")), "plan.several");
        // A log of JSON lines around one plan is a log.
        assert_eq!(
            pointer(&format!(
                "{{\"level\": \"info\", \"msg\": \"x\"}}\n{inner}\n{{\"level\": \"info\"}}"
            )),
            ""
        );
    }

    #[test]
    fn names_other_documents() {
        for (text, expected) in [
            (r#"{"format_version": "1.0"}"#, "plan.state"),
            (
                r#"{"format_version": "1.0", "terraform_version": "1.5.0", "values": {}}"#,
                "plan.state",
            ),
            (
                r#"{"version": 4, "serial": 1, "lineage": "x", "resources": []}"#,
                "plan.state",
            ),
            (r#"{"format_version": "1.0", "provider_schemas": {}}"#, "plan.schemas"),
            ("[]", "plan.array"),
            (r#"[{"address": "a.b"}]"#, "plan.array"),
            ("{}", "plan.not_a_plan"),
            (r#"{"plan": {"id": 1}}"#, "plan.not_a_plan"),
            (
                r#"{"@level": "info", "@message": "x", "type": "version"}"#,
                "plan.json_lines",
            ),
            ("{\"@level\": \"info\"}\n{\"@level\": \"info\"}", "plan.json_lines"),
            ("{}\n{}", "plan.not_a_plan"),
            ("\"a\"", "plan.not_json"),
            ("hello", "plan.not_json"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }
}
