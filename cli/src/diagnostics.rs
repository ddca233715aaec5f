//! Problems on standard error, in the form that compilers use: code, place, line with a caret, help.

use std::io::Write;

use annotate_snippets::{
    AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, Title, normalize_untrusted_str,
};
use plangate::Location;

use crate::problem::{Problem, Problems, Texts};

const COLUMNS: usize = 80;

/// Prints every problem. Colours are for terminals, as `NO_COLOR` and `CLICOLOR` have it.
pub(crate) fn print(problems: &Problems) {
    let mut text = String::new();
    for problem in &problems.all {
        match problem {
            Problem::Library(error) => {
                for error in error.each() {
                    text.push_str(&library(error, &problems.texts));
                }
            }
            Problem::Own(own) => {
                let title = Level::ERROR.primary_title(own.message.as_str()).id(own.code);
                text.push_str(&render(title, None, own.help.as_deref()));
            }
        }
    }
    // Nobody is left to tell when standard error is closed.
    let _ = anstream::stderr().write_all(text.as_bytes());
}

fn library(error: &plangate::Error, texts: &Texts) -> String {
    let title = Level::ERROR.primary_title(error.message()).id(error.code());
    let place = error.location().map(|location| match location {
        Location::Text { source, line, column } => match texts.get(&**source) {
            Some(text) => snippet(source, text, *line as usize, *column as usize),
            None => Origin::path(source.to_string())
                .line(*line as usize)
                .char_column(*column as usize)
                .into(),
        },
        // `at` tells a pointer into a document from the path of a file.
        document => Origin::path(normalize_untrusted_str(&document.to_string())).into(),
    });
    render(title, place, error.help())
}

/// The line with a caret under the column, both counted from 1.
fn snippet<'a>(source: &'a str, text: &'a str, line: usize, column: usize) -> Element<'a> {
    let content = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let start = content
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(content.len(), |(start, _)| start);
    let end = content
        .get(start..)
        .and_then(|rest| rest.chars().next())
        .map_or(start, |character| start + character.len_utf8());
    Snippet::source(content)
        .path(source)
        .line_start(line)
        .annotation(AnnotationKind::Primary.span(start..end))
        .into()
}

fn render(title: Title<'_>, place: Option<Element<'_>>, help: Option<&str>) -> String {
    let renderer = Renderer::styled().term_width(COLUMNS);
    let has_line = matches!(place, Some(Element::Cause(_)));
    let error = Group::with_title(title).elements(place);
    let help = help.map(|help| Group::with_title(Level::HELP.secondary_title(wrapped(help))));
    let mut text = match help {
        // The bar that the renderer draws between the two continues the margin of a line. Without one it hangs in the air.
        Some(help) if !has_line => format!("{}\n{}", renderer.render(&[error]), renderer.render(&[help])),
        help => renderer.render(&[error].into_iter().chain(help).collect::<Vec<_>>()),
    };
    text.push_str("\n\n");
    text
}

/// Help in lines that a terminal has room for. The renderer puts them below each other.
fn wrapped(help: &str) -> String {
    textwrap::fill(&normalize_untrusted_str(help), COLUMNS - "help: ".len())
}
