//! Regular expressions over known strings. Only what means the same in JavaScript and in the `regex` crate
//! is computed: ASCII patterns without references and assertions, on ASCII strings, without `$` in the
//! replacement. The crate's matching is linear in the string, whatever the pattern.

use perm_infer_analysis::{Args, Atom, LibraryValue, Text, TextKind, TextPart, Value};
use regex::bytes::{Regex, RegexBuilder};

use super::kind;

/// Bytes that a compiled pattern may take.
const MAX_SIZE: usize = 1 << 16;
/// Bytes of a string that is computed with.
const MAX_LENGTH: usize = 4096;

/// `new RegExp(pattern, flags)`
pub(crate) fn expression(args: &Args) -> Value {
    let flags = args.at(1).cloned().unwrap_or_else(|| Value::text("", None));
    let pattern = args.at(0).and_then(Value::to_str);
    match pattern {
        Some(pattern) => Value::library(kind::REGEX, &pattern, vec![("flags", flags)]),
        None => Value::library(kind::REGEX, "", Vec::new()),
    }
}

/// A pattern that can be computed with.
pub(crate) struct Pattern {
    regex: Regex,
    all: bool,
    /// Whether every match is one character, so that the known parts of a string can be looked at alone.
    single: bool,
}

/// The pattern of a value that is a regular expression.
pub(crate) fn pattern(value: &Value) -> Option<Pattern> {
    let Some(Atom::Library(expression)) = value.single() else { return None };
    if expression.kind != kind::REGEX || !expression.name.is_ascii() {
        return None;
    }
    let flags = flags(expression)?;
    let mut builder = RegexBuilder::new(&expression.name);
    builder.unicode(false).size_limit(MAX_SIZE).dfa_size_limit(MAX_SIZE);
    for flag in flags.chars() {
        match flag {
            'g' => {}
            'i' => _ = builder.case_insensitive(true),
            'm' => _ = builder.multi_line(true),
            's' => _ = builder.dot_matches_new_line(true),
            _ => return None,
        }
    }
    let regex = builder.build().ok()?;
    Some(Pattern { regex, all: flags.contains('g'), single: is_single(&expression.name) })
}

fn flags(expression: &LibraryValue) -> Option<String> {
    expression.field("flags")?.to_str()
}

/// One character, one escaped character or one class.
fn is_single(pattern: &str) -> bool {
    match pattern.as_bytes() {
        [b'\\', escaped] => !matches!(escaped, b'b' | b'B'),
        [only] => !b"^$.*+?()|{}[]".contains(only),
        [b'[', inside @ .., b']'] => !inside.is_empty() && !inside.contains(&b']') && !inside.contains(&b'['),
        _ => false,
    }
}

/// `text.replace(pattern, replacement)`; nothing where the result is not certain.
pub(crate) fn replaced(text: &Text, pattern: &Pattern, replacement: &str) -> Option<Text> {
    if replacement.contains('$') {
        return None;
    }
    let limit = if pattern.all { 0 } else { 1 };
    let of = |literal: &str| {
        if !literal.is_ascii() || literal.len() > MAX_LENGTH {
            return None;
        }
        let bytes = pattern.regex.replacen(literal.as_bytes(), limit, replacement.as_bytes());
        String::from_utf8(bytes.into_owned()).ok()
    };
    if let Some(known) = text.to_literal() {
        let site = text.parts().first().and_then(|part| part.site);
        return Some(Text::literal(&of(&known)?, site));
    }
    if !(pattern.single && pattern.all) {
        return None;
    }
    let mut result = Text::default();
    for part in text.parts() {
        match &part.kind {
            TextKind::Literal(literal) => result.push_text(&Text::literal(&of(literal)?, part.site)),
            TextKind::Hole(_) => result.push(TextPart::clone(part)),
        }
    }
    Some(result)
}

/// `text.split(pattern)` of a known string.
pub(crate) fn split(text: &Text, pattern: &Pattern) -> Option<Vec<String>> {
    let known = text.to_literal().filter(|known| known.is_ascii() && known.len() <= MAX_LENGTH)?;
    // Groups would be among the pieces.
    if pattern.regex.captures_len() > 1 {
        return None;
    }
    let pieces = pattern.regex.split(known.as_bytes());
    pieces.map(|piece| String::from_utf8(piece.to_vec()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use perm_infer_analysis::Args;

    use super::*;

    fn compiled(source: &str, flags: &str) -> Option<Pattern> {
        pattern(&expression(&Args::of(vec![Value::text(source, None), Value::text(flags, None)])))
    }

    fn replaced_known(text: &str, source: &str, flags: &str, to: &str) -> Option<String> {
        replaced(&Text::literal(text, None), &compiled(source, flags)?, to)?.to_literal()
    }

    #[test]
    fn known_strings_are_replaced_in() {
        assert_eq!(replaced_known("a_b_c", "_", "g", "-").as_deref(), Some("a-b-c"));
        assert_eq!(replaced_known("a_b_c", "_", "", "-").as_deref(), Some("a-b_c"));
        assert_eq!(replaced_known("Team: A/B", "[^a-z0-9]+", "gi", "-").as_deref(), Some("Team-A-B"));
        assert_eq!(replaced_known("/x/", "^\\/|\\/$", "g", "").as_deref(), Some("x"));
    }

    #[test]
    fn what_may_mean_something_else_is_not_computed() {
        assert_eq!(replaced_known("aa", "(a)\\1", "", "x"), None);
        assert_eq!(replaced_known("ab", "(?=b)", "", "x"), None);
        assert_eq!(replaced_known("ab", "a", "y", "x"), None);
        assert_eq!(replaced_known("ab", "(a)", "", "$1"), None);
        assert_eq!(replaced_known("\u{e4}b", "b", "", "x"), None);
        assert_eq!(replaced_known("ab", "a{1000}{1000}", "", "x"), None);
    }

    #[test]
    fn beside_unknown_parts_only_single_characters_are_replaced() {
        let mut text = Text::literal("a_b", None);
        text.push_text(&crate::shared::computed());
        let mut expected = Text::literal("a-b", None);
        expected.push_text(&crate::shared::computed());
        assert_eq!(replaced(&text, &compiled("_", "g").unwrap(), "-"), Some(expected));
        assert_eq!(replaced(&text, &compiled("_", "").unwrap(), "-"), None);
        assert_eq!(replaced(&text, &compiled("_b", "g").unwrap(), "-"), None);
    }

    #[test]
    fn splitting_gives_the_pieces_of_known_strings() {
        let pieces = |text: &str, source: &str| split(&Text::literal(text, None), &compiled(source, "")?);
        assert_eq!(pieces("a, b;c", "[,;]\\s*").unwrap(), ["a", "b", "c"]);
        assert_eq!(pieces("a,b", "(,)"), None);
    }
}
