//! What is known of an application besides a message, and what of it a message is about.

use std::collections::BTreeSet;

use perm_infer_policy::{Condition, Pattern, overlaps};

use super::{Denial, Form};
use crate::simulate::Simulation;
use crate::symbolic::Symbolic;

/// What is known besides a message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'k> {
    /// The policies that were in force.
    pub policies: Option<&'k Simulation>,
    /// The permissions that the code needs.
    pub needs: &'k [CodeNeed],
    /// The roles that the policies or the template are about, when the message may be about another one.
    pub roles: &'k [String],
}

/// One permission that code needs.
#[derive(Clone, Debug)]
pub struct CodeNeed {
    /// `s3:GetObject`.
    pub action: String,
    /// The ARN as far as known, or any for an action without resources.
    pub resource: Pattern,
    /// The resource as the template refers to it, where the policies are those of the template.
    pub symbolic: Option<Symbolic>,
    /// The conditions that the call fulfils.
    pub conditions: Condition,
    /// The operations that need it: `s3:GetObject`.
    pub operations: Vec<String>,
    /// The calls that need it, by numbers that belong to the caller.
    pub calls: Vec<usize>,
}

impl CodeNeed {
    /// Whether it is about a key of AWS KMS.
    #[must_use]
    pub fn is_key(&self) -> bool {
        self.action.starts_with("kms:")
    }

    /// Whether an operation needs it, which a message may name without its service.
    fn is_of(&self, operation: &str) -> bool {
        let same =
            |own: &String| own == operation || own.split_once(':').is_some_and(|(_, name)| name == operation);
        self.operations.iter().any(same)
    }

    /// Whether a message that says this much may be about it.
    #[must_use]
    pub fn fits(&self, denial: &Denial) -> bool {
        if denial.action.is_some() {
            let named = denial.actions().any(|action| action == self.action);
            let resource = self.resource.to_policy_string();
            return named && denial.resource.as_deref().is_none_or(|named| overlaps(&resource, named));
        }
        match (&denial.operation, &denial.service) {
            (Some(operation), _) => self.operations.contains(operation),
            (None, Some(service)) => {
                let of_service =
                    |operation: &String| operation.split_once(':').is_some_and(|(own, _)| own == service);
                self.operations.iter().any(of_service)
            }
            (None, None) => true,
        }
    }
}

/// Keeps those that pass, where some do.
fn narrow(positions: &mut Vec<usize>, passes: impl Fn(usize) -> bool) {
    if positions.iter().any(|at| passes(*at)) {
        positions.retain(|at| passes(*at));
    }
}

/// The positions of the needs that a message may be about; those of keys behind them last.
pub(super) fn about(denial: &Denial, needs: &[CodeNeed]) -> Vec<usize> {
    // What AWS services ask for is not what code asks for.
    if denial.principal.as_deref().is_some_and(|principal| principal.ends_with(".amazonaws.com")) {
        return Vec::new();
    }
    let mut direct: Vec<usize> =
        needs.iter().enumerate().filter(|(_, need)| need.fits(denial)).map(|(at, _)| at).collect();
    // A message names the operation beside the action, which several operations may ask for.
    if let Some(operation) = denial.operation.as_deref().filter(|_| denial.action.is_some()) {
        narrow(&mut direct, |at| needs[at].is_of(operation));
        // Where nothing is known to need the action for it, it is the operation that was called.
        let is_other = direct.iter().all(|at| !needs[*at].is_of(operation));
        if is_other && needs.iter().any(|need| need.is_of(operation)) {
            direct = (0..needs.len()).filter(|at| needs[*at].is_of(operation)).collect();
        }
    }
    // What AWS Lambda does itself with the role is not what the code calls, and not through another service.
    if denial.form == Form::ExecutionRole {
        narrow(&mut direct, |at| needs[at].calls.is_empty());
        narrow(&mut direct, |at| needs[at].conditions.is_empty());
    }
    let calls: BTreeSet<usize> = direct.iter().flat_map(|at| &needs[*at].calls).copied().collect();
    let behind = needs.iter().enumerate().filter(|(at, need)| {
        need.is_key() && !direct.contains(at) && need.calls.iter().any(|call| calls.contains(call))
    });
    let behind: Vec<usize> = behind.map(|(at, _)| at).collect();
    direct.into_iter().chain(behind).collect()
}
