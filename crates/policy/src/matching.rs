//! Whether a policy's text with wildcards matches a value of a request. Only the wildcards and their
//! escapes are interpreted; other policy variables stand for themselves.

use crate::glob::{Dollar, Glob, Syntax};

/// Whether an IAM pattern matches a value: `*` any text, `?` any one character, `${*}`, `${?}` and
/// `${$}` these characters themselves. Case matters, as it does for resources; fold both sides for
/// actions.
///
/// Takes time in proportion to the product of the lengths at worst, never exponential.
///
/// Source: "IAM JSON policy elements: Resource" and "IAM policy elements: Variables and tags".
#[must_use]
pub fn matches(pattern: &str, value: &str) -> bool {
    let syntax = Syntax { wildcards: true, dollar: Dollar::Escapes };
    Glob::new(pattern, syntax).matches(value, &|_| None)
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
