//! How large a policy is as IAM counts it, and which limits it breaks. Splitting is left to the user.

use std::fmt;

use crate::document::Document;

/// A limit on the size of policies. IAM counts characters that are not white space, AWS STS and AWS Organizations all.
///
/// Sources: "IAM and AWS STS quotas", character limits; `AssumeRole` in the API Reference of AWS STS; "Quotas and service
/// limits for AWS Organizations", "SCP syntax", "RCP syntax".
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
    /// The trust policy of a role.
    Trust,
    /// An inline session policy.
    Session,
    /// A service control policy.
    ServiceControl,
    /// A resource control policy.
    ResourceControl,
}

impl SizeLimit {
    /// Every limit for policies of identities, the smallest first.
    pub const ALL: [SizeLimit; 4] =
        [SizeLimit::UserInline, SizeLimit::GroupInline, SizeLimit::Managed, SizeLimit::RoleInline];

    /// The largest size allowed.
    #[must_use]
    pub fn characters(self) -> usize {
        match self {
            SizeLimit::UserInline | SizeLimit::Trust | SizeLimit::Session => 2_048,
            SizeLimit::GroupInline | SizeLimit::ServiceControl | SizeLimit::ResourceControl => 5_120,
            SizeLimit::Managed => 6_144,
            SizeLimit::RoleInline => 10_240,
        }
    }

    /// Whether white space counts.
    #[must_use]
    pub fn counts_white_space(self) -> bool {
        matches!(self, SizeLimit::Session | SizeLimit::ServiceControl | SizeLimit::ResourceControl)
    }

    fn what(self) -> &'static str {
        match self {
            SizeLimit::UserInline => "the inline policies of a user",
            SizeLimit::GroupInline => "the inline policies of a group",
            SizeLimit::Managed => "a managed policy",
            SizeLimit::RoleInline => "the inline policies of a role",
            SizeLimit::Trust => "the trust policy of a role, unless the quota is raised",
            SizeLimit::Session => "a session policy",
            SizeLimit::ServiceControl => "a service control policy",
            SizeLimit::ResourceControl => "a resource control policy",
        }
    }
}

/// A limit that a document breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeWarning {
    /// Which.
    pub limit: SizeLimit,
    /// The size of the document as the limit counts it.
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
            SizeLimit::Trust => {
                "name accounts in place of their roles, with a condition on aws:PrincipalArn, or ask for a higher quota"
            }
            SizeLimit::Session => "leave to the role what it limits already; white space counts too",
            SizeLimit::ServiceControl | SizeLimit::ResourceControl => {
                "leave out white space, which counts too, or split the statements over several policies"
            }
        }
    }
}

impl fmt::Display for SizeWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SizeWarning { limit, size } = self;
        let without = if limit.counts_white_space() { "" } else { " without white space" };
        let allowed = limit.characters();
        write!(f, "the policy has {size} characters{without}; AWS allows {allowed} for {}", limit.what())
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
