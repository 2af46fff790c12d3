//! Edits of a text and what they have to know of its lines.

use std::ops::Range;

/// A replacement of a part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file, as it was given.
    pub path: String,
    /// The bytes that are replaced; empty where something is inserted.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

/// The text with all edits that are about the file. Edits do not overlap; those at the same place stand in
/// the order in which they are given.
#[must_use]
pub fn edited(path: &str, text: &str, edits: &[Edit]) -> String {
    let mut own: Vec<&Edit> = edits.iter().filter(|edit| edit.path == path).collect();
    own.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len() + own.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in own {
        let start = edit.range.start.max(at);
        out.push_str(text.get(at..start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.range.end.max(start);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The line ending that most lines of a text have.
pub(crate) fn line_ending(text: &str) -> &'static str {
    let all = text.bytes().filter(|&byte| byte == b'\n').count();
    if text.matches("\r\n").count() * 2 > all { "\r\n" } else { "\n" }
}

/// The offset of the first byte of the line.
pub(crate) fn line_start(text: &str, offset: usize) -> usize {
    let start = text[..offset].rfind('\n').map_or(0, |feed| feed + 1);
    // What stands before the first line is no part of it.
    if start == 0 && text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { start }
}

/// The mark that some editors put before a text.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// The offset behind the last byte of the line, before its line ending.
pub(crate) fn line_end(text: &str, offset: usize) -> usize {
    let end = text[offset..].find('\n').map_or(text.len(), |feed| offset + feed);
    if text[offset..end].ends_with('\r') { end - 1 } else { end }
}

/// The offset behind the line ending of the line.
pub(crate) fn next_line(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |feed| offset + feed + 1)
}

/// The white space that the line starts with.
pub(crate) fn indentation(text: &str, offset: usize) -> &str {
    let line = &text[line_start(text, offset)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_from_the_first_to_the_last_and_only_in_their_file() {
        let edit = |path: &str, range, text: &str| Edit { path: path.into(), range, text: text.into() };
        let edits = [edit("a", 4..5, "E"), edit("a", 1..1, "x"), edit("b", 0..5, ""), edit("a", 1..1, "y")];
        assert_eq!(edited("a", "abcde", &edits), "axybcdE");
    }

    #[test]
    fn lines_end_before_their_line_ending() {
        let text = "\u{feff}a\r\n  b\r\nc";
        assert_eq!(line_ending(text), "\r\n");
        let b = text.find('b').expect("b");
        assert_eq!((&text[line_start(text, b)..line_end(text, b)], indentation(text, b)), ("  b", "  "));
        assert_eq!(&text[next_line(text, b)..], "c");
        assert_eq!(line_start(text, 4), 3);
    }
}
