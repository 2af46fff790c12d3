//! The role of a unit as its template states it: which policies it has, with their lines. Plain data; whether
//! the role is enough is for others to say.

use perm_infer_diagnostics::{Diagnostic, Location};
use perm_infer_policy::{Effect, Part, Pattern};

/// What a template says of the role of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// How it is called in the template; the same for all units that share it.
    pub name: String,
    /// What it is called once deployed, with references; nothing where that is not known.
    pub deployed: Vec<Pattern>,
    /// Where it is stated.
    pub location: Location,
    /// Its policies, inline and attached.
    pub policies: Vec<RolePolicy>,
    /// The policies of its permissions boundary.
    pub boundary: Vec<RolePolicy>,
    /// Policies that it has and that the template does not hold.
    pub elsewhere: Vec<Diagnostic>,
}

/// One policy of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolePolicy {
    /// What it is.
    pub source: PolicySource,
    /// Where the template states or names it.
    pub location: Location,
    /// Its statements; those of a managed policy are not in the template.
    pub statements: Vec<PolicyStatement>,
    /// Whether the role certainly has it: false where a condition of the template decides.
    pub certain: bool,
}

/// Who wrote a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// The template.
    Template,
    /// AWS: a managed policy of this name or ARN.
    Managed(String),
    /// AWS SAM: a policy template of this name.
    SamTemplate(String),
    /// The framework, which gives roles it makes what it knows the unit to need.
    Framework,
}

/// One statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyStatement {
    /// Where it starts.
    pub location: Location,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// Allow or deny.
    pub effect: Effect,
    /// Whether all of it is known, and whether it is certainly there.
    pub certain: bool,
    /// `Action`.
    pub actions: Option<Vec<Placed<String>>>,
    /// `NotAction`.
    pub not_actions: Option<Vec<Placed<String>>>,
    /// `Resource`, each with its alternatives.
    pub resources: Option<Vec<Placed<Vec<Pattern>>>>,
    /// `NotResource`.
    pub not_resources: Option<Vec<Placed<Vec<Pattern>>>>,
    /// The conditions.
    pub conditions: Vec<PolicyCondition>,
}

/// One condition of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyCondition {
    /// `StringEquals`.
    pub operator: String,
    /// `aws:SourceArn`.
    pub key: String,
    /// The values; unknown parts are `*`.
    pub values: Vec<String>,
    /// Where it is.
    pub location: Location,
}

/// Something with the place where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// Where.
    pub location: Location,
    /// What.
    pub value: T,
    /// Whether it is certainly there: false where a condition of the template decides.
    pub certain: bool,
}

/// What stands for a part of a resource that nobody knows. No reference is written like this.
pub(crate) const UNKNOWN: &str = "${}";

/// The resource that a policy writes as this text: `*` and `?` in what the template writes are wildcards, policy
/// variables are parts of their own, and what the template leaves open is [`UNKNOWN`], which is not the same as a
/// wildcard.
pub(crate) fn as_policy_writes(text: &Pattern) -> Pattern {
    let mut resource = Pattern::default();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => resource.push_policy_text(literal),
            Part::Any | Part::AnyChars(_) => resource.push(Part::Raw(UNKNOWN.to_owned())),
            raw @ Part::Raw(_) => resource.push(raw.clone()),
        }
    }
    resource
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_those_of_the_text_and_open_parts_are_none() {
        let mut text = Pattern::literal("arn:aws:s3:::b-${aws:username}-${*}/a?*$");
        text.push(Part::Any);
        let resource = as_policy_writes(&text);
        assert_eq!(resource.to_policy_string(), "arn:aws:s3:::b-${aws:username}-${*}/a?*${$}${}");
        assert!(resource.parts().contains(&Part::Any));
        assert_eq!(as_policy_writes(&Pattern::literal("a${b")).to_policy_string(), "a${$}{b");
    }
}
