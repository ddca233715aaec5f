//! What went wrong while reading an input or compiling policies.

mod codes;

use std::fmt;

use serde::Serialize;

use crate::location::Location;
use crate::suggest;

/// An input that cannot be read, or policies that cannot be compiled.
///
/// One opaque type for the whole library: a kind for `match`, a stable [`code`](Error::code) for machines, a
/// [location](Error::location) and a [help](Error::help) line for people. A policy that objects is a
/// [`Finding`](crate::Finding), and a policy that fails while it runs is part of the [`Report`](crate::Report): neither is an `Error`.
///
/// Messages are lower case without a full stop, name what was found, and never hold a value of the plan, which could be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Repr>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Repr {
    kind: ErrorKind,
    code: &'static str,
    message: String,
    location: Option<Location>,
    help: Option<String>,
    others: Vec<Error>,
}

/// What an [`Error`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// Bytes that are not the format they should be: JSON, TOML, Rego, RFC 3339.
    Syntax,
    /// Well-formed, but not the document that was expected here.
    Shape,
    /// The right document in a version or variant that is not supported.
    Unsupported,
    /// A policy, its metadata or its configuration is wrong.
    Policy,
    /// A limit on size, depth or time was reached.
    Limit,
}

impl Error {
    /// An error without a location or help yet. `code` is one of [`Error::CODES`].
    pub(crate) fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            code,
            message: message.into(),
            location: None,
            help: None,
            others: Vec::new(),
        }))
    }

    #[must_use]
    pub(crate) fn at(mut self, location: Location) -> Self {
        self.0.location = Some(location);
        self
    }

    #[must_use]
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// With the help line of [`suggest::help`], where there is one.
    #[must_use]
    pub(crate) fn suggesting<'a>(self, found: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match suggest::help(found, known) {
            Some(help) => self.with_help(help),
            None => self,
        }
    }

    /// The first of several errors, holding the rest. `None` when there are none.
    pub(crate) fn all(errors: impl IntoIterator<Item = Error>) -> Option<Self> {
        let mut errors = errors.into_iter();
        let mut first = errors.next()?;
        first.0.others.extend(errors);
        Some(first)
    }

    /// The same error in a text or document of another name: `plan` becomes `plans/prod.json`.
    ///
    /// The library reads bytes and does not know what they are called; whoever read the file does.
    #[must_use]
    pub fn in_source(mut self, name: &str) -> Self {
        self.0.location = self.0.location.map(|location| location.named(name));
        self
    }

    /// What the error is about.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// A stable name for this error, such as `plan.format_version`: one of [`Error::CODES`], which `docs/errors.md` lists.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What was found, in one line.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it was found, as far as it is one place.
    pub fn location(&self) -> Option<&Location> {
        self.0.location.as_ref()
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// This error and all others found in the same run, in the order of their places.
    pub fn each(&self) -> impl Iterator<Item = &Error> {
        std::iter::once(self).chain(&self.0.others)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.0.location {
            write!(f, "{location}: ")?;
        }
        f.write_str(&self.0.message)?;
        match self.0.others.len() {
            0 => Ok(()),
            1 => f.write_str(" (and 1 more error)"),
            more => write!(f, " (and {more} more errors)"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .field("location", &self.0.location)
            .field("help", &self.0.help)
            .field("others", &self.0.others)
            .finish()
    }
}

impl std::error::Error for Error {}

impl Serialize for Error {
    /// As plain data for the bindings: `{kind, code, message, location?, help?, others?}`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Flat<'a> {
            kind: ErrorKind,
            code: &'a str,
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            location: Option<&'a Location>,
            #[serde(skip_serializing_if = "Option::is_none")]
            help: Option<&'a str>,
            #[serde(skip_serializing_if = "<[Error]>::is_empty")]
            others: &'a [Error],
        }
        let repr = &*self.0;
        Flat {
            kind: repr.kind,
            code: repr.code,
            message: &repr.message,
            location: repr.location.as_ref(),
            help: repr.help.as_deref(),
            others: &repr.others,
        }
        .serialize(serializer)
    }
}
