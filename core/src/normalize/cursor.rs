//! A value together with the way to it, so that errors name the place and the kind of what was found there, and never the value.

use super::time;
use crate::error::{Error, ErrorKind};
use crate::json::{Object, Value};
use crate::location::{Location, Pointer};

/// A place in a document that is being read.
///
/// A member that is `null` is read as absent: hosts write one for the other, and so do programs that build such documents.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    value: &'a Value,
    pointer: Pointer,
    document: Document,
}

/// What errors say about a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Document {
    /// Its name: `change`, `actor`.
    pub(super) source: &'static str,
    /// The code of an error about its shape.
    pub(super) code: &'static str,
}

impl<'a> Cursor<'a> {
    pub(super) fn root(document: Document, value: &'a Value) -> Self {
        Self {
            value,
            pointer: Pointer::root(),
            document,
        }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    fn at(&self, step: impl std::fmt::Display, value: &'a Value) -> Self {
        Self {
            value,
            pointer: self.pointer.join(step),
            document: self.document,
        }
    }

    /// An error about this place.
    pub(super) fn error(&self, code: &'static str, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Shape, code, message).at(Location::document(self.document.source, self.pointer.clone()))
    }

    /// The error that something else should stand here.
    pub(super) fn expected(&self, what: &str) -> Error {
        self.error(
            self.document.code,
            format!("expected {what}, found {}", self.value.kind()),
        )
    }

    pub(super) fn object(&self) -> Result<&'a Object, Error> {
        self.value.as_object().ok_or_else(|| self.expected("an object"))
    }

    /// The members of an object.
    pub(super) fn members(&self) -> Result<impl Iterator<Item = (&'a str, Self)> + use<'a>, Error> {
        let (members, object) = (self.object()?, self.clone());
        Ok(members
            .iter()
            .map(move |(name, value)| (name.as_str(), object.at(name, value))))
    }

    /// The elements of a list.
    pub(super) fn items(&self) -> Result<impl ExactSizeIterator<Item = Self> + use<'a>, Error> {
        let items = self.value.as_array().ok_or_else(|| self.expected("an array"))?;
        let list = self.clone();
        Ok(items
            .iter()
            .enumerate()
            .map(move |(index, value)| list.at(index, value)))
    }

    /// The member of this name of an object, unless it is absent or `null`.
    pub(super) fn member(&self, name: &str) -> Result<Option<Self>, Error> {
        let member = self.object()?.get(name).filter(|value| !value.is_null());
        Ok(member.map(|value| self.at(name, value)))
    }

    pub(super) fn required(&self, name: &str) -> Result<Self, Error> {
        self.member(name)?
            .ok_or_else(|| self.error(self.document.code, format!("the object lacks the member `{name}`")))
    }

    pub(super) fn text(&self) -> Result<&'a str, Error> {
        self.value.as_str().ok_or_else(|| self.expected("a string"))
    }

    pub(super) fn flag(&self) -> Result<bool, Error> {
        self.value.as_bool().ok_or_else(|| self.expected("a boolean"))
    }

    pub(super) fn count(&self) -> Result<u64, Error> {
        let count = match self.value {
            Value::Number(number) => number.as_u64(),
            _ => None,
        };
        count.ok_or_else(|| self.expected("a whole number from 0"))
    }

    /// A time, in UTC.
    pub(super) fn time(&self) -> Result<String, Error> {
        time::utc(self.text()?).ok_or_else(|| {
            self.error("time.syntax", "a string that is not an RFC 3339 time")
                .with_help(time::HELP)
        })
    }

    pub(super) fn text_of(&self, name: &str) -> Result<Option<String>, Error> {
        self.member(name)?
            .map(|member| member.text().map(str::to_owned))
            .transpose()
    }

    pub(super) fn flag_of(&self, name: &str) -> Result<Option<bool>, Error> {
        self.member(name)?.map(|member| member.flag()).transpose()
    }

    pub(super) fn count_of(&self, name: &str) -> Result<Option<u64>, Error> {
        self.member(name)?.map(|member| member.count()).transpose()
    }

    pub(super) fn time_of(&self, name: &str) -> Result<Option<String>, Error> {
        self.member(name)?.map(|member| member.time()).transpose()
    }

    /// The texts of a list, in its order. Empty where it is absent.
    pub(super) fn texts_of(&self, name: &str) -> Result<Vec<String>, Error> {
        let Some(list) = self.member(name)? else {
            return Ok(Vec::new());
        };
        list.items()?.map(|item| item.text().map(str::to_owned)).collect()
    }
}

/// Member names for an error: sorted, in backticks, shortened where there are many or one is long.
pub(super) fn list_names<'a>(names: impl ExactSizeIterator<Item = &'a (impl AsRef<str> + 'a)>) -> String {
    const SHOWN: usize = 8;
    let total = names.len();
    let shown = names
        .take(SHOWN)
        .map(|name| quote(name.as_ref()))
        .collect::<Vec<_>>()
        .join(", ");
    match total.saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A member name in backticks, fit for one line of a terminal.
pub(super) fn quote(name: &str) -> String {
    const LONGEST: usize = 40;
    let mut clean: String = name
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() || c == '`' { '?' } else { c })
        .collect();
    if name.chars().nth(LONGEST).is_some() {
        clean.push('…');
    }
    format!("`{clean}`")
}

/// What a value is, in terms that give no value away: its kind and the names of its members.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Object(members) if members.is_empty() => "an object without members".to_owned(),
        Value::Object(members) => format!("an object with the members {}", list_names(members.keys())),
        Value::Array(items) => match items.first() {
            None => "an empty array".to_owned(),
            Some(Value::Object(members)) if !members.is_empty() => {
                format!("an array of objects with the members {}", list_names(members.keys()))
            }
            Some(first) => format!("an array that begins with {}", first.kind()),
        },
        other => other.kind().to_owned(),
    }
}
