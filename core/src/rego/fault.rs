//! An error in a source before it has the source's name: a code, a span, a message and help.

use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::location::{Location, Position};

use super::syntax::Span;

/// Something wrong at a place of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Fault {
    pub(crate) fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            span,
            message: message.into(),
            help: None,
        }
    }

    #[must_use]
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The error, with line and column in the source.
    pub(crate) fn in_text(self, source: &Arc<str>, text: &str) -> Error {
        let kind = match self.code {
            "rego.parse" => ErrorKind::Syntax,
            "rego.too_deep" | "rego.too_long" => ErrorKind::Limit,
            _ => ErrorKind::Policy,
        };
        let position = Position::of_byte(text, self.span.start as usize);
        let error = Error::new(kind, self.code, self.message).at(Location::text(source.clone(), position));
        match self.help {
            Some(help) => error.with_help(help),
            None => error,
        }
    }
}

/// The known name that an unknown one was probably meant to be.
pub(crate) fn did_you_mean<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(unknown, name), name))
        .filter(|(distance, name)| *distance > 0 && *distance <= (unknown.len().min(name.len()) / 3).max(1))
        .min()
        .map(|(_, name)| name)
}
