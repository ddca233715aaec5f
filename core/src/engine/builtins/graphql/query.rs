//! Whether a query is one that a schema can answer: the validation rules of the GraphQL specification.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use super::super::Failure;
use super::schema::{Definition, Schema, is_compatible, is_required};
use super::tree::{ValueKind, flag, list, member, named, text, texts};
use super::values::check_value;

type Checked = Result<(), Failure>;

/// How many nodes are looked at before it is too many. Fragments can multiply.
const MAX_STEPS: usize = 200_000;

fn wrong(message: &str) -> Failure {
    Failure::failed(message)
}

/// The first rule that is broken, if any.
pub(super) fn check(schema: &Schema, document: &Value) -> Checked {
    let operations = list(document, "Operations");
    let fragments: BTreeMap<&str, &Value> = list(document, "Fragments")
        .into_iter()
        .map(|fragment| (text(fragment, "Name"), fragment))
        .collect();
    if fragments.len() != list(document, "Fragments").len() {
        return Err(wrong("there can be only one fragment of a name"));
    }
    let mut names = BTreeSet::new();
    for operation in &operations {
        let name = text(operation, "Name");
        if name.is_empty() && operations.len() > 1 {
            return Err(wrong("This anonymous operation must be the only defined operation"));
        }
        if !name.is_empty() && !names.insert(name) {
            return Err(wrong("There can be only one operation of a name"));
        }
    }
    let mut rules = Rules {
        schema,
        fragments,
        reached: BTreeSet::new(),
        used: BTreeSet::new(),
        variables: None,
        steps: 0,
    };
    for fragment in rules.fragments.values() {
        rules.check_fragment_cycles(fragment, &mut Vec::new())?;
    }
    for operation in &operations {
        rules.operation(operation)?;
    }
    let unused = rules.fragments.keys().any(|name| !rules.reached.contains(name));
    for fragment in rules.fragments.clone().into_values() {
        rules.variables = None;
        rules.fragment(fragment)?;
    }
    if unused {
        Err(wrong("a fragment is never used"))
    } else {
        Ok(())
    }
}

struct Rules<'a> {
    schema: &'a Schema,
    fragments: BTreeMap<&'a str, &'a Value>,
    /// Fragments that an operation spreads.
    reached: BTreeSet<&'a str>,
    /// Variables that the operation uses.
    used: BTreeSet<&'a str>,
    /// The variables of the operation. `None` in a fragment on its own.
    variables: Option<BTreeMap<&'a str, &'a Value>>,
    steps: usize,
}

impl<'a> Rules<'a> {
    fn step(&mut self) -> Checked {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(Failure::Limit(format!(
                "the query has more than {MAX_STEPS} selections with its fragments spread"
            )));
        }
        Ok(())
    }

    fn check_fragment_cycles(&self, fragment: &'a Value, path: &mut Vec<&'a str>) -> Checked {
        let name = text(fragment, "Name");
        if path.contains(&name) {
            return Err(wrong("Cannot spread a fragment within itself"));
        }
        if path.len() > 100 {
            return Err(Failure::Limit("fragments nest more than 100 levels".into()));
        }
        path.push(name);
        let mut spreads = BTreeSet::new();
        collect_spreads(fragment, &mut spreads);
        for spread in spreads {
            if let Some(inner) = self.fragments.get(spread) {
                self.check_fragment_cycles(inner, path)?;
            }
        }
        path.pop();
        Ok(())
    }

    fn operation(&mut self, operation: &'a Value) -> Checked {
        let (kind, location) = match text(operation, "Operation") {
            "mutation" => ("mutation", "MUTATION"),
            "subscription" => ("subscription", "SUBSCRIPTION"),
            _ => ("query", "QUERY"),
        };
        let root = self
            .schema
            .root(kind)
            .ok_or_else(|| wrong("the schema does not support the operation"))?;
        let definitions = list(operation, "VariableDefinitions");
        let variables: BTreeMap<&str, &Value> = definitions
            .iter()
            .map(|variable| (text(variable, "Variable"), *variable))
            .collect();
        if variables.len() != definitions.len() {
            return Err(wrong("There can be only one variable of a name"));
        }
        self.variables = Some(variables);
        self.used = BTreeSet::new();
        for variable in &definitions {
            let reference = member(variable, "Type").ok_or_else(|| wrong("a variable has no type"))?;
            let definition = self.schema.type_of(reference).ok_or_else(|| wrong("Unknown type"))?;
            if !definition.is_input() {
                return Err(wrong("a variable cannot be of a type that is no input type"));
            }
            if let Some(default) = member(variable, "DefaultValue") {
                self.value(default, Some((reference, Default::No)))?;
            }
            self.directives(variable, "VARIABLE_DEFINITION")?;
        }
        self.directives(operation, location)?;
        self.selections(operation, Some(root), &mut BTreeSet::new())?;
        if definitions
            .iter()
            .any(|variable| !self.used.contains(text(variable, "Variable")))
        {
            return Err(wrong("a variable is never used"));
        }
        if kind == "subscription" {
            self.check_subscription(operation)?;
        }
        self.check_overlap(&[(Some(root), operation)], 0)
    }

    fn fragment(&mut self, fragment: &'a Value) -> Checked {
        let condition = self
            .schema
            .types
            .get(text(fragment, "TypeCondition"))
            .ok_or_else(|| wrong("Unknown type"))?;
        if !condition.is_composite() {
            return Err(wrong("a fragment cannot condition on a non composite type"));
        }
        self.directives(fragment, "FRAGMENT_DEFINITION")?;
        self.selections(fragment, Some(condition), &mut BTreeSet::new())?;
        self.check_overlap(&[(Some(condition), fragment)], 0)
    }

    /// One top-level field, and none of introspection.
    fn check_subscription(&self, operation: &'a Value) -> Checked {
        let mut fields = Vec::new();
        self.collect_fields(None, operation, &mut BTreeSet::new(), &mut fields);
        let names: BTreeSet<&str> = fields.iter().map(|field| text(field.node, "Name")).collect();
        if names.len() > 1 || names.iter().any(|name| name.starts_with("__")) {
            return Err(wrong("a subscription must select only one top level field"));
        }
        Ok(())
    }

    fn directives(&mut self, node: &'a Value, location: &str) -> Checked {
        let mut seen = BTreeSet::new();
        for directive in list(node, "Directives") {
            let name = text(directive, "Name");
            let definition = self
                .schema
                .directives
                .get(name)
                .ok_or_else(|| wrong("Unknown directive"))?;
            if !texts(definition, "Locations").contains(&location) {
                return Err(wrong("a directive may not be used here"));
            }
            if !seen.insert(name) && !flag(definition, "IsRepeatable") {
                return Err(wrong("a directive can only be used once at this location"));
            }
            self.arguments(directive, definition)?;
        }
        Ok(())
    }

    fn arguments(&mut self, node: &'a Value, definition: &'a Value) -> Checked {
        let (given, defined) = (list(node, "Arguments"), list(definition, "Arguments"));
        let mut seen = BTreeSet::new();
        for argument in &given {
            let name = text(argument, "Name");
            if !seen.insert(name) {
                return Err(wrong("There can be only one argument of a name"));
            }
            let expected = named(&defined, name).ok_or_else(|| wrong("Unknown argument"))?;
            if let Some(value) = member(argument, "Value") {
                self.value(value, expectation(expected))?;
            }
        }
        let missing = |argument: &&Value| is_required(argument) && named(&given, text(argument, "Name")).is_none();
        if defined.iter().any(missing) {
            return Err(wrong("a required argument was not provided"));
        }
        Ok(())
    }

    fn selections(
        &mut self,
        node: &'a Value,
        parent: Option<&'a Definition>,
        spread: &mut BTreeSet<&'a str>,
    ) -> Checked {
        for selection in list(node, "SelectionSet") {
            self.step()?;
            if member(selection, "Alias").is_some() {
                self.field(selection, parent, spread)?;
            } else if member(selection, "TypeCondition").is_some() {
                self.inline_fragment(selection, parent, spread)?;
            } else {
                self.spread(selection, parent, spread)?;
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Value, parent: Option<&'a Definition>, spread: &mut BTreeSet<&'a str>) -> Checked {
        self.directives(field, "FIELD")?;
        let name = text(field, "Name");
        if name == "__typename" {
            let bare = list(field, "SelectionSet").is_empty() && list(field, "Arguments").is_empty();
            return if bare {
                Ok(())
            } else {
                Err(wrong("`__typename` has neither arguments nor subfields"))
            };
        }
        let Some(parent) = parent else {
            return self.selections(field, None, spread);
        };
        let definition = parent
            .field(name)
            .ok_or_else(|| wrong("Cannot query a field that the type has not"))?;
        self.arguments(field, definition)?;
        let kind = member(definition, "Type").and_then(|reference| self.schema.type_of(reference));
        if let Some(kind) = kind
            && kind.is_leaf() != list(field, "SelectionSet").is_empty()
        {
            return Err(wrong(
                "a field must have a selection of subfields just where its type has any",
            ));
        }
        self.selections(field, kind, spread)
    }

    fn inline_fragment(
        &mut self,
        fragment: &'a Value,
        parent: Option<&'a Definition>,
        spread: &mut BTreeSet<&'a str>,
    ) -> Checked {
        self.directives(fragment, "INLINE_FRAGMENT")?;
        let condition = text(fragment, "TypeCondition");
        if condition.is_empty() {
            return self.selections(fragment, parent, spread);
        }
        let condition = self.schema.types.get(condition).ok_or_else(|| wrong("Unknown type"))?;
        if !condition.is_composite() {
            return Err(wrong("a fragment cannot condition on a non composite type"));
        }
        self.check_possible(parent, condition)?;
        self.selections(fragment, Some(condition), spread)
    }

    fn spread(&mut self, node: &'a Value, parent: Option<&'a Definition>, spread: &mut BTreeSet<&'a str>) -> Checked {
        self.directives(node, "FRAGMENT_SPREAD")?;
        let name = text(node, "Name");
        let fragment = *self.fragments.get(name).ok_or_else(|| wrong("Unknown fragment"))?;
        self.reached.insert(name);
        let condition = self.schema.types.get(text(fragment, "TypeCondition"));
        if let Some(condition) = condition.filter(|condition| condition.is_composite()) {
            self.check_possible(parent, condition)?;
        }
        if spread.insert(name) {
            self.selections(fragment, condition, spread)
        } else {
            Ok(())
        }
    }

    fn check_possible(&self, parent: Option<&Definition>, condition: &Definition) -> Checked {
        let Some(parent) = parent.filter(|parent| parent.is_composite()) else {
            return Ok(());
        };
        let possible = self.schema.possible_types(&parent.name);
        if possible.is_disjoint(&self.schema.possible_types(&condition.name)) {
            return Err(wrong(
                "a fragment cannot be spread here as objects can never be of its type",
            ));
        }
        Ok(())
    }

    fn value(&mut self, value: &'a Value, expected: Option<(&'a Value, Default)>) -> Checked {
        let kind = ValueKind::of(value);
        if kind == ValueKind::Variable {
            return self.variable(value, expected);
        }
        let definition = expected.and_then(|(reference, _)| self.schema.type_of(reference));
        match kind {
            ValueKind::Object => {
                let mut seen = BTreeSet::new();
                for child in list(value, "Children") {
                    let name = text(child, "Name");
                    if !seen.insert(name) {
                        return Err(wrong("There can be only one input field of a name"));
                    }
                    let field = definition.and_then(|definition| definition.field(name));
                    if let Some(inner) = member(child, "Value") {
                        self.value(inner, field.and_then(expectation))?;
                    }
                }
            }
            ValueKind::List => {
                let element = expected
                    .and_then(|(reference, _)| member(reference, "Elem"))
                    .map(|element| (element, Default::No));
                for child in list(value, "Children") {
                    if let Some(inner) = member(child, "Value") {
                        self.value(inner, element)?;
                    }
                }
            }
            _ => {}
        }
        match (definition, expected) {
            (Some(definition), Some((reference, _))) => check_value(value, kind, definition, reference),
            _ => Ok(()),
        }
    }

    fn variable(&mut self, value: &'a Value, expected: Option<(&'a Value, Default)>) -> Checked {
        let Some(variables) = &self.variables else {
            return Ok(());
        };
        let name = text(value, "Raw");
        let definition = *variables.get(name).ok_or_else(|| wrong("a variable is not defined"))?;
        self.used.insert(name);
        let (Some((reference, default)), Some(found)) = (expected, member(definition, "Type")) else {
            return Ok(());
        };
        let has_default =
            member(definition, "DefaultValue").is_some_and(|default| ValueKind::of(default) != ValueKind::Null);
        let wanted = if has_default || default == Default::Yes {
            nullable(reference)
        } else {
            reference.clone()
        };
        if is_compatible(found, &wanted) {
            Ok(())
        } else {
            Err(wrong("a variable is used in a position expecting another type"))
        }
    }

    /// The fields that a selection set amounts to, with its fragments spread.
    fn collect_fields(
        &self,
        parent: Option<&'a Definition>,
        node: &'a Value,
        spread: &mut BTreeSet<&'a str>,
        fields: &mut Vec<Field<'a>>,
    ) {
        for selection in list(node, "SelectionSet") {
            if member(selection, "Alias").is_some() {
                fields.push(Field {
                    parent,
                    node: selection,
                });
            } else if member(selection, "TypeCondition").is_some() {
                let condition = text(selection, "TypeCondition");
                let parent = if condition.is_empty() {
                    parent
                } else {
                    self.schema.types.get(condition)
                };
                self.collect_fields(parent, selection, spread, fields);
            } else if let Some(fragment) = self.fragments.get(text(selection, "Name"))
                && spread.insert(text(selection, "Name"))
            {
                self.collect_fields(
                    self.schema.types.get(text(fragment, "TypeCondition")),
                    fragment,
                    spread,
                    fields,
                );
            }
        }
    }

    /// Fields of one response name must be the same field, or never meet.
    fn check_overlap(&mut self, sets: &[(Option<&'a Definition>, &'a Value)], depth: usize) -> Checked {
        if depth > 100 {
            return Err(Failure::Limit("a query nests more than 100 levels".into()));
        }
        let mut fields = Vec::new();
        for (parent, node) in sets {
            self.collect_fields(*parent, node, &mut BTreeSet::new(), &mut fields);
        }
        let mut by_name: BTreeMap<&str, Vec<Field<'a>>> = BTreeMap::new();
        for field in fields {
            by_name.entry(text(field.node, "Alias")).or_default().push(field);
        }
        for group in by_name.into_values() {
            for (index, a) in group.iter().enumerate() {
                for b in group.iter().skip(index + 1) {
                    self.step()?;
                    self.check_pair(a, b)?;
                }
            }
            let inner: Vec<_> = group
                .iter()
                .map(|field| (field.kind(self.schema), field.node))
                .collect();
            if inner.iter().any(|(_, node)| !list(node, "SelectionSet").is_empty()) {
                self.check_overlap(&inner, depth + 1)?;
            }
        }
        Ok(())
    }

    fn check_pair(&self, a: &Field<'a>, b: &Field<'a>) -> Checked {
        let different_objects = a
            .parent
            .zip(b.parent)
            .is_some_and(|(a, b)| a.name != b.name && a.kind == "OBJECT" && b.kind == "OBJECT");
        if !different_objects {
            let arguments = |field: &Field<'a>| -> BTreeMap<&str, String> {
                let text_of = |argument: &Value| member(argument, "Value").map(printed).unwrap_or_default();
                list(field.node, "Arguments")
                    .into_iter()
                    .map(|argument| (text(argument, "Name"), text_of(argument)))
                    .collect()
            };
            if text(a.node, "Name") != text(b.node, "Name") || arguments(a) != arguments(b) {
                return Err(wrong("fields conflict: use different aliases to fetch both"));
            }
        }
        let types = a.reference().zip(b.reference());
        if types.is_some_and(|(a, b)| self.types_conflict(a, b)) {
            return Err(wrong("fields conflict because they return conflicting types"));
        }
        Ok(())
    }

    fn types_conflict(&self, a: &Value, b: &Value) -> bool {
        match (member(a, "Elem"), member(b, "Elem")) {
            (Some(a_element), Some(b_element)) => {
                flag(a, "NonNull") != flag(b, "NonNull") || self.types_conflict(a_element, b_element)
            }
            (Some(_), None) | (None, Some(_)) => true,
            (None, None) => {
                let leaf = |reference: &Value| self.schema.type_of(reference).is_some_and(Definition::is_leaf);
                let names_differ = text(a, "NamedType") != text(b, "NamedType");
                flag(a, "NonNull") != flag(b, "NonNull") || ((leaf(a) || leaf(b)) && names_differ)
            }
        }
    }
}

/// A field in a selection, and the type that it is selected from.
struct Field<'a> {
    parent: Option<&'a Definition>,
    node: &'a Value,
}

impl<'a> Field<'a> {
    fn reference(&self) -> Option<&'a Value> {
        member(self.parent?.field(text(self.node, "Name"))?, "Type")
    }

    fn kind(&self, schema: &'a Schema) -> Option<&'a Definition> {
        schema.type_of(self.reference()?)
    }
}

/// Whether what is expected has a default, so that a variable there may be null.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Default {
    Yes,
    No,
}

/// The type that an argument or an input field expects.
fn expectation(definition: &Value) -> Option<(&Value, Default)> {
    let has_default =
        member(definition, "DefaultValue").is_some_and(|default| ValueKind::of(default) != ValueKind::Null);
    Some((
        member(definition, "Type")?,
        if has_default { Default::Yes } else { Default::No },
    ))
}

fn nullable(reference: &Value) -> Value {
    let Value::Object(members) = reference else {
        return reference.clone();
    };
    let mut members: BTreeMap<Value, Value> = members
        .iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    members.insert("NonNull".into(), false.into());
    members.into()
}

fn collect_spreads<'a>(node: &'a Value, spreads: &mut BTreeSet<&'a str>) {
    for selection in list(node, "SelectionSet") {
        if member(selection, "Alias").is_none() && member(selection, "TypeCondition").is_none() {
            spreads.insert(text(selection, "Name"));
        }
        collect_spreads(selection, spreads);
    }
}

/// A value as text, to compare.
fn printed(value: &Value) -> String {
    let children = list(value, "Children").into_iter();
    let children = children.map(|child| {
        format!(
            "{}:{}",
            text(child, "Name"),
            member(child, "Value").map(printed).unwrap_or_default()
        )
    });
    format!(
        "{:?} {:?} [{}]",
        ValueKind::of(value),
        text(value, "Raw"),
        children.collect::<Vec<_>>().join(",")
    )
}
