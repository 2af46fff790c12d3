//! From what the library models reported to the calls that count: once per place, operation and
//! parameters, likely ones only for services that the project uses or that alone they can be of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use perm_infer_analysis::{Analysis, Note, Site, Text, Value};
use perm_infer_diagnostics::Location;

use crate::directives::Directives;
use crate::evidence::{Evidence, Steps};
use crate::likely::Likely;
use crate::possible::Possible;
use crate::request::Confidence;
use crate::result::Step;

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
    pub(crate) chain: Vec<Arc<Step>>,
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
    let likely = Likely::new(|| all().map(|(_, call)| call), evidence, confidence);
    let mut calls: BTreeMap<(Site, &str, &str, Option<String>), FoundCall> = BTreeMap::new();
    let mut steps = Steps::default();
    let mut possible = Possible::default();
    for (analysis, call) in all() {
        let effect = &call.effect;
        if effect.operation.is_empty() || !likely.counts(call) {
            if likely.is_open(call) && !evidence.imports_sdk(call.site.file) {
                possible.add(call.site, effect);
            }
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
            chain: evidence.chain(analysis, call.context, call.site, &mut steps),
            role,
        });
        if !found.params.contains(&effect.params) {
            found.params.push(effect.params.clone());
        }
    }
    let notes = analyses.iter().flat_map(|analysis| analysis.notes.iter().cloned());
    let notes = notes.filter(|note| !directives.ignores(note.site, evidence.files()));
    let mut notes: Vec<Note> = notes.chain(likely.ambiguous()).collect();
    let counted: BTreeSet<Site> = calls.keys().map(|(site, ..)| *site).collect();
    notes.extend(possible.notes(|site| counted.contains(&site), evidence));
    Found { calls: calls.into_values().collect(), notes }
}
