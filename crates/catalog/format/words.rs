//! Cutting a line of catalogue text into pieces. Everything here works on one line at a time.

use std::fmt;

/// A line that does not have the expected form. The caller adds file and line number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError(pub String);

impl fmt::Display for FormatError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for FormatError {}

/// Splits at every occurrence of `separator` that is outside parentheses, double and single quotes.
/// The pieces are trimmed; an empty text gives no piece.
pub(super) fn split_outside(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut depth = 0_u32;
    let mut quote: Option<char> = None;
    let mut start = 0;
    for (position, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) if character == separator && depth == 0 => {
                pieces.push(text[start..position].trim());
                start = position + separator.len_utf8();
            }
            (None, _) => {}
        }
    }
    pieces.push(text[start..].trim());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Splits `facts -- reason` into its two halves; the reason is the text after the last ` -- `.
#[must_use]
pub fn split_reason(line: &str) -> (&str, Option<&str>) {
    match line.rsplit_once(" -- ") {
        Some((facts, reason)) => (facts.trim_end(), Some(reason.trim())),
        None => (line, None),
    }
}

/// The text between the quotes, when `text` is quoted with `quote`.
pub(super) fn unquote(text: &str, quote: char) -> Option<&str> {
    text.strip_prefix(quote)?.strip_suffix(quote)
}

/// botocore's method name for an operation, before its few exceptions: an underscore before a capital
/// that starts a word and after a small letter or digit; a plural of capitals (`ARNs`) is one word.
///
/// Source: `xform_name` of botocore.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut text: Vec<char> = name.chars().collect();
    let capitals = text.iter().rev().skip(1).take_while(|character| character.is_ascii_uppercase()).count();
    if text.last() == Some(&'s') && capitals >= 2 {
        let start = text.len() - 1 - capitals;
        text[start..].make_ascii_lowercase_chars();
        text.insert(start, '_');
    }
    let mut out = String::with_capacity(text.len() + 8);
    for (position, &character) in text.iter().enumerate() {
        let before = position.checked_sub(1).map(|index| text[index]);
        let after = text.get(position + 1).copied();
        let starts_word = after.is_some_and(|after| after.is_ascii_lowercase());
        let follows_small =
            before.is_some_and(|before| before.is_ascii_lowercase() || before.is_ascii_digit());
        if character.is_ascii_uppercase()
            && before.is_some_and(|before| before != '_')
            && (starts_word || follows_small)
        {
            out.push('_');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

trait LowerAll {
    fn make_ascii_lowercase_chars(&mut self);
}

impl LowerAll for [char] {
    fn make_ascii_lowercase_chars(&mut self) {
        for character in self {
            character.make_ascii_lowercase();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn method_names_are_botocores() {
        let names = [
            ("ListObjectsV2", "list_objects_v2"),
            ("GetBucketACLs", "get_bucket_acls"),
            ("CreateDBInstance", "create_db_instance"),
            ("GetMLModel", "get_ml_model"),
            ("DescribeVPCs", "describe_vpcs"),
            ("EC2", "ec2"),
        ];
        for (operation, method) in names {
            assert_eq!(snake_case(operation), method);
        }
    }

    #[test]
    fn separators_in_quotes_and_parentheses_do_not_split() {
        assert_eq!(split_outside("a(b c) d 'e f'", ' '), ["a(b c)", "d", "'e f'"]);
        assert_eq!(split_reason("a -- b -- c"), ("a -- b", Some("c")));
    }
}
