//! From a denial to its cause and its cure, with what is known of policies and code.

use perm_infer_policy::evaluate::{Layer, Mismatch, Outcome};
use perm_infer_policy::{Document, Statement};

use super::addition::{self, Addition};
use super::known::{self, CodeNeed, Known};
use super::{Denial, DenyingPolicy, Form};
use crate::check::{Gap, GapReason, Need};
use crate::simulate::{Answer, RequestSpec, Simulation};

/// Why a request was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No policy of the principal allows it.
    NotAllowed,
    /// A statement allows it under a condition that the request does not meet.
    Condition,
    /// The resource is allowed, and the key that encrypts it is not.
    Key,
    /// A statement of this kind of policy denies it.
    Denied(DenyingPolicy),
    /// This kind of policy does not allow it, and no policy of the principal can change that.
    NotAllowedBy(DenyingPolicy),
    /// The role does not trust the principal.
    NotTrusted,
    /// The request came from another role than the policies are of.
    WrongRole,
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
    /// The statements that allow the request, each with the policy it belongs to.
    pub additions: Vec<Addition>,
    /// What the given policies say to the request.
    pub answer: Option<Answer>,
    /// The needs of the code that the message may be about: positions in [`Known::needs`].
    pub needs: Vec<usize>,
    /// Those of them that the additions to the policies of the principal are for.
    pub wanted: Vec<usize>,
    /// Those of them that the given policies do not cover, each with the reason.
    pub gaps: Vec<Gap>,
    /// The statement that denies.
    pub denying: Option<Statement>,
}

/// Finds the cause of a denial.
#[must_use]
pub fn diagnose(denial: &Denial, known: &Known<'_>) -> Diagnosis {
    let needs = known::about(denial, known.needs);
    let policies = known.policies.filter(|_| !is_of_another_role(denial, known));
    let answer = policies.and_then(|policies| ask(denial, policies));
    let gaps = policies.map(|policies| gaps(policies, known.needs, &needs)).unwrap_or_default();
    let facts = Facts { denial, known, policies, needs: &needs, gaps: &gaps, answer: answer.as_ref() };
    let cause = facts.cause();
    let additions = facts.additions(cause);
    let wanted = facts.wanted(cause);
    let denying = answer
        .as_ref()
        .filter(|answer| answer.outcome == Outcome::ExplicitlyDenied)
        .and_then(|answer| policies?.deciding(answer.layer, answer.statement.as_ref()?));
    Diagnosis { cause, additions, answer, needs, wanted, gaps, denying }
}

fn is_of_another_role(denial: &Denial, known: &Known<'_>) -> bool {
    let other = |role: &str| !known.roles.iter().any(|known| perm_infer_policy::matches(known, role));
    !known.roles.is_empty() && denial.role().is_some_and(other)
}

/// What policies say to the request of the message.
fn ask(denial: &Denial, policies: &Simulation) -> Option<Answer> {
    let action = denial.action.clone().filter(|_| denial.known_action)?;
    let resource = denial.resource.clone();
    // A request without its resource would be another request.
    if resource.is_none() && perm_infer_catalog::Action::find(&action)?.is_resource_level() {
        return None;
    }
    let mut spec = RequestSpec { action, resource, ..RequestSpec::default() };
    if let Some(region) = denial.region() {
        spec.context.insert("aws:RequestedRegion".to_owned(), crate::ContextValue::One(region));
    }
    let account = denial.account().unwrap_or_else(|| "123456789012".to_owned());
    let principal =
        denial.principal.clone().unwrap_or_else(|| format!("arn:aws:iam::{account}:role/principal"));
    Some(policies.answer_of_principal(&spec, &principal))
}

/// The needs among these that the policies do not cover.
fn gaps(policies: &Simulation, needs: &[CodeNeed], wanted: &[usize]) -> Vec<Gap> {
    let asked: Vec<Need<'_>> = wanted
        .iter()
        .map(|at| &needs[*at])
        .map(|need| Need {
            action: &need.action,
            resource: &need.resource,
            symbolic: need.symbolic.clone(),
            conditions: &need.conditions,
        })
        .collect();
    let gaps = policies.gaps(&asked);
    gaps.into_iter().map(|gap| Gap { need: wanted[gap.need], ..gap }).collect()
}

struct Facts<'f> {
    denial: &'f Denial,
    known: &'f Known<'f>,
    policies: Option<&'f Simulation>,
    needs: &'f [usize],
    gaps: &'f [Gap],
    answer: Option<&'f Answer>,
}

impl Facts<'_> {
    fn cause(&self) -> Cause {
        match (self.denial.policy, self.denial.explicit) {
            (Some(DenyingPolicy::Trust), _) => return Cause::NotTrusted,
            (Some(kind), Some(true)) => return Cause::Denied(kind),
            (Some(DenyingPolicy::Identity) | None, _) => {}
            (Some(kind), _) => return Cause::NotAllowedBy(kind),
        }
        if is_of_another_role(self.denial, self.known) {
            return Cause::WrongRole;
        }
        if let Some(answer) = self.answer {
            return self.answered(answer);
        }
        if self.denial.explicit == Some(true) {
            return Cause::Denied(DenyingPolicy::Identity);
        }
        if self.policies.is_some() && !self.needs.is_empty() {
            return self.by_gaps();
        }
        let says = self.denial.policy.is_some() || self.denial.form != Form::Service;
        if self.denial.action.is_some() && says { Cause::NotAllowed } else { Cause::Unknown }
    }

    /// With an answer to the very request.
    fn answered(&self, answer: &Answer) -> Cause {
        match (answer.outcome, answer.layer) {
            (Outcome::ExplicitlyDenied, layer) => Cause::Denied(kind_of(layer)),
            // The message knows better than policies that may be others.
            _ if self.denial.explicit == Some(true) => Cause::Denied(DenyingPolicy::Identity),
            (Outcome::Allowed, _) if self.gaps.iter().any(|gap| self.is_key(gap)) => Cause::Key,
            (Outcome::Allowed, _) => Cause::AllowedByPolicies,
            (Outcome::ImplicitlyDenied, layer) => {
                let nearest = answer.nearest.as_ref().map(|near| &near.mismatch);
                match (nearest, kind_of(layer)) {
                    (Some(Mismatch::Condition { .. }), _) => Cause::Condition,
                    (_, DenyingPolicy::Identity) => Cause::NotAllowed,
                    (_, kind) => Cause::NotAllowedBy(kind),
                }
            }
        }
    }

    /// With what the code needs, where the message does not say enough for a request.
    fn by_gaps(&self) -> Cause {
        let certain: Vec<&Gap> = self.gaps.iter().filter(|gap| gap.certain).collect();
        let gaps = if certain.is_empty() { self.gaps.iter().collect() } else { certain };
        let asks_for_key = self.denial.actions().any(|action| action.starts_with("kms:"));
        if gaps.is_empty() {
            Cause::AllowedByPolicies
        } else if gaps.iter().any(|gap| matches!(gap.reason, GapReason::Denied { .. })) {
            Cause::Denied(DenyingPolicy::Identity)
        } else if !asks_for_key && gaps.iter().all(|gap| self.is_key(gap)) {
            Cause::Key
        } else if gaps.iter().all(|gap| matches!(gap.reason, GapReason::Condition { .. })) {
            Cause::Condition
        } else {
            Cause::NotAllowed
        }
    }

    fn is_key(&self, gap: &Gap) -> bool {
        self.known.needs[gap.need].is_key()
    }

    fn additions(&self, cause: Cause) -> Vec<Addition> {
        let to = |to: DenyingPolicy| move |statement: Statement| Addition { to, statement };
        let exact = addition::exact(self.denial);
        match cause {
            Cause::NotAllowed | Cause::Unknown => {
                let mut additions: Vec<Addition> = match exact {
                    Some(statement) => vec![to(DenyingPolicy::Identity)(statement)],
                    None => self.needed(cause).map(to(DenyingPolicy::Identity)).collect(),
                };
                if self.denial.is_cross_account() {
                    additions.extend(addition::of_resource(self.denial).map(to(DenyingPolicy::Resource)));
                }
                additions
            }
            Cause::Key => self.needed(cause).map(to(DenyingPolicy::Identity)).collect(),
            Cause::NotTrusted => {
                addition::of_trust(self.denial).map(to(DenyingPolicy::Trust)).into_iter().collect()
            }
            Cause::NotAllowedBy(kind @ (DenyingPolicy::Resource | DenyingPolicy::VpcEndpoint)) => {
                addition::of_resource(self.denial).map(to(kind)).into_iter().collect()
            }
            Cause::NotAllowedBy(
                kind @ (DenyingPolicy::Boundary | DenyingPolicy::Session | DenyingPolicy::ServiceControl),
            ) => exact.map(to(kind)).into_iter().collect(),
            Cause::NotAllowedBy(_)
            | Cause::Denied(_)
            | Cause::Condition
            | Cause::WrongRole
            | Cause::AllowedByPolicies => Vec::new(),
        }
    }

    /// Statements for what the code needs.
    fn needed(&self, cause: Cause) -> impl Iterator<Item = Statement> {
        let needs = self.known.needs;
        self.lacking(cause).into_iter().map(move |at| addition::of_need(&needs[at]))
    }

    /// The needs that the statements for the principal are for.
    fn wanted(&self, cause: Cause) -> Vec<usize> {
        let is_request = |at: &&usize| {
            let need = &self.known.needs[**at];
            self.denial.actions().any(|action| action == need.action)
        };
        match cause {
            Cause::NotAllowed | Cause::Unknown if addition::exact(self.denial).is_some() => {
                self.needs.iter().filter(is_request).copied().collect()
            }
            Cause::NotAllowed | Cause::Unknown | Cause::Key => self.lacking(cause),
            _ => Vec::new(),
        }
    }

    /// What the policies lack, or all of an operation that the message names.
    fn lacking(&self, cause: Cause) -> Vec<usize> {
        let names_something = self.denial.action.is_some() || self.denial.operation.is_some();
        let mut lacking: Vec<usize> = match self.policies {
            Some(_) => self.gaps.iter().map(|gap| gap.need).collect(),
            // What a whole service or program needs is no answer.
            None if names_something => self.needs.to_vec(),
            None => Vec::new(),
        };
        if cause == Cause::Key {
            lacking.retain(|at| self.known.needs[*at].is_key());
        }
        lacking.sort_unstable();
        lacking.dedup();
        lacking
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

impl Diagnosis {
    /// The statements for one kind of policy as a policy of its own.
    #[must_use]
    pub fn document(&self, kind: DenyingPolicy) -> Option<Document> {
        let additions = self.additions.iter().filter(|addition| addition.to == kind);
        let statements: Vec<Statement> = additions.map(|addition| addition.statement.clone()).collect();
        (!statements.is_empty()).then(|| Document::new(statements))
    }
}
