//! From what the library models reported to the calls that count: once per place, operation and
//! parameters, likely ones only for services that the project uses or that alone they can be of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use perm_infer_analysis::{Analysis, Call, FileId, Note, Site, Text, Value};
use perm_infer_diagnostics::Location;

use crate::directives::Directives;
use crate::evidence::Evidence;
use crate::request::Confidence;
use crate::result::Step;

/// Services that a message lists by name.
const MAX_SERVICES: usize = 4;

/// One call that counts.
pub(crate) struct Found {
    pub(crate) calls: Vec<FoundCall>,
    pub(crate) notes: Vec<Note>,
}

/// One call at one place with one set of parameters.
pub(crate) struct FoundCall {
    pub(crate) service: Arc<str>,
    pub(crate) operation: Arc<str>,
    /// Every set of parameters with which the place is reached.
    pub(crate) params: Vec<Value>,
    pub(crate) certain: bool,
    pub(crate) place: Place,
    pub(crate) chain: Vec<Step>,
    /// The role whose credentials it is made with, when that is not the role of the code.
    pub(crate) role: Option<String>,
}

/// Where a call is written down.
#[derive(Clone)]
pub(crate) enum Place {
    /// In code.
    Code(Site),
    /// In a template, with what makes the call.
    Template { location: Location, reason: String },
}

/// The ARN of a role as far as it is known, with `*` for what is not.
fn role_name(role: &Value) -> String {
    let name =
        |text: Text| -> String { text.parts().iter().map(|part| part.literal().unwrap_or("*")).collect() };
    let mut names: Vec<String> = role.texts().map(name).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() { "*".to_owned() } else { names.join(" or ") }
}

/// Everything that counts, by place.
pub(crate) fn collect(
    analyses: &[&Analysis],
    evidence: &Evidence<'_>,
    directives: &Directives,
    confidence: Confidence,
) -> Found {
    let every =
        || analyses.iter().flat_map(|analysis| analysis.calls.iter().map(move |call| (analysis, call)));
    let all = || every().filter(|(_, call)| !directives.ignores(call.site, evidence.files()));
    let in_use: BTreeSet<&str> = all()
        .filter(|(_, call)| call.effect.certain && call.principal.is_none())
        .map(|(_, call)| &*call.effect.service)
        .collect();
    let certain_sites: BTreeSet<Site> = all()
        .filter(|(_, call)| call.effect.certain && !call.effect.operation.is_empty())
        .map(|(_, call)| call.site)
        .collect();
    let likely = likely_services(all().map(|(_, call)| call), &certain_sites, evidence);
    let presumed = presumed_services(&likely);
    let is_presumed = |call: &Call| {
        let presumed = presumed.get(&call.site.file);
        likely.contains_key(&call.site)
            && presumed.is_some_and(|services| services.contains(&*call.effect.service))
    };
    let mut calls: BTreeMap<(Site, &str, &str, Option<String>), FoundCall> = BTreeMap::new();
    for (analysis, call) in all() {
        let effect = &call.effect;
        let counts = effect.certain
            || (confidence == Confidence::Likely
                && (in_use.contains(&*effect.service) || is_presumed(call))
                && !certain_sites.contains(&call.site));
        if effect.operation.is_empty() || !counts {
            continue;
        }
        let role = call.principal.as_ref().map(role_name);
        let key = (call.site, &*effect.service, &*effect.operation, role.clone());
        let found = calls.entry(key).or_insert_with(|| FoundCall {
            service: effect.service.clone(),
            operation: effect.operation.clone(),
            params: Vec::new(),
            certain: effect.certain,
            place: Place::Code(call.site),
            chain: evidence.chain(analysis, call.context, call.site),
            role,
        });
        if !found.params.contains(&effect.params) {
            found.params.push(effect.params.clone());
        }
    }
    let notes = analyses.iter().flat_map(|analysis| analysis.notes.iter().cloned());
    let notes = notes.filter(|note| !directives.ignores(note.site, evidence.files()));
    let ambiguous = likely.iter().filter(|(site, services)| {
        let presumed = presumed.get(&site.file);
        let counts = |service: &&str| presumed.is_some_and(|presumed| presumed.contains(service));
        !services.iter().any(|service| in_use.contains(service) || counts(service))
    });
    let notes = notes.chain(ambiguous.map(|(site, services)| ambiguous_call(*site, services))).collect();
    Found { calls: calls.into_values().collect(), notes }
}

/// Of which services calls can be whose client is not known, in files that import an SDK.
fn likely_services<'c>(
    calls: impl Iterator<Item = &'c Call>,
    certain_sites: &BTreeSet<Site>,
    evidence: &Evidence<'_>,
) -> BTreeMap<Site, BTreeSet<&'c str>> {
    let mut likely: BTreeMap<Site, BTreeSet<&str>> = BTreeMap::new();
    let open = |call: &&Call| !call.effect.certain && !certain_sites.contains(&call.site);
    for call in calls.filter(open).filter(|call| evidence.imports_sdk(call.site.file)) {
        likely.entry(call.site).or_default().insert(&call.effect.service);
    }
    likely
}

/// The services that a file certainly calls on clients which it is handed: those with a call that no
/// other service has.
fn presumed_services<'c>(likely: &BTreeMap<Site, BTreeSet<&'c str>>) -> BTreeMap<FileId, BTreeSet<&'c str>> {
    let mut presumed: BTreeMap<FileId, BTreeSet<&str>> = BTreeMap::new();
    for (site, services) in likely {
        if let Some(service) = only_service(services) {
            presumed.entry(site.file).or_default().insert(service);
        }
    }
    presumed
}

/// The only service of a set, or the one after which the others are named: what `s3control` has in common
/// with `s3` is meant for `s3`.
fn only_service<'c>(services: &BTreeSet<&'c str>) -> Option<&'c str> {
    let first = services.first()?;
    services.iter().all(|service| service.starts_with(first)).then_some(first)
}

/// A call that several services have, none of which the project uses as far as seen.
fn ambiguous_call(site: Site, services: &BTreeSet<&str>) -> Note {
    let mut shown: Vec<&str> = services.iter().copied().take(MAX_SERVICES).collect();
    if services.len() > MAX_SERVICES {
        shown.push("others");
    }
    Note {
        site,
        code: "ambiguous-call",
        message: format!(
            "this looks like a call of an AWS service, but its client is not known and it may be one of {}; the policy leaves it out",
            shown.join(", ")
        ),
        remedy: "annotate the client's type or create the client where it can be followed".to_owned(),
        unresolved: true,
    }
}
