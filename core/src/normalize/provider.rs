//! The hosts whose payloads are read, and telling whose a payload is.

use super::cursor::describe;
use super::github;
use crate::error::{Error, ErrorKind};
use crate::input::Input;
use crate::json::Value;
use crate::location::{Location, Pointer};

/// Every host, in the order in which they are asked.
const PROVIDERS: &[Provider] = &[github::PROVIDER];

/// A host of repositories.
pub(super) struct Provider {
    /// Its name, for people.
    pub(super) name: &'static str,
    /// What is read, for people.
    pub(super) payloads: &'static str,
    /// Whether a payload looks like one of its own.
    pub(super) recognizes: fn(&Value) -> bool,
    /// Reads a payload, given as bytes and as their value.
    pub(super) read: fn(Input, &[u8], &Value) -> Result<Input, Error>,
}

impl Input {
    /// Adds a payload about the change, whichever host it comes from: now [GitHub](Input::with_github).
    ///
    /// # Errors
    /// Those of the host's own method, and `change.unrecognized` where the payload is no host's.
    pub fn with_change(self, payload: &[u8]) -> Result<Self, Error> {
        let value = Value::from_json("change", payload)?;
        if value.as_array().is_some_and(<[Value]>::is_empty) {
            return Err(empty_list());
        }
        match PROVIDERS.iter().find(|provider| (provider.recognizes)(&value)) {
            Some(provider) => (provider.read)(self, payload, &value),
            None => Err(unrecognized(&value, PROVIDERS)),
        }
    }
}

/// The error that a payload is none of those that the providers read. It names members, never values.
pub(super) fn unrecognized(value: &Value, providers: &[Provider]) -> Error {
    let names = providers
        .iter()
        .map(|provider| provider.name)
        .collect::<Vec<_>>()
        .join(" or ");
    let payloads = providers
        .iter()
        .map(|provider| format!("{}'s: {}", provider.name, provider.payloads))
        .collect::<Vec<_>>()
        .join("; ");
    refuse(
        "change.unrecognized",
        format!(
            "found {}, which is no payload of {names} that is known",
            describe(value)
        ),
    )
    .with_help(format!("give one of {payloads}"))
}

/// The error about `[]`, which says neither whose it is nor what it lists.
pub(super) fn empty_list() -> Error {
    refuse("change.empty_list", "an empty list, which does not say what it lists")
        .with_help("name it: `{\"reviews\": []}`, `{\"files\": []}`, `{\"commits\": []}` or `{\"rules\": []}`")
}

fn refuse(code: &'static str, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Shape, code, message).at(Location::document("change", Pointer::root()))
}
