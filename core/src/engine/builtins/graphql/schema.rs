//! A schema document that makes sense: every type known, every directive in its place, every interface implemented.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use super::super::Failure;
use super::parser::Parser;
use super::tree::{ValueKind, flag, list, member, named, text, texts, type_name};

/// The types and directives that every schema has.
const PRELUDE: &str = include_str!("prelude.graphql");

/// A type with all its extensions.
#[derive(Clone, Debug, Default)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) fields: Vec<Value>,
    pub(super) enum_values: Vec<Value>,
    pub(super) directives: Vec<Value>,
    interfaces: Vec<String>,
    members: Vec<String>,
    built_in: bool,
}

impl Definition {
    pub(super) fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind.as_str())
    }

    pub(super) fn is_input(&self) -> bool {
        self.is(&["SCALAR", "ENUM", "INPUT_OBJECT"])
    }

    pub(super) fn is_leaf(&self) -> bool {
        self.is(&["SCALAR", "ENUM"])
    }

    pub(super) fn is_composite(&self) -> bool {
        self.is(&["OBJECT", "INTERFACE", "UNION"])
    }

    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|field| text(field, "Name") == name)
    }

    fn extend(&mut self, node: &Value) {
        let owned = |name: &str| list(node, name).into_iter().cloned();
        let names = |name: &str| texts(node, name).into_iter().map(ToOwned::to_owned);
        self.fields.extend(owned("Fields"));
        self.enum_values.extend(owned("EnumValues"));
        self.directives.extend(owned("Directives"));
        self.interfaces.extend(names("Interfaces"));
        self.members.extend(names("Types"));
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Schema {
    pub(super) types: BTreeMap<String, Definition>,
    pub(super) directives: BTreeMap<String, Value>,
    /// The root types by operation.
    pub(super) roots: BTreeMap<String, String>,
    possible_types: BTreeMap<String, BTreeSet<String>>,
}

fn wrong(message: &str) -> Failure {
    Failure::failed(message)
}

impl Schema {
    pub(super) fn of(document: &Value) -> Result<Self, Failure> {
        let prelude = Parser::new(PRELUDE)?.schema_document()?;
        let mut schema = Self::default();
        for (source, built_in) in [(&prelude, true), (document, false)] {
            for node in list(source, "Definitions") {
                let mut definition = Definition {
                    name: text(node, "Name").into(),
                    kind: text(node, "Kind").into(),
                    built_in,
                    ..Definition::default()
                };
                definition.extend(node);
                if schema.types.insert(definition.name.clone(), definition).is_some() {
                    return Err(wrong("Cannot redeclare type"));
                }
            }
        }
        for node in list(document, "Extensions") {
            let (name, kind) = (text(node, "Name"), text(node, "Kind"));
            let new = || Definition {
                name: name.into(),
                kind: kind.into(),
                ..Definition::default()
            };
            let definition = schema.types.entry(name.to_owned()).or_insert_with(new);
            if definition.kind != kind {
                return Err(wrong("Cannot extend type because the base type is of another kind"));
            }
            definition.extend(node);
        }
        schema.find_possible_types();
        for node in list(&prelude, "Directives")
            .into_iter()
            .chain(list(document, "Directives"))
        {
            let name = text(node, "Name");
            let standard = ["include", "skip", "deprecated", "specifiedBy", "defer", "oneOf"].contains(&name);
            if schema.directives.insert(name.to_owned(), node.clone()).is_some() && !standard {
                return Err(wrong("Cannot redeclare directive"));
            }
        }
        schema.find_roots(document)?;
        schema.check()?;
        schema.add_introspection(document);
        Ok(schema)
    }

    fn find_possible_types(&mut self) {
        for (name, definition) in &self.types {
            if definition.kind == "UNION" {
                self.possible_types
                    .entry(name.clone())
                    .or_default()
                    .extend(definition.members.iter().cloned());
            }
            if definition.is(&["OBJECT", "INPUT_OBJECT"]) {
                self.possible_types
                    .entry(name.clone())
                    .or_default()
                    .insert(name.clone());
            }
            for interface in &definition.interfaces {
                self.possible_types
                    .entry(interface.clone())
                    .or_default()
                    .insert(name.clone());
            }
        }
    }

    fn find_roots(&mut self, document: &Value) -> Result<(), Failure> {
        let definitions = list(document, "Schema");
        if definitions.len() > 1 {
            return Err(wrong(
                "Cannot have multiple schema entry points, consider schema extensions instead",
            ));
        }
        for node in definitions.into_iter().chain(list(document, "SchemaExtension")) {
            for entry in list(node, "OperationTypes") {
                let name = text(entry, "Type");
                if !self.types.contains_key(name) {
                    return Err(wrong("Schema root refers to a type that does not exist"));
                }
                self.roots.insert(text(entry, "Operation").to_owned(), name.to_owned());
            }
            self.check_directives(&list(node, "Directives"), "SCHEMA", None, Repetition::Checked)?;
        }
        Ok(())
    }

    /// The fields that every query has, and the roots that go by their names.
    fn add_introspection(&mut self, document: &Value) {
        if list(document, "Schema").is_empty() {
            for (operation, name) in [
                ("query", "Query"),
                ("mutation", "Mutation"),
                ("subscription", "Subscription"),
            ] {
                if self.types.contains_key(name) {
                    self.roots
                        .entry(operation.to_owned())
                        .or_insert_with(|| name.to_owned());
                }
            }
        }
        let fields = Parser::new("type Q { __schema: __Schema! __type(name: String!): __Type }")
            .and_then(|mut parser| parser.schema_document());
        let root = self
            .roots
            .get("query")
            .cloned()
            .and_then(|name| self.types.get_mut(&name));
        if let (Ok(document), Some(root)) = (fields, root) {
            root.fields.extend(
                list(&document, "Definitions")
                    .iter()
                    .flat_map(|node| list(node, "Fields"))
                    .cloned(),
            );
        }
    }

    pub(super) fn type_of(&self, reference: &Value) -> Option<&Definition> {
        self.types.get(type_name(reference))
    }

    pub(super) fn root(&self, operation: &str) -> Option<&Definition> {
        self.types.get(self.roots.get(operation)?)
    }

    pub(super) fn possible_types(&self, name: &str) -> BTreeSet<&str> {
        self.possible_types
            .get(name)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect()
    }

    fn check(&self) -> Result<(), Failure> {
        for definition in self.types.values() {
            self.check_definition(definition)?;
        }
        for definition in self
            .types
            .values()
            .filter(|definition| definition.kind == "INPUT_OBJECT")
        {
            self.check_cycles(definition, &mut Vec::new(), &mut BTreeSet::new())?;
        }
        for directive in self.directives.values() {
            check_name(directive)?;
            self.check_arguments(directive, Some(text(directive, "Name")))?;
        }
        Ok(())
    }

    fn check_definition(&self, definition: &Definition) -> Result<(), Failure> {
        let is_input = definition.kind == "INPUT_OBJECT";
        let location = if is_input {
            "INPUT_FIELD_DEFINITION"
        } else {
            "FIELD_DEFINITION"
        };
        for field in &definition.fields {
            check_name(field)?;
            let fits = |found: &Definition| {
                if is_input {
                    found.is_input()
                } else {
                    !found.is(&["INPUT_OBJECT"])
                }
            };
            if !self.known(field)?.is_some_and(fits) && definition.is(&["OBJECT", "INTERFACE", "INPUT_OBJECT"]) {
                return Err(wrong("field must be of another kind of type"));
            }
            self.check_arguments(field, None)?;
            self.check_directives(&list(field, "Directives"), location, None, Repetition::Checked)?;
        }
        for member in &definition.members {
            if self.types.get(member).is_none_or(|found| found.kind != "OBJECT") {
                return Err(wrong("a member of a union must be an object type"));
            }
        }
        for interface in &definition.interfaces {
            self.check_implements(definition, interface)?;
        }
        if definition.is(&["OBJECT", "INTERFACE", "INPUT_OBJECT"]) && definition.fields.is_empty() {
            return Err(wrong("must define one or more fields"));
        }
        if definition.kind == "ENUM" && definition.enum_values.is_empty() {
            return Err(wrong("must define one or more unique enum values"));
        }
        for value in &definition.enum_values {
            if ["true", "false", "null"].contains(&text(value, "Name")) {
                return Err(wrong("non-enum value"));
            }
            self.check_directives(&list(value, "Directives"), "ENUM_VALUE", None, Repetition::Checked)?;
        }
        check_unique(definition.fields.iter().map(|field| text(field, "Name")))?;
        check_unique(definition.enum_values.iter().map(|value| text(value, "Name")))?;
        check_unique(definition.members.iter().map(String::as_str))?;
        if !definition.built_in && definition.name.starts_with("__") {
            return Err(wrong(
                "a name must not begin with `__`, which is reserved by GraphQL introspection",
            ));
        }
        let directives: Vec<&Value> = definition.directives.iter().collect();
        self.check_directives(&directives, &definition.kind, None, Repetition::Allowed)
    }

    /// The type of a field or an argument.
    fn known(&self, node: &Value) -> Result<Option<&Definition>, Failure> {
        let found = member(node, "Type").and_then(|reference| self.type_of(reference));
        found.map(Some).ok_or_else(|| wrong("Undefined type"))
    }

    fn check_arguments(&self, node: &Value, directive: Option<&str>) -> Result<(), Failure> {
        for argument in list(node, "Arguments") {
            check_name(argument)?;
            if !self.known(argument)?.is_some_and(Definition::is_input) {
                return Err(wrong("the type of an argument must be an input type"));
            }
            self.check_directives(
                &list(argument, "Directives"),
                "ARGUMENT_DEFINITION",
                directive,
                Repetition::Checked,
            )?;
        }
        Ok(())
    }

    fn check_directives(
        &self,
        directives: &[&Value],
        location: &str,
        within: Option<&str>,
        repetition: Repetition,
    ) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        for directive in directives {
            check_name(directive)?;
            let name = text(directive, "Name");
            if within == Some(name) {
                return Err(wrong("a directive cannot refer to itself"));
            }
            let definition = self.directives.get(name).ok_or_else(|| wrong("Undefined directive"))?;
            if repetition == Repetition::Checked && !seen.insert(name) && !flag(definition, "IsRepeatable") {
                return Err(wrong("a directive can only be used once at this location"));
            }
            if !texts(definition, "Locations").contains(&location) {
                return Err(wrong("a directive is not applicable here"));
            }
            let (given, defined) = (list(directive, "Arguments"), list(definition, "Arguments"));
            if given
                .iter()
                .any(|argument| named(&defined, text(argument, "Name")).is_none())
            {
                return Err(wrong("Undefined argument for directive"));
            }
            for argument in defined.iter().filter(|argument| is_required(argument)) {
                let value = named(&given, text(argument, "Name")).and_then(|argument| member(argument, "Value"));
                if value.is_none_or(|value| ValueKind::of(value) == ValueKind::Null) {
                    return Err(wrong("an argument for a directive cannot be null"));
                }
            }
        }
        Ok(())
    }

    fn check_implements(&self, definition: &Definition, interface: &str) -> Result<(), Failure> {
        let interface = self.types.get(interface).ok_or_else(|| wrong("Undefined type"))?;
        if interface.kind != "INTERFACE" {
            return Err(wrong("a non interface type cannot be implemented"));
        }
        for required in &interface.fields {
            let found = definition
                .field(text(required, "Name"))
                .ok_or_else(|| wrong("a field of the interface is missing"))?;
            let types = member(required, "Type").zip(member(found, "Type"));
            if !types.is_some_and(|(required, found)| self.is_covariant(required, found)) {
                return Err(wrong("a field of the interface must have its type"));
            }
            let (wanted, given) = (list(required, "Arguments"), list(found, "Arguments"));
            for argument in &wanted {
                let types = named(&given, text(argument, "Name"))
                    .and_then(|given| member(argument, "Type").zip(member(given, "Type")));
                if !types.is_some_and(|(wanted, given)| is_compatible(wanted, given)) {
                    return Err(wrong("a field of the interface must have the same arguments"));
                }
            }
            if given
                .iter()
                .any(|argument| named(&wanted, text(argument, "Name")).is_none() && is_required(argument))
            {
                return Err(wrong(
                    "any additional argument must be optional or have a default value",
                ));
            }
        }
        if interface
            .interfaces
            .iter()
            .any(|inherited| !definition.interfaces.contains(inherited))
        {
            return Err(wrong("a type must implement what its interfaces implement"));
        }
        Ok(())
    }

    fn is_covariant(&self, required: &Value, actual: &Value) -> bool {
        if flag(required, "NonNull") && !flag(actual, "NonNull") {
            return false;
        }
        match (member(required, "Elem"), member(actual, "Elem")) {
            (Some(required), Some(actual)) => self.is_covariant(required, actual),
            (Some(_), None) | (None, Some(_)) => false,
            (None, None) => {
                let (required, actual) = (text(required, "NamedType"), text(actual, "NamedType"));
                required == actual || self.possible_types(required).contains(actual)
            }
        }
    }

    /// No input object may need another of itself.
    fn check_cycles(
        &self,
        definition: &Definition,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Result<(), Failure> {
        if path.contains(&definition.name) {
            return Err(wrong(
                "Cannot reference an input object within itself through a series of non-null fields",
            ));
        }
        if path.len() > 500 {
            return Err(Failure::Limit("input objects nest more than 500 levels".into()));
        }
        if !done.insert(definition.name.clone()) {
            return Ok(());
        }
        path.push(definition.name.clone());
        for reference in definition.fields.iter().filter_map(|field| member(field, "Type")) {
            let direct = flag(reference, "NonNull") && member(reference, "Elem").is_none();
            if let Some(inner) = self
                .type_of(reference)
                .filter(|inner| direct && inner.kind == "INPUT_OBJECT")
            {
                self.check_cycles(inner, path, done)?;
            }
        }
        path.pop();
        Ok(())
    }
}

/// Whether a directive that is used twice is an error. Extensions are places of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repetition {
    Checked,
    Allowed,
}

fn check_name(node: &Value) -> Result<(), Failure> {
    if text(node, "Name").starts_with("__") {
        return Err(wrong(
            "a name must not begin with `__`, which is reserved by GraphQL introspection",
        ));
    }
    Ok(())
}

fn check_unique<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(wrong("a name can only be defined once"));
        }
    }
    Ok(())
}

/// An argument or field that must be given.
pub(super) fn is_required(node: &Value) -> bool {
    member(node, "Type").is_some_and(|reference| flag(reference, "NonNull")) && member(node, "DefaultValue").is_none()
}

/// Whether a value of one type may stand where the other is wanted.
pub(super) fn is_compatible(found: &Value, wanted: &Value) -> bool {
    if text(found, "NamedType") != text(wanted, "NamedType") || (flag(wanted, "NonNull") && !flag(found, "NonNull")) {
        return false;
    }
    match (member(found, "Elem"), member(wanted, "Elem")) {
        (Some(found), Some(wanted)) => is_compatible(found, wanted),
        (Some(_), None) => false,
        (None, _) => true,
    }
}
