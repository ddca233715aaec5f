//! Text of plans and policies made fit to be seen: one line, and nothing in it that moves a cursor or hides.

/// `text` on one line. Runs of white space become one space; control characters, among them the escape that begins a terminal
/// sequence, and characters that are invisible or turn the direction of writing are spelled out as `\u{1b}`.
pub(super) fn visible(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !clean.is_empty() {
            clean.push(' ');
        }
        for character in word.chars() {
            if is_deceptive(character) {
                clean.extend(character.escape_unicode());
            } else {
                clean.push(character);
            }
        }
    }
    clean
}

fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            // Zero width and direction marks, line separators, embeddings, isolates.
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            // Interlinear annotation, and tags that spell invisible text.
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        assert_eq!(
            visible("red \u{1b}[31mred\u{7} \u{9b}2J"),
            r"red \u{1b}[31mred\u{7} \u{9b}2J"
        );
        assert_eq!(visible("  two\r\n\tlines \u{2028} "), "two lines");
        assert_eq!(visible("a\u{202e}b\u{200b}c"), r"a\u{202e}b\u{200b}c");
        assert_eq!(visible("größe 大きい"), "größe 大きい");
    }
}
