//! What the plan's `configuration` declares: sensitive variables and outputs, and the default tags of providers.

use std::collections::{BTreeMap, BTreeSet};

use crate::input::Tri;
use crate::json::{Object, Value};

/// The configuration's members that anything here needs.
pub(super) struct Configuration {
    /// False where the plan came without its configuration.
    present: bool,
    variables: Object,
    outputs: Object,
    providers: BTreeMap<String, ProviderConfig>,
    /// The key in `providers` for a resource, by its address without instance keys. Empty where no provider has defaults.
    provider_keys: BTreeMap<String, String>,
}

/// A provider block, or the passing on of one.
struct ProviderConfig {
    name: String,
    /// `None`: a child module only passes on its parent's provider.
    expressions: Option<Object>,
}

/// The tags that a provider adds to each of its resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Defaults {
    /// Those that the configuration writes out.
    pub(super) values: BTreeMap<String, String>,
    /// Whether there are, or could be, others that no plan tells.
    pub(super) is_open: bool,
    /// Keys that the provider is told to leave alone.
    ignored_keys: BTreeSet<String>,
    ignored_prefixes: BTreeSet<String>,
}

impl Defaults {
    pub(super) fn ignores(&self, key: &str) -> bool {
        self.ignored_keys.contains(key) || self.ignored_prefixes.iter().any(|prefix| key.starts_with(prefix))
    }
}

/// The argument of a provider block in which default tags stand.
#[derive(Clone, Copy, Debug)]
pub(super) enum DefaultsArgument {
    /// `default_labels = {..}`
    Map(&'static str),
    /// `default_tags { tags = {..} }`
    Block(&'static str),
}

impl DefaultsArgument {
    fn name(self) -> &'static str {
        match self {
            Self::Map(name) | Self::Block(name) => name,
        }
    }
}

impl Configuration {
    /// Reads the configuration of a plan; null where the plan has none.
    pub(super) fn new(value: &Value) -> Self {
        let present = !value.is_null();
        let root = value.member("root_module").unwrap_or(&Value::Null);
        let declared = |name: &str| {
            root.member(name)
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default()
        };
        let providers: BTreeMap<_, _> = value
            .member("provider_config")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(key, config)| (key.clone(), ProviderConfig::new(key, config)))
            .collect();
        let mut provider_keys = BTreeMap::new();
        if providers.values().any(ProviderConfig::has_defaults) {
            collect_provider_keys(root, "", &mut provider_keys);
        }
        Self {
            present,
            variables: declared("variables"),
            outputs: declared("outputs"),
            providers,
            provider_keys,
        }
    }

    /// Whether a root variable is declared sensitive.
    pub(super) fn is_variable_sensitive(&self, name: &str) -> Tri {
        declared_sensitive(&self.variables, name)
    }

    /// Whether a root output is declared sensitive.
    pub(super) fn is_output_sensitive(&self, name: &str) -> Tri {
        declared_sensitive(&self.outputs, name)
    }

    /// The full names of providers, such as `registry.opentofu.org/hashicorp/aws`.
    pub(super) fn provider_names(&self) -> impl Iterator<Item = &str> {
        self.providers.values().map(|config| config.name.as_str())
    }

    /// The default tags that the provider of a resource adds.
    ///
    /// `address` is the resource's address without instance keys, `provider` the provider's own name.
    pub(super) fn defaults(&self, address: &str, provider: &str, argument: DefaultsArgument) -> Defaults {
        if !self.present || !self.providers.values().any(ProviderConfig::has_defaults) {
            return Defaults::default();
        }
        let key = self.provider_keys.get(address).map_or(provider, String::as_str);
        if let Some(expressions) = self.expressions(key) {
            return read_defaults(expressions, argument);
        }
        // The key leads nowhere. If some block of this provider has defaults, they may reach this resource.
        let could_reach = |config: &ProviderConfig| {
            config.is_of(provider)
                && config
                    .expressions
                    .as_ref()
                    .is_some_and(|e| e.contains_key(argument.name()))
        };
        Defaults {
            is_open: self.providers.values().any(could_reach),
            ..Defaults::default()
        }
    }

    /// The arguments of a provider block: that of the key, or of the nearest module above that has one to pass on.
    fn expressions(&self, key: &str) -> Option<&Object> {
        let (mut module, local) = key.rsplit_once(':').unwrap_or(("", key));
        let mut is_declared = false;
        loop {
            let key = if module.is_empty() {
                local.to_owned()
            } else {
                format!("{module}:{local}")
            };
            if let Some(config) = self.providers.get(&key) {
                is_declared = true;
                if config.expressions.is_some() {
                    return config.expressions.as_ref();
                }
            }
            if module.is_empty() {
                return if is_declared { Some(&NOTHING) } else { None };
            }
            module = parent_module(module);
        }
    }
}

static NOTHING: Object = Object::new();

/// `module.a.module.b` is in `module.a`. Terraform 0.12 writes `a.b`, in `a`.
fn parent_module(module: &str) -> &str {
    let above = module.rsplit_once('.').map_or("", |(above, _)| above);
    if above == "module" {
        return "";
    }
    above.strip_suffix(".module").unwrap_or(above)
}

impl ProviderConfig {
    fn new(key: &str, config: &Value) -> Self {
        let text = |name: &str| config.member(name).and_then(Value::as_str);
        let local = key.rsplit(':').next().and_then(|local| local.split('.').next());
        Self {
            name: text("full_name")
                .or_else(|| text("name"))
                .or(local)
                .unwrap_or_default()
                .to_owned(),
            expressions: config.member("expressions").and_then(Value::as_object).cloned(),
        }
    }

    fn is_of(&self, provider: &str) -> bool {
        self.name.rsplit('/').next() == Some(provider)
    }

    fn has_defaults(&self) -> bool {
        const ARGUMENTS: &[&str] = &["default_tags", "default_labels", "ignore_tags"];
        let has = |expressions: &Object| ARGUMENTS.iter().any(|name| expressions.contains_key(*name));
        self.expressions.as_ref().is_some_and(has)
    }
}

fn declared_sensitive(declared: &Object, name: &str) -> Tri {
    match declared.get(name) {
        Some(declaration) => Tri::from(
            declaration
                .member("sensitive")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        ),
        None => Tri::CannotTell,
    }
}

fn collect_provider_keys(module: &Value, prefix: &str, keys: &mut BTreeMap<String, String>) {
    let text = |value: &Value, name: &str| value.member(name).and_then(Value::as_str).map(str::to_owned);
    for resource in module.member("resources").and_then(Value::as_array).unwrap_or_default() {
        if let (Some(address), Some(key)) = (text(resource, "address"), text(resource, "provider_config_key")) {
            keys.insert(format!("{prefix}{address}"), key);
        }
    }
    for (name, call) in module
        .member("module_calls")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        if let Some(inner) = call.member("module") {
            collect_provider_keys(inner, &format!("{prefix}module.{name}."), keys);
        }
    }
}

fn read_defaults(expressions: &Object, argument: DefaultsArgument) -> Defaults {
    let mut defaults = Defaults::default();
    let written = match argument {
        DefaultsArgument::Map(name) => expressions.get(name).into_iter().collect(),
        DefaultsArgument::Block(name) => blocks(expressions.get(name))
            .filter_map(|block| block.member("tags"))
            .collect::<Vec<_>>(),
    };
    for expression in written {
        match expression.member("constant_value") {
            Some(Value::Object(tags)) => {
                let tags = tags.iter().filter(|(_, value)| !value.is_null());
                defaults
                    .values
                    .extend(tags.map(|(key, value)| (key.clone(), super::tags::text(value))));
            }
            Some(Value::Null) => {}
            _ => defaults.is_open = true,
        }
    }
    for block in blocks(expressions.get("ignore_tags")) {
        defaults.ignored_keys.extend(constant_texts(block.member("keys")));
        defaults
            .ignored_prefixes
            .extend(constant_texts(block.member("key_prefixes")));
    }
    defaults
}

/// The bodies of a nested block: a list of them, or one.
fn blocks(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
    .iter()
}

fn constant_texts(expression: Option<&Value>) -> impl Iterator<Item = String> {
    let items = expression
        .and_then(|expression| expression.member("constant_value"))
        .and_then(Value::as_array);
    items
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: DefaultsArgument = DefaultsArgument::Block("default_tags");

    fn configuration(text: &str) -> Configuration {
        Configuration::new(&Value::from_json("x", text.as_bytes()).unwrap())
    }

    fn plan() -> Configuration {
        configuration(
            r#"{"provider_config": {
                "aws": {"name": "aws", "expressions": {
                    "default_tags": [{"tags": {"constant_value": {"owner": "root"}}}],
                    "ignore_tags": [{"keys": {"constant_value": ["x"]}, "key_prefixes": {"constant_value": ["y:"]}}]}},
                "aws.eu": {"name": "aws", "alias": "eu", "expressions": {"default_tags": [{"tags": {"references": ["var.t"]}}]}},
                "aws.us": {"name": "aws", "alias": "us", "expressions": {"region": {"constant_value": "us-east-1"}}},
                "module.a:aws": {"name": "aws", "module_address": "module.a"}
            }, "root_module": {
                "resources": [
                    {"address": "aws_vpc.eu", "provider_config_key": "aws.eu"},
                    {"address": "aws_vpc.us", "provider_config_key": "aws.us"},
                    {"address": "aws_vpc.lost", "provider_config_key": "aws.lost"}],
                "module_calls": {"a": {"module": {
                    "resources": [{"address": "aws_vpc.a", "provider_config_key": "module.a:aws"}],
                    "module_calls": {"b": {"module": {
                        "resources": [{"address": "aws_vpc.b", "provider_config_key": "module.a.module.b:aws"}]}}}}}}
            }}"#,
        )
    }

    #[test]
    fn defaults_are_found_through_modules() {
        let plan = plan();
        let owner = |address: &str| plan.defaults(address, "aws", BLOCK).values.get("owner").cloned();
        for address in ["aws_vpc.root", "module.a.aws_vpc.a", "module.a.module.b.aws_vpc.b"] {
            assert_eq!(owner(address).as_deref(), Some("root"), "{address}");
        }
        assert_eq!(plan.defaults("aws_vpc.us", "aws", BLOCK), Defaults::default());
        let defaults = plan.defaults("aws_vpc.root", "aws", BLOCK);
        assert!(defaults.ignores("x") && defaults.ignores("y:1") && !defaults.ignores("z"));
    }

    #[test]
    fn defaults_that_no_plan_tells_are_open() {
        let plan = plan();
        assert!(plan.defaults("aws_vpc.eu", "aws", BLOCK).is_open);
        assert!(plan.defaults("aws_vpc.lost", "aws", BLOCK).is_open);
        assert!(!plan.defaults("random_id.x", "random", BLOCK).is_open);
        assert!(!configuration("null").defaults("aws_vpc.a", "aws", BLOCK).is_open);
    }

    #[test]
    fn modules_of_terraform_0_12_have_parents() {
        assert_eq!(parent_module("module.a.module.b"), "module.a");
        assert_eq!(parent_module("module.a"), "");
        assert_eq!(parent_module("a.b"), "a");
        assert_eq!(parent_module("a"), "");
    }

    #[test]
    fn sensitivity_is_known_only_where_declared() {
        let plan = configuration(r#"{"root_module": {"variables": {"a": {"sensitive": true}, "b": {}}}}"#);
        assert_eq!(plan.is_variable_sensitive("a"), Tri::Yes);
        assert_eq!(plan.is_variable_sensitive("b"), Tri::No);
        assert_eq!(plan.is_variable_sensitive("c"), Tri::CannotTell);
    }
}
