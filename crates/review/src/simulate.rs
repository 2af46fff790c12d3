//! `simulate`: policies from files, requests from options or a batch, and an answer for each that names the
//! statement which decides or comes nearest.

use perm_infer_catalog::{Action, Nearest, has_resource_control};
use perm_infer_diagnostics::{Diagnostic, Severity};
use perm_infer_policy::evaluate::{
    Layer, Mismatch, Outcome, Policies, Policy, Request, StatementPlace, evaluate, nearest,
};
use perm_infer_policy::{Document, Statement};
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::check::{self, Gap, Need, Review};
use crate::mismatch::{ResourceHint, resource_hint};
use crate::policy_file::{PolicyFile, StatementRef};

/// The policies of a simulation by what they are attached to.
#[derive(Clone, Debug, Default)]
pub struct PolicyFiles {
    /// Policies of the principal.
    pub identity: Vec<PolicyFile>,
    /// The policy of the resource, or the trust policy of the role.
    pub resource: Option<PolicyFile>,
    /// The permissions boundary.
    pub boundary: Vec<PolicyFile>,
    /// Session policies.
    pub session: Vec<PolicyFile>,
    /// Service control policies of each level.
    pub service_control: Vec<Vec<PolicyFile>>,
    /// Resource control policies of each level.
    pub resource_control: Vec<Vec<PolicyFile>>,
    /// The policy of the VPC endpoint that requests go through.
    pub endpoint: Option<PolicyFile>,
    /// The management account of the organisation.
    pub management_account: Option<String>,
    /// Whether there are policies, of any kind, that are not among these.
    pub is_incomplete: bool,
}

/// Policies that are ready to be asked.
#[derive(Clone, Debug)]
pub struct Simulation {
    files: PolicyFiles,
    policies: Policies,
    /// The same for services that resource control policies do not reach.
    beyond_control: Policies,
}

/// A request as it is written in options and batch files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestSpec {
    /// Who asks; the default of the command when it is missing.
    #[serde(default)]
    pub principal: Option<String>,
    /// `service:Action`.
    pub action: String,
    /// The ARN, `*` when it is missing.
    #[serde(default)]
    pub resource: Option<String>,
    /// The account of the resource, when its ARN does not tell it.
    #[serde(default)]
    pub resource_account: Option<String>,
    /// Condition keys with one value or several.
    #[serde(default)]
    pub context: BTreeMap<String, ContextValue>,
}

/// The values of a condition key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ContextValue {
    /// One.
    One(String),
    /// Several, or one of a key that may have several.
    Many(Vec<String>),
}

/// The requests of a batch file.
pub type Batch = Vec<RequestSpec>;

/// Reads a batch: a JSON array of requests.
///
/// # Errors
/// When it is none; the error has line and column.
pub fn read_batch(text: &str) -> Result<Batch, serde_json::Error> {
    serde_json::from_str(text)
}

/// The answer to one request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The request with everything that follows from it.
    pub request: Request,
    /// Who asks, as given.
    pub principal: String,
    /// Whether it goes through.
    pub outcome: Outcome,
    /// The kind of policy that decided; of an implicit denial the one in which a statement is missing.
    pub layer: Layer,
    /// The statement that decided.
    pub statement: Option<StatementRef>,
    /// Of an implicit denial, the nearest allowing statement.
    pub nearest: Option<NearStatement>,
    /// Whether policies that could not be asked may say otherwise.
    pub is_uncertain: bool,
}

/// A statement that nearly allows a request.
#[derive(Clone, Debug)]
pub struct NearStatement {
    /// The statement.
    pub statement: StatementRef,
    /// What does not match.
    pub mismatch: Mismatch,
    /// Of a statement about other resources: the one that resembles the request's most, and how it differs.
    pub resource: Option<(String, ResourceHint)>,
}

impl Simulation {
    /// Prepares policies for requests.
    #[must_use]
    pub fn new(files: PolicyFiles) -> Simulation {
        let all = |files: &[PolicyFile]| files.iter().map(|file| file.policy.clone()).collect();
        let levels = |levels: &[Vec<PolicyFile>]| levels.iter().map(|level| all(level)).collect();
        let policies = Policies {
            identity: all(&files.identity),
            resource: files.resource.as_ref().map(|file| file.policy.clone()),
            boundary: all(&files.boundary),
            session: all(&files.session),
            service_control: levels(&files.service_control),
            resource_control: levels(&files.resource_control),
            endpoint: files.endpoint.as_ref().map(|file| file.policy.clone()),
            management_account: files.management_account.clone(),
        };
        let beyond_control = Policies { resource_control: Vec::new(), ..policies.clone() };
        Simulation { files, policies, beyond_control }
    }

    /// Answers a request.
    #[must_use]
    pub fn answer(&self, spec: &RequestSpec, default_principal: &str) -> Answer {
        let principal = spec.principal.as_deref().unwrap_or(default_principal);
        let request = request(spec, principal);
        let policies = if is_controlled(&request.action) { &self.policies } else { &self.beyond_control };
        let decision = evaluate(policies, &request);
        let near = nearest(policies, &request, &decision).map(|near| NearStatement {
            statement: self.statement(near.place),
            resource: (near.mismatch == Mismatch::Resource)
                .then(|| self.nearest_resource(near.place, &request.resource))
                .flatten(),
            mismatch: near.mismatch,
        });
        Answer {
            principal: principal.to_owned(),
            outcome: decision.outcome,
            layer: decision.layer,
            statement: decision.statement.map(|place| self.statement(place)),
            nearest: near,
            is_uncertain: self.files.is_incomplete && decision.outcome != Outcome::ExplicitlyDenied,
            request,
        }
    }

    /// Answers a request of a principal of whose resource no policy is known: where none is given, the resource leaves
    /// the decision to the account of the principal.
    #[must_use]
    pub(crate) fn answer_of_principal(&self, spec: &RequestSpec, principal: &str) -> Answer {
        let account = perm_infer_policy::evaluate::Principal::parse(principal).account().map(str::to_owned);
        if let (None, Some(account)) = (&self.files.resource, account)
            && let Ok(document) = delegation(&account)
        {
            let mut open = self.clone();
            open.policies.resource = Some(Policy::new(&document));
            open.beyond_control.resource.clone_from(&open.policies.resource);
            let answer = open.answer(spec, principal);
            if answer.outcome != Outcome::ImplicitlyDenied || answer.layer != Layer::Resource {
                return answer;
            }
        }
        self.answer(spec, principal)
    }

    /// The statement that decided an answer.
    pub(crate) fn deciding(&self, layer: Layer, statement: &StatementRef) -> Option<Statement> {
        let files = match layer {
            Layer::Identity => self.files.identity.iter().collect::<Vec<_>>(),
            Layer::Resource => self.files.resource.iter().collect(),
            Layer::Boundary => self.files.boundary.iter().collect(),
            Layer::Session => self.files.session.iter().collect(),
            Layer::ServiceControl(level) => self.files.service_control.get(level)?.iter().collect(),
            Layer::ResourceControl(level) => self.files.resource_control.get(level)?.iter().collect(),
            Layer::Endpoint => self.files.endpoint.iter().collect(),
        };
        let file = files.into_iter().find(|file| file.statement(statement.index) == *statement)?;
        file.document.statement.get(statement.index).cloned()
    }

    /// The needs that policies of the principal and its boundary do not cover.
    pub(crate) fn gaps(&self, needs: &[Need<'_>]) -> Vec<Gap> {
        let (policies, boundary) = (&self.files.identity, &self.files.boundary);
        let is_incomplete = self.files.is_incomplete;
        check::gaps(&Review { policies, boundary, is_incomplete, ..Review::default() }, needs)
    }

    fn file(&self, place: StatementPlace) -> Option<&PolicyFile> {
        let files = match place.layer {
            Layer::Identity => &self.files.identity,
            Layer::Resource => return self.files.resource.as_ref(),
            Layer::Endpoint => return self.files.endpoint.as_ref(),
            Layer::Boundary => &self.files.boundary,
            Layer::Session => &self.files.session,
            Layer::ServiceControl(level) => self.files.service_control.get(level)?,
            Layer::ResourceControl(level) => self.files.resource_control.get(level)?,
        };
        files.get(place.policy)
    }

    fn statement(&self, place: StatementPlace) -> StatementRef {
        match self.file(place) {
            Some(file) => file.statement(place.statement),
            None => StatementRef {
                policy: None,
                location: perm_infer_diagnostics::Location::file(""),
                sid: None,
                index: place.statement,
            },
        }
    }

    fn nearest_resource(&self, place: StatementPlace, wanted: &str) -> Option<(String, ResourceHint)> {
        let statement = self.file(place)?.document.statement.get(place.statement)?;
        let resources = statement.resource.as_ref()?;
        let alike = |resource: &&String| {
            let hint = resource_hint(resource, wanted);
            let same = resource.chars().zip(wanted.chars()).take_while(|(one, other)| one == other).count();
            (hint != ResourceHint::Other, same)
        };
        let best = resources.iter().max_by_key(alike)?;
        Some((best.clone(), resource_hint(best, wanted)))
    }
}

/// Whether resource control policies reach an action. Source: "Resource control policies (RCPs)", lists of services and
/// of what is not restricted.
fn is_controlled(action: &str) -> bool {
    let service = action.split_once(':').map_or(action, |(service, _)| service);
    has_resource_control(service) && !action.eq_ignore_ascii_case("kms:RetireGrant")
}

/// "Allows access to the AWS account and enables IAM policies" ("Default key policy"): what a resource without a
/// policy of its own does.
fn delegation(account: &str) -> Result<Document, serde_json::Error> {
    serde_json::from_value(serde_json::json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"AWS": account}, "Action": "*", "Resource": "*"}}))
}

fn request(spec: &RequestSpec, principal: &str) -> Request {
    let resource = spec.resource.as_deref().unwrap_or("*");
    let mut request = Request::new(principal, &spec.action, resource);
    if let Some(account) = &spec.resource_account {
        request.resource_account = Some(account.clone());
        request.context.set("aws:ResourceAccount", vec![account.clone()]);
    }
    for (key, values) in &spec.context {
        let values = match values {
            ContextValue::One(value) => vec![value.clone()],
            ContextValue::Many(values) => values.clone(),
        };
        request.context.set(key, values);
    }
    request
}

/// Answers all requests, and says what is odd about them.
#[must_use]
pub fn simulate(
    simulation: &Simulation,
    batch: &[RequestSpec],
    principal: &str,
) -> (Vec<Answer>, Vec<Diagnostic>) {
    let answers = batch.iter().map(|spec| simulation.answer(spec, principal)).collect();
    let mut diagnostics: Vec<Diagnostic> = batch.iter().filter_map(odd_action).collect();
    diagnostics.dedup();
    (answers, diagnostics)
}

/// A request for an action that the catalogue does not know is answered all the same.
fn odd_action(spec: &RequestSpec) -> Option<Diagnostic> {
    if spec.action.contains(['*', '?']) {
        let message = format!("`{}` is a pattern, and a request is for one action", spec.action);
        return Some(Diagnostic::new(Severity::Error, "no-action", message).remedy("name the action"));
    }
    if Action::all().any(|action| action.name().eq_ignore_ascii_case(&spec.action)) {
        return None;
    }
    let mut nearest = Nearest::new(&spec.action);
    Action::all().for_each(|action| nearest.offer(action.name()));
    let remedy = match nearest.names().as_slice() {
        [] => "see `perm-infer lookup`".to_owned(),
        names => format!("did you mean {}?", names.join(", ")),
    };
    let message = format!("the catalogue knows no action `{}`", spec.action);
    Some(Diagnostic::new(Severity::Warning, "unknown-action", message).remedy(remedy))
}
