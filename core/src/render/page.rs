//! Lines of at most 80 columns, wrapped between words, with or without colours.

use anstyle::{AnsiColor, Effects};
use textwrap::core::{Fragment, display_width};
use textwrap::wrap_algorithms::wrap_first_fit;

use super::text::Style;
use super::visible::visible;

/// The width that every terminal has.
const COLUMNS: usize = 80;

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// Prose.
    Plain,
    /// A heading or a policy's id.
    Strong,
    /// What is there to be looked up, not to be read.
    Dim,
    /// An address, a login, a path.
    Name,
    /// Something to do.
    Advice,
    /// As it should be.
    Good,
    /// Open, or of medium severity.
    Warning,
    /// Wrong, or of high severity.
    Bad,
    /// Of critical severity.
    Critical,
}

impl Paint {
    fn style(self) -> anstyle::Style {
        match self {
            Self::Plain => anstyle::Style::new(),
            Self::Strong => Effects::BOLD.into(),
            Self::Dim => Effects::DIMMED.into(),
            Self::Name => AnsiColor::Cyan.on_default(),
            Self::Advice => AnsiColor::Blue.on_default() | Effects::BOLD,
            Self::Good => AnsiColor::Green.on_default() | Effects::BOLD,
            Self::Warning => AnsiColor::Yellow.on_default() | Effects::BOLD,
            Self::Bad => AnsiColor::Red.on_default() | Effects::BOLD,
            Self::Critical => AnsiColor::Magenta.on_default() | Effects::BOLD,
        }
    }
}

/// Text of one colour.
#[derive(Clone, Debug)]
pub(super) struct Span {
    paint: Paint,
    text: String,
}

impl Span {
    /// Words of ours: spaces count, so that they can align columns.
    pub(super) fn own(paint: Paint, text: impl Into<String>) -> Self {
        Self {
            paint,
            text: text.into(),
        }
    }

    /// Text from outside: made visible first.
    pub(super) fn foreign(paint: Paint, text: &str) -> Self {
        Self {
            paint,
            text: visible(text),
        }
    }
}

/// A text that grows line by line.
#[derive(Debug)]
pub(super) struct Page {
    style: Style,
    text: String,
}

impl Page {
    pub(super) fn new(style: Style) -> Self {
        Self {
            style,
            text: String::new(),
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// One paragraph: its first line indented by `first`, the others by `rest`. Nothing, where there are no words.
    pub(super) fn paragraph(&mut self, first: usize, rest: usize, spans: &[Span]) {
        let width = |indent: usize| COLUMNS.saturating_sub(indent).max(COLUMNS / 4);
        let (first_width, rest_width) = (width(first), width(rest));
        let words: Vec<_> = words(spans)
            .into_iter()
            .flat_map(|word| word.fit(first_width.min(rest_width)))
            .collect();
        #[allow(
            clippy::cast_precision_loss,
            reason = "a width of a line of a terminal is a small number"
        )]
        let widths = [first_width as f64, rest_width as f64];
        let lines = wrap_first_fit(&words, &widths);
        for (number, line) in lines.into_iter().filter(|line| !line.is_empty()).enumerate() {
            let indent = if number == 0 { first } else { rest };
            self.line(indent, line);
        }
    }

    fn line(&mut self, indent: usize, words: &[Word]) {
        self.text.extend(std::iter::repeat_n(' ', indent));
        let mut paint = Paint::Plain;
        for (position, word) in words.iter().enumerate() {
            for (next, part) in &word.parts {
                self.switch(&mut paint, *next);
                self.text.push_str(part);
            }
            if position + 1 < words.len() {
                // A space has no colour to show, and the word behind it sets its own.
                self.text.extend(std::iter::repeat_n(' ', word.space));
            }
        }
        self.switch(&mut paint, Paint::Plain);
        self.text.push('\n');
    }

    fn switch(&mut self, from: &mut Paint, to: Paint) {
        if self.style == Style::Ansi && *from != to {
            self.text.push_str(&from.style().render_reset().to_string());
            self.text.push_str(&to.style().render().to_string());
        }
        *from = to;
    }
}

/// Text without a space in it, possibly in several colours, and the spaces behind it.
#[derive(Clone, Debug, Default)]
struct Word {
    parts: Vec<(Paint, String)>,
    width: usize,
    space: usize,
}

impl Word {
    fn push(&mut self, paint: Paint, text: &str) {
        self.width += display_width(text);
        match self.parts.last_mut() {
            Some((last, part)) if *last == paint => part.push_str(text),
            _ => self.parts.push((paint, text.to_owned())),
        }
    }

    /// The word itself where it fits a line. Otherwise the pieces of it: broken after dots, brackets and slashes as
    /// addresses and paths have them, and anywhere where there are none.
    fn fit(self, width: usize) -> Vec<Word> {
        if self.width <= width {
            return vec![self];
        }
        let mut pieces = vec![Word::default()];
        for (paint, text) in &self.parts {
            for piece in text.split_inclusive(['.', ']', '/', ',', ':']) {
                let fits = pieces
                    .last()
                    .is_some_and(|last| last.width + display_width(piece) <= width);
                if !fits && pieces.last().is_some_and(|last| last.width > 0) {
                    pieces.push(Word::default());
                }
                for character in piece.chars() {
                    let mut bytes = [0; 4];
                    let character = character.encode_utf8(&mut bytes);
                    if pieces
                        .last()
                        .is_some_and(|last| last.width + display_width(character) > width)
                    {
                        pieces.push(Word::default());
                    }
                    if let Some(last) = pieces.last_mut() {
                        last.push(*paint, character);
                    }
                }
            }
        }
        if let Some(last) = pieces.last_mut() {
            last.space = self.space;
        }
        pieces
    }
}

impl Fragment for Word {
    #[allow(clippy::cast_precision_loss, reason = "no word is 2^52 columns wide")]
    fn width(&self) -> f64 {
        self.width as f64
    }

    #[allow(clippy::cast_precision_loss, reason = "spaces are few")]
    fn whitespace_width(&self) -> f64 {
        self.space as f64
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

/// The words of adjoining spans. A word goes on over the border of two spans that have no space between them.
fn words(spans: &[Span]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for span in spans {
        for piece in span.text.split_inclusive(' ') {
            let text = piece.trim_end_matches(' ');
            if !text.is_empty() {
                match words.last_mut() {
                    Some(last) if last.space == 0 => last.push(span.paint, text),
                    _ => {
                        let mut word = Word::default();
                        word.push(span.paint, text);
                        words.push(word);
                    }
                }
            }
            if let Some(last) = words.last_mut() {
                last.space += piece.len() - text.len();
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(first: usize, rest: usize, spans: &[Span]) -> String {
        let mut page = Page::new(Style::Plain);
        page.paragraph(first, rest, spans);
        page.finish()
    }

    #[test]
    fn words_stay_whole_and_lines_stay_short() {
        let text = "word ".repeat(40);
        let page = plain(2, 4, &[Span::own(Paint::Plain, text)]);
        assert!(page.lines().all(|line| line.len() <= COLUMNS && line.ends_with("word")));
        assert!(page.lines().skip(1).all(|line| line.starts_with("    word")));
        assert_eq!(page.matches("word").count(), 40);
    }

    #[test]
    fn long_addresses_break_at_dots() {
        let address = "module.payments_platform_europe.module.ledger_database.aws_db_instance.primary_of_the_ledger";
        assert_eq!(
            plain(4, 4, &[Span::foreign(Paint::Name, address)]),
            "    module.payments_platform_europe.module.ledger_database.aws_db_instance.\n    primary_of_the_ledger\n"
        );
    }

    #[test]
    fn what_has_no_border_breaks_anywhere() {
        let page = plain(0, 0, &[Span::foreign(Paint::Name, &"大".repeat(50))]);
        assert_eq!(page, format!("{}\n{}\n", "大".repeat(40), "大".repeat(10)));
    }

    #[test]
    fn a_word_in_two_colours_is_one_word() {
        let mut page = Page::new(Style::Ansi);
        page.paragraph(
            0,
            0,
            &[
                Span::own(Paint::Bad, "no"),
                Span::own(Paint::Plain, ", never  "),
                Span::own(Paint::Good, "yes"),
            ],
        );
        assert_eq!(
            page.finish(),
            "\u{1b}[1m\u{1b}[31mno\u{1b}[0m, never  \u{1b}[1m\u{1b}[32myes\u{1b}[0m\n"
        );
    }
}
