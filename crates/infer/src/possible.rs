//! Calls that have the form of an operation, of services that nothing in the project uses. They are no
//! calls, but a project of which only a part is read looks just like this, so the user is told.

use std::collections::{BTreeMap, BTreeSet};

use perm_infer_analysis::{Atom, Effect, FileId, Note, Site, Text, Value};

use crate::evidence::Evidence;

/// How many calls of a file are listed.
const MAX_LISTED: usize = 4;

/// A form that more services have tells nothing.
const MAX_SERVICES: usize = 3;

/// The calls by place that were left out because no service is in use that they could be of.
#[derive(Default)]
pub(crate) struct Possible<'a>(BTreeMap<Site, BTreeSet<(&'a str, &'a str)>>);

impl<'a> Possible<'a> {
    /// Notes a call that fits an operation, if its parameters are named like those of AWS.
    pub(crate) fn add(&mut self, site: Site, effect: &'a Effect) {
        if has_telling_name(&effect.params) {
            self.0.entry(site).or_default().insert((&effect.service, &effect.operation));
        }
    }

    /// One message for each file, about the places that `counts` does not know.
    pub(crate) fn notes(&self, counts: impl Fn(Site) -> bool, evidence: &Evidence<'_>) -> Vec<Note> {
        let mut by_file: BTreeMap<FileId, Vec<(Site, String)>> = BTreeMap::new();
        for (&site, operations) in &self.0 {
            if !counts(site) && operations.len() <= MAX_SERVICES {
                let names: Vec<String> =
                    operations.iter().map(|(service, operation)| format!("{service}:{operation}")).collect();
                let shown = format!("{} (line {})", names.join(" or "), evidence.location(site).line);
                by_file.entry(site.file).or_default().push((site, shown));
            }
        }
        by_file.into_values().filter_map(|calls| note(&calls)).collect()
    }
}

fn note(calls: &[(Site, String)]) -> Option<Note> {
    let (site, _) = calls.first()?;
    let shown: Vec<&str> = calls.iter().take(MAX_LISTED).map(|(_, shown)| shown.as_str()).collect();
    let more = match calls.len().saturating_sub(MAX_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "this looks like {}{more}, but nothing that was read makes a client of the service; the policy leaves it out",
        shown.join(", ")
    );
    let remedy = "pass the code that makes the client too, annotate the client's type, or add a comment `perm-infer: allow ACTION on ARN`";
    Some(Note { site: *site, code: "possible-call", message, remedy: remedy.to_owned(), unresolved: true })
}

/// `TableName`, `stateMachineArn`: hardly anybody but AWS calls parameters so.
fn has_telling_name(params: &Value) -> bool {
    let telling = |key: &Text| key.to_literal().is_some_and(|key| key.contains(|c: char| c.is_uppercase()));
    params.atoms().iter().any(|atom| match atom {
        Atom::Dict(dict) => dict.entries.iter().any(|entry| telling(&entry.key)),
        _ => false,
    })
}
