//! What all policies together say, and which statement decides.

use super::principal::{IamKind, Named, Principal};
use super::request::Request;
use super::statement::{Compiled, Policy};
use crate::document::Effect;

/// The policies that apply to a request.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// Policies of the user or role.
    pub identity: Vec<Policy>,
    /// The policy of the resource; for `sts:AssumeRole` the trust policy of the role.
    pub resource: Option<Policy>,
    /// The permissions boundary; none means there is no boundary.
    pub boundary: Vec<Policy>,
    /// Session policies; none means the session has none.
    pub session: Vec<Policy>,
    /// Service control policies: those of each level, from the root to the account.
    pub service_control: Vec<Vec<Policy>>,
    /// Resource control policies of each level. `RCPFullAWSAccess` is attached everywhere and need not be given.
    pub resource_control: Vec<Vec<Policy>>,
    /// The policy of the VPC endpoint that the request goes through; none means it goes through no endpoint, or
    /// through one that lets everything pass.
    pub endpoint: Option<Policy>,
    /// The management account of the organisation, whose principals and resources its policies do not limit.
    pub management_account: Option<String>,
}

/// The kinds of policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Policies of the user or role.
    Identity,
    /// The policy of the resource.
    Resource,
    /// The permissions boundary.
    Boundary,
    /// Session policies.
    Session,
    /// Service control policies of a level.
    ServiceControl(usize),
    /// Resource control policies of a level.
    ResourceControl(usize),
    /// The policy of a VPC endpoint.
    Endpoint,
}

/// Where a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatementPlace {
    /// The kind of policy.
    pub layer: Layer,
    /// The position of the policy within its layer.
    pub policy: usize,
    /// The position of the statement within its policy.
    pub statement: usize,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The request goes through.
    Allowed,
    /// A statement denies it.
    ExplicitlyDenied,
    /// Nothing allows it.
    ImplicitlyDenied,
}

/// The answer and what decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The answer.
    pub outcome: Outcome,
    /// The layer that decided. Of an implicit denial, the layer in which an allowing statement is missing.
    pub layer: Layer,
    /// The statement that allows or denies; `None` where nothing allows, and for the root user, whom no
    /// policy has to allow anything.
    pub statement: Option<StatementPlace>,
}

impl Policies {
    /// The policies of a layer.
    #[must_use]
    pub fn of(&self, layer: Layer) -> &[Policy] {
        match layer {
            Layer::Identity => &self.identity,
            Layer::Resource => self.resource.as_slice(),
            Layer::Boundary => &self.boundary,
            Layer::Session => &self.session,
            Layer::ServiceControl(level) => self.service_control.get(level).map_or(&[], Vec::as_slice),
            Layer::ResourceControl(level) => self.resource_control.get(level).map_or(&[], Vec::as_slice),
            Layer::Endpoint => self.endpoint.as_slice(),
        }
    }

    /// Every layer that has policies, those of organisations first.
    pub fn layers(&self) -> impl Iterator<Item = Layer> {
        let control = (0..self.resource_control.len()).map(Layer::ResourceControl);
        let control = control.chain((0..self.service_control.len()).map(Layer::ServiceControl));
        control.chain([Layer::Endpoint, Layer::Resource, Layer::Identity, Layer::Boundary, Layer::Session])
    }

    fn find(&self, layer: Layer, effect: Effect, test: impl Fn(&Compiled) -> bool) -> Option<StatementPlace> {
        self.of(layer).iter().enumerate().find_map(|(policy, compiled)| {
            let mut statements = compiled.statements.iter();
            let statement = statements.position(|statement| statement.effect == effect && test(statement))?;
            Some(StatementPlace { layer, policy, statement })
        })
    }

    /// The first statement of a layer that allows the request.
    fn allowing(&self, layer: Layer, request: &Request) -> Option<StatementPlace> {
        self.find(layer, Effect::Allow, |statement| statement.matches(request).is_ok())
    }

    /// The statement of the resource's policy that allows the request by naming its principal most directly.
    fn granting(&self, request: &Request) -> Option<(Named, StatementPlace)> {
        let policy = self.resource.as_ref()?;
        let mut best: Option<(Named, StatementPlace)> = None;
        for (position, statement) in policy.statements.iter().enumerate() {
            if statement.effect == Effect::Allow
                && let Ok(named) = statement.matches(request)
                && best.is_none_or(|(known, _)| known < named)
            {
                let place = StatementPlace { layer: Layer::Resource, policy: 0, statement: position };
                best = Some((named, place));
            }
        }
        best
    }

    /// The first statement of any layer that denies the request.
    fn denying(&self, request: &Request) -> Option<StatementPlace> {
        let has_boundary = !self.boundary.is_empty() && self.applies(Layer::Boundary, request);
        self.layers().filter(|layer| self.applies(*layer, request)).find_map(|layer| {
            self.find(layer, Effect::Deny, |statement| {
                // `NotPrincipal` with `Deny` denies every principal with a permissions boundary
                // ("Permissions boundaries for IAM entities").
                if layer == Layer::Resource && has_boundary && statement.excludes_principals() {
                    return statement.matches_ignoring_principal(request);
                }
                statement.matches(request).is_ok()
            })
        })
    }

    /// Whether a kind of policy is about a request at all.
    ///
    /// Sources: "Service control policies (SCPs)", tasks and entities not restricted by SCPs; "Resource control policies
    /// (RCPs)", resources and entities not restricted by RCPs; for boundaries `PutRolePermissionsBoundary` in the API
    /// Reference of IAM, which sets none for a service-linked role.
    fn applies(&self, layer: Layer, request: &Request) -> bool {
        let principal = &request.principal;
        let manages =
            |account: Option<&str>| account.is_some() && account == self.management_account.as_deref();
        match layer {
            Layer::ServiceControl(_) => {
                matches!(principal, Principal::Iam { .. })
                    && !principal.is_service_linked()
                    && !manages(principal.account())
            }
            Layer::ResourceControl(_) => {
                let owner = request.resource_account.as_deref().or(principal.account());
                !principal.is_service_linked() && !manages(owner)
            }
            Layer::Boundary => !principal.is_service_linked(),
            _ => true,
        }
    }
}

/// Whether the policies allow the request.
#[must_use]
pub fn evaluate(policies: &Policies, request: &Request) -> Decision {
    if let Some(place) = policies.denying(request) {
        return Decision { outcome: Outcome::ExplicitlyDenied, layer: place.layer, statement: Some(place) };
    }
    match allowed(policies, request) {
        Ok(statement) => {
            let layer = statement.map_or(Layer::Identity, |place| place.layer);
            Decision { outcome: Outcome::Allowed, layer, statement }
        }
        Err(layer) => Decision { outcome: Outcome::ImplicitlyDenied, layer, statement: None },
    }
}

/// The statement that allows the request, or the layer in which one is missing.
fn allowed(policies: &Policies, request: &Request) -> Result<Option<StatementPlace>, Layer> {
    let needed = |layer: Layer| policies.allowing(layer, request).ok_or(layer);
    // "Control access to VPC endpoints using endpoint policies": it overrides no other policy, and limits all.
    if policies.endpoint.is_some() {
        needed(Layer::Endpoint)?;
    }
    if policies.applies(Layer::ServiceControl(0), request) {
        for level in 0..policies.service_control.len() {
            needed(Layer::ServiceControl(level))?;
        }
    }
    let limited = || -> Result<(), Layer> {
        for layer in [Layer::Boundary, Layer::Session] {
            if !policies.of(layer).is_empty() && policies.applies(layer, request) {
                needed(layer)?;
            }
        }
        Ok(())
    };
    let granted = policies.granting(request);
    let Principal::Iam { kind, .. } = &request.principal else {
        // Nobody but the resource's policy speaks of services, federated identities and strangers.
        return granted.map(|(_, place)| Some(place)).ok_or(Layer::Resource);
    };
    let same_account = request.is_same_account();
    match granted {
        Some((Named::Directly, place)) if same_account => return Ok(Some(place)),
        Some((Named::Role, place)) if same_account => return limited().map(|()| Some(place)),
        None if !same_account || needs_resource_policy(request) => return Err(Layer::Resource),
        _ => {}
    }
    if *kind == IamKind::Root {
        return Ok(granted.map(|(_, place)| place));
    }
    // `GetFederationToken` in the API Reference of AWS STS: without a session policy the session has no permissions but
    // those that a resource gives it.
    if *kind == IamKind::FederatedUser && policies.session.is_empty() {
        return Err(Layer::Session);
    }
    let place = needed(Layer::Identity)?;
    limited()?;
    Ok(Some(place))
}

/// Key and trust policies have to allow a request in every case: "Key policies in AWS KMS" and "Cross account
/// resource access in IAM", roles.
fn needs_resource_policy(request: &Request) -> bool {
    let action = request.action.to_ascii_lowercase();
    let key = action.starts_with("kms:") && request.resource.contains(":key/");
    key || action.starts_with("sts:assumerole")
}
