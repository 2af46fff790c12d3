//! Whether the conditions of a rule may hold for the parameters of one call.

use crate::copy_source;
use crate::params::Param;
use crate::path::{Leaf, Scope, leaves};
use crate::rule::{Condition, Test};
use perm_infer_policy::{Part, Pattern};

/// Whether a condition may hold; `unless` holds unless the opposite is certain. What nobody knows to be
/// there is taken to be there with `opens_hold` only.
pub(crate) fn holds(condition: &Condition, scope: Scope<'_>, opens_hold: bool) -> bool {
    let found = leaves(scope, condition.path);
    let matches: Vec<Option<bool>> = found.iter().map(|leaf| matches_test(&condition.test, leaf)).collect();
    if condition.negated {
        matches.is_empty() || matches.iter().any(|result| *result != Some(true))
    } else {
        let counts = |leaf: &Leaf<'_>| opens_hold || !matches!(leaf, Leaf::Open);
        found.iter().zip(&matches).any(|(leaf, result)| *result != Some(false) && counts(leaf))
    }
}

/// Whether a value passes a test: `None` when that depends on what is not known.
fn matches_test(test: &Test, leaf: &Leaf<'_>) -> Option<bool> {
    match (leaf, test) {
        (Leaf::Absent, _) => Some(false),
        (Leaf::Open, _) => None,
        (_, Test::Present) => Some(true),
        (Leaf::Text(text), Test::Equals(wanted)) => {
            text.pattern.as_literal().map(|text| text.eq_ignore_ascii_case(wanted))
        }
        (Leaf::Text(text), Test::StartsWith(wanted)) => starts_with(&text.pattern, wanted),
        (Leaf::Text(text), Test::KnownStart(wanted)) => {
            Some(starts_with(&text.pattern, wanted) == Some(true))
        }
        (Leaf::Text(text), Test::KnownEnd(wanted)) => Some(ends_with(&text.pattern, wanted)),
        (Leaf::Text(text), Test::KnownPart(wanted)) => Some(contains(&text.pattern, wanted) == Some(true)),
        (Leaf::Value(Param::Unknown), Test::KnownStart(_) | Test::KnownEnd(_) | Test::KnownPart(_)) => {
            Some(false)
        }
        (Leaf::Text(text), Test::Contains(wanted)) => contains(&text.pattern, wanted),
        (Leaf::Value(Param::Bool(value)), Test::Equals(wanted)) => Some(*value == (*wanted == "true")),
        (Leaf::Value(Param::Map(map)), Test::Contains("versionId=")) => match map.get("VersionId") {
            Some((crate::Presence::Always, value)) if *value != Param::Null => Some(true),
            Some((_, Param::Null)) => Some(false),
            Some(_) => None,
            None => Some(false),
        },
        (Leaf::Value(Param::Unknown), _) => None,
        (Leaf::Value(_), _) => Some(false),
    }
}

fn starts_with(pattern: &Pattern, wanted: &str) -> Option<bool> {
    let known = pattern.literal_prefix().trim_start();
    let compared = known.len().min(wanted.len());
    let same = known.as_bytes()[..compared].eq_ignore_ascii_case(&wanted.as_bytes()[..compared]);
    match (same, known.len() >= wanted.len() || !pattern.has_unknown()) {
        (false, _) => Some(false),
        (true, true) => Some(known.len() >= wanted.len()),
        (true, false) => None,
    }
}

fn ends_with(pattern: &Pattern, wanted: &str) -> bool {
    matches!(pattern.parts().last(), Some(Part::Literal(text)) if text.ends_with(wanted))
}

fn contains(pattern: &Pattern, wanted: &str) -> Option<bool> {
    if wanted == "versionId=" {
        return copy_source::has_version(pattern);
    }
    let wanted = wanted.to_ascii_lowercase();
    let hit = pattern
        .parts()
        .iter()
        .any(|part| matches!(part, Part::Literal(text) if text.to_ascii_lowercase().contains(&wanted)));
    if hit {
        Some(true)
    } else if pattern.has_unknown() {
        None
    } else {
        Some(false)
    }
}
