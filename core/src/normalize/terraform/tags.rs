//! The effective tags of a resource, read by the table of providers.

mod providers;

use std::collections::{BTreeMap, BTreeSet};

use self::providers::{Attribute, Form, Reach, Rule, Scheme, is_taggable, rule};
use super::configuration::{Configuration, Defaults};
use super::doubts::Doubts;
use super::marks::Marks;
use crate::input::{Provider, ResourceMode, TagOrigin, Tags, Tri, looks_like_handle};
use crate::json::{Object, Value};

/// What tags are read from: a resource after sealing, so that sensitive values are handles already.
pub(super) struct Subject<'a> {
    /// The address without instance keys, by which the configuration knows the resource.
    pub(super) declared_address: &'a str,
    pub(super) mode: ResourceMode,
    pub(super) kind: &'a str,
    pub(super) provider: &'a Provider,
    pub(super) before: &'a Value,
    pub(super) after: &'a Value,
    pub(super) unknown: &'a Unknowns,
    /// Whether attributes that are null were removed from the plan: then a missing one proves nothing.
    pub(super) is_reduced: bool,
}

/// What the plan says of unknown values.
pub(super) enum Unknowns {
    /// The marks beside `after`.
    Marked(Value),
    /// Nothing: an unknown value cannot be told from an absent one.
    Untold,
}

/// The effective tags of a resource.
pub(super) fn effective(subject: &Subject<'_>, configuration: &Configuration, doubts: &mut Doubts) -> Tags {
    if subject.mode != ResourceMode::Managed {
        return Tags {
            supported: Tri::No,
            ..Tags::default()
        };
    }
    match rule(&subject.provider.kind, subject.kind) {
        Rule::Untaggable => Tags {
            supported: Tri::No,
            ..Tags::default()
        },
        Rule::Opaque => Tags {
            supported: Tri::CannotTell,
            all_unknown: true,
            ..Tags::default()
        },
        Rule::Scheme(scheme) => by_scheme(scheme, subject, configuration, doubts),
    }
}

/// The object that tags are read from, and the marks beside it.
#[derive(Clone, Copy)]
struct Side<'a> {
    object: &'a Value,
    marks: Marks<'a>,
}

impl<'a> Side<'a> {
    /// What will be; where nothing remains, what was.
    fn decisive(subject: &Subject<'a>) -> Self {
        let marks = match subject.unknown {
            Unknowns::Marked(marks) => Marks::one(marks),
            Unknowns::Untold => Marks::default(),
        };
        if subject.after.is_null() && !marks.here() {
            return Self::before(subject);
        }
        Self {
            object: subject.after,
            marks,
        }
    }

    fn before(subject: &Subject<'a>) -> Self {
        Self {
            object: subject.before,
            marks: Marks::default(),
        }
    }

    /// Whether nothing can be seen: the whole object is unknown, sensitive or not in the plan.
    fn is_closed(self) -> bool {
        self.marks.here() || self.object.as_object().is_none()
    }

    /// The value at a path of the table, and the marks beside it.
    fn at(self, path: &str) -> (Option<&'a Value>, Marks<'a>) {
        let mut value = Some(self.object);
        let mut marks = self.marks;
        for step in path.split('.') {
            let (name, is_element) = match step.strip_suffix("[0]") {
                Some(name) => (name, true),
                None => (step, false),
            };
            // A mark counts for everything below it, and so does a handle in place of a container.
            if marks.here() || value.is_some_and(|value| value.as_str().is_some()) {
                return (value, marks);
            }
            value = value.and_then(|value| value.member(name));
            marks = marks.member(name);
            if is_element && !marks.here() && value.is_none_or(|value| value.as_str().is_none()) {
                value = value.and_then(|value| value.element(0));
                marks = marks.element(0);
            }
        }
        (value, marks)
    }

    /// Whether the schema has this attribute: it shows in the object or among the unknown.
    fn has(self, path: &str) -> bool {
        let (value, marks) = self.at(path);
        value.is_some() || marks.is_given()
    }

    fn read(self, path: &str, form: Form) -> Reading {
        let (value, marks) = self.at(path);
        Reading::of(value, marks, form)
    }

    fn group(self, scheme: &Scheme) -> Option<&'static [Attribute]> {
        scheme
            .groups
            .iter()
            .copied()
            .find(|group| group.iter().any(|attribute| self.has(attribute.path)))
    }

    fn own(self, scheme: &Scheme, group: &[Attribute]) -> Reading {
        let mut own = Reading::default();
        for attribute in group {
            own.add(self.read(attribute.path, attribute.form));
        }
        own.without(scheme.reserved)
    }

    /// The merged map, if one is known, or in part.
    fn merged(self, scheme: &Scheme) -> Option<Reading> {
        scheme
            .merged
            .iter()
            .filter(|path| self.at(path).0.is_some_and(|value| !value.is_null()))
            .map(|path| self.read(path, Form::Map).without(scheme.reserved))
            .find(|reading| !reading.is_open || !reading.values.is_empty())
    }
}

fn by_scheme(
    scheme: &'static Scheme,
    subject: &Subject<'_>,
    configuration: &Configuration,
    doubts: &mut Doubts,
) -> Tags {
    let side = Side::decisive(subject);
    let previous = known_tags(scheme, Side::before(subject));
    let only_group = match scheme.groups {
        [group] => Some(*group),
        _ => None,
    };
    let has_merged = scheme.merged.iter().any(|path| side.has(path));
    let group = side.group(scheme).or(if has_merged { only_group } else { None });
    if side.is_closed() || (group.is_none() && !has_merged) {
        let supported = if side.is_closed() || subject.is_reduced {
            is_taggable(subject.kind)
        } else {
            Tri::No
        };
        let is_untold = matches!(subject.unknown, Unknowns::Untold) && !subject.after.is_null();
        if subject.is_reduced && !side.is_closed() && supported == Tri::Yes {
            doubts.raise("reduced");
        }
        return Tags {
            supported,
            attribute: only_group.filter(|_| supported == Tri::Yes).and_then(attribute_name),
            all_unknown: supported != Tri::No && (side.is_closed() || is_untold),
            previous,
            ..Tags::default()
        };
    }
    let group = group.unwrap_or_default();
    let own = side.own(scheme, group);
    let defaults = match scheme.defaults {
        // An object that goes is as it is: nothing is added to it any more.
        Some(defaults) if !subject.after.is_null() && (has_merged || scheme.merged.is_empty()) => {
            if defaults.reach == Reach::All || own.is_nothing() {
                configuration.defaults(subject.declared_address, &subject.provider.kind, defaults.argument)
            } else {
                Defaults::default()
            }
        }
        _ => Defaults::default(),
    };
    let reading = match side.merged(scheme) {
        Some(merged) => with_merged(merged, &own),
        None => with_defaults(own.clone(), &defaults),
    };
    let origin = |(key, value): (&String, &String)| {
        let origin = if own.values.get(key) == Some(value) {
            TagOrigin::Resource
        } else if defaults.values.get(key) == Some(value) {
            TagOrigin::Default
        } else {
            TagOrigin::Merged
        };
        (key.clone(), origin)
    };
    let is_missing = |attribute: &Attribute| side.at(attribute.path).0.is_none();
    let is_untold =
        matches!(subject.unknown, Unknowns::Untold) && !subject.after.is_null() && group.iter().all(is_missing);
    Tags {
        supported: Tri::Yes,
        attribute: group
            .iter()
            .find(|attribute| side.has(attribute.path))
            .map(|attribute| attribute.path.to_owned()),
        origin: reading.values.iter().map(origin).collect(),
        unknown_keys: reading
            .unknown
            .into_iter()
            .filter(|key| !reading.values.contains_key(key))
            .collect(),
        all_unknown: reading.is_open || (is_untold && reading.values.is_empty()),
        values: reading.values,
        previous,
    }
}

fn attribute_name(group: &[Attribute]) -> Option<String> {
    group.first().map(|attribute| attribute.path.to_owned())
}

/// The tags of a known object.
fn known_tags(scheme: &Scheme, side: Side<'_>) -> BTreeMap<String, String> {
    let own = || {
        side.group(scheme)
            .map(|group| side.own(scheme, group))
            .unwrap_or_default()
    };
    side.merged(scheme).unwrap_or_else(own).values
}

/// The merged map decides. What is unknown in it can still be known of the resource: an empty value becomes unknown there.
fn with_merged(mut merged: Reading, own: &Reading) -> Reading {
    for key in std::mem::take(&mut merged.unknown) {
        match own.values.get(&key) {
            Some(value) => drop(merged.values.insert(key, value.clone())),
            None => drop(merged.unknown.insert(key)),
        }
    }
    merged.unknown.extend(own.unknown.iter().cloned());
    merged
}

/// Where the merged map is unknown: the resource's tags and its provider's defaults, as far as the configuration writes them out.
fn with_defaults(mut own: Reading, defaults: &Defaults) -> Reading {
    for (key, value) in &defaults.values {
        if !own.unknown.contains(key) {
            own.values.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    own.is_open |= defaults.is_open;
    own.values.retain(|key, _| !defaults.ignores(key));
    own.unknown.retain(|key| !defaults.ignores(key));
    own
}

/// Tags as one attribute shows them.
#[derive(Clone, Debug, Default)]
struct Reading {
    values: BTreeMap<String, String>,
    /// Keys that are there and whose value is unknown.
    unknown: BTreeSet<String>,
    /// Whether there can be more than that.
    is_open: bool,
}

impl Reading {
    fn of(value: Option<&Value>, marks: Marks<'_>, form: Form) -> Self {
        let mut reading = Self::default();
        if marks.here() {
            reading.is_open = true;
            return reading;
        }
        match value {
            None | Some(Value::Null) => {}
            Some(Value::Object(members)) => reading.read_map(members, marks),
            Some(Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    reading.read_element(item, marks.element(index), form);
                }
                let beyond = items.len()..marks.elements();
                reading.is_open |= beyond.into_iter().any(|index| marks.element(index).anywhere());
            }
            // A handle in place of the whole, or something that holds no tags we could read.
            Some(_) => reading.is_open = true,
        }
        // Unknown members are absent from the value.
        reading.unknown.extend(
            marks
                .names()
                .filter(|name| marks.member(name).anywhere())
                .map(str::to_owned),
        );
        reading
    }

    fn read_map(&mut self, members: &Object, marks: Marks<'_>) {
        for (key, value) in members {
            if !value.is_null() && !marks.member(key).anywhere() {
                self.values.insert(key.clone(), text(value));
            }
        }
    }

    fn read_element(&mut self, item: &Value, marks: Marks<'_>, form: Form) {
        if marks.here() {
            self.is_open = true;
            return;
        }
        match item {
            Value::String(tag) if !looks_like_handle(tag) => {
                let (key, value) = tag.split_once(':').unwrap_or((tag, ""));
                self.insert(key, value.to_owned());
            }
            Value::Object(block) => {
                let (key, value) = match form {
                    Form::Blocks { key, value } => (key, value),
                    Form::Map | Form::Texts => ("key", "value"),
                };
                match block.get(key) {
                    Some(Value::String(name)) if !looks_like_handle(name) && !marks.member(key).here() => {
                        if marks.member(value).here() {
                            self.unknown.insert(name.clone());
                        } else {
                            let value = block.get(value).filter(|value| !value.is_null());
                            self.insert(name, value.map(text).unwrap_or_default());
                        }
                    }
                    _ => self.is_open = true,
                }
            }
            Value::Null => {}
            _ => self.is_open = true,
        }
    }

    /// A key that a list has twice has both values, sorted: no order of a set may decide which one a policy sees.
    fn insert(&mut self, key: &str, value: String) {
        match self.values.get_mut(key) {
            None => drop(self.values.insert(key.to_owned(), value)),
            Some(present) => {
                let mut all: BTreeSet<&str> = present.split(',').collect();
                all.insert(&value);
                *present = all.into_iter().collect::<Vec<_>>().join(",");
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.values.extend(other.values);
        self.unknown.extend(other.unknown);
        self.is_open |= other.is_open;
    }

    fn without(mut self, reserved: Option<&str>) -> Self {
        if let Some(prefix) = reserved {
            self.values.retain(|key, _| !key.starts_with(prefix));
            self.unknown.retain(|key| !key.starts_with(prefix));
        }
        self
    }

    fn is_nothing(&self) -> bool {
        self.values.is_empty() && self.unknown.is_empty() && !self.is_open
    }
}

/// A tag's value as text: Kubernetes manifests can have numbers and booleans there.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}
