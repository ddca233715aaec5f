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
            "rego.too_deep" | "rego.too_long" | "rego.number" => ErrorKind::Limit,
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
