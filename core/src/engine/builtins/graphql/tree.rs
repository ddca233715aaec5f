//! Syntax trees of GraphQL as plain values, in the shape that OPA gives them: the structs of `gqlparser`, without what is empty.

use std::collections::BTreeMap;

use regorus::Value;

/// A node that is being built. What is empty is left out.
#[derive(Debug, Default)]
pub(super) struct Node(BTreeMap<Value, Value>);

impl Node {
    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        let empty = match &value {
            Value::Null | Value::Undefined => true,
            Value::Array(array) => array.first().is_none(),
            Value::Object(object) => object.is_empty(),
            _ => false,
        };
        if !empty {
            self.0.insert(name.into(), value);
        }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.put(name, value);
        self
    }
}

impl From<Node> for Value {
    fn from(node: Node) -> Self {
        node.0.into()
    }
}

pub(super) fn member<'a>(node: &'a Value, name: &str) -> Option<&'a Value> {
    match node {
        Value::Object(object) => object.get(&Value::from(name)),
        _ => None,
    }
}

/// The text under a name, empty where there is none.
pub(super) fn text<'a>(node: &'a Value, name: &str) -> &'a str {
    match member(node, name) {
        Some(Value::String(text)) => text,
        _ => "",
    }
}

pub(super) fn list<'a>(node: &'a Value, name: &str) -> Vec<&'a Value> {
    match member(node, name) {
        Some(Value::Array(array)) => array.iter().collect(),
        _ => Vec::new(),
    }
}

pub(super) fn flag(node: &Value, name: &str) -> bool {
    member(node, name) == Some(&Value::Bool(true))
}

/// The node of a list whose `Name` it is.
pub(super) fn named<'a>(nodes: &[&'a Value], name: &str) -> Option<&'a Value> {
    nodes.iter().copied().find(|node| text(node, "Name") == name)
}

/// The texts of a list.
pub(super) fn texts<'a>(node: &'a Value, name: &str) -> Vec<&'a str> {
    let text = |value: &'a Value| match value {
        Value::String(text) => Some(&**text),
        _ => None,
    };
    list(node, name).into_iter().filter_map(text).collect()
}

/// The name in the middle of a type reference.
pub(super) fn type_name(reference: &Value) -> &str {
    let mut reference = reference;
    while let Some(element) = member(reference, "Elem") {
        reference = element;
    }
    text(reference, "NamedType")
}

/// What a value is, as `gqlparser` numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    Variable,
    Int,
    Float,
    Text,
    Block,
    Boolean,
    Null,
    Enum,
    List,
    Object,
}

impl ValueKind {
    pub(super) const ALL: [Self; 10] = [
        Self::Variable,
        Self::Int,
        Self::Float,
        Self::Text,
        Self::Block,
        Self::Boolean,
        Self::Null,
        Self::Enum,
        Self::List,
        Self::Object,
    ];

    pub(super) fn number(self) -> Value {
        Value::from(Self::ALL.iter().position(|kind| *kind == self).unwrap_or_default())
    }

    pub(super) fn of(value: &Value) -> Self {
        let number = member(value, "Kind")
            .and_then(|kind| kind.as_u64().ok())
            .and_then(|number| usize::try_from(number).ok());
        number
            .and_then(|number| Self::ALL.get(number))
            .copied()
            .unwrap_or(Self::Variable)
    }
}
