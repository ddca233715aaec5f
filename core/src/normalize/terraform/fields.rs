//! Members of an object, taken out by name and type. A null is an absent member, as Go writes it.

use crate::error::{Error, ErrorKind};
use crate::json::{Number, Object, Value};
use crate::location::{Location, Pointer};

/// Where a value stands in the document: a chain on the stack, which becomes a pointer only when an error needs one.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    Document(&'a Pointer),
    Member(&'a Place<'a>, &'a str),
    Element(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Self::Document(pointer) => (*pointer).clone(),
            Self::Member(above, name) => above.pointer().join(name),
            Self::Element(above, index) => above.pointer().join(index),
        }
    }

    fn misfit(&self, expected: &str, found: &str) -> Error {
        let message = format!("expected {expected}, found {found}");
        Error::new(ErrorKind::Shape, "plan.shape", message)
            .at(Location::document("plan", self.pointer()))
            .with_help(super::SHOW)
    }
}

/// The members of an object that are still to be read.
pub(super) struct Fields<'a> {
    members: Object,
    place: &'a Place<'a>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(members: Object, place: &'a Place<'a>) -> Self {
        Self { members, place }
    }

    /// The members of a value that has to be an object.
    pub(super) fn of(value: Value, place: &'a Place<'a>) -> Result<Self, Error> {
        match value {
            Value::Object(members) => Ok(Self::new(members, place)),
            other => Err(place.misfit("an object", other.kind())),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(|value| !value.is_null())
    }

    /// The names of members that nobody has taken.
    pub(super) fn rest(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// Any value; null where absent.
    pub(super) fn any(&mut self, name: &str) -> Value {
        self.members.remove(name).unwrap_or_default()
    }

    /// Any value, as it stands, if there is one.
    pub(super) fn given(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name)
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        match self.any(name) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            other => Err(self.misfit(name, "a string", other.kind())),
        }
    }

    pub(super) fn required_text(&mut self, name: &str) -> Result<String, Error> {
        self.text(name)?.ok_or_else(|| self.misfit(name, "a string", "nothing"))
    }

    pub(super) fn boolean(&mut self, name: &str) -> Result<Option<bool>, Error> {
        match self.any(name) {
            Value::Null => Ok(None),
            Value::Bool(value) => Ok(Some(value)),
            other => Err(self.misfit(name, "a boolean", other.kind())),
        }
    }

    /// A list; empty where absent.
    pub(super) fn list(&mut self, name: &str) -> Result<Vec<Value>, Error> {
        match self.any(name) {
            Value::Null => Ok(Vec::new()),
            Value::Array(items) => Ok(items),
            other => Err(self.misfit(name, "an array", other.kind())),
        }
    }

    /// An object; empty where absent.
    pub(super) fn object(&mut self, name: &str) -> Result<Object, Error> {
        match self.any(name) {
            Value::Null => Ok(Object::new()),
            Value::Object(members) => Ok(members),
            other => Err(self.misfit(name, "an object", other.kind())),
        }
    }

    /// A list of strings; empty where absent.
    pub(super) fn texts(&mut self, name: &str) -> Result<Vec<String>, Error> {
        let items = self.list(name)?;
        let list = Place::Member(self.place, name);
        let text = |(index, item)| match item {
            Value::String(text) => Ok(text),
            other => Err(Place::Element(&list, index).misfit("a string", other.kind())),
        };
        items.into_iter().enumerate().map(text).collect()
    }

    /// A number or a text: an instance key.
    pub(super) fn key(&mut self, name: &str) -> Result<Option<crate::input::Key>, Error> {
        use crate::input::Key;
        match self.any(name) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(Key::String(text))),
            Value::Number(number) => whole(&number)
                .map(|index| Some(Key::Number(index)))
                .ok_or_else(|| self.misfit(name, "a whole number or a string", "another number")),
            other => Err(self.misfit(name, "a number or a string", other.kind())),
        }
    }

    fn misfit(&self, name: &str, expected: &str, found: &str) -> Error {
        Place::Member(self.place, name).misfit(expected, found)
    }
}

/// A whole number from 0 however it is written: `3`, `3.0`.
pub(super) fn whole(number: &Number) -> Option<u64> {
    let text = number.as_str();
    let whole = text.split_once('.').map_or(text, |(whole, fraction)| {
        if fraction.bytes().all(|digit| digit == b'0') {
            whole
        } else {
            text
        }
    });
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_a_pointer_and_no_value() {
        let root = Pointer::root();
        let document = Place::Document(&root);
        let list = Place::Member(&document, "resource_changes");
        let entry = Place::Element(&list, 3);
        let value = Value::from_json("x", br#"{"address": ["hunter2"], "actions": ["a", 5], "index": 1.5}"#).unwrap();
        let mut fields = Fields::of(value, &entry).unwrap();
        let error = fields.text("address").unwrap_err();
        assert_eq!(
            error.to_string(),
            "plan at /resource_changes/3/address: expected a string, found an array"
        );
        let error = fields.texts("actions").unwrap_err();
        assert_eq!(
            error.to_string(),
            "plan at /resource_changes/3/actions/1: expected a string, found a number"
        );
        assert!(fields.key("index").is_err());
        assert!(fields.required_text("type").is_err());
    }

    #[test]
    fn whole_numbers_in_every_spelling() {
        let number = |text: &str| match Value::from_json("x", text.as_bytes()).unwrap() {
            Value::Number(number) => whole(&number),
            _ => None,
        };
        assert_eq!(number("3"), Some(3));
        assert_eq!(number("3.0"), Some(3));
        assert_eq!(number("3.5"), None);
        assert_eq!(number("-1"), None);
    }
}
