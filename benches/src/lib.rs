//! Plans of any size, shaped like real ones and the same in every run.
//!
//! Eight types of three providers with their full lists of attributes, two levels of modules with 25 resources each, `count` of three,
//! tags that are now and then forgotten, masks of unknown and sensitive values, and all that `terraform show -json` writes
//! beside the changes: planned values, prior state and configuration. About 9.5 KB a resource.

// `json!` of a resource with seventy attributes.
#![recursion_limit = "512"]

mod chance;
mod kinds;

use serde_json::{Map, Value, json};

use chance::Chance;
use kinds::{INSTANCE, KINDS, Kind};

/// Instances in a module.
const MODULE: usize = 25;
/// Modules in a module of the level above.
const CHILDREN: usize = 4;
/// Instances of one `resource` block.
const COUNT: usize = 3;

/// What happens to an instance, and to how many in a hundred.
const ACTIONS: &[(u64, &[&str])] = &[
    (40, &["no-op"]),
    (30, &["update"]),
    (20, &["create"]),
    (5, &["delete"]),
    (5, &["delete", "create"]),
];

/// A plan with so many resource instances, as `terraform show -json` prints it.
pub fn plan(resources: usize) -> String {
    let mut chance = Chance::new(42);
    let instances = instances(&mut chance, resources);
    let member = |name: &str, value: &Value| format!("{}:{value}", Value::from(name));
    let members = [
        member("format_version", &"1.2".into()),
        member("terraform_version", &"1.9.8".into()),
        member(
            "variables",
            &json!({"environment": {"value": "production"}, "region": {"value": "eu-west-1"}}),
        ),
        member(
            "planned_values",
            &json!({"outputs": {}, "root_module": tree(&instances, Instance::planned)}),
        ),
        member("resource_changes", &instances.iter().map(Instance::change).collect()),
        member(
            "output_changes",
            &json!({"url": {
                "actions": ["no-op"], "before": "https://acme.example", "after": "https://acme.example",
                "after_unknown": false, "before_sensitive": false, "after_sensitive": false,
            }}),
        ),
        member(
            "prior_state",
            &json!({
                "format_version": "1.0", "terraform_version": "1.9.8",
                "values": {"outputs": {}, "root_module": tree(&instances, Instance::prior)},
            }),
        ),
        member("configuration", &configuration(&instances)),
        member(
            "relevant_attributes",
            &json!([{"resource": "aws_vpc.main", "attribute": ["id"]}]),
        ),
        member("timestamp", &"2026-11-23T09:00:00Z".into()),
        member("applyable", &true.into()),
        member("complete", &true.into()),
        member("errored", &false.into()),
    ];
    format!("{{{}}}\n", members.join(","))
}

/// One resource instance.
#[derive(Debug)]
struct Instance {
    kind: Kind,
    /// The names of the outer and the inner module.
    modules: (String, String),
    name: String,
    index: usize,
    actions: &'static [&'static str],
    before: Value,
    after: Value,
    unknown: Value,
}

fn instances(chance: &mut Chance, resources: usize) -> Vec<Instance> {
    let mut instances = Vec::with_capacity(resources);
    let mut kind = INSTANCE;
    for number in 0..resources {
        let (module, place) = (number / MODULE, number % MODULE);
        let (block, index) = (place / COUNT, place % COUNT);
        if index == 0 {
            kind = chance.weighted(KINDS, INSTANCE);
        }
        let name = format!("node_{block}");
        let actions = chance.weighted(ACTIONS, &["no-op"]);
        let existing = (kind.attributes)(chance, &name);
        let (before, after, unknown) = changed(chance, kind, &name, actions, existing);
        instances.push(Instance {
            kind,
            modules: (
                format!("team_{}", module / CHILDREN),
                format!("app_{}", module % CHILDREN),
            ),
            name,
            index,
            actions,
            before,
            after,
            unknown,
        });
    }
    instances
}

/// Attributes before, after, and the mask of what is known only after apply.
fn changed(chance: &mut Chance, kind: Kind, name: &str, actions: &[&str], existing: Value) -> (Value, Value, Value) {
    match actions {
        ["create"] => {
            let (after, unknown) = without_computed(kind, existing);
            (Value::Null, after, unknown)
        }
        ["delete"] => (existing, Value::Null, json!({})),
        ["delete", "create"] => {
            let (after, unknown) = without_computed(kind, existing.clone());
            (existing, after, unknown)
        }
        ["update"] => {
            let mut after = existing.clone();
            let fresh = (kind.attributes)(chance, name);
            if let (Some(attributes), Some(value)) = (after.as_object_mut(), fresh.get(kind.changing)) {
                attributes.insert(kind.changing.to_owned(), value.clone());
            }
            let unknown = mask(&after);
            (existing, after, unknown)
        }
        _ => (existing.clone(), existing.clone(), mask(&existing)),
    }
}

fn without_computed(kind: Kind, mut attributes: Value) -> (Value, Value) {
    if let Some(attributes) = attributes.as_object_mut() {
        attributes.retain(|name, _| !kind.computed.contains(&name.as_str()));
    }
    let mut unknown = mask(&attributes);
    if let Some(unknown) = unknown.as_object_mut() {
        unknown.extend(kind.computed.iter().map(|name| ((*name).to_owned(), true.into())));
    }
    (attributes, unknown)
}

/// The skeleton that Terraform writes for a value of which nothing is marked: objects and lists stay, `false` in lists is the rest.
fn mask(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let nested = members
                .iter()
                .filter(|(_, value)| value.is_object() || value.is_array());
            Value::Object(nested.map(|(name, value)| (name.clone(), mask(value))).collect())
        }
        Value::Array(items) => items.iter().map(mask).collect(),
        _ => false.into(),
    }
}

impl Instance {
    fn module(&self) -> String {
        format!("module.{}.module.{}", self.modules.0, self.modules.1)
    }

    fn address(&self) -> String {
        format!("{}.{}.{}[{}]", self.module(), self.kind.name, self.name, self.index)
    }

    fn sensitive(&self, values: &Value) -> Value {
        let mut mask = mask(values);
        if let Some(mask) = mask.as_object_mut() {
            mask.extend(self.kind.sensitive.iter().map(|name| ((*name).to_owned(), true.into())));
        }
        mask
    }

    fn change(&self) -> Value {
        json!({
            "address": self.address(),
            "module_address": self.module(),
            "mode": "managed",
            "type": self.kind.name,
            "name": self.name,
            "index": self.index,
            "provider_name": self.kind.provider,
            "change": {
                "actions": self.actions,
                "before": self.before,
                "after": self.after,
                "after_unknown": self.unknown,
                "before_sensitive": if self.before.is_null() { false.into() } else { self.sensitive(&self.before) },
                "after_sensitive": if self.after.is_null() { false.into() } else { self.sensitive(&self.after) },
            },
        })
    }

    fn planned(&self) -> Option<Value> {
        self.resource(&self.after)
    }

    fn prior(&self) -> Option<Value> {
        self.resource(&self.before)
    }

    /// As it stands in a state, unless it is not there.
    fn resource(&self, values: &Value) -> Option<Value> {
        (!values.is_null()).then(|| {
            json!({
                "address": self.address(),
                "mode": "managed",
                "type": self.kind.name,
                "name": self.name,
                "index": self.index,
                "provider_name": self.kind.provider,
                "schema_version": 1,
                "values": values,
                "sensitive_values": self.sensitive(values),
            })
        })
    }
}

/// A state's modules, two levels deep.
fn tree(instances: &[Instance], resource: fn(&Instance) -> Option<Value>) -> Value {
    let outer = instances.chunk_by(|a, b| a.modules.0 == b.modules.0).map(|outer| {
        let inner: Vec<_> = outer
            .chunk_by(|a, b| a.modules.1 == b.modules.1)
            .map(|inner| {
                let address = inner.first().map(Instance::module);
                json!({"resources": inner.iter().filter_map(resource).collect::<Vec<_>>(), "address": address})
            })
            .collect();
        let address = outer.first().map(|first| format!("module.{}", first.modules.0));
        json!({"address": address, "child_modules": inner})
    });
    json!({"child_modules": outer.collect::<Vec<_>>()})
}

/// The configuration: one block for the instances of a `count`, with references in place of values.
fn configuration(instances: &[Instance]) -> Value {
    let mut teams = Map::new();
    for outer in instances.chunk_by(|a, b| a.modules.0 == b.modules.0) {
        let mut apps = Map::new();
        for inner in outer.chunk_by(|a, b| a.modules.1 == b.modules.1) {
            let blocks: Vec<_> = inner.iter().filter(|instance| instance.index == 0).map(block).collect();
            if let Some(first) = inner.first() {
                apps.insert(
                    first.modules.1.clone(),
                    json!({"source": "../app", "module": {"resources": blocks}}),
                );
            }
        }
        if let Some(first) = outer.first() {
            teams.insert(
                first.modules.0.clone(),
                json!({"source": "./team", "module": {"module_calls": apps}}),
            );
        }
    }
    json!({
        "provider_config": {
            "aws": {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "expressions": {"region": {"references": ["var.region"]}}},
            "azurerm": {"name": "azurerm", "full_name": "registry.terraform.io/hashicorp/azurerm", "expressions": {"features": [{}]}},
            "google": {"name": "google", "full_name": "registry.terraform.io/hashicorp/google"},
        },
        "root_module": {"module_calls": teams, "variables": {"environment": {}, "region": {}}},
    })
}

fn block(instance: &Instance) -> Value {
    let provider = instance.kind.name.split('_').next();
    let attribute = |name: &str| json!({"references": [format!("var.{name}"), "local.settings"]});
    json!({
        "address": format!("{}.{}", instance.kind.name, instance.name),
        "mode": "managed",
        "type": instance.kind.name,
        "name": instance.name,
        "provider_config_key": provider,
        "expressions": {
            instance.kind.changing: attribute(instance.kind.changing),
            "description": {"constant_value": format!("{} of {}", instance.name, instance.modules.1)},
            "environment": attribute("environment"),
            "location": attribute("region"),
            "name": {"references": ["var.prefix", "count.index"]},
            "network": {"references": ["module.network.main_id", "module.network"]},
            "tags": {"references": ["local.tags", "var.environment", "var.team"]},
        },
        "schema_version": 1,
        "count_expression": {"constant_value": COUNT},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_the_same_in_every_run_and_of_the_size_that_was_asked_for() {
        let text = plan(200);
        assert_eq!(text, plan(200));
        let each = text.len() / 200;
        assert!((8_500..10_500).contains(&each), "{each} bytes a resource");
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["resource_changes"].as_array().unwrap().len(), 200);
    }

    #[test]
    fn actions_and_types_are_mixed_as_they_should_be() {
        let read: Value = serde_json::from_str(&plan(1_500)).unwrap();
        let changes = read["resource_changes"].as_array().unwrap();
        let share =
            |pick: &dyn Fn(&Value) -> bool| changes.iter().filter(|change| pick(change)).count() * 100 / changes.len();
        assert!((36..=44).contains(&share(&|change| change["change"]["actions"] == json!(["no-op"]))));
        assert!((3..=7).contains(&share(
            &|change| change["change"]["actions"] == json!(["delete", "create"])
        )));
        assert!((20..=30).contains(&share(&|change| change["type"] == "aws_instance")));
        let untagged =
            share(&|change| change["type"] == "aws_iam_role" && change["change"]["after"]["tags"]["Owner"].is_null());
        assert!((1..=3).contains(&untagged), "{untagged}");
    }

    #[test]
    fn addresses_are_unique() {
        let read: Value = serde_json::from_str(&plan(500)).unwrap();
        let mut addresses: Vec<_> = read["resource_changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["address"].to_string())
            .collect();
        addresses.sort();
        addresses.dedup();
        assert_eq!(addresses.len(), 500);
    }
}
