//! Texts of policies with wildcards and policy variables, and whether they match a value. Parsed once,
//! matched often; no match takes more time than the product of the lengths.
//!
//! Sources: "IAM JSON policy elements: Resource", wildcards; "IAM policy elements: Variables and tags".

use std::borrow::Cow;

/// One piece of a [`Glob`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Exactly this text.
    Text(String),
    /// Any one character.
    One,
    /// Any text.
    Many,
    /// The value of a context key, or the default.
    Variable {
        /// The key in small letters.
        key: String,
        /// What stands for a key without value.
        default: Option<String>,
    },
}

/// How a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    /// Whether `*` and `?` are wildcards.
    pub(crate) wildcards: bool,
    /// What `${...}` is.
    pub(crate) dollar: Dollar,
}

/// What `${...}` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dollar {
    /// Text, as before version 2012-10-17 of the policy language.
    Text,
    /// `${*}`, `${?}` and `${$}` are these characters, the rest is text.
    Escapes,
    /// Policy variables and escapes.
    Variables,
}

/// A text with wildcards and variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glob {
    pieces: Vec<Piece>,
    /// Whether a wildcard within one of the first five segments of an ARN must not match a colon.
    segmented: bool,
}

/// Where a variable gets its value: the only value of a key, given in small letters.
pub(crate) type Values<'v> = &'v dyn Fn(&str) -> Option<&'v str>;

impl Glob {
    /// Reads a text.
    pub(crate) fn new(text: &str, syntax: Syntax) -> Glob {
        let mut glob = Glob { pieces: Vec::new(), segmented: false };
        let mut rest = text;
        while let Some(at) = rest.find(['*', '?', '$']) {
            glob.push_text(&rest[..at]);
            rest = &rest[at..];
            let used = match rest.as_bytes()[0] {
                b'$' => match variable(rest, syntax.dollar) {
                    Some((piece, length)) => {
                        glob.push(piece);
                        length
                    }
                    None => glob.push_text("$"),
                },
                _ if !syntax.wildcards => glob.push_text(&rest[..1]),
                b'*' => glob.push(Piece::Many),
                _ => glob.push(Piece::One),
            };
            rest = &rest[used..];
        }
        glob.push_text(rest);
        glob
    }

    /// Reads a resource of a statement: wildcards stay within their segment of the ARN, except that a `*` at
    /// the end of a segment goes on beyond the colon.
    pub(crate) fn resource(text: &str, dollar: Dollar) -> Glob {
        let glob = Glob::new(text, Syntax { wildcards: true, dollar });
        let mut colons = 0;
        let mut segmented = false;
        for (position, piece) in glob.pieces.iter().enumerate() {
            let ends_segment = || ends_segment(glob.pieces.get(position + 1));
            match piece {
                Piece::Text(text) => colons += text.matches(':').count(),
                Piece::One => segmented |= colons < 5,
                Piece::Many => segmented |= colons < 5 && !ends_segment(),
                Piece::Variable { .. } => {}
            }
        }
        Glob { segmented, ..glob }
    }

    fn push_text(&mut self, text: &str) -> usize {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
        text.len()
    }

    fn push(&mut self, piece: Piece) -> usize {
        match (self.pieces.last(), piece) {
            (_, Piece::Text(text)) => drop(self.push_text(&text)),
            (Some(Piece::Many), Piece::Many) => {}
            (_, piece) => self.pieces.push(piece),
        }
        1
    }

    /// Whether every variable has a value.
    pub(crate) fn is_resolvable(&self, values: Values<'_>) -> bool {
        self.pieces.iter().all(|piece| match piece {
            Piece::Variable { key, default } => default.is_some() || values(key).is_some(),
            _ => true,
        })
    }

    /// Whether the value matches, in this case.
    pub(crate) fn matches(&self, value: &str, values: Values<'_>) -> bool {
        self.test(value, values, false)
    }

    /// Whether the value matches, whatever the case of ASCII letters.
    pub(crate) fn matches_ignoring_case(&self, value: &str, values: Values<'_>) -> bool {
        self.test(value, values, true)
    }

    fn test(&self, value: &str, values: Values<'_>, fold: bool) -> bool {
        // A variable without value is like nothing.
        let Some(pieces) = self.resolved(values) else { return false };
        if self.segmented { match_segments(&pieces, value) } else { match_pieces(&pieces, value, fold) }
    }

    /// The pieces with values in the place of variables; `None` when one has no value.
    fn resolved(&self, values: Values<'_>) -> Option<Cow<'_, [Piece]>> {
        if !self.pieces.iter().any(|piece| matches!(piece, Piece::Variable { .. })) {
            return Some(Cow::Borrowed(&self.pieces));
        }
        let mut glob = Glob { pieces: Vec::new(), segmented: false };
        for piece in &self.pieces {
            match piece {
                Piece::Variable { key, default } => {
                    let value = values(key).or(default.as_deref())?;
                    glob.push_text(value);
                }
                other => drop(glob.push(other.clone())),
            }
        }
        Some(Cow::Owned(glob.pieces))
    }
}

/// Reads `${key}`, `${key, 'default'}` or an escape; gives the piece and how much text it takes.
fn variable(text: &str, dollar: Dollar) -> Option<(Piece, usize)> {
    if dollar == Dollar::Text {
        return None;
    }
    let inner = text.strip_prefix("${")?;
    let end = inner.find('}')?;
    let length = "${}".len() + end;
    let inner = &inner[..end];
    if let "*" | "?" | "$" = inner {
        return Some((Piece::Text(inner.to_owned()), length));
    }
    if dollar == Dollar::Escapes {
        return None;
    }
    let (key, default) = match inner.split_once(',') {
        Some((key, default)) => {
            let default = default.trim().strip_prefix('\'')?.strip_suffix('\'')?;
            (key, Some(default.to_owned()))
        }
        None => (inner, None),
    };
    // What has no prefix is no context key: the text stands for itself.
    key.contains(':').then(|| (Piece::Variable { key: key.trim().to_ascii_lowercase(), default }, length))
}

fn ends_segment(next: Option<&Piece>) -> bool {
    match next {
        None => true,
        Some(Piece::Text(text)) => text.starts_with(':'),
        Some(_) => false,
    }
}

/// Lays the pieces over the value. After a star that does not work out the star gets one more
/// character; earlier stars never need more than their shortest text.
fn match_pieces(pieces: &[Piece], value: &str, fold: bool) -> bool {
    let (mut at, mut position) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    loop {
        let rest = &value[position..];
        let taken = match pieces.get(at) {
            Some(Piece::Many) => {
                at += 1;
                if at == pieces.len() {
                    return true;
                }
                last_star = Some((at, position));
                continue;
            }
            Some(Piece::One) => rest.chars().next().map(char::len_utf8),
            Some(Piece::Text(text)) => starts_with(rest, text, fold).then_some(text.len()),
            Some(Piece::Variable { .. }) => None,
            None if rest.is_empty() => return true,
            None => None,
        };
        if let Some(taken) = taken {
            at += 1;
            position += taken;
            continue;
        }
        let Some((resume, end)) = last_star else { return false };
        let Some(next) = value[end..].chars().next() else { return false };
        (at, position) = (resume, end + next.len_utf8());
        last_star = Some((resume, position));
    }
}

fn starts_with(value: &str, start: &str, fold: bool) -> bool {
    let Some(head) = value.as_bytes().get(..start.len()) else { return false };
    if fold { head.eq_ignore_ascii_case(start.as_bytes()) } else { head == start.as_bytes() }
}

/// Like [`match_pieces`] for ARNs: keeps all places that may be reached, since a star that has to stop at
/// a colon can make an earlier one take more.
fn match_segments(pieces: &[Piece], value: &str) -> bool {
    let value: Vec<char> = value.chars().collect();
    let mut reached = vec![false; value.len() + 1];
    reached[0] = true;
    let mut colons = 0;
    for (position, piece) in pieces.iter().enumerate() {
        let crosses = colons >= 5;
        match piece {
            Piece::Text(text) => {
                for character in text.chars() {
                    advance(&mut reached, &value, |found| found == character);
                }
                colons += text.matches(':').count();
            }
            Piece::One => advance(&mut reached, &value, |found| crosses || found != ':'),
            Piece::Many => {
                let crosses = crosses || ends_segment(pieces.get(position + 1));
                for at in 0..value.len() {
                    reached[at + 1] |= reached[at] && (crosses || value[at] != ':');
                }
            }
            Piece::Variable { .. } => return false,
        }
    }
    reached[value.len()]
}

/// Moves every reached place one character on where the character fits.
fn advance(reached: &mut [bool], value: &[char], fits: impl Fn(char) -> bool) {
    for at in (0..value.len()).rev() {
        reached[at + 1] = reached[at] && fits(value[at]);
    }
    reached[0] = false;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<&'static str> {
        None
    }

    fn username(key: &str) -> Option<&'static str> {
        (key == "aws:username").then_some("an*a")
    }

    fn resource(pattern: &str, value: &str) -> bool {
        Glob::resource(pattern, Dollar::Variables).matches(value, &username)
    }

    #[test]
    fn variables_are_values_not_wildcards() {
        assert!(resource("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/an*a/x"));
        assert!(resource("arn:aws:s3:::b/${AWS:UserName}/x", "arn:aws:s3:::b/an*a/x"));
        assert!(!resource("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/anna/x"));
        assert!(resource("${*}${?}${$}", "*?$"));
    }

    #[test]
    fn a_variable_without_value_matches_nothing_unless_it_has_a_default() {
        assert!(!resource("a/${aws:userid}", "a/"));
        assert!(!resource("a/${aws:userid}", "a/${aws:userid}"));
        assert!(resource("a/${aws:userid, 'nobody'}", "a/nobody"));
        assert!(resource("a/${aws:username, 'nobody'}", "a/an*a"));
    }

    #[test]
    fn before_2012_a_dollar_is_a_dollar() {
        let old = Glob::resource("a/${aws:username}", Dollar::Text);
        assert!(old.matches("a/${aws:username}", &none) && !old.matches("a/an*a", &username));
    }

    #[test]
    fn without_wildcards_a_star_is_a_star() {
        let glob = Glob::new("a*b?", Syntax { wildcards: false, dollar: Dollar::Variables });
        assert!(glob.matches("a*b?", &none) && !glob.matches("axbx", &none));
    }

    /// "IAM JSON policy elements: Resource": wildcards stand within the segments of an ARN; a `*` that ends
    /// a segment can expand beyond the colon.
    #[test]
    fn wildcards_stay_within_segments_except_a_star_at_the_end() {
        for (pattern, value, expected) in [
            ("arn:aws:sqs:*:123456789012:q", "arn:aws:sqs:eu-west-1:123456789012:q", true),
            ("arn:aws:sqs:eu-*-1:123456789012:q", "arn:aws:sqs:eu-west-1:123456789012:q", true),
            ("arn:aws:sqs:e*t-1:123456789012:q", "arn:aws:sqs:eu-1:9:east-1:123456789012:q", false),
            ("arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:123456789012:q", true),
            ("arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:123456789012:q", true),
            ("arn:aws:sqs:eu?west-1:*:q", "arn:aws:sqs:eu:west-1:1:q", false),
            ("arn:aws:logs:*:*:log-group:/a/*:x", "arn:aws:logs:r:1:log-group:/a/b:c:x", true),
            ("arn:aws:s3:::b/?", "arn:aws:s3:::b/:", true),
            ("arn:aws:s3:::b*", "arn:aws:s3:::bucket/a:b", true),
        ] {
            assert_eq!(resource(pattern, value), expected, "{pattern} {value}");
        }
    }

    #[test]
    fn both_ways_of_matching_agree_without_colons() {
        let mut words = vec![String::new()];
        for length in 0..5 {
            let longer = words.iter().filter(|word| word.len() == length);
            let longer: Vec<String> = longer
                .flat_map(|word| ["a", "b", "?", "*"].map(|letter| format!("{word}{letter}")))
                .collect();
            words.extend(longer);
        }
        let values = words.iter().filter(|word| !word.contains(['?', '*']));
        for value in values {
            for word in &words {
                let glob = Glob::new(word, Syntax { wildcards: true, dollar: Dollar::Variables });
                assert_eq!(
                    match_pieces(&glob.pieces, value, false),
                    match_segments(&glob.pieces, value),
                    "{word} {value}"
                );
            }
        }
    }

    #[test]
    fn broken_variables_stand_for_themselves() {
        for text in ["${", "${}", "${x", "$", "$$", "${a:b, c}", "${é"] {
            let glob = Glob::new(text, Syntax { wildcards: true, dollar: Dollar::Variables });
            assert!(glob.matches(text, &none), "{text}");
        }
    }
}
