//! What is known of an application besides a message, and what of it a message is about.

use std::collections::BTreeSet;

use perm_infer_policy::{Condition, Pattern, overlaps};

use super::Denial;
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

/// The positions of the needs that a message may be about; those of keys behind them last.
pub(super) fn about(denial: &Denial, needs: &[CodeNeed]) -> Vec<usize> {
    // What AWS services ask for is not what code asks for.
    if denial.principal.as_deref().is_some_and(|principal| principal.ends_with(".amazonaws.com")) {
        return Vec::new();
    }
    let direct: Vec<usize> =
        needs.iter().enumerate().filter(|(_, need)| need.fits(denial)).map(|(at, _)| at).collect();
    let calls: BTreeSet<usize> = direct.iter().flat_map(|at| &needs[*at].calls).copied().collect();
    let behind = needs.iter().enumerate().filter(|(at, need)| {
        need.is_key() && !direct.contains(at) && need.calls.iter().any(|call| calls.contains(call))
    });
    let behind: Vec<usize> = behind.map(|(at, _)| at).collect();
    direct.into_iter().chain(behind).collect()
}
