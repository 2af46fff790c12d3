//! A string of which some parts are unknown: what analysis knows of a name, what a catalogue
//! template gives for an ARN, and what a policy writes as a resource.

use std::fmt::Write as _;

use crate::contain::{Token, tokens_of_policy_string};

/// One piece of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Exactly this text.
    Literal(String),
    /// Any text: the policy gets `*` here.
    Any,
    /// Exactly this many characters of any value: the policy gets as many `?`.
    AnyChars(u8),
    /// A policy variable or symbolic reference that is written as it stands, such as
    /// `${aws:username}`. Only the catalogue and templates make these, never scanned code.
    Raw(String),
}

/// A string with unknown parts. Adjacent literals are joined and adjacent [`Part::Any`] collapse, so
/// equal patterns compare equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern {
    parts: Vec<Part>,
}

impl Pattern {
    /// The pattern that matches exactly `text`.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        let mut pattern = Pattern::default();
        pattern.push(Part::Literal(text.into()));
        pattern
    }

    /// The pattern that a policy writes as `text`: the opposite of [`Pattern::to_policy_string`], except
    /// that a policy variable is taken for its characters.
    #[must_use]
    pub fn from_policy_string(text: &str) -> Self {
        let mut pattern = Pattern::default();
        for token in tokens_of_policy_string(text) {
            match token {
                Token::Char(character) => pattern.push_literal(character.encode_utf8(&mut [0; 4])),
                Token::One => pattern.push(Part::AnyChars(1)),
                Token::Many => pattern.push(Part::Any),
                Token::Variable(name) => pattern.push_literal(name),
            }
        }
        pattern
    }

    /// The resource that a policy writes as `text`: `*` and `?` are wildcards, and policy variables stay variables.
    #[must_use]
    pub fn of_policy_resource(text: &str) -> Self {
        let mut pattern = Pattern::default();
        pattern.push_policy_text(text);
        pattern
    }

    /// Appends text as a policy writes it.
    pub fn push_policy_text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(position) = rest.find(['*', '?', '$']) {
            let (before, after) = rest.split_at(position);
            self.push_literal(before);
            let variable = after.strip_prefix("${").and_then(|inner| inner.split_once('}'));
            rest = match (after.as_bytes()[0], variable) {
                (b'$', Some((escaped @ ("*" | "?" | "$"), rest))) => {
                    self.push_literal(escaped);
                    rest
                }
                (b'$', Some((variable, rest))) => {
                    self.push(Part::Raw(format!("${{{variable}}}")));
                    rest
                }
                (first, _) => {
                    match first {
                        b'*' => self.push(Part::Any),
                        b'?' => self.push(Part::AnyChars(1)),
                        _ => self.push_literal("$"),
                    }
                    &after[1..]
                }
            };
        }
        self.push_literal(rest);
    }

    /// The pattern of which nothing is known.
    #[must_use]
    pub fn any() -> Self {
        Pattern { parts: vec![Part::Any] }
    }

    /// Appends a part, keeping the normal form.
    pub fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (_, Part::Literal(text)) if text.is_empty() => {}
            (Some(Part::Literal(last)), Part::Literal(text)) => last.push_str(&text),
            (Some(Part::Any), Part::Any) => {}
            (Some(Part::AnyChars(last)), Part::AnyChars(count)) if last.checked_add(count).is_some() => {
                *last += count;
            }
            (_, part) => self.parts.push(part),
        }
    }

    /// Appends literal text.
    pub fn push_literal(&mut self, text: &str) {
        self.push(Part::Literal(text.to_owned()));
    }

    /// Appends all parts of another pattern.
    pub fn push_pattern(&mut self, other: &Pattern) {
        for part in &other.parts {
            self.push(part.clone());
        }
    }

    /// The parts in order, in normal form.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The text, when all of it is known.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The known text at the start, possibly empty.
    #[must_use]
    pub fn literal_prefix(&self) -> &str {
        match self.parts.first() {
            Some(Part::Literal(text)) => text,
            _ => "",
        }
    }

    /// The known text at the end, possibly empty.
    #[must_use]
    pub fn literal_suffix(&self) -> &str {
        match self.parts.last() {
            Some(Part::Literal(text)) => text,
            _ => "",
        }
    }

    /// Whether nothing at all is known.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.parts == [Part::Any]
    }

    /// Whether some part is unknown.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Any))
    }

    /// Splits at the first literal occurrence of `separator`, which lies in neither half.
    #[must_use]
    pub fn split_once(&self, separator: char) -> Option<(Pattern, Pattern)> {
        let position = self
            .parts
            .iter()
            .position(|part| matches!(part, Part::Literal(text) if text.contains(separator)))?;
        let Part::Literal(text) = &self.parts[position] else { return None };
        let (before, after) = text.split_once(separator)?;
        let mut head = Pattern { parts: self.parts[..position].to_vec() };
        head.push_literal(before);
        let mut tail = Pattern::literal(after);
        for part in &self.parts[position + 1..] {
            tail.push(part.clone());
        }
        Some((head, tail))
    }

    /// The pattern as an IAM policy writes it: unknown parts as `*` or `?`, and every literal `*`, `?`
    /// and `$` escaped as `${*}`, `${?}` and `${$}`. A character that no policy may contain becomes `?`,
    /// the narrowest text that still matches it; see [`Pattern::has_unwritable_characters`].
    ///
    /// Sources: "IAM policy elements: Variables and tags", special characters; "IAM and AWS STS
    /// quotas", IAM name requirements.
    #[must_use]
    pub fn to_policy_string(&self) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => escape_into(text, &mut out),
                Part::Any => out.push('*'),
                Part::AnyChars(count) => out.extend(std::iter::repeat_n('?', usize::from(*count))),
                Part::Raw(text) => out.push_str(text),
            }
        }
        out
    }

    /// Whether a literal part has a character that no policy document may contain, so that the
    /// policy matches any character in its place.
    #[must_use]
    pub fn has_unwritable_characters(&self) -> bool {
        let unwritable = |text: &String| text.chars().any(|character| !is_writable(character));
        self.parts.iter().any(|part| matches!(part, Part::Literal(text) if unwritable(text)))
    }
}

/// Tab, line feed, carriage return and U+0020 to U+00FF.
fn is_writable(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}')
}

fn escape_into(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '*' | '?' | '$' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "${{{character}}}");
            }
            other if is_writable(other) => out.push(other),
            _ => out.push('?'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_names_are_escaped() {
        let mut pattern = Pattern::literal("a*b?$");
        pattern.push(Part::Any);
        assert_eq!(pattern.to_policy_string(), "a${*}b${?}${$}*");
    }

    #[test]
    fn characters_that_no_policy_may_contain_match_any_one_character() {
        let pattern = Pattern::literal("bücher/\u{1f600}.txt");
        assert_eq!(pattern.to_policy_string(), "bücher/?.txt");
        assert!(pattern.has_unwritable_characters());
        assert!(!Pattern::literal("bücher\t").has_unwritable_characters());
    }

    #[test]
    fn what_a_policy_writes_is_read_back() {
        for text in ["arn:aws:s3:::b/a*b", "x-??????", "a${*}b${?}${$}*", ""] {
            assert_eq!(Pattern::from_policy_string(text).to_policy_string(), text);
        }
        assert_eq!(Pattern::from_policy_string("${aws:username}").to_policy_string(), "${$}{aws:username}");
    }

    #[test]
    fn a_resource_of_a_policy_keeps_its_variables() {
        for text in ["arn:aws:s3:::b-${aws:username}/a?*", "x-??????", "${*}", ""] {
            assert_eq!(Pattern::of_policy_resource(text).to_policy_string(), text);
        }
        assert_eq!(Pattern::of_policy_resource("a${b$").to_policy_string(), "a${$}{b${$}");
    }

    #[test]
    fn split_keeps_unknown_parts_on_their_side() {
        let mut pattern = Pattern::literal("bucket/");
        pattern.push(Part::Any);
        pattern.push_literal("/x");
        let (head, tail) = pattern.split_once('/').expect("has a slash");
        assert_eq!(head.as_literal(), Some("bucket"));
        assert_eq!(tail.to_policy_string(), "*/x");
    }

    #[test]
    fn adjacent_unknown_parts_collapse() {
        let mut pattern = Pattern::any();
        pattern.push(Part::Any);
        assert!(pattern.is_any());
    }
}
