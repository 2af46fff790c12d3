//! Whether a policy's text with wildcards matches a value of a request. Only the wildcards and their
//! escapes are interpreted; other policy variables stand for themselves.

use crate::contain::{Token, tokens_of_policy_string};

/// Whether an IAM pattern matches a value: `*` any text, `?` any one character, `${*}`, `${?}` and
/// `${$}` these characters themselves. Case matters, as it does for resources; fold both sides for
/// actions.
///
/// Takes time in proportion to the product of the lengths at worst, never exponential.
///
/// Source: "IAM JSON policy elements: Resource" and "IAM policy elements: Variables and tags".
#[must_use]
pub fn matches(pattern: &str, value: &str) -> bool {
    let pattern = tokens_of_policy_string(pattern);
    let value: Vec<char> = value.chars().collect();
    let (mut at, mut position) = (0, 0);
    // After the last star: where the pattern goes on, and where the star's text ends for now. Giving
    // the last star more text is enough; earlier stars never need more than their shortest text.
    let mut last_star: Option<(usize, usize)> = None;
    while position < value.len() {
        match pattern.get(at) {
            Some(Token::Many) => {
                at += 1;
                last_star = Some((at, position));
            }
            Some(Token::One) => {
                at += 1;
                position += 1;
            }
            Some(Token::Char(character)) if *character == value[position] => {
                at += 1;
                position += 1;
            }
            _ => {
                let Some((resume, end)) = last_star else { return false };
                last_star = Some((resume, end + 1));
                (at, position) = (resume, end + 1);
            }
        }
    }
    pattern[at..].iter().all(|token| matches!(token, Token::Many))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_iam_says() {
        for (pattern, value, expected) in [
            ("*", "", true),
            ("?", "", false),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y:z", true),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("??x", "abx", true),
            ("Abc", "abc", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, value), expected, "{pattern} {value}");
        }
    }

    #[test]
    fn escaped_wildcards_match_only_themselves() {
        assert!(matches("a${*}b", "a*b"));
        assert!(!matches("a${*}b", "axb"));
        assert!(matches("${?}${$}{*}", "?${*}"));
        assert!(!matches("${?}", "x"));
        assert!(matches("${aws:username}", "${aws:username}"));
        assert!(matches("${", "${"));
    }

    #[test]
    fn many_stars_do_not_take_long() {
        let pattern = "a*".repeat(200) + "b";
        assert!(!matches(&pattern, &"a".repeat(5_000)));
    }
}
