//! What one set of permissions allows that another does not, told as a reviewer would tell it: added,
//! removed, widened, narrowed, another resource, another condition. How permissions are grouped into
//! statements and where they come from makes no difference.

use std::collections::{BTreeMap, BTreeSet};

use crate::arn::Arn;
use crate::build::Grant;

/// One difference. The numbers are positions in the two lists that were compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantChange {
    /// What happened.
    pub kind: ChangeKind,
    /// The permissions before: empty for what was added.
    pub before: Vec<usize>,
    /// The permissions after: empty for what was removed.
    pub after: Vec<usize>,
}

/// What happened to a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Allowed now and not before.
    Added,
    /// The same action on more resources, or under fewer conditions, than before.
    Widened,
    /// The same action on another resource of the same type.
    Renamed,
    /// The same action and resource under other conditions.
    ConditionChanged,
    /// The same action on fewer resources, or under more conditions, than before.
    Narrowed,
    /// Allowed before and not now.
    Removed,
}

/// Compares two lists of permissions: for each action, what is newly allowed and what no longer is.
/// The changes are ordered by action, then kind, then position.
#[must_use]
pub fn diff(before: &[Grant], after: &[Grant]) -> Vec<GrantChange> {
    let actions: BTreeSet<&str> = before.iter().chain(after).map(|grant| grant.action.as_str()).collect();
    let (before_of, after_of) = (by_action(before), by_action(after));
    let none = Vec::new();
    let mut changes = Vec::new();
    for action in actions {
        let sides = Sides {
            before,
            after,
            old: before_of.get(action).unwrap_or(&none),
            new: after_of.get(action).unwrap_or(&none),
        };
        let mut found = sides.changes();
        found.sort_by_key(|change| (change.kind, change.before.clone(), change.after.clone()));
        changes.extend(found);
    }
    changes
}

fn by_action(grants: &[Grant]) -> BTreeMap<&str, Vec<usize>> {
    let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, grant) in grants.iter().enumerate() {
        found.entry(&grant.action).or_default().push(position);
    }
    found
}

/// Whether everything that `narrow` allows is allowed by `wide`, both of one action.
fn covers(wide: &Grant, narrow: &Grant) -> bool {
    (wide.conditions.is_empty() || wide.conditions == narrow.conditions)
        && wide.resource.contains(&narrow.resource)
}

/// The permissions of one action on both sides.
struct Sides<'a> {
    before: &'a [Grant],
    after: &'a [Grant],
    old: &'a [usize],
    new: &'a [usize],
}

impl Sides<'_> {
    fn changes(&self) -> Vec<GrantChange> {
        let covered =
            |grant: &Grant, by: &[usize], side: &[Grant]| by.iter().any(|&at| covers(&side[at], grant));
        let (before, after) = (self.before, self.after);
        let mut fresh: Vec<usize> =
            self.new.iter().copied().filter(|&at| !covered(&after[at], self.old, before)).collect();
        let mut gone: Vec<usize> =
            self.old.iter().copied().filter(|&at| !covered(&before[at], self.new, after)).collect();
        let mut changes = Vec::new();
        fresh.retain(|&new| {
            let from = self.old.iter().copied().filter(|&old| covers(&after[new], &before[old])).collect();
            !push_unless_empty(&mut changes, ChangeKind::Widened, from, vec![new])
        });
        gone.retain(|&old| {
            let to = self.new.iter().copied().filter(|&new| covers(&before[old], &after[new])).collect();
            !push_unless_empty(&mut changes, ChangeKind::Narrowed, vec![old], to)
        });
        self.pair(&mut gone, &mut fresh, ChangeKind::ConditionChanged, &mut changes, |old, new| {
            old.resource == new.resource
        });
        // With several on a side it would be a guess which of them became which.
        if let ([_], [_]) = (gone.as_slice(), fresh.as_slice()) {
            self.pair(&mut gone, &mut fresh, ChangeKind::Renamed, &mut changes, |old, new| {
                old.conditions == new.conditions && resource_type(old) == resource_type(new)
            });
        }
        let added = fresh.into_iter().map(|new| (ChangeKind::Added, vec![], vec![new]));
        let removed = gone.into_iter().map(|old| (ChangeKind::Removed, vec![old], vec![]));
        changes.extend(added.chain(removed).map(|(kind, before, after)| GrantChange { kind, before, after }));
        changes
    }

    /// Takes pairs that belong together off both lists.
    fn pair(
        &self,
        gone: &mut Vec<usize>,
        fresh: &mut Vec<usize>,
        kind: ChangeKind,
        changes: &mut Vec<GrantChange>,
        belong: impl Fn(&Grant, &Grant) -> bool,
    ) {
        gone.retain(|&old| {
            let partner = fresh.iter().position(|&new| belong(&self.before[old], &self.after[new]));
            if let Some(at) = partner {
                changes.push(GrantChange { kind, before: vec![old], after: vec![fresh.remove(at)] });
            }
            partner.is_none()
        });
    }
}

fn push_unless_empty(
    changes: &mut Vec<GrantChange>,
    kind: ChangeKind,
    before: Vec<usize>,
    after: Vec<usize>,
) -> bool {
    let is_change = !before.is_empty() && !after.is_empty();
    if is_change {
        changes.push(GrantChange { kind, before, after });
    }
    is_change
}

/// Service and type of the resource: what stands before the name.
fn resource_type(grant: &Grant) -> Option<(String, String)> {
    let arn: Arn = grant.resource.to_policy_string().parse().ok()?;
    let type_end = arn.resource.find(['/', ':']).unwrap_or(0);
    // The first part of an object's ARN is a bucket's name and not a type.
    let kind = if arn.service == "s3" {
        if arn.resource.contains('/') { "object" } else { "bucket" }.to_owned()
    } else {
        arn.resource[..type_end].to_owned()
    };
    Some((arn.service, kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Condition, OneOrMany};
    use crate::pattern::Pattern;

    fn grant(action: &str, resource: &str) -> Grant {
        Grant {
            action: action.to_owned(),
            resource: Pattern::from_policy_string(resource),
            conditions: Condition::new(),
        }
    }

    fn only_when(mut grant: Grant, value: &str) -> Grant {
        let keys = [("aws:RequestedRegion".to_owned(), OneOrMany::One(value.to_owned()))];
        grant.conditions.insert("StringEquals".to_owned(), keys.into());
        grant
    }

    fn kinds(before: &[&Grant], after: &[&Grant]) -> Vec<ChangeKind> {
        let owned = |side: &[&Grant]| side.iter().copied().cloned().collect::<Vec<_>>();
        diff(&owned(before), &owned(after)).into_iter().map(|change| change.kind).collect()
    }

    const TABLE: &str = "arn:aws:dynamodb:*:*:table/orders";
    const TABLES: &str = "arn:aws:dynamodb:*:*:table/*";

    #[test]
    fn the_same_permissions_in_another_order_are_no_change() {
        let (get, put) = (grant("dynamodb:GetItem", TABLE), grant("dynamodb:PutItem", TABLE));
        assert!(kinds(&[&get, &put], &[&put, &get]).is_empty());
    }

    #[test]
    fn what_a_wider_permission_covers_is_no_change() {
        let (wide, narrow) = (grant("dynamodb:GetItem", TABLES), grant("dynamodb:GetItem", TABLE));
        assert!(kinds(&[&wide, &narrow], &[&wide]).is_empty());
    }

    #[test]
    fn additions_and_removals_are_told_apart_by_action() {
        let (get, put) = (grant("dynamodb:GetItem", TABLE), grant("dynamodb:PutItem", TABLE));
        assert_eq!(kinds(&[&get], &[&put]), [ChangeKind::Removed, ChangeKind::Added]);
    }

    #[test]
    fn a_wildcard_widens_and_its_removal_narrows() {
        let (wide, narrow) = (grant("dynamodb:GetItem", TABLES), grant("dynamodb:GetItem", TABLE));
        let widened = diff(std::slice::from_ref(&narrow), std::slice::from_ref(&wide));
        assert_eq!(widened, [GrantChange { kind: ChangeKind::Widened, before: vec![0], after: vec![0] }]);
        assert_eq!(kinds(&[&wide], &[&narrow]), [ChangeKind::Narrowed]);
    }

    #[test]
    fn one_name_for_another_is_a_renamed_resource_only_within_its_type() {
        let (object, other) =
            (grant("s3:GetObject", "arn:aws:s3:::a/x"), grant("s3:GetObject", "arn:aws:s3:::b/x"));
        assert_eq!(kinds(&[&object], &[&other]), [ChangeKind::Renamed]);
        let queue = grant("x:Y", "arn:aws:x:*:*:queue/a");
        let topic = grant("x:Y", "arn:aws:x:*:*:topic/a");
        assert_eq!(kinds(&[&queue], &[&topic]), [ChangeKind::Added, ChangeKind::Removed]);
        let third = grant("s3:GetObject", "arn:aws:s3:::c/x");
        assert_eq!(
            kinds(&[&object], &[&other, &third]),
            [ChangeKind::Added, ChangeKind::Added, ChangeKind::Removed]
        );
    }

    #[test]
    fn conditions_narrow_widen_or_change() {
        let plain = grant("dynamodb:GetItem", TABLE);
        let (here, there) = (only_when(plain.clone(), "eu-west-1"), only_when(plain.clone(), "us-east-1"));
        assert_eq!(kinds(&[&here], &[&there]), [ChangeKind::ConditionChanged]);
        assert_eq!(kinds(&[&here], &[&plain]), [ChangeKind::Widened]);
        assert_eq!(kinds(&[&plain], &[&here]), [ChangeKind::Narrowed]);
    }
}
