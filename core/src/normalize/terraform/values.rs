//! Planned values, where a plan has no list of changes: the resources that will be there, and nothing of what is destroyed.

use std::collections::BTreeMap;

use crate::json::{Object, Value};

/// Planned resources in the form of resource changes without actions. Empty where the plan just has nothing to change.
///
/// A plan leaves its empty lists out, so a missing list says nothing yet. It is a reduced plan only if planned values differ
/// from the state before.
pub(super) fn as_changes(planned: &Value, prior_state: &Value) -> Vec<Value> {
    let mut planned_resources = Vec::new();
    collect(planned, &mut planned_resources);
    let mut prior_resources = Vec::new();
    if let Some(values) = prior_state.member("values") {
        collect(values, &mut prior_resources);
    }
    let prior: BTreeMap<_, _> = prior_resources
        .into_iter()
        .map(|resource| (resource.member("address"), resource.member("values")))
        .collect();
    let is_managed = |resource: &Value| resource.member("mode").and_then(Value::as_str) != Some("data");
    let differs = |resource: &Value| prior.get(&resource.member("address")) != Some(&resource.member("values"));
    if !planned_resources
        .iter()
        .any(|resource| is_managed(resource) && differs(resource))
    {
        return Vec::new();
    }
    planned_resources.into_iter().map(as_change).collect()
}

/// The resources of a module and of those inside it.
fn collect<'a>(values: &'a Value, found: &mut Vec<&'a Value>) {
    let mut modules: Vec<&Value> = values.member("root_module").into_iter().collect();
    while let Some(module) = modules.pop() {
        found.extend(module.member("resources").and_then(Value::as_array).unwrap_or_default());
        modules.extend(
            module
                .member("child_modules")
                .and_then(Value::as_array)
                .unwrap_or_default(),
        );
    }
}

fn as_change(resource: &Value) -> Value {
    const IDENTITY: &[&str] = &["address", "mode", "type", "name", "index", "provider_name"];
    let given = |name: &str| resource.member(name).cloned();
    let mut entry: Object = IDENTITY
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), given(name)?)))
        .collect();
    let change = [
        ("after", given("values")),
        ("after_sensitive", given("sensitive_values")),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect();
    entry.insert("change".to_owned(), Value::Object(change));
    Value::Object(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        Value::from_json("x", text.as_bytes()).unwrap()
    }

    #[test]
    fn planned_values_that_equal_the_state_are_no_changes() {
        let resource = r#"{"address": "a_b.c", "type": "a_b", "name": "c", "values": {"x": 1}}"#;
        let planned = json(&format!(
            r#"{{"root_module": {{"child_modules": [{{"resources": [{resource}]}}]}}}}"#
        ));
        let state = json(&format!(
            r#"{{"values": {{"root_module": {{"resources": [{resource}]}}}}}}"#
        ));
        assert!(as_changes(&planned, &state).is_empty());
        let changes = as_changes(&planned, &Value::Null);
        assert_eq!(changes[0].member("change"), Some(&json(r#"{"after": {"x": 1}}"#)));
        assert!(as_changes(&Value::Null, &state).is_empty());
    }
}
