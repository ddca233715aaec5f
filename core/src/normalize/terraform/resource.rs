//! One resource change of a plan.

use super::action;
use super::address::Address;
use super::configuration::Configuration;
use super::doubts::Doubts;
use super::fields::{Fields, Place, whole};
use super::marks::{self, Budget, Marks};
use super::tags::{self, Unknowns};
use crate::error::Error;
use crate::input::{Importing, Key, Path, Provider, Resource, ResourceMode, Secrets, Step};
use crate::json::Value;

/// What reading one resource needs of the whole plan, and adds to it.
pub(super) struct Context<'a> {
    pub(super) configuration: &'a Configuration,
    pub(super) secrets: &'a mut Secrets,
    pub(super) budget: &'a mut Budget,
    pub(super) doubts: &'a mut Doubts,
    /// Whether attributes that are null were removed from the plan.
    pub(super) is_reduced: bool,
}

/// Reads an element of `resource_changes`, `resource_drift` or `deferred_changes`.
pub(super) fn read(entry: Value, place: &Place<'_>, context: &mut Context<'_>) -> Result<Resource, Error> {
    let mut fields = Fields::of(entry, place)?;
    let identity = Identity::read(&mut fields, context.doubts)?;
    let provider = match fields.text("provider_name")? {
        Some(name) => provider(&name),
        // A reduced plan: the type's prefix is the best guess there is.
        None => Provider {
            kind: identity.kind.split('_').next().unwrap_or_default().to_owned(),
            ..Provider::default()
        },
    };
    let change_place = Place::Member(place, "change");
    let change = Change::read(fields.any("change"), &change_place, context)?;
    let tags = tags::effective(
        &tags::Subject {
            declared_address: &identity.declared_address(),
            mode: identity.mode,
            kind: &identity.kind,
            provider: &provider,
            before: &change.before,
            after: &change.after,
            unknown: &change.unknowns,
            is_reduced: context.is_reduced,
        },
        context.configuration,
        context.doubts,
    );
    let (action, replace_order) = action::classify(&change.actions);
    Ok(Resource {
        address: identity.address,
        module: identity.module,
        module_path: identity.module_path,
        mode: identity.mode,
        kind: identity.kind,
        name: identity.name,
        key: identity.key,
        deposed: fields.text("deposed")?,
        provider,
        action,
        destroys: action::destroys(&change.actions),
        actions: change.actions,
        replace_order,
        reason: fields.text("action_reason")?,
        replace_paths: change.replace_paths,
        previous_address: fields.text("previous_address")?,
        importing: change.importing,
        before: change.before,
        after: change.after,
        unknown: change.unknown,
        sensitive: change.sensitive,
        tags,
    })
}

/// Which resource instance it is: the address, checked against the members that say the same.
struct Identity {
    address: String,
    module: String,
    module_path: Vec<String>,
    mode: ResourceMode,
    kind: String,
    name: String,
    key: Option<Key>,
}

impl Identity {
    fn read(fields: &mut Fields<'_>, doubts: &mut Doubts) -> Result<Self, Error> {
        let address = fields.required_text("address")?;
        let module = fields.text("module_address")?;
        let mode = fields.text("mode")?;
        let key = fields.key("index")?;
        let parsed = Address::parse(&address);
        let (kind, name) = match &parsed {
            Some(parsed) => (
                fields.text("type")?.unwrap_or_else(|| parsed.kind.clone()),
                fields.text("name")?.unwrap_or_else(|| parsed.name.clone()),
            ),
            None => (fields.required_text("type")?, fields.required_text("name")?),
        };
        let identity = Self {
            mode: known_mode(mode.as_deref(), parsed.as_ref(), &address, doubts),
            module_path: match (&parsed, &module) {
                (Some(parsed), _) => parsed.module_path.clone(),
                (None, Some(module)) => Address::module_path(module),
                (None, None) => Vec::new(),
            },
            module: module
                .or_else(|| parsed.as_ref().map(|parsed| parsed.module.clone()))
                .unwrap_or_default(),
            key: key.or_else(|| parsed.as_ref().and_then(|parsed| parsed.key.clone())),
            address,
            kind,
            name,
        };
        let agrees = parsed.is_some_and(|parsed| {
            // A key that is a wildcard says nothing, and so does one that only the member has.
            (parsed.module == identity.module)
                && (parsed.kind == identity.kind)
                && (parsed.name == identity.name)
                && (parsed.key.is_none() || parsed.key == identity.key)
        });
        if !agrees {
            doubts.raise_about("address_mismatch", identity.address.clone());
        }
        Ok(identity)
    }

    /// The address without instance keys.
    fn declared_address(&self) -> String {
        let mut address = String::new();
        for name in &self.module_path {
            address.push_str("module.");
            address.push_str(name);
            address.push('.');
        }
        address.push_str(&self.kind);
        address.push('.');
        address.push_str(&self.name);
        address
    }
}

/// The mode that the plan says, or else the address shows. Where the two disagree it is managed, which policies look at.
fn known_mode(word: Option<&str>, parsed: Option<&Address>, address: &str, doubts: &mut Doubts) -> ResourceMode {
    let shown = parsed.map(|parsed| parsed.mode);
    let said = match word {
        None => return shown.unwrap_or_default(),
        Some("managed") => ResourceMode::Managed,
        Some("data") => ResourceMode::Data,
        Some("ephemeral") => ResourceMode::Ephemeral,
        Some(_) => {
            doubts.raise_about("unknown_mode", address);
            ResourceMode::Managed
        }
    };
    if shown.is_some_and(|shown| shown != said) {
        doubts.raise_about("address_mismatch", address);
        return ResourceMode::Managed;
    }
    said
}

/// The provider of a name such as `registry.terraform.io/hashicorp/aws`, or of a local name in Terraform 0.12: `aws`, `aws.peer`.
pub(super) fn provider(name: &str) -> Provider {
    let mut parts = name.rsplitn(3, '/');
    let kind = parts.next().unwrap_or_default();
    let namespace = parts.next();
    let host = parts.next();
    let kind = match namespace {
        Some(_) => kind,
        None => kind.split('.').next().unwrap_or_default(),
    };
    Provider {
        host: host.map(str::to_owned),
        // A dash stands for a namespace that a state of Terraform 0.12 did not have.
        namespace: namespace.filter(|namespace| *namespace != "-").map(str::to_owned),
        kind: kind.to_owned(),
    }
}

/// The `change` of a resource, sealed.
struct Change {
    actions: Vec<String>,
    before: Value,
    after: Value,
    unknowns: Unknowns,
    unknown: Vec<Path>,
    sensitive: Vec<Path>,
    replace_paths: Vec<Path>,
    importing: Option<Importing>,
}

impl Change {
    fn read(value: Value, place: &Place<'_>, context: &mut Context<'_>) -> Result<Self, Error> {
        let mut fields = Fields::of(value, place)?;
        let actions = fields.texts("actions")?;
        let mut before = fields.any("before");
        let mut after = fields.any("after");
        let before_sensitive = fields.any("before_sensitive");
        let after_sensitive = fields.any("after_sensitive");
        // What is sensitive on one side is hidden on both: the other side would give it away, or look changed.
        let marks = Marks::either(&before_sensitive, &after_sensitive);
        let unknowns = fields.given("after_unknown").map_or(Unknowns::Untold, |mut unknown| {
            marks::without_names(&mut unknown, marks);
            Unknowns::Marked(unknown)
        });
        let mut forged = Vec::new();
        marks::seal(&mut before, marks, context.secrets, &mut forged);
        marks::seal(&mut after, marks, context.secrets, &mut forged);
        let mut sensitive = marks::paths(marks, context.budget)?;
        sensitive.append(&mut forged);
        sensitive.sort();
        sensitive.dedup();
        let unknown = match &unknowns {
            Unknowns::Marked(tree) => marks::paths(Marks::one(tree), context.budget)?,
            Unknowns::Untold => Vec::new(),
        };
        let replace_paths = fields.list("replace_paths")?;
        Ok(Self {
            actions,
            before,
            after,
            unknowns,
            unknown,
            sensitive,
            replace_paths: replace_paths
                .iter()
                .filter_map(path)
                .map(|path| marks::covered(path, marks))
                .collect(),
            importing: match fields.any("importing") {
                Value::Null => None,
                value => Some(importing(value, &Place::Member(place, "importing"), context.secrets)?),
            },
        })
    }
}

/// A path as the plan writes it, `["ingress", 0, "cidr_blocks"]`. `None` for what is none.
fn path(value: &Value) -> Option<Path> {
    let step = |step: &Value| match step {
        Value::String(name) => Some(Step::Name(name.clone())),
        Value::Number(number) => whole(number).map(Step::Index),
        _ => None,
    };
    value.as_array()?.iter().map(step).collect::<Option<_>>().map(Path)
}

fn importing(value: Value, place: &Place<'_>, secrets: &mut Secrets) -> Result<Importing, Error> {
    let mut fields = Fields::of(value, place)?;
    let unknown = fields.boolean("unknown")?.unwrap_or(false);
    let mut sealed = |mut value: Value| {
        marks::seal(&mut value, Marks::default(), secrets, &mut Vec::new());
        value
    };
    let id = fields.text("id")?.map(|id| sealed(Value::String(id)));
    let identity = fields
        .given("identity")
        .filter(|identity| !identity.is_null())
        .map(sealed);
    Ok(Importing {
        id: id.and_then(|id| id.as_str().map(str::to_owned)),
        identity,
        unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_of_every_form() {
        let parts = |name: &str| {
            let provider = provider(name);
            (provider.host, provider.namespace, provider.kind)
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            parts("registry.terraform.io/hashicorp/aws"),
            (some("registry.terraform.io"), some("hashicorp"), "aws".to_owned())
        );
        assert_eq!(
            parts("registry.terraform.io/-/aws"),
            (some("registry.terraform.io"), None, "aws".to_owned())
        );
        assert_eq!(parts("terraform.io/builtin/terraform").2, "terraform");
        assert_eq!(parts("aws"), (None, None, "aws".to_owned()));
        assert_eq!(parts("aws.peer"), (None, None, "aws".to_owned()));
    }

    #[test]
    fn a_data_source_is_told_by_two_witnesses() {
        let mut doubts = Doubts::default();
        let managed = Address::parse("aws_ami.x");
        let data = Address::parse("data.aws_ami.x");
        let mut mode = |word, parsed: &Option<Address>| known_mode(word, parsed.as_ref(), "x", &mut doubts);
        assert_eq!(mode(None, &data), ResourceMode::Data);
        assert_eq!(mode(None, &managed), ResourceMode::Managed);
        assert_eq!(mode(Some("data"), &data), ResourceMode::Data);
        assert_eq!(mode(Some("data"), &managed), ResourceMode::Managed);
        assert_eq!(mode(Some("new"), &managed), ResourceMode::Managed);
        assert!(doubts.has("unknown_mode"));
    }
}
