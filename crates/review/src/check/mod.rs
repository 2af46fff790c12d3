//! Whether policies cover what code needs, and what they grant beyond it.
//!
//! What code needs is a pattern as often as a name, so the answer has three values: a need is certainly
//! covered, certainly not (a gap, with the reason), or it depends on what is not known. Parts of ARNs that
//! nothing tells (`*` for region and account) are taken to be what the policy says.

mod excess;
mod fit;
mod tighten;

use perm_infer_policy::evaluate::Context;
use perm_infer_policy::{Condition, Effect, Pattern};

use crate::mismatch::{ResourceHint, resource_hint};
use crate::policy_file::{PolicyFile, StatementRef};

pub use excess::{Excess, ExcessKind};
pub use tighten::tighten;

use fit::{Fit, Part, statement_fit};

/// One permission that code needs.
#[derive(Clone, Debug)]
pub struct Need<'n> {
    /// `s3:GetObject`.
    pub action: &'n str,
    /// The ARN as far as known, or any for an action without resources.
    pub resource: &'n Pattern,
    /// The conditions that the call fulfils.
    pub conditions: &'n Condition,
}

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Review<'r> {
    /// The policies of the role: one that allows is enough.
    pub policies: &'r [PolicyFile],
    /// The permissions boundary, which has to allow too; none means there is no boundary.
    pub boundary: &'r [PolicyFile],
    /// Context keys whose values are known of every request.
    pub known: Context,
    /// Globs of actions that may be granted without being needed by code.
    pub keep: &'r [String],
}

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Needs that are not covered, or not certainly.
    pub gaps: Vec<Gap>,
    /// What is granted and not needed, the most dangerous first.
    pub excess: Vec<Excess>,
}

/// A need that is not covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Its position in the needs.
    pub need: usize,
    /// Whether it is certainly not covered.
    pub certain: bool,
    /// Why.
    pub reason: GapReason,
}

/// Why a need is not covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GapReason {
    /// No statement is about the action.
    NoStatement,
    /// A statement is about the action and other resources.
    Resource {
        /// The statement.
        statement: StatementRef,
        /// Its resource that resembles the needed one most.
        resource: String,
        /// How they differ.
        hint: ResourceHint,
    },
    /// A statement allows it under a condition.
    Condition {
        /// The statement.
        statement: StatementRef,
        /// The operator.
        operator: String,
        /// The key.
        key: String,
        /// The values that it wants.
        wanted: Vec<String>,
    },
    /// A statement denies it.
    Denied {
        /// The statement.
        statement: StatementRef,
    },
}

/// Compares needs with policies, in both directions.
#[must_use]
pub fn check(review: &Review<'_>, needs: &[Need<'_>]) -> Findings {
    Findings { gaps: gaps(review, needs), excess: excess::excess(review, needs) }
}

/// The needs that the policies do not cover, or not certainly.
#[must_use]
pub fn gaps(review: &Review<'_>, needs: &[Need<'_>]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for (position, need) in needs.iter().enumerate() {
        let denied =
            [review.policies, review.boundary].into_iter().filter_map(|files| denied(review, files, need));
        let missing = [review.policies, review.boundary]
            .into_iter()
            .enumerate()
            .filter(|(layer, files)| *layer == 0 || !files.is_empty())
            .filter_map(|(_, files)| missing(review, files, need));
        // A certain reason is worth more than one that depends.
        let worst = denied.chain(missing).min_by_key(|(certain, _)| !certain);
        gaps.extend(worst.map(|(certain, reason)| Gap { need: position, certain, reason }));
    }
    gaps
}

/// The statement that denies a need, with whether it certainly does.
fn denied(review: &Review<'_>, files: &[PolicyFile], need: &Need<'_>) -> Option<(bool, GapReason)> {
    let mut found: Option<(bool, GapReason)> = None;
    for (file, index, statement) in statements(files) {
        if statement.effect != Effect::Deny {
            continue;
        }
        let certain = match statement_fit(statement, need, &review.known).fit {
            Fit::No => continue,
            Fit::Maybe => false,
            Fit::Yes => true,
        };
        if found.as_ref().is_none_or(|(known, _)| !known && certain) {
            found = Some((certain, GapReason::Denied { statement: file.statement(index) }));
        }
    }
    found
}

/// Why no statement certainly allows a need; nothing when one does.
fn missing(review: &Review<'_>, files: &[PolicyFile], need: &Need<'_>) -> Option<(bool, GapReason)> {
    let mut best = (0, true, GapReason::NoStatement);
    for (file, index, statement) in statements(files) {
        if statement.effect != Effect::Allow {
            continue;
        }
        let found = statement_fit(statement, need, &review.known);
        let certain = match found.fit {
            Fit::Yes => return None,
            Fit::Maybe => false,
            Fit::No => true,
        };
        let Some((rank, reason)) = reason(file, index, statement, need, &found.because) else { continue };
        // What may allow it comes before what does not, and then what nearly does.
        let rank = rank + if certain { 0 } else { 10 };
        if rank > best.0 {
            best = (rank, certain, reason);
        }
    }
    Some((best.1, best.2))
}

fn reason(
    file: &PolicyFile,
    index: usize,
    statement: &perm_infer_policy::Statement,
    need: &Need<'_>,
    because: &Part,
) -> Option<(u8, GapReason)> {
    let place = file.statement(index);
    match because {
        Part::Action => None,
        Part::Resource => {
            let wanted = need.resource.to_policy_string();
            let resources: Vec<&String> = statement.resource.iter().flatten().collect();
            let alike = |resource: &&&String| {
                let hint = resource_hint(resource, &wanted);
                let same =
                    resource.chars().zip(wanted.chars()).take_while(|(one, other)| one == other).count();
                (hint != ResourceHint::Other, same)
            };
            let nearest = resources.iter().max_by_key(alike).map_or_else(String::new, |text| (*text).clone());
            let hint = resource_hint(&nearest, &wanted);
            let rank = if hint == ResourceHint::Other { 1 } else { 2 };
            Some((rank, GapReason::Resource { statement: place, resource: nearest, hint }))
        }
        Part::Condition { operator, key, wanted } => Some((
            3,
            GapReason::Condition {
                statement: place,
                operator: operator.clone(),
                key: key.clone(),
                wanted: wanted.clone(),
            },
        )),
    }
}

/// Every statement with its file and position.
fn statements(
    files: &[PolicyFile],
) -> impl Iterator<Item = (&PolicyFile, usize, &perm_infer_policy::Statement)> {
    files.iter().flat_map(|file| {
        file.document.statement.iter().enumerate().map(move |(index, statement)| (file, index, statement))
    })
}
