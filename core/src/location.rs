//! Where something is: a place in a JSON document or in a text.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A place in a JSON document, as an RFC 6901 pointer: `/resource_changes/3/change/after`.
///
/// The empty pointer is the whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// This pointer, one member or element further down. `~` and `/` in the name are escaped.
    #[must_use]
    pub fn join(&self, step: impl fmt::Display) -> Self {
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{step}", self.0))
    }

    /// The pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "the top level" } else { &self.0 })
    }
}

/// A line and a column of a text, both counted from 1. Columns count characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1.
    pub column: u32,
}

impl Position {
    /// The position of byte `offset` in `text`. An offset past the end is the end.
    pub fn of_byte(text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = text.get(..offset).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        Self {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

/// Where an error or a finding is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Location {
    /// A place in a text: Rego, TOML, or JSON that does not parse.
    Text {
        /// The name of the text, such as `tags.rego`.
        source: Arc<str>,
        /// The line, from 1.
        line: u32,
        /// The character in the line, from 1.
        column: u32,
    },
    /// A place in a document that does parse.
    Document {
        /// The name of the document, such as `plan.json`.
        source: Arc<str>,
        /// The member or element.
        pointer: Pointer,
    },
}

impl Location {
    /// A place in a text.
    pub fn text(source: impl Into<Arc<str>>, position: Position) -> Self {
        Self::Text {
            source: source.into(),
            line: position.line,
            column: position.column,
        }
    }

    /// A place in a document.
    pub fn document(source: impl Into<Arc<str>>, pointer: Pointer) -> Self {
        Self::Document {
            source: source.into(),
            pointer,
        }
    }

    /// The name of the text or document.
    pub fn source(&self) -> &str {
        match self {
            Self::Text { source, .. } | Self::Document { source, .. } => source,
        }
    }

    /// The same place in a text or document of another name.
    #[must_use]
    pub(crate) fn named(self, name: &str) -> Self {
        match self {
            Self::Text { line, column, .. } => Self::Text {
                source: name.into(),
                line,
                column,
            },
            Self::Document { pointer, .. } => Self::Document {
                source: name.into(),
                pointer,
            },
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { source, line, column } => write!(f, "{source}:{line}:{column}"),
            Self::Document { source, pointer } => write!(f, "{source} at {pointer}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_names() {
        assert_eq!(Pointer::root().join("a/b").join("c~d").join(3).as_str(), "/a~1b/c~0d/3");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(Position::of_byte("é = 1\né = 2", 9), Position { line: 2, column: 2 });
        assert_eq!(Position::of_byte("ab", 99), Position { line: 1, column: 3 });
    }
}
