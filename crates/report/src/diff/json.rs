//! For programs: every change with its evidence.

use perm_infer_infer::{ChangeKind, Comparison, Condition, Difference, Location};
use perm_infer_policy::{Grant, to_pretty_json};
use serde::Serialize;

use super::risks;
use crate::report::access_level;
use perm_infer_policy::inert;

/// Version of this form.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    differences: Vec<DifferenceReport<'a>>,
}

#[derive(Serialize)]
struct DifferenceReport<'a> {
    functions: &'a [String],
    kind: &'static str,
    actions: &'a [String],
    /// The highest one of the actions.
    access_level: Option<&'static str>,
    before: Vec<GrantReport<'a>>,
    after: Vec<GrantReport<'a>>,
    risks: Vec<&'static str>,
    evidence: Vec<EvidenceReport<'a>>,
}

#[derive(Serialize)]
struct GrantReport<'a> {
    resource: String,
    conditions: &'a Condition,
}

#[derive(Serialize)]
struct EvidenceReport<'a> {
    location: &'a Location,
    source: &'a str,
}

/// The comparison as JSON with a final newline.
#[must_use]
pub fn diff_json(comparison: &Comparison) -> String {
    let differences = comparison.differences.iter().map(DifferenceReport::of).collect();
    inert::in_json(&to_pretty_json(&Report { version: VERSION, differences }))
}

impl<'a> DifferenceReport<'a> {
    fn of(difference: &'a Difference) -> Self {
        let evidence = difference
            .evidence
            .iter()
            .map(|evidence| EvidenceReport { location: &evidence.location, source: &evidence.source_line });
        DifferenceReport {
            functions: &difference.functions,
            kind: key(difference.kind),
            actions: &difference.actions,
            access_level: difference.access_level.map(access_level),
            before: difference.before.iter().map(GrantReport::of).collect(),
            after: difference.after.iter().map(GrantReport::of).collect(),
            risks: risks(difference),
            evidence: evidence.collect(),
        }
    }
}

impl<'a> GrantReport<'a> {
    fn of(grant: &'a Grant) -> Self {
        GrantReport { resource: grant.resource.to_policy_string(), conditions: &grant.conditions }
    }
}

/// The kind as programs name it.
pub(super) fn key(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "added",
        ChangeKind::Widened => "widened",
        ChangeKind::Renamed => "resource_renamed",
        ChangeKind::ConditionChanged => "condition_changed",
        ChangeKind::Narrowed => "narrowed",
        ChangeKind::Removed => "removed",
    }
}
