//! Whether policies cover what code needs, and what they grant beyond it.
//!
//! What code needs is a pattern as often as a name, so the answer has three values: a need is certainly
//! covered, certainly not (a gap, with the reason), or it depends on what is not known. Parts of ARNs that
//! nothing tells (`*` for region and account) are taken to be what the policy says.

mod excess;
mod fit;
mod rule;
mod tighten;

use perm_infer_policy::evaluate::Context;
use perm_infer_policy::{Condition, Effect, Pattern};

use crate::mismatch::{ResourceHint, resource_hint};
use crate::policy_file::{PolicyFile, StatementRef};
use crate::symbolic::Symbolic;

pub use excess::{Excess, ExcessKind};
pub use tighten::tighten;

use fit::{Fit, Part, rule_fit};
use rule::{Resource, Rule};

/// One permission that code needs.
#[derive(Clone, Debug)]
pub struct Need<'n> {
    /// `s3:GetObject`.
    pub action: &'n str,
    /// The ARN as far as known, or any for an action without resources.
    pub resource: &'n Pattern,
    /// The resource as the template refers to it, where policies of the template are compared with it.
    pub symbolic: Option<Symbolic>,
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
    /// Whether the role has policies that are not among these.
    pub is_incomplete: bool,
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
    /// A statement allows it, and a condition of the template decides whether the role has the statement.
    Undecided {
        /// The statement.
        statement: StatementRef,
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
    for rule in Rule::all(files, Effect::Deny) {
        let certain = match rule_fit(rule, need, &review.known).fit {
            Fit::No => continue,
            Fit::Maybe => false,
            Fit::Yes => true,
        };
        if found.as_ref().is_none_or(|(known, _)| !known && certain) {
            found = Some((certain, GapReason::Denied { statement: rule.named() }));
        }
    }
    found
}

/// Why no statement certainly allows a need; nothing when one does.
fn missing(review: &Review<'_>, files: &[PolicyFile], need: &Need<'_>) -> Option<(bool, GapReason)> {
    let mut best = (0, true, GapReason::NoStatement);
    for rule in Rule::all(files, Effect::Allow) {
        let found = rule_fit(rule, need, &review.known);
        let certain = match found.fit {
            Fit::Yes => return None,
            Fit::Maybe => false,
            Fit::No => true,
        };
        let Some((rank, reason)) = reason(rule, need, &found.because) else { continue };
        // What may allow it comes before what does not, and then what nearly does.
        let rank = rank + if certain { 0 } else { 10 };
        if rank > best.0 {
            best = (rank, certain, reason);
        }
    }
    // A policy that is not known may allow it.
    Some((best.1 && !review.is_incomplete, best.2))
}

fn reason(rule: Rule<'_>, need: &Need<'_>, because: &Part) -> Option<(u8, GapReason)> {
    match because {
        Part::Action => None,
        Part::Resource => {
            let (resource, hint) = nearest(rule, need);
            let rank = if hint == ResourceHint::Other { 1 } else { 2 };
            Some((rank, GapReason::Resource { statement: rule.named(), resource, hint }))
        }
        Part::Condition { operator, key, wanted } => Some((
            3,
            GapReason::Condition {
                statement: rule.named(),
                operator: operator.clone(),
                key: key.clone(),
                wanted: wanted.clone(),
            },
        )),
        Part::Presence => Some((4, GapReason::Undecided { statement: rule.named() })),
    }
}

/// The resource of a statement that resembles the needed one most, and how they differ.
fn nearest(rule: Rule<'_>, need: &Need<'_>) -> (String, ResourceHint) {
    let text = need.resource.to_policy_string();
    let wanted = Resource::of_need(need, &text);
    let hint = |resource: Resource<'_>| match (resource.symbolic, wanted.symbolic) {
        (Some(_), Some(_)) => match resource_hint(resource.shown(), wanted.shown()) {
            // Of what refers to other things only the deployed names tell.
            ResourceHint::Other => resource_hint(resource.text, wanted.text),
            hint => hint,
        },
        _ => resource_hint(resource.text, wanted.text),
    };
    let alike = |resource: &Resource<'_>| {
        let pairs = resource.shown().chars().zip(wanted.shown().chars());
        (hint(*resource) != ResourceHint::Other, pairs.take_while(|(one, other)| one == other).count())
    };
    match rule.resources().max_by_key(alike) {
        Some(resource) => (resource.shown().to_owned(), hint(resource)),
        None => (String::new(), ResourceHint::Other),
    }
}
