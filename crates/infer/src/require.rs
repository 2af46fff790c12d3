//! From calls to requirements: asks the catalogue about each call, merges what several calls need, and
//! notes which parts of a resource stayed open and why.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use perm_infer_analysis::{Text, TextKind};
use perm_infer_catalog::{
    AccessLevel, Action, ArnContext, Catalog, Operation, OperationNeeds, ParamMap, Requirement,
    UnresolvedReason, Verdict,
};
use perm_infer_infra::{Limit, Need, References};
use perm_infer_policy::{Condition, OneOrMany, Pattern};

use crate::calls::{FoundCall, Place};
use crate::convert::Traces;
use crate::directives::{Directives, Stated, StatedResource};
use crate::evidence::Evidence;
use crate::keys::Keys;
use crate::result::{CallOutcome, Cause, PartOrigin, RequirementEvidence, ResourcePart, SdkCall};

/// A requirement without its evidence: the action, the resource as the template refers to it and as it is,
/// the conditions.
type Key = (&'static str, Pattern, Pattern, Condition);

/// A part of a resource that the call leaves open.
#[derive(Clone, Debug)]
pub(crate) struct OpenPart {
    /// Position of the call.
    pub(crate) call: usize,
    /// The parameter, by its path in the operation's input.
    pub(crate) member: &'static str,
    /// The action and the resource as it stands.
    pub(crate) action: &'static str,
    pub(crate) resource: String,
    /// How far it is open.
    pub(crate) extent: Extent,
    /// The unknown parts of the values that were used.
    pub(crate) holes: Vec<ResourcePart>,
}

/// How far a parameter is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Extent {
    /// Nothing of its value is known.
    Unknown,
    /// Some of it is known.
    Partly,
    /// The call does not pass it.
    NotPassed,
    /// There are too many combinations of values.
    TooMany,
}

/// What all calls need.
pub(crate) struct Needs {
    pub(crate) requirements: Vec<RequirementEvidence>,
    pub(crate) calls: Vec<SdkCall>,
    pub(crate) open: Vec<OpenPart>,
    /// Positions of the calls whose action is only presumed.
    pub(crate) presumed: Vec<usize>,
    /// Positions of calls and what else decides their permissions.
    pub(crate) caveats: BTreeSet<(usize, &'static str)>,
}

/// What a deployment adds to calls.
pub(crate) struct Deployed<'a> {
    /// What references stand for.
    pub(crate) references: &'a References,
    /// Permissions that the template is the reason for.
    pub(crate) needs: Vec<&'a Need>,
}

/// Asks the catalogue about every call.
pub(crate) fn require(
    calls: Vec<FoundCall>,
    catalog: Catalog,
    context: &ArnContext,
    keys: &Keys,
    evidence: &Evidence<'_>,
    directives: &Directives,
    deployed: &Deployed<'_>,
) -> Needs {
    let mut collector = Collector {
        catalog,
        context,
        keys,
        references: deployed.references,
        evidence,
        directives,
        operations: BTreeMap::new(),
        by_key: BTreeMap::new(),
        of_calls: Vec::new(),
        open: Vec::new(),
        presumed: Vec::new(),
        caveats: BTreeSet::new(),
    };
    let mut needs: Vec<SdkCall> =
        calls.into_iter().enumerate().map(|(number, call)| collector.call(number, call)).collect();
    for stated in directives.stated() {
        collector.add_stated(stated);
    }
    for need in &deployed.needs {
        collector.add_caused(need);
    }
    let positions: BTreeMap<&Key, usize> =
        collector.by_key.keys().enumerate().map(|(position, key)| (key, position)).collect();
    for (number, key) in &collector.of_calls {
        if let CallOutcome::Requires(own) = &mut needs[*number].outcome
            && !own.contains(&positions[key])
        {
            own.push(positions[key]);
            own.sort_unstable();
        }
    }
    Needs {
        requirements: collector.by_key.into_values().collect(),
        calls: needs,
        open: collector.open,
        presumed: collector.presumed,
        caveats: collector.caveats,
    }
}

struct Collector<'a> {
    catalog: Catalog,
    context: &'a ArnContext,
    keys: &'a Keys,
    references: &'a References,
    evidence: &'a Evidence<'a>,
    directives: &'a Directives,
    operations: BTreeMap<Operation, Rc<OperationNeeds>>,
    by_key: BTreeMap<Key, RequirementEvidence>,
    of_calls: Vec<(usize, Key)>,
    open: Vec<OpenPart>,
    presumed: Vec<usize>,
    caveats: BTreeSet<(usize, &'static str)>,
}

impl Collector<'_> {
    fn call(&mut self, number: usize, call: FoundCall) -> SdkCall {
        let mut outcome = match &call.role {
            Some(role) => CallOutcome::OtherRole(role.clone()),
            None => CallOutcome::Unknown,
        };
        let service = self.catalog.service(&call.service);
        if call.role.is_none()
            && let Some(operation) = service.and_then(|service| service.operation(&call.operation))
        {
            let operation =
                self.operations.entry(operation).or_insert_with(|| Rc::new(operation.read_needs())).clone();
            if operation.is_presumed() {
                self.presumed.push(number);
            }
            for params in &call.params {
                let mut traces = Traces::new(self.references);
                for map in traces.maps(params) {
                    self.caveats.extend(operation.caveats(&map).map(|text| (number, text)));
                    match operation.requirements(&map, self.context) {
                        Verdict::Requirements(needs) => {
                            let key_of = |need: &Requirement| self.keys.of(&need.resource);
                            let of_keys = operation.key_requirements(&map, self.context, &needs, &key_of);
                            for need in needs.iter().chain(&of_keys) {
                                self.need(number, &call.place, need, &map, &traces);
                            }
                            outcome = CallOutcome::Requires(Vec::new());
                        }
                        Verdict::NoPermission { reason } if outcome == CallOutcome::Unknown => {
                            outcome = CallOutcome::NoPermission(reason);
                        }
                        Verdict::NoPermission { .. } | Verdict::Unknown => {}
                    }
                }
            }
        }
        let (location, (source_line, source_offset)) = match &call.place {
            Place::Code(site) => (self.evidence.location(*site), self.evidence.source_line(*site)),
            Place::Template { location, reason } => (location.clone(), (reason.clone(), 0)),
        };
        SdkCall {
            service: call.service.to_string(),
            operation: call.operation.to_string(),
            location,
            source_line,
            source_offset,
            certain: call.certain,
            chain: call.chain,
            outcome,
        }
    }

    /// One thing that a call needs: on the resource that its parameters name, or that a comment states
    /// where those leave it open.
    fn need(
        &mut self,
        call: usize,
        place: &Place,
        need: &Requirement,
        params: &ParamMap,
        traces: &Traces<'_>,
    ) {
        let stated = match place {
            Place::Code(site) if need.resource_level && !need.unresolved.is_empty() => {
                let resource = self.references.resolve(&need.resource).into_iter().next().unwrap_or_default();
                self.directives.resources(*site, &resource, self.evidence.files())
            }
            Place::Code(_) | Place::Template { .. } => Vec::new(),
        };
        if stated.is_empty() {
            self.note_open_parts(call, need, params, traces);
            let texts = need.traces.iter().filter_map(|&trace| traces.text(trace));
            let parts: Vec<ResourcePart> = texts.flat_map(|text| self.evidence.parts(text)).collect();
            self.add(call, need, &need.resource, &parts);
        }
        for StatedResource { resource, location } in stated {
            let part = ResourcePart { origin: PartOrigin::Stated, location: Some(location), setting: None };
            self.add(call, need, &resource, &[part]);
        }
    }

    fn add(&mut self, call: usize, need: &Requirement, resource: &Pattern, parts: &[ResourcePart]) {
        for resolved in self.references.resolve(resource) {
            self.add_resolved(call, need, resource.clone(), resolved, parts);
        }
    }

    fn add_resolved(
        &mut self,
        call: usize,
        need: &Requirement,
        symbolic: Pattern,
        resource: Pattern,
        parts: &[ResourcePart],
    ) {
        let conditions = conditions_of(need, self.references);
        let key = (need.action, symbolic.clone(), resource.clone(), conditions.clone());
        let entry = self.by_key.entry(key.clone()).or_insert_with(|| RequirementEvidence {
            access_level: need.access_level,
            resource_type: need.resource_type,
            resource_level: need.resource_level,
            note: need.note,
            ..requirement(need.action, symbolic, resource, conditions)
        });
        let position = match entry.calls.iter().position(|&own| own == call) {
            Some(position) => position,
            None => {
                entry.calls.push(call);
                entry.parts.push(Vec::new());
                entry.calls.len() - 1
            }
        };
        for part in parts {
            if !entry.parts[position].contains(part) {
                entry.parts[position].push(part.clone());
            }
        }
        self.of_calls.push((call, key));
    }

    fn add_stated(&mut self, stated: Stated) {
        let Stated { action, resource, location } = stated;
        let key = (action.name(), resource.clone(), resource.clone(), Condition::default());
        let entry = self
            .by_key
            .entry(key)
            .or_insert_with(|| requirement(action.name(), resource.clone(), resource, Condition::default()));
        entry.stated.push(location);
    }

    /// A permission that the template is the reason for.
    fn add_caused(&mut self, need: &Need) {
        let known = Action::find(need.action);
        let symbolic = match known.is_none_or(Action::is_resource_level) {
            true => need.resource.clone(),
            false => Pattern::any(),
        };
        for resource in self.references.resolve(&symbolic) {
            let conditions = self.limits(&need.limits, &resource);
            let key = (need.action, symbolic.clone(), resource.clone(), conditions.clone());
            let entry = self
                .by_key
                .entry(key)
                .or_insert_with(|| requirement(need.action, symbolic.clone(), resource, conditions));
            let cause = Cause { location: need.location.clone(), reason: need.reason.clone() };
            if !entry.causes.contains(&cause) {
                entry.causes.push(cause);
            }
        }
    }

    fn limits(&self, limits: &[Limit], resource: &Pattern) -> Condition {
        let mut conditions = Condition::default();
        for limit in limits {
            let (key, value) = match limit {
                Limit::Via(service) => ("kms:ViaService", self.via(service, resource)),
                Limit::Equals(key, value) => (*key, value.clone()),
            };
            add_condition(&mut conditions, "StringEquals", key, &[value], self.references);
        }
        conditions
    }

    /// The service through which a key is used.
    /// Source: "kms:ViaService" in the AWS KMS Developer Guide.
    fn via(&self, service: &str, key: &Pattern) -> Pattern {
        let mut value = Pattern::literal(service);
        value.push_literal(".");
        // The service that uses a key is in the key's region.
        let region =
            key.as_literal().and_then(|arn| arn.split(':').nth(3)).filter(|region| !region.is_empty());
        value.push_pattern(&region.map_or_else(|| self.context.region.clone(), Pattern::literal));
        value.push_literal(".amazonaws.com");
        value
    }

    fn note_open_parts(&mut self, call: usize, need: &Requirement, params: &ParamMap, traces: &Traces<'_>) {
        for open in &need.unresolved {
            let is_rest = open.reason == UnresolvedReason::NotPassed && params.open;
            let stated = open.trace.and_then(|trace| traces.text(trace));
            let of_part: Vec<&Text> =
                stated.or_else(|| traces.rest().filter(|_| is_rest)).into_iter().collect();
            let extent = match open.reason {
                // AWS chooses it: no code could say more.
                UnresolvedReason::NotNamed => continue,
                UnresolvedReason::NotPassed if is_rest => Extent::Unknown,
                UnresolvedReason::NotPassed => Extent::NotPassed,
                UnresolvedReason::TooMany => Extent::TooMany,
                UnresolvedReason::Unknown => extent_of(&of_part),
            };
            let holes = of_part.iter().flat_map(|text| holes(text, self.evidence)).collect();
            self.open.push(OpenPart {
                call,
                member: shown(open.member),
                action: need.action,
                resource: self
                    .references
                    .resolve(&need.resource)
                    .first()
                    .map(Pattern::to_policy_string)
                    .unwrap_or_default(),
                extent,
                holes,
            });
        }
    }
}

/// A member path as a message shows it; below the elements of a list the path is only what follows.
fn shown(member: &'static str) -> &'static str {
    match member.trim_start_matches('.') {
        "" => "an element of the list",
        path => path,
    }
}

fn extent_of(texts: &[&Text]) -> Extent {
    let unknown = |text: &&Text| text.parts().iter().all(|part| part.literal().is_none());
    let open = texts.iter().filter(|text| text.has_hole()).copied().collect::<Vec<_>>();
    if open.iter().any(unknown) || open.is_empty() { Extent::Unknown } else { Extent::Partly }
}

fn holes(text: &Text, evidence: &Evidence<'_>) -> Vec<ResourcePart> {
    let mut open = Text::default();
    for part in text.parts().iter().filter(|part| matches!(part.kind, TextKind::Hole(_))) {
        open.push(part.clone());
    }
    evidence.parts(&open)
}

/// A requirement of which only the action is known to be one of AWS's, without evidence.
fn requirement(
    action: &'static str,
    symbolic: Pattern,
    resource: Pattern,
    conditions: Condition,
) -> RequirementEvidence {
    let known = Action::find(action);
    RequirementEvidence {
        action,
        access_level: known.map_or(AccessLevel::Write, Action::access_level),
        resource,
        resource_type: None,
        resource_level: known.is_some_and(Action::is_resource_level),
        conditions,
        calls: Vec::new(),
        parts: Vec::new(),
        stated: Vec::new(),
        causes: Vec::new(),
        symbolic,
        note: None,
    }
}

fn conditions_of(need: &Requirement, references: &References) -> Condition {
    let mut conditions = Condition::default();
    for condition in &need.conditions {
        add_condition(&mut conditions, condition.operator, condition.key, &condition.values, references);
    }
    conditions
}

/// Adds a condition with all references in its values resolved; one that compares exactly compares with
/// wildcards where a reference turns out to be unknown.
fn add_condition(
    conditions: &mut Condition,
    operator: &str,
    key: &str,
    values: &[Pattern],
    references: &References,
) {
    let resolved: Vec<Pattern> = values.iter().flat_map(|value| references.resolve(value)).collect();
    let operator = match resolved.iter().any(Pattern::has_unknown) {
        true => operator.replace("StringEquals", "StringLike"),
        false => operator.to_owned(),
    };
    let values: Vec<String> = resolved.iter().map(Pattern::to_policy_string).collect();
    conditions.entry(operator).or_default().insert(key.to_owned(), OneOrMany::from_values(values));
}
