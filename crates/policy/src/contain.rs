//! Whether everything that one pattern matches is matched by another too. Used to leave out what a
//! wider grant of the same action already covers.

use crate::pattern::{Part, Pattern};

/// One element of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// This character.
    Char(char),
    /// Any one character.
    One,
    /// Any text.
    Many,
    /// The value of a policy variable: some text, the same wherever the same variable stands.
    Variable(&'a str),
}

/// The tokens of a text in a policy. Policy variables other than the escapes give their characters.
pub(crate) fn tokens_of_policy_string(text: &str) -> Vec<Token<'static>> {
    let mut tokens = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let escaped = ['*', '?', '$'].into_iter().find(|escaped| {
            let tail = rest.strip_prefix("${").and_then(|tail| tail.strip_prefix(*escaped));
            tail.is_some_and(|tail| tail.starts_with('}'))
        });
        match (escaped, character) {
            (Some(escaped), _) => {
                tokens.push(Token::Char(escaped));
                rest = &rest["${*}".len()..];
                continue;
            }
            (None, '*') => tokens.push(Token::Many),
            (None, '?') => tokens.push(Token::One),
            (None, other) => tokens.push(Token::Char(other)),
        }
        rest = &rest[character.len_utf8()..];
    }
    tokens
}

/// Whether everything that one text of a policy matches is matched by another: `a/*` covers `a/b?`. Policy
/// variables other than the escapes count as the characters that they are written with.
#[must_use]
pub fn covers(wide: &str, narrow: &str) -> bool {
    wide == narrow || contains(&tokens_of_policy_string(wide), &tokens_of_policy_string(narrow))
}

/// Whether some text is matched by both of two texts of policies.
#[must_use]
pub fn overlaps(one: &str, other: &str) -> bool {
    let (one, other) = (tokens_of_policy_string(one), tokens_of_policy_string(other));
    // `reached[x]`: the tokens so far and the first `x` of the other can match the same text.
    let mut reached = vec![false; other.len() + 1];
    reached[0] = true;
    skip_stars(&mut reached, &other);
    for token in &one {
        let before = reached.clone();
        let mut next = vec![false; other.len() + 1];
        for (x, opposite) in other.iter().enumerate() {
            let both = match (token, opposite) {
                (Token::Char(a), Token::Char(b)) => a == b,
                _ => true,
            };
            // One character under both; a star on the other side stays where it is.
            let stays = *opposite == Token::Many;
            next[if stays { x } else { x + 1 }] |= before[x] && both;
        }
        if *token == Token::Many {
            let mut any = false;
            for (x, place) in next.iter_mut().enumerate() {
                any |= before[x];
                *place |= any;
            }
        }
        skip_stars(&mut next, &other);
        reached = next;
    }
    reached[other.len()]
}

/// A star may match nothing.
fn skip_stars(reached: &mut [bool], tokens: &[Token<'_>]) {
    for (x, token) in tokens.iter().enumerate() {
        reached[x + 1] |= reached[x] && *token == Token::Many;
    }
}

impl Pattern {
    /// Whether everything that `other` matches is matched by this pattern. Exact for patterns of
    /// literal text and wildcards; a policy variable counts as some text of which nothing is known.
    #[must_use]
    pub fn contains(&self, other: &Pattern) -> bool {
        if self == other {
            return true;
        }
        contains(&tokens(self), &tokens(other))
    }
}

fn tokens(pattern: &Pattern) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for part in pattern.parts() {
        match part {
            Part::Literal(text) => tokens.extend(text.chars().map(Token::Char)),
            Part::Any => tokens.push(Token::Many),
            Part::AnyChars(count) => {
                tokens.extend(std::iter::repeat_n(Token::One, usize::from(*count)));
            }
            Part::Raw(text) => tokens.push(Token::Variable(text)),
        }
    }
    tokens
}

/// A stretch of the wider pattern that matches tokens one by one, and the gap before it.
struct Segment<'a> {
    /// How many characters at least lie between the segment before and this one.
    gap: usize,
    tokens: &'a [Token<'a>],
}

/// The question is decided by laying the wider pattern over the narrower one's tokens: its fixed
/// stretches on tokens that they match in every case, its gaps over the rest. A wildcard of the
/// narrower pattern can be empty, so it counts nothing towards the least length of a gap; it can hold
/// a character that occurs nowhere else, so no literal lies over it. The leftmost place for each
/// stretch leaves most to those after it.
fn contains(wide: &[Token<'_>], narrow: &[Token<'_>]) -> bool {
    let is_star = |token: &Token<'_>| *token == Token::Many;
    let (Some(first), Some(last)) = (wide.iter().position(is_star), wide.iter().rposition(is_star)) else {
        return wide.len() == narrow.len() && lies_over(wide, narrow);
    };
    // `?` next to `*` only raises the least length of the gap: `?*` and `*?` mean the same.
    let head = trim_end(&wide[..first]);
    let tail = trim_start(&wide[last + 1..]);
    let Some(split) = narrow.len().checked_sub(tail.len()).filter(|split| *split >= head.len()) else {
        return false;
    };
    if !lies_over(head, &narrow[..head.len()]) || !lies_over(tail, &narrow[split..]) {
        return false;
    }
    let mut rest = &narrow[head.len()..split];
    let (segments, last_gap) = segments(&wide[head.len()..wide.len() - tail.len()]);
    for segment in &segments {
        match place(segment, rest) {
            Some(end) => rest = &rest[end..],
            None => return false,
        }
    }
    least_length(rest) >= last_gap
}

/// Cuts what lies between head and tail into gaps and segments; the second value is the least length
/// of the gap at the end.
fn segments<'a>(tokens: &'a [Token<'a>]) -> (Vec<Segment<'a>>, usize) {
    let mut segments = Vec::new();
    let mut gap = 0;
    // Each stretch between stars: the `?` at its ends belong to the gaps.
    for stretch in tokens.split(|token| *token == Token::Many) {
        let tokens = trim_end(trim_start(stretch));
        if tokens.is_empty() {
            gap += stretch.len();
            continue;
        }
        gap += stretch.len() - trim_start(stretch).len();
        segments.push(Segment { gap, tokens });
        gap = stretch.len() - trim_end(stretch).len();
    }
    (segments, gap)
}

fn trim_start<'a, 'b>(tokens: &'a [Token<'b>]) -> &'a [Token<'b>] {
    let leading = tokens.iter().take_while(|token| **token == Token::One).count();
    &tokens[leading..]
}

fn trim_end<'a, 'b>(tokens: &'a [Token<'b>]) -> &'a [Token<'b>] {
    let trailing = tokens.iter().rev().take_while(|token| **token == Token::One).count();
    &tokens[..tokens.len() - trailing]
}

/// The end of the leftmost place for a segment that leaves its gap before it.
fn place(segment: &Segment<'_>, narrow: &[Token<'_>]) -> Option<usize> {
    let mut length = 0;
    for start in 0..narrow.len() {
        let end = start + segment.tokens.len();
        if end > narrow.len() {
            return None;
        }
        if length >= segment.gap && lies_over(segment.tokens, &narrow[start..end]) {
            return Some(end);
        }
        length += least_length(&narrow[start..=start]);
    }
    None
}

/// Whether each token of the wider pattern matches the token under it in every case.
fn lies_over(wide: &[Token<'_>], narrow: &[Token<'_>]) -> bool {
    wide.iter().zip(narrow).all(|(wide, narrow)| match (wide, narrow) {
        (Token::One, Token::Char(_) | Token::One) => true,
        (Token::Char(a), Token::Char(b)) => a == b,
        (Token::Variable(a), Token::Variable(b)) => a == b,
        _ => false,
    })
}

/// How many characters the tokens stand for at least.
fn least_length(tokens: &[Token<'_>]) -> usize {
    tokens.iter().filter(|token| matches!(token, Token::Char(_) | Token::One)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::matches;

    /// All words over `letters` up to a length.
    fn words(letters: &[char], length: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut from = 0;
        for _ in 0..length {
            let to = all.len();
            for position in from..to {
                for letter in letters {
                    all.push(format!("{}{letter}", all[position]));
                }
            }
            from = to;
        }
        all
    }

    #[test]
    fn containment_agrees_with_trying_all_words() {
        // The words have a letter that no pattern has, as real names do.
        let values = words(&['a', 'b', 'z'], 6);
        let patterns = words(&['a', 'b', '?', '*'], 4);
        let sets: Vec<Vec<bool>> = patterns
            .iter()
            .map(|pattern| values.iter().map(|value| matches(pattern, value)).collect())
            .collect();
        for (wide, wide_set) in patterns.iter().zip(&sets) {
            for (narrow, narrow_set) in patterns.iter().zip(&sets) {
                let expected = narrow_set.iter().zip(wide_set).all(|(narrow, wide)| !narrow || *wide);
                let found = contains(&tokens_of_policy_string(wide), &tokens_of_policy_string(narrow));
                assert_eq!(found, expected, "{wide} contains {narrow}");
            }
        }
    }

    #[test]
    fn overlapping_agrees_with_trying_all_words() {
        let values = words(&['a', 'b'], 8);
        let patterns = words(&['a', 'b', '?', '*'], 4);
        let sets: Vec<Vec<bool>> = patterns
            .iter()
            .map(|pattern| values.iter().map(|value| matches(pattern, value)).collect())
            .collect();
        for (one, one_set) in patterns.iter().zip(&sets) {
            for (other, other_set) in patterns.iter().zip(&sets) {
                let expected = one_set.iter().zip(other_set).any(|(one, other)| *one && *other);
                assert_eq!(overlaps(one, other), expected, "{one} {other}");
            }
        }
    }

    fn pattern(parts: &[Part]) -> Pattern {
        let mut pattern = Pattern::default();
        parts.iter().for_each(|part| pattern.push(part.clone()));
        pattern
    }

    #[test]
    fn names_with_wildcard_characters_are_no_wildcards() {
        let any = pattern(&[Part::Literal("t/".into()), Part::Any]);
        assert!(any.contains(&Pattern::literal("t/a*")));
        assert!(!Pattern::literal("t/*").contains(&Pattern::literal("t/a")));
        assert!(!Pattern::literal("t/*").contains(&any));
        assert!(Pattern::any().contains(&any));
    }

    #[test]
    fn a_policy_variable_is_covered_by_itself_and_by_any_text_only() {
        let variable = pattern(&[Part::Raw("${aws:username}".into()), Part::Literal("/x".into())]);
        let other = pattern(&[Part::Raw("${aws:userid}".into()), Part::Literal("/x".into())]);
        assert!(pattern(&[Part::Any, Part::Literal("/x".into())]).contains(&variable));
        assert!(!pattern(&[Part::AnyChars(1), Part::Any]).contains(&pattern(&[Part::Raw("${v}".into())])));
        assert!(!variable.contains(&other));
        assert!(!other.contains(&pattern(&[Part::Any, Part::Literal("/x".into())])));
    }

    #[test]
    fn long_patterns_do_not_take_long() {
        let mut wide = Pattern::default();
        for _ in 0..300 {
            wide.push_literal("a");
            wide.push(Part::Any);
        }
        wide.push_literal("b");
        assert!(!wide.contains(&Pattern::literal("a".repeat(10_000))));
    }
}
