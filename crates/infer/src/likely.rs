//! Which calls on receivers that are not known to be clients count: those of a service that the project
//! uses, or that the file itself gives away.

use std::collections::{BTreeMap, BTreeSet};

use perm_infer_analysis::{Call, FileId, Note, Site};

use crate::evidence::Evidence;
use crate::request::Confidence;

/// Services that a message lists by name.
const MAX_SERVICES: usize = 4;

/// What decides about likely calls.
pub(crate) struct Likely<'c> {
    /// Whether likely calls count at all.
    confidence: Confidence,
    /// Services of which the project makes clients.
    in_use: BTreeSet<&'c str>,
    /// Places where some alternative of the receiver is a known client: what else it may be does not count.
    certain_sites: BTreeSet<Site>,
    /// Of which services the other calls can be, in files that import an SDK.
    services: BTreeMap<Site, BTreeSet<&'c str>>,
    /// The services that a file uses through clients which it is handed.
    presumed: BTreeMap<FileId, BTreeSet<&'c str>>,
}

impl<'c> Likely<'c> {
    /// Looks at all calls.
    pub(crate) fn new<I: Iterator<Item = &'c Call>>(
        calls: impl Fn() -> I,
        evidence: &Evidence<'_>,
        confidence: Confidence,
    ) -> Self {
        let certain = || calls().filter(|call| call.effect.certain);
        let in_use =
            certain().filter(|call| call.principal.is_none()).map(|call| &*call.effect.service).collect();
        let certain_sites: BTreeSet<Site> =
            certain().filter(|call| !call.effect.operation.is_empty()).map(|call| call.site).collect();
        let services = likely_services(calls(), &certain_sites, evidence);
        let presumed = presumed_services(&services);
        Likely { confidence, in_use, certain_sites, services, presumed }
    }

    /// Whether the call counts.
    pub(crate) fn counts(&self, call: &Call) -> bool {
        let service = &*call.effect.service;
        call.effect.certain
            || (self.is_open(call) && (self.in_use.contains(service) || self.is_presumed(call.site, service)))
    }

    /// Whether only its form tells what the call is, and such calls are wanted.
    pub(crate) fn is_open(&self, call: &Call) -> bool {
        self.confidence == Confidence::Likely
            && !call.effect.certain
            && !self.certain_sites.contains(&call.site)
    }

    /// Messages about calls that several services have, of which none counts.
    pub(crate) fn ambiguous(&self) -> impl Iterator<Item = Note> + '_ {
        let counts =
            |site: Site, service: &str| self.in_use.contains(service) || self.is_presumed(site, service);
        self.services
            .iter()
            .filter(|_| self.confidence == Confidence::Likely)
            .filter(move |(site, services)| !services.iter().any(|service| counts(**site, service)))
            .map(|(site, services)| ambiguous_call(*site, services))
    }

    fn is_presumed(&self, site: Site, service: &str) -> bool {
        self.services.contains_key(&site)
            && self.presumed.get(&site.file).is_some_and(|services| services.contains(service))
    }
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
