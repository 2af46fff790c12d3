//! Makes text that others wrote safe to print. Without this a file name or a string literal could
//! clear the reader's terminal, forge a line of output or show text in another order than it has.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character does something to a terminal or to the text around it, or cannot be seen.
#[must_use]
pub fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(character,
            // Marks that change the direction of text.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Separators of lines and paragraphs, and characters without width or meaning.
            | '\u{2028}' | '\u{2029}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text on one line with active characters as escapes: `\n`, `\u{1b}`.
#[must_use]
pub fn inert(text: &str) -> Cow<'_, str> {
    if !text.contains(is_active) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => out.extend(character.escape_default()),
            _ if is_active(character) => out.extend(character.escape_unicode()),
            _ => out.push(character),
        }
    }
    Cow::Owned(out)
}

/// JSON text with the active characters in its strings as escapes, which mean the same. Line feeds
/// stand between the tokens and stay.
#[must_use]
pub fn in_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character != '\n' && is_active(character) {
            escape_utf16(character, &mut out);
        } else {
            out.push(character);
        }
    }
    out
}

/// Appends `\uXXXX`, twice for characters beyond the basic plane.
pub fn escape_utf16(character: char, out: &mut String) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_line_breaks_and_direction_marks_become_visible() {
        assert_eq!(inert("a\u{1b}[2Jb\nc\u{202e}d\u{9b}1m"), "a\\u{1b}[2Jb\\nc\\u{202e}d\\u{9b}1m");
    }

    #[test]
    fn ordinary_text_of_any_script_is_left_alone() {
        assert!(matches!(inert("Zürich 東京 👩‍🚀"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_means_the_same_afterwards() {
        let value = serde_json::json!({"a": "x\u{7f}\u{202e}\u{e0041}\n\u{1b}"});
        let text = in_json(&serde_json::to_string_pretty(&value).expect("writes"));
        assert!(!text.contains(|c| c != '\n' && is_active(c)), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("reads"), value);
    }
}
