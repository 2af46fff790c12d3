//! From a denial to its cause and its cure, with what is known of the policies.

use perm_infer_policy::evaluate::{Layer, Outcome};
use perm_infer_policy::{Condition, Document, Effect, OneOrMany, Statement};

use super::{Denial, DenyingPolicy, Form};
use crate::simulate::{Answer, RequestSpec, Simulation};

/// Why a request was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No policy of the principal allows it.
    NotAllowed,
    /// A statement of this kind of policy denies it.
    Denied(DenyingPolicy),
    /// This kind of policy does not allow it, and no policy of the principal can change that.
    NotAllowedBy(DenyingPolicy),
    /// The role does not trust the principal.
    NotTrusted,
    /// The given policies allow it: another policy denies, or the policies in force are others.
    AllowedByPolicies,
    /// The message does not say enough.
    Unknown,
}

/// What follows from a denial.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// Why.
    pub cause: Cause,
    /// The statement that allows the request, where a statement of the principal's policies can.
    pub statement: Option<Statement>,
    /// What the given policies say to the request.
    pub answer: Option<Answer>,
}

/// Finds the cause of a denial, asking policies when some are given.
#[must_use]
pub fn diagnose(denial: &Denial, policies: Option<&Simulation>) -> Diagnosis {
    let answer = policies.and_then(|policies| ask(denial, policies));
    let cause = cause(denial, answer.as_ref());
    let statement = match cause {
        Cause::NotAllowed | Cause::Unknown => statement(denial),
        Cause::NotTrusted => trust(denial),
        _ => None,
    };
    Diagnosis { cause, statement, answer }
}

fn ask(denial: &Denial, policies: &Simulation) -> Option<Answer> {
    let action = denial.action.clone().filter(|_| denial.known_action)?;
    let spec = RequestSpec { action, resource: denial.resource.clone(), ..RequestSpec::default() };
    let account = denial.account().unwrap_or_else(|| "123456789012".to_owned());
    let principal =
        denial.principal.clone().unwrap_or_else(|| format!("arn:aws:iam::{account}:role/principal"));
    Some(policies.answer(&spec, &principal))
}

fn cause(denial: &Denial, answer: Option<&Answer>) -> Cause {
    match (denial.policy, denial.explicit) {
        (Some(DenyingPolicy::Trust), _) => return Cause::NotTrusted,
        (Some(kind), Some(true)) => return Cause::Denied(kind),
        (Some(DenyingPolicy::Identity), _) => {}
        (Some(kind), _) => return Cause::NotAllowedBy(kind),
        (None, Some(true)) => return Cause::Denied(DenyingPolicy::Identity),
        (None, _) => {}
    }
    // An answer to a request without its resource would be about another request.
    let answer = answer.filter(|answer| denial.resource.is_some() && answer.request.resource != "*");
    match answer.map(|answer| (answer.outcome, answer.layer)) {
        Some((Outcome::Allowed, _)) => Cause::AllowedByPolicies,
        Some((Outcome::ExplicitlyDenied, layer)) => Cause::Denied(kind_of(layer)),
        _ if denial.action.is_none() => Cause::Unknown,
        _ if denial.policy.is_some() || denial.form != Form::Service => Cause::NotAllowed,
        _ => Cause::Unknown,
    }
}

fn kind_of(layer: Layer) -> DenyingPolicy {
    match layer {
        Layer::Identity => DenyingPolicy::Identity,
        Layer::Resource => DenyingPolicy::Resource,
        Layer::Boundary => DenyingPolicy::Boundary,
        Layer::Session => DenyingPolicy::Session,
        Layer::ServiceControl(_) => DenyingPolicy::ServiceControl,
        Layer::ResourceControl(_) => DenyingPolicy::ResourceControl,
        Layer::Endpoint => DenyingPolicy::VpcEndpoint,
    }
}

/// The statement that allows exactly this request; none without a resource, since only `*` would be left.
fn statement(denial: &Denial) -> Option<Statement> {
    denial.action.as_ref().filter(|_| denial.known_action)?;
    let resource = denial.resource.clone()?;
    let mut actions: Vec<String> = denial.actions().map(str::to_owned).collect();
    let action = match actions.len() {
        1 => OneOrMany::One(actions.remove(0)),
        _ => OneOrMany::Many(actions),
    };
    let resource = Some(OneOrMany::One(escaped(&resource)));
    Some(Statement { action: Some(action), resource, ..allow(String::new()) })
}

/// The statement of a trust policy.
fn trust(denial: &Denial) -> Option<Statement> {
    let principal = denial.principal.clone()?;
    let kind = if principal.starts_with("arn:") { "AWS" } else { "Service" };
    let principal = serde_json::json!({ kind: principal });
    Some(Statement { principal: Some(principal), ..allow(denial.action.clone()?) })
}

fn allow(action: String) -> Statement {
    Statement {
        sid: None,
        effect: Effect::Allow,
        principal: None,
        not_principal: None,
        action: Some(OneOrMany::One(action)),
        not_action: None,
        resource: None,
        not_resource: None,
        condition: Condition::new(),
    }
}

/// A `*` alone is any resource; in a name it is that character.
fn escaped(resource: &str) -> String {
    if resource == "*" {
        return resource.to_owned();
    }
    perm_infer_policy::Pattern::literal(resource).to_policy_string()
}

impl Diagnosis {
    /// The statement as a policy of its own.
    #[must_use]
    pub fn document(&self) -> Option<Document> {
        self.statement.clone().map(|statement| Document::new(vec![statement]))
    }
}
