//! Of a denial that no statement decided: the allowing statement that comes nearest, and what keeps it from
//! matching.

use super::decision::{Decision, Outcome, Policies, StatementPlace};
use super::request::Request;
use super::statement::Mismatch;
use crate::document::Effect;

/// A statement that would allow the request if one thing were different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// The statement.
    pub place: StatementPlace,
    /// What does not match.
    pub mismatch: Mismatch,
}

/// The nearest allowing statement of the layer that decided an implicit denial: one whose condition fails
/// before one about other principals and one about other resources. A statement about other actions is no help
/// and is never given.
#[must_use]
pub fn nearest(policies: &Policies, request: &Request, decision: &Decision) -> Option<Near> {
    if decision.outcome != Outcome::ImplicitlyDenied {
        return None;
    }
    let mut best: Option<(u8, Near)> = None;
    for (policy, compiled) in policies.of(decision.layer).iter().enumerate() {
        for (statement, compiled) in compiled.statements.iter().enumerate() {
            let Err(mismatch) = compiled.matches(request) else { continue };
            let rank = match &mismatch {
                Mismatch::Condition { .. } => 3,
                Mismatch::Principal => 2,
                Mismatch::Resource => 1,
                Mismatch::Action => continue,
            };
            let place = StatementPlace { layer: decision.layer, policy, statement };
            if compiled.effect == Effect::Allow && best.as_ref().is_none_or(|(known, _)| *known < rank) {
                best = Some((rank, Near { place, mismatch }));
            }
        }
    }
    best.map(|(_, near)| near)
}
