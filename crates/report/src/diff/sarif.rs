//! For code scanning: one result for each change that allows more, at the lines that cause it.

use perm_infer_infer::{AccessLevel, ChangeKind, Comparison, Difference};

use super::json::key;
use super::{KINDS, resource, risks, word};
use crate::report::access_level;
use crate::sarif::{Level, Log, ResultEntry, Rule, flow};

/// The changes that allow more, as a SARIF 2.1.0 log with a final newline.
#[must_use]
pub fn diff_sarif(comparison: &Comparison) -> String {
    let allowing = |kind: &ChangeKind| !matches!(kind, ChangeKind::Narrowed | ChangeKind::Removed);
    let rules = KINDS
        .iter()
        .copied()
        .filter(allowing)
        .map(|kind| Rule { id: rule_id(kind), text: format!("Permissions: {}", word(kind)) });
    let mut log = Log::new(rules.collect());
    for difference in comparison.differences.iter().filter(|difference| difference.allows_more()) {
        for action in &difference.actions {
            log.add(&entry(difference, action));
        }
    }
    log.to_json()
}

fn rule_id(kind: ChangeKind) -> String {
    format!("permission-{}", key(kind).replace('_', "-"))
}

fn entry(difference: &Difference, action: &str) -> ResultEntry {
    let resources =
        |grants: &[perm_infer_policy::Grant]| grants.iter().map(resource).collect::<Vec<_>>().join(", ");
    let after = resources(&difference.after);
    let mut message = match difference.before.is_empty() {
        true => format!("{action} on {after}"),
        false => format!("{action}: {} before, {after} after", resources(&difference.before)),
    };
    if !difference.functions.is_empty() {
        message.push_str(&format!(" in {}", difference.functions.join(", ")));
    }
    if let Some(level) = difference.access_level {
        message.push_str(&format!(" ({})", access_level(level)));
    }
    for risk in risks(difference) {
        message.push_str(&format!("; {risk}"));
    }
    let level = match difference.access_level {
        _ if difference.is_risky() => Level::Warning,
        Some(AccessLevel::PermissionsManagement) => Level::Warning,
        _ => Level::Note,
    };
    ResultEntry {
        rule: rule_id(difference.kind),
        level,
        message,
        locations: difference.evidence.iter().map(|evidence| evidence.location.clone()).collect(),
        flow: difference
            .evidence
            .iter()
            .map(|one| flow(&one.chain))
            .find(|way| !way.is_empty())
            .unwrap_or_default(),
        // Neither lines nor the order of changes: the same change is the same result after any edit.
        about: [&[action.to_owned(), after], difference.functions.as_slice()].concat().join("; "),
    }
}
