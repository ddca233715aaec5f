//! The whole plan: its members in the order in which they depend on each other.

use std::sync::Arc;

use super::configuration::Configuration;
use super::document::Found;
use super::doubts::Doubts;
use super::fields::{Fields, Place};
use super::marks::Budget;
use super::resource::{self, Context};
use super::{infer, parts, values};
use crate::error::{Error, ErrorKind};
use crate::input::{Action, Deferred, Plan, Resource, ResourceMode, Secrets};
use crate::json::Value;
use crate::location::{Location, Pointer};

/// Members of a plan that nothing here reads.
const UNREAD_MEMBERS: &[&str] = &["condition_results", "relevant_attributes"];

/// Reads a plan of `size` bytes.
pub(super) fn read(found: Found, size: usize) -> Result<(Plan, Secrets), Error> {
    let Found { plan, pointer } = found;
    let place = Place::Document(&pointer);
    let mut fields = Fields::new(plan, &place);
    let mut doubts = Doubts::default();
    let mut secrets = Secrets::default();
    let mut budget = Budget::for_size(size);
    let mut plan = Plan {
        format_version: format_version(&mut fields, &pointer, &mut doubts)?,
        version: fields.text("terraform_version")?,
        complete: fields.boolean("complete")?,
        errored: fields.boolean("errored")?.unwrap_or(false),
        applyable: fields.boolean("applyable")?,
        timestamp: fields.text("timestamp")?.and_then(|time| timestamp(&time, &mut doubts)),
        ..Plan::default()
    };
    let configuration = Configuration::new(&fields.any("configuration"));
    let planned_values = fields.any("planned_values");
    let prior_state = fields.any("prior_state");
    let drift = fields.list("resource_drift")?;
    let has_list = fields.has("resource_changes");
    let mut changes = fields.list("resource_changes")?;
    if !has_list && drift.is_empty() && !plan.errored {
        changes = values::as_changes(&planned_values, &prior_state);
        if !changes.is_empty() {
            doubts.raise("values_only");
        }
    }
    let has_values_only = doubts.has("values_only");
    if !has_list && !has_values_only {
        doubts.raise("no_resource_changes");
    }
    if !marks_sensitive_values(&changes) {
        doubts.raise("sensitivity_unknown");
    }

    let mut context = Context {
        is_reduced: is_reduced(&changes) && is_reduced(&drift),
        configuration: &configuration,
        secrets: &mut secrets,
        budget: &mut budget,
        doubts: &mut doubts,
    };
    let list_name = if has_values_only {
        "planned_values"
    } else {
        "resource_changes"
    };
    plan.resources = resources(changes, &Place::Member(&place, list_name), &mut context)?;
    plan.drift = resources(drift, &Place::Member(&place, "resource_drift"), &mut context)?;
    plan.deferred = deferred(
        fields.list("deferred_changes")?,
        &Place::Member(&place, "deferred_changes"),
        &mut context,
    )?;
    let declared = parts::DeclaredOutputs {
        configuration: &configuration,
        planned: planned_values.member("outputs"),
        prior: prior_state.member("values").and_then(|values| values.member("outputs")),
    };
    plan.outputs = parts::outputs(fields.object("output_changes")?, &place, &declared, &mut context)?;
    plan.actions = parts::actions(&mut fields, &place, &mut context)?;
    plan.checks = parts::checks(fields.list("checks")?, &place, context.secrets)?;
    plan.variables = parts::variables(fields.object("variables")?, &place, &configuration, context.secrets)?;
    if has_values_only {
        plan.resources = plan.resources.into_iter().map(without_proof).collect();
    }
    for resource in &plan.resources {
        plan.by_type
            .entry(resource.kind.clone())
            .or_default()
            .push(Arc::clone(resource));
    }

    plan.tool = infer::tool(&plan, &configuration);
    plan.mode = infer::mode(&plan, &planned_values);
    for name in fields.rest().filter(|name| !UNREAD_MEMBERS.contains(name)) {
        doubts.raise_about("unknown_member", name);
    }
    infer::doubts(&plan, &mut doubts);
    plan.doubts = doubts.into_list();
    Ok((plan, secrets))
}

/// The format's version, in which a new major number means another meaning.
fn format_version(fields: &mut Fields<'_>, plan: &Pointer, doubts: &mut Doubts) -> Result<Option<String>, Error> {
    let Some(version) = fields.text("format_version")? else {
        doubts.raise("format_version_missing");
        return Ok(None);
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let message = match version.split_once('.') {
        Some((major, minor)) if is_number(major) && is_number(minor) => {
            if matches!(major.trim_start_matches('0'), "" | "1") {
                return Ok(Some(version));
            }
            "a plan in a format of version 2 or newer"
        }
        _ => "a format version that is not two numbers with a dot between them",
    };
    Err(
        super::refused(ErrorKind::Unsupported, "plan.format_version", message, FORMAT)
            .at(Location::document("plan", plan.join("format_version"))),
    )
}

const FORMAT: &str = "versions 0.1 to 1.x are read: look for a newer plangate, or write the file anew with `terraform show -json tfplan > plan.json`";

/// A time in RFC 3339, in UTC.
fn timestamp(text: &str, doubts: &mut Doubts) -> Option<String> {
    let Ok(time) = chrono::DateTime::parse_from_rfc3339(text) else {
        doubts.raise_about("unread_member", "timestamp");
        return None;
    };
    Some(time.to_utc().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
}

/// Reads a list of resource changes in the order of addresses, whatever order the plan has.
fn resources(entries: Vec<Value>, place: &Place<'_>, context: &mut Context<'_>) -> Result<Vec<Arc<Resource>>, Error> {
    let mut read: Vec<Arc<Resource>> = Vec::with_capacity(entries.len());
    for (index, entry) in sorted(entries, |entry| entry) {
        let resource = resource::read(entry, &Place::Element(place, index), context)?;
        if read
            .last()
            .is_some_and(|last| (&last.address, &last.deposed) == (&resource.address, &resource.deposed))
        {
            context.doubts.raise_about("address_repeated", resource.address.clone());
        }
        read.push(Arc::new(resource));
    }
    Ok(read)
}

fn deferred(entries: Vec<Value>, place: &Place<'_>, context: &mut Context<'_>) -> Result<Vec<Deferred>, Error> {
    fn resource_of(entry: &Value) -> &Value {
        entry.member("resource_change").unwrap_or(&Value::Null)
    }
    let read = |(index, entry)| {
        let place = Place::Element(place, index);
        let mut fields = Fields::of(entry, &place)?;
        let resource = resource::read(
            fields.any("resource_change"),
            &Place::Member(&place, "resource_change"),
            context,
        )?;
        Ok(Deferred {
            reason: fields.text("reason")?.unwrap_or_else(|| "unknown".to_owned()),
            resource: Arc::new(resource),
        })
    };
    sorted(entries, resource_of).map(read).collect()
}

/// Entries by address, deposed key and all the rest, each with its place in the plan. So the order in the plan decides nothing:
/// neither the order in the document, nor the numbers of handles.
fn sorted(entries: Vec<Value>, resource: fn(&Value) -> &Value) -> impl Iterator<Item = (usize, Value)> {
    let mut entries: Vec<_> = entries.into_iter().enumerate().collect();
    entries.sort_by(|(_, left), (_, right)| {
        let key = |entry| {
            let text = |name| resource(entry).member(name).and_then(Value::as_str);
            (text("address"), text("deposed"))
        };
        key(left).cmp(&key(right)).then_with(|| left.cmp(right))
    });
    entries.into_iter()
}

/// A resource of planned values: a tag that is not there can be unknown.
fn without_proof(resource: Arc<Resource>) -> Arc<Resource> {
    let mut resource = Arc::unwrap_or_clone(resource);
    resource.tags.all_unknown = resource.tags.supported != crate::input::Tri::No;
    Arc::new(resource)
}

fn managed(changes: &[Value]) -> impl Iterator<Item = &Value> {
    let is_managed =
        |entry: &&Value| !matches!(entry.member("mode").and_then(Value::as_str), Some("data" | "ephemeral"));
    changes
        .iter()
        .filter(is_managed)
        .filter_map(|entry| entry.member("change"))
}

/// Whether any resource says what is sensitive in it. Since Terraform 0.15 each one does, if only with `false`.
fn marks_sensitive_values(changes: &[Value]) -> bool {
    let has_marks = |change: &Value| {
        let has = |name| change.member(name).is_some();
        has("before_sensitive") || has("after_sensitive")
    };
    managed(changes).next().is_none() || managed(changes).any(has_marks)
}

/// Whether attributes that are null were removed: no resource of the plan has one.
fn is_reduced(changes: &[Value]) -> bool {
    fn has_null(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Array(items) => items.iter().any(has_null),
            Value::Object(members) => members.values().any(has_null),
            _ => false,
        }
    }
    let sides = |change| {
        ["before", "after"]
            .into_iter()
            .filter_map(move |side| Value::member(change, side))
    };
    !managed(changes)
        .flat_map(sides)
        .any(|side| !side.is_null() && has_null(side))
}

impl Plan {
    /// Whether any resource changes, its place in the state included.
    pub(super) fn changes_resources(&self) -> bool {
        let changes = |resource: &Arc<Resource>| {
            resource.action != Action::NoOp || resource.importing.is_some() || resource.previous_address.is_some()
        };
        self.resources.iter().any(changes)
    }

    /// Resources that are managed, deposed objects included.
    pub(super) fn managed(&self) -> impl Iterator<Item = &Resource> {
        self.resources
            .iter()
            .map(Arc::as_ref)
            .filter(|resource| resource.mode == ResourceMode::Managed)
    }
}
