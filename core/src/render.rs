//! Reports for people and machines. One format a file; none of them decides anything.

mod escape;
mod json;
mod markdown;
mod page;
#[cfg(test)]
mod samples;
mod steps;
mod summary;
mod text;
mod visible;

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};
use crate::report::Report;

pub use text::Style;

/// A way to write a report down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For a terminal of 80 columns, without colours. [`Report::render_styled`] has them.
    Text,
    /// The report as it is, for machines.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

impl Format {
    /// All formats.
    pub const ALL: &[Self] = &[Self::Text, Self::Json, Self::Markdown];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "markdown",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.as_str() == name)
            .ok_or_else(|| {
                let names: Vec<_> = Self::ALL.iter().map(|format| format.as_str()).collect();
                Error::new(
                    ErrorKind::Unsupported,
                    "render.format",
                    format!("unknown format `{name}`"),
                )
                .with_help(format!("one of: {}", names.join(", ")))
            })
    }
}

impl Report {
    /// The report in a format. Every format ends with a line feed.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text => text::render(self, Style::Plain),
            Format::Json => json::render(self),
            Format::Markdown => markdown::render(self),
        }
    }

    /// The text format in a style: plain, or with ANSI colours for a terminal.
    pub fn render_styled(&self, style: Style) -> String {
        text::render(self, style)
    }
}
