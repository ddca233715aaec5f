//! Text of plans and policies made fit to stand in Markdown: it shows as it is, formats nothing, links nothing and pings nobody.

use super::visible::visible;

/// Longer texts are cut, so that no single message fills a comment.
const LONGEST: usize = 500;

/// `text` as prose. What stands between backticks stays code, as policies' messages have it.
pub(super) fn prose(text: &str) -> String {
    let text = shortened(text);
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('`') {
        literal(&mut escaped, before);
        match after.split_once('`') {
            Some((inside, behind)) if is_plain_code(inside) => {
                escaped.push_str(&code(inside));
                rest = behind;
            }
            _ => {
                escaped.push_str("\\`");
                rest = after;
            }
        }
    }
    literal(&mut escaped, rest);
    escaped
}

/// `text` as code: nothing in it means anything, mentions included.
pub(super) fn code(text: &str) -> String {
    let text = shortened(text);
    let longest_run = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest_run + 1);
    // A space keeps the fence apart from a backtick, and is not shown.
    let space = if longest_run > 0 || text.is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A pipe ends a table cell even in code.
fn is_plain_code(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains('|')
}

fn shortened(text: &str) -> String {
    let text = visible(text);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Adds text in which every character stands for itself.
///
/// A backslash keeps Markdown off, but not GitHub's second pass, which finds `@mentions`, `#123`, `GH-123` and addresses of the web
/// in the finished text: a space of no width, visible here as `&#8203;`, does.
fn literal(escaped: &mut String, text: &str) {
    const NOTHING: &str = "&#8203;";
    for (position, character) in text.char_indices() {
        let starts = escaped.is_empty();
        let (before, after) = text.split_at(position);
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '|' => escaped.push_str("&#124;"),
            '$' => escaped.push_str("&#36;"),
            '@' | '#' => {
                escaped.push('\\');
                escaped.push(character);
                escaped.push_str(NOTHING);
            }
            '\\' | '*' | '_' | '[' | ']' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '-' | '+' | '=' if starts => {
                escaped.push('\\');
                escaped.push(character);
            }
            // `1.` and `1)` begin a list.
            '.' | ')' if escaped.chars().all(|c| c.is_ascii_digit()) => {
                escaped.push('\\');
                escaped.push(character);
            }
            ':' if after.starts_with("://") => {
                escaped.push(':');
                escaped.push_str(NOTHING);
            }
            '.' if ends_with(before, "www") => {
                escaped.push('.');
                escaped.push_str(NOTHING);
            }
            '-' if ends_with(before, "gh") => {
                escaped.push('-');
                escaped.push_str(NOTHING);
            }
            _ => escaped.push(character),
        }
    }
}

fn ends_with(text: &str, end: &str) -> bool {
    text.chars()
        .rev()
        .zip(end.chars().rev())
        .filter(|(a, b)| a.eq_ignore_ascii_case(b))
        .count()
        == end.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_shows_as_it_is() {
        assert_eq!(prose("tag `owner` is missing"), "tag `owner` is missing");
        assert_eq!(prose("a | b * c_d ~ [x](y)"), "a &#124; b \\* c\\_d \\~ \\[x\\](y)");
        assert_eq!(prose("one ` two"), "one \\` two");
        assert_eq!(prose("``` x"), "\\`\\`\\` x");
        assert_eq!(prose("1. no list"), "1\\. no list");
        assert_eq!(prose("- no list"), "\\- no list");
        assert_eq!(prose("a\n# b"), "a \\#&#8203; b");
    }

    #[test]
    fn nothing_is_injected_and_nobody_pinged() {
        assert_eq!(
            prose("<img src=x> @octocat/all #1 GH-1 https://x WWW.y: z-h"),
            "&lt;img src=x&gt; \\@&#8203;octocat/all \\#&#8203;1 GH-&#8203;1 https:&#8203;//x WWW.&#8203;y: z-h"
        );
        assert_eq!(
            prose("`@octocat` <!-- `|` -->"),
            "`@octocat` &lt;\\!-- \\`&#124;\\` --&gt;"
        );
        assert_eq!(prose("`</details>`"), "`</details>`");
    }

    #[test]
    fn code_stays_code() {
        assert_eq!(code("a[\"b\"]"), "`a[\"b\"]`");
        assert_eq!(code("a`b``c"), "``` a`b``c ```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("two\nlines"), "`two lines`");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(prose(&"é".repeat(501)), format!("{}…", "é".repeat(500)));
    }
}
