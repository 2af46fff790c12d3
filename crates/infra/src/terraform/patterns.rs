//! Functions with regular expressions.
//!
//! Source: "regex Function", "regexall Function" and "replace Function" in the Terraform documentation. Its syntax is
//! that of RE2, which the expressions here have too, as far as it is about ASCII.

use regex::bytes::{Captures, Regex, RegexBuilder};

use super::{entry, list, map, missing, null, scalar};
use crate::tree::{Mark, Node};

/// How large a compiled expression may be, in bytes.
const MAX_SIZE: usize = 1 << 18;

/// Matches that count.
const MAX_MATCHES: usize = 1_000;

fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).unicode(false).size_limit(MAX_SIZE).dfa_size_limit(MAX_SIZE).build().ok()
}

/// The first match; missing where there is none, which is an error there; none where the expression is not known.
pub(super) fn first(pattern: &str, text: &str, at: Mark) -> Option<Node> {
    let regex = compiled(pattern)?;
    match regex.captures(text.as_bytes()) {
        Some(captures) => value(&regex, &captures, at),
        None => Some(missing(at)),
    }
}

/// All matches.
pub(super) fn all(pattern: &str, text: &str, at: Mark) -> Option<Node> {
    let regex = compiled(pattern)?;
    let matches = regex.captures_iter(text.as_bytes()).take(MAX_MATCHES);
    let values: Option<Vec<Node>> = matches.map(|captures| value(&regex, &captures, at)).collect();
    Some(list(at, values?))
}

/// The text with every match replaced; groups are named `$1` and `${name}` there as here.
pub(super) fn replaced(pattern: &str, text: &str, with: &str) -> Option<String> {
    let replaced = compiled(pattern)?.replace_all(text.as_bytes(), with.as_bytes());
    String::from_utf8(replaced.into_owned()).ok()
}

/// A text where there are no groups, a map where they have names, else a list.
fn value(regex: &Regex, captures: &Captures<'_>, at: Mark) -> Option<Node> {
    let group = |position: usize| match captures.get(position) {
        Some(found) => std::str::from_utf8(found.as_bytes()).ok().map(|text| scalar(text, at)),
        None => Some(null(at)),
    };
    let names: Vec<(usize, &str)> =
        regex.capture_names().enumerate().filter_map(|(position, name)| Some((position, name?))).collect();
    if regex.captures_len() == 1 {
        return group(0);
    }
    if names.is_empty() {
        let groups: Option<Vec<Node>> = (1..regex.captures_len()).map(group).collect();
        return Some(list(at, groups?));
    }
    let entries: Option<Vec<_>> =
        names.iter().map(|(position, name)| Some(entry(name, group(*position)?))).collect();
    Some(map(at, entries?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_texts_lists_or_maps() {
        let at = Mark::default();
        let found = |pattern: &str| first(pattern, "shop-prod", at).expect("known");
        assert_eq!(found("[a-z]+").text(), Some("shop"));
        assert_eq!(found("(\\w+)-(\\w+)").items()[1].text(), Some("prod"));
        assert_eq!(found("-(?P<stage>.+)").get("stage").and_then(Node::text), Some("prod"));
        assert_eq!(all("[a-z]{4}", "shop-prod", at).expect("known").items().len(), 2);
        assert_eq!(replaced("(s)h", "shop", "$1").as_deref(), Some("sop"));
        assert!(super::super::is_missing(&found("x")));
    }

    #[test]
    fn expressions_that_are_broken_or_too_large_are_unknown() {
        let at = Mark::default();
        assert!(first("(", "x", at).is_none());
        assert!(first("((a{99}){99}){99}", "x", at).is_none());
        // Takes time that is linear in the text, whatever the expression.
        assert!(first("(a*)*b", &"a".repeat(10_000), at).is_some());
    }
}
