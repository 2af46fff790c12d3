//! Resources as a template refers to them. Two references to the same thing are the same resource, whatever it is
//! called once deployed; names of different resources are different; and an open parameter is neither.

use perm_infer_infra::References;
use perm_infer_policy::{Part, Pattern, overlaps};

/// A resource in terms of what nobody knows before it is deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbolic {
    /// As the template refers to it, for people.
    pub shown: String,
    /// With every reference replaced that is known, or made of others.
    unknowns: Pattern,
    /// The same with only names of resources left.
    identities: Option<Pattern>,
    /// Whether it is certainly there.
    pub(crate) certain: bool,
}

impl Symbolic {
    /// The resource that is written like this in a template.
    #[must_use]
    pub fn new(resource: &Pattern, references: &References) -> Symbolic {
        let unknowns = references.in_unknowns(resource);
        let identities = references.identities(&unknowns);
        Symbolic { shown: resource.to_policy_string(), unknowns, identities, certain: true }
    }

    /// The resource as a condition of the template may leave it out.
    pub(crate) fn if_certain(self, certain: bool) -> Symbolic {
        Symbolic { certain, ..self }
    }

    /// Whether it is a wildcard for everything, written as such.
    pub(crate) fn is_any(&self) -> bool {
        self.unknowns.is_any()
    }

    /// Whether it covers another one as far as names go: region and account are compared elsewhere.
    pub(crate) fn covers(&self, other: &Symbolic) -> bool {
        name_covers(&self.unknowns, &other.unknowns)
    }

    /// Whether it covers a resource that is known.
    pub(crate) fn covers_text(&self, text: &str) -> bool {
        name_covers(&self.unknowns, &Pattern::from_policy_string(text))
    }

    /// Whether the two are certainly of different resources.
    pub(crate) fn is_other_than(&self, other: &Symbolic) -> bool {
        let (own, others) = (name_of(&self.unknowns), name_of(&other.unknowns));
        let ((head, tail), (other_head, other_tail)) = (around_unknowns(&own), around_unknowns(&others));
        // Behind the same start, whatever it stands for, only the ends can differ.
        if !head.is_empty() && head == other_head && !overlaps(&text(tail), &text(other_tail)) {
            return true;
        }
        match (&self.identities, &other.identities) {
            (Some(one), Some(other)) => {
                let name = |pattern: &Pattern| name_of(pattern).to_policy_string();
                !overlaps(&name(one), &name(other))
            }
            _ => false,
        }
    }
}

fn name_covers(wide: &Pattern, narrow: &Pattern) -> bool {
    match (name_in_arn(wide), name_in_arn(narrow)) {
        (Some(wide), Some(narrow)) => wide.contains(&narrow),
        // `arn:aws:logs:*` has the rest in its wildcard.
        _ => wide.contains(narrow),
    }
}

/// What ends with the last reference, and what follows it.
fn around_unknowns(name: &Pattern) -> (&[Part], &[Part]) {
    let end = name.parts().iter().rposition(|part| matches!(part, Part::Raw(_)));
    name.parts().split_at(end.map_or(0, |end| end + 1))
}

fn text(parts: &[Part]) -> String {
    let mut pattern = Pattern::default();
    parts.iter().for_each(|part| pattern.push(part.clone()));
    pattern.to_policy_string()
}

/// What follows the account in an ARN; all of what is no ARN.
fn name_of(pattern: &Pattern) -> Pattern {
    name_in_arn(pattern).unwrap_or_else(|| pattern.clone())
}

fn name_in_arn(pattern: &Pattern) -> Option<Pattern> {
    (0..5).try_fold(pattern.clone(), |rest, _| rest.split_once(':').map(|(_, after)| after))
}
