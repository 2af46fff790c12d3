//! How large a policy is as IAM counts it, and which limits it breaks. Splitting is left to the user.

use std::fmt;

use crate::document::Document;

/// A limit on the size of policies, in characters that are not white space.
///
/// Source: "IAM and AWS STS quotas", character limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SizeLimit {
    /// All inline policies of one user.
    UserInline,
    /// All inline policies of one group.
    GroupInline,
    /// One managed policy.
    Managed,
    /// All inline policies of one role.
    RoleInline,
}

impl SizeLimit {
    /// Every limit, the smallest first.
    pub const ALL: [SizeLimit; 4] =
        [SizeLimit::UserInline, SizeLimit::GroupInline, SizeLimit::Managed, SizeLimit::RoleInline];

    /// The largest size allowed, in characters that are not white space.
    #[must_use]
    pub fn characters(self) -> usize {
        match self {
            SizeLimit::UserInline => 2_048,
            SizeLimit::GroupInline => 5_120,
            SizeLimit::Managed => 6_144,
            SizeLimit::RoleInline => 10_240,
        }
    }

    fn what(self) -> &'static str {
        match self {
            SizeLimit::UserInline => "the inline policies of a user",
            SizeLimit::GroupInline => "the inline policies of a group",
            SizeLimit::Managed => "a managed policy",
            SizeLimit::RoleInline => "the inline policies of a role",
        }
    }
}

/// A limit that a document breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeWarning {
    /// Which.
    pub limit: SizeLimit,
    /// The size of the document in characters that are not white space.
    pub size: usize,
}

impl SizeWarning {
    /// What to do about it, one sentence.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self.limit {
            SizeLimit::UserInline | SizeLimit::GroupInline => {
                "attach the policy to a role, or as a managed policy if it is small enough for one"
            }
            SizeLimit::Managed => {
                "use it as an inline policy of the role, or split its statements over several managed policies"
            }
            SizeLimit::RoleInline => {
                "give each function a role with its own policy, or split the statements over several managed policies"
            }
        }
    }
}

impl fmt::Display for SizeWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SizeWarning { limit, size } = self;
        write!(
            f,
            "the policy has {size} characters without white space; IAM allows {} for {}",
            limit.characters(),
            limit.what()
        )
    }
}

/// The size of a document as IAM counts it: characters without white space.
#[must_use]
pub fn policy_size(document: &Document) -> usize {
    document.to_json().chars().filter(|character| !character.is_whitespace()).count()
}

/// The limits that a document breaks, the smallest first. Which of them matter depends on where the
/// policy will be attached, so that callers choose; functions have roles.
#[must_use]
pub fn size_warnings(document: &Document) -> Vec<SizeWarning> {
    let size = policy_size(document);
    SizeLimit::ALL
        .into_iter()
        .filter(|limit| size > limit.characters())
        .map(|limit| SizeWarning { limit, size })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Condition, Effect, OneOrMany, Statement};

    fn document_of_size(size: usize) -> Document {
        let with = |padding: usize| {
            Document::new(vec![Statement {
                sid: Some("X".repeat(padding)),
                effect: Effect::Allow,
                principal: None,
                not_principal: None,
                action: Some(OneOrMany::One("s3:GetObject".into())),
                not_action: None,
                resource: Some(OneOrMany::One("*".into())),
                not_resource: None,
                condition: Condition::new(),
            }])
        };
        with(size - policy_size(&with(0)))
    }

    #[test]
    fn a_limit_is_broken_by_one_character_too_many() {
        assert_eq!(policy_size(&document_of_size(6_144)), 6_144);
        let limits = |size| -> Vec<SizeLimit> {
            size_warnings(&document_of_size(size)).iter().map(|warning| warning.limit).collect()
        };
        assert_eq!(limits(2_048), []);
        assert_eq!(limits(6_144), [SizeLimit::UserInline, SizeLimit::GroupInline]);
        assert_eq!(limits(6_145), [SizeLimit::UserInline, SizeLimit::GroupInline, SizeLimit::Managed]);
        assert_eq!(limits(10_241).len(), 4);
    }

    #[test]
    fn a_warning_names_the_limit() {
        let warning = SizeWarning { limit: SizeLimit::Managed, size: 7_000 };
        assert!(warning.to_string().contains("6144") && warning.to_string().contains("managed policy"));
    }
}
