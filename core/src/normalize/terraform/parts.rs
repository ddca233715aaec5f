//! The parts of a plan that are no resources: outputs, variables, actions and checks.

use std::collections::BTreeMap;

use super::action;
use super::configuration::Configuration;
use super::fields::{Fields, Place};
use super::marks::{self, Marks};
use super::resource::{self, Context};
use crate::error::Error;
use crate::input::{ActionInvocation, Check, CheckStatus, OutputChange, Secrets, Tri, Variable};
use crate::json::{Object, Value};

/// The places of a plan that tell whether an output is sensitive.
pub(super) struct DeclaredOutputs<'a> {
    pub(super) configuration: &'a Configuration,
    pub(super) planned: Option<&'a Value>,
    pub(super) prior: Option<&'a Value>,
}

impl DeclaredOutputs<'_> {
    /// Whether an output is sensitive: if one place says so. Only the new ones have marks in the change itself.
    fn sensitive(&self, name: &str, marks: Option<Marks<'_>>) -> Tri {
        let valued = |outputs: Option<&Value>| {
            let output = outputs.and_then(|outputs| outputs.member(name))?;
            Some(output.member("sensitive").and_then(Value::as_bool).unwrap_or(false))
        };
        let witnesses = [
            marks.map(Marks::anywhere).into(),
            self.configuration.is_output_sensitive(name),
            valued(self.planned).into(),
            valued(self.prior).into(),
        ];
        [Tri::Yes, Tri::No]
            .into_iter()
            .find(|answer| witnesses.contains(answer))
            .unwrap_or_default()
    }
}

/// Changes of root outputs. One that nothing says is harmless is sealed.
pub(super) fn outputs(
    changes: Object,
    plan: &Place<'_>,
    declared: &DeclaredOutputs<'_>,
    context: &mut Context<'_>,
) -> Result<BTreeMap<String, OutputChange>, Error> {
    let list = Place::Member(plan, "output_changes");
    let mut outputs = BTreeMap::new();
    for (name, change) in changes {
        let place = Place::Member(&list, &name);
        let mut fields = Fields::of(change, &place)?;
        let actions = fields.texts("actions")?;
        let mut before = fields.any("before");
        let mut after = fields.any("after");
        let sides = (fields.given("before_sensitive"), fields.given("after_sensitive"));
        let is_marked = sides.0.is_some() || sides.1.is_some();
        let sides = (sides.0.unwrap_or_default(), sides.1.unwrap_or_default());
        let marks = Marks::either(&sides.0, &sides.1);
        let sensitive = declared.sensitive(&name, is_marked.then_some(marks));
        let whole = Value::Bool(true);
        let marks = if sensitive == Tri::No || (is_marked && marks.anywhere()) {
            marks
        } else {
            Marks::one(&whole)
        };
        marks::seal(&mut before, marks, context.secrets, &mut Vec::new());
        marks::seal(&mut after, marks, context.secrets, &mut Vec::new());
        let mut unknown = fields.any("after_unknown");
        marks::without_names(&mut unknown, marks);
        let output = OutputChange {
            action: action::classify(&actions).0,
            before,
            after,
            unknown: marks::paths(Marks::one(&unknown), context.budget)?,
            sensitive,
        };
        outputs.insert(name, output);
    }
    Ok(outputs)
}

/// Root variables. Plans hold them in clear; only the configuration tells which ones are sensitive.
pub(super) fn variables(
    variables: Object,
    plan: &Place<'_>,
    configuration: &Configuration,
    secrets: &mut Secrets,
) -> Result<BTreeMap<String, Variable>, Error> {
    let list = Place::Member(plan, "variables");
    let read = |(name, variable): (String, Value)| {
        let mut value = Fields::of(variable, &Place::Member(&list, &name))?.any("value");
        let sensitive = configuration.is_variable_sensitive(&name);
        let mark = Value::Bool(sensitive != Tri::No);
        marks::seal(&mut value, Marks::one(&mark), secrets, &mut Vec::new());
        Ok((name, Variable { value, sensitive }))
    };
    variables.into_iter().map(read).collect()
}

/// Invocations of actions, then those that were put off.
pub(super) fn actions(
    plan: &mut Fields<'_>,
    place: &Place<'_>,
    context: &mut Context<'_>,
) -> Result<Vec<ActionInvocation>, Error> {
    let mut invocations = Vec::new();
    let list = Place::Member(place, "action_invocations");
    for (index, entry) in plan.list("action_invocations")?.into_iter().enumerate() {
        invocations.push(invocation(entry, &Place::Element(&list, index), None, context)?);
    }
    let list = Place::Member(place, "deferred_action_invocations");
    for (index, entry) in plan.list("deferred_action_invocations")?.into_iter().enumerate() {
        let place = Place::Element(&list, index);
        let mut fields = Fields::of(entry, &place)?;
        let reason = fields.text("reason")?.unwrap_or_else(|| "unknown".to_owned());
        let inner = Place::Member(&place, "action_invocation");
        invocations.push(invocation(
            fields.any("action_invocation"),
            &inner,
            Some(reason),
            context,
        )?);
    }
    Ok(invocations)
}

fn invocation(
    entry: Value,
    place: &Place<'_>,
    deferred: Option<String>,
    context: &mut Context<'_>,
) -> Result<ActionInvocation, Error> {
    let mut fields = Fields::of(entry, place)?;
    let mut config = fields.any("config_values");
    let sensitive = fields.any("config_sensitive");
    let mut unknown = fields.any("config_unknown");
    let marks = Marks::one(&sensitive);
    marks::without_names(&mut unknown, marks);
    marks::seal(&mut config, marks, context.secrets, &mut Vec::new());
    let lifecycle_place = Place::Member(place, "lifecycle_action_trigger");
    let mut lifecycle = Fields::new(fields.object("lifecycle_action_trigger")?, &lifecycle_place);
    let invoke_place = Place::Member(place, "invoke_action_trigger");
    let mut invoke = Fields::new(fields.object("invoke_action_trigger")?, &invoke_place);
    let triggering = lifecycle.text("triggering_resource_address")?;
    let calling = invoke.text("calling_resource_address")?;
    Ok(ActionInvocation {
        address: fields.required_text("address")?,
        kind: fields.text("type")?.unwrap_or_default(),
        name: fields.text("name")?.unwrap_or_default(),
        provider: fields
            .text("provider_name")?
            .map(|name| resource::provider(&name))
            .unwrap_or_default(),
        triggered_by: triggering.or(calling),
        event: lifecycle.text("action_trigger_event")?,
        deferred,
        config,
        unknown: marks::paths(Marks::one(&unknown), context.budget)?,
    })
}

/// Results of checks, sorted by address.
pub(super) fn checks(entries: Vec<Value>, plan: &Place<'_>, secrets: &mut Secrets) -> Result<Vec<Check>, Error> {
    let list = Place::Member(plan, "checks");
    let mut checks = Vec::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        let place = Place::Element(&list, index);
        let mut fields = Fields::of(entry, &place)?;
        let address_place = Place::Member(&place, "address");
        let mut address = Fields::new(fields.object("address")?, &address_place);
        let status = match fields.text("status")?.as_deref() {
            Some("pass") => CheckStatus::Pass,
            Some("fail") => CheckStatus::Fail,
            Some("error") => CheckStatus::Error,
            _ => CheckStatus::Unknown,
        };
        checks.push(Check {
            kind: address.text("kind")?.unwrap_or_default(),
            address: match address.text("to_display")? {
                Some(display) => display,
                None => address.text("name")?.unwrap_or_default(),
            },
            status,
            problems: problems(&fields.any("instances"), secrets),
        });
    }
    checks.sort_by(|left, right| (&left.address, &left.kind).cmp(&(&right.address, &right.kind)));
    Ok(checks)
}

/// The messages of all instances. Their author decides what they say, and Terraform refuses sensitive values in them.
fn problems(instances: &Value, secrets: &mut Secrets) -> Vec<String> {
    let problems = |instance| {
        Value::member(instance, "problems")
            .and_then(Value::as_array)
            .unwrap_or_default()
    };
    let instances = instances.as_array().unwrap_or_default().iter();
    let mut message = |problem| {
        let mut message = Value::member(problem, "message")?.clone();
        marks::seal(&mut message, Marks::default(), secrets, &mut Vec::new());
        message.as_str().map(str::to_owned)
    };
    instances.flat_map(problems).filter_map(&mut message).collect()
}
