//! What most readers of YAML take, those of AWS among them, and YAML does not allow: lines inside of brackets
//! or quotes that are not indented more than the key they belong to. Such lines are indented, and the text is
//! read again.

use std::collections::BTreeSet;

/// What is put before a line: more than anything around it is indented.
const INDENT: usize = 128;

/// How often a text is read; each time but the last finds a place where it is no YAML.
const MAX_ATTEMPTS: usize = 16;

/// A text with some of its lines indented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indented {
    /// The text.
    pub text: String,
    /// Bytes of it before which spaces were inserted, ascending.
    pub inserted: Vec<usize>,
}

impl Indented {
    fn of(original: &str, lines: &BTreeSet<usize>) -> Indented {
        let mut text = String::with_capacity(original.len() + lines.len() * INDENT);
        let mut inserted = Vec::with_capacity(lines.len());
        let mut last = 0;
        for &line in lines {
            text.push_str(&original[last..line]);
            inserted.push(text.len());
            text.extend(std::iter::repeat_n(' ', INDENT));
            last = line;
        }
        text.push_str(&original[last..]);
        Indented { text, inserted }
    }

    /// The byte of the text as it was.
    #[must_use]
    pub fn original(&self, byte: usize) -> usize {
        let before = self.inserted.partition_point(|&place| place < byte);
        let within =
            before.checked_sub(1).map_or(0, |last| INDENT.saturating_sub(byte - self.inserted[last]));
        byte + within - before * INDENT
    }
}

/// Why a text could not be read.
pub struct Failure<E> {
    /// The character at which the reader stopped.
    pub character: usize,
    /// What it says about it.
    pub message: String,
    /// The error for the user.
    pub error: E,
}

/// Reads a text, again with lines indented as long as that helps. The first error counts.
///
/// # Errors
/// When the text is no YAML even so.
pub fn read_leniently<T, E>(
    original: &str,
    mut read: impl FnMut(&Indented) -> Result<T, Box<Failure<E>>>,
) -> Result<T, E> {
    let mut lines = BTreeSet::new();
    let mut first = None;
    for _ in 0..MAX_ATTEMPTS {
        let indented = Indented::of(original, &lines);
        let failure = match read(&indented) {
            Ok(value) => return Ok(value),
            Err(failure) => failure,
        };
        let byte = indented.text.char_indices().nth(failure.character).map(|(byte, _)| byte);
        let byte = indented.original(byte.unwrap_or(indented.text.len()));
        let known = lines.len();
        lines.extend(lines_to_indent(original, byte, &failure.message));
        let error = first.unwrap_or(failure.error);
        if lines.len() == known {
            return Err(error);
        }
        first = Some(error);
    }
    match read(&Indented::of(original, &lines)) {
        Ok(value) => Ok(value),
        Err(failure) => Err(first.unwrap_or(failure.error)),
    }
}

/// The starts of the lines that would have to be indented for the place to be YAML.
fn lines_to_indent(text: &str, byte: usize, message: &str) -> Vec<usize> {
    if message.is_empty() {
        return Vec::new();
    }
    let start = text[..byte].rfind('\n').map_or(0, |feed| feed + 1);
    if is_bracket(&text[start..]) {
        return line_starts(text).filter(|&start| is_bracket(&text[start..])).collect();
    }
    if message.contains("quoted scalar") {
        return continuations(text, byte).unwrap_or_default();
    }
    Vec::new()
}

fn is_bracket(line: &str) -> bool {
    line.trim_start_matches(' ').starts_with([']', '}'])
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    std::iter::once(0).chain(text.match_indices('\n').map(|(feed, _)| feed + 1))
}

/// The starts of the lines in which a quoted text goes on; nothing where it does not end.
fn continuations(text: &str, quote_at: usize) -> Option<Vec<usize>> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(quote_at).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let mut lines = Vec::new();
    let mut at = quote_at + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 1,
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 1,
            byte if byte == quote => return Some(lines),
            b'\n' => lines.push(at + 1),
            _ => {}
        }
        // A line feed may be escaped.
        if bytes.get(at) == Some(&b'\n') && lines.last() != Some(&(at + 1)) {
            lines.push(at + 1);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn continued(text: &str) -> Option<Vec<&str>> {
        let starts = continuations(text, text.find(['"', '\'']).expect("a quote"))?;
        Some(starts.iter().map(|&start| text[start..].lines().next().unwrap_or_default()).collect())
    }

    #[test]
    fn quoted_texts_end_at_their_quote() {
        assert_eq!(continued("a: \"x \\\" it's\ny\\\nz\"\nb: 1"), Some(vec!["y\\", "z\""]));
        assert_eq!(continued("a: 'it''s\n\"y\n'\nb: 1"), Some(vec!["\"y", "'"]));
        assert_eq!(continued("a: 'x\ny"), None);
    }

    #[test]
    fn places_lead_back_to_the_text_as_it_was() {
        let indented = Indented::of("ab\ncd\nef", &BTreeSet::from([3, 6]));
        assert_eq!(indented.inserted, [3, 6 + INDENT]);
        let place = |part: &str| indented.original(indented.text.find(part).expect("part"));
        assert_eq!((place("b\n"), place("cd"), place("d\n"), place("ef")), (1, 3, 4, 6));
        assert_eq!(indented.original(3 + INDENT / 2), 3);
    }

    #[test]
    fn a_text_that_stays_wrong_is_not_read_forever() {
        let mut reads = 0;
        let wrong = "a: \"\n\"\n".repeat(100);
        let result: Result<(), usize> = read_leniently(&wrong, |indented| {
            reads += 1;
            let character = indented.text.match_indices('"').nth(2 * (reads - 1)).expect("a quote").0;
            Err(Box::new(Failure { character, message: "in quoted scalar".to_owned(), error: reads }))
        });
        assert_eq!(result, Err(1));
        assert_eq!(reads, MAX_ATTEMPTS + 1);
    }
}
