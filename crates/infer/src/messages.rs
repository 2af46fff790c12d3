//! Everything that a run says to the user about calls, notes and the document.

use std::collections::{BTreeMap, BTreeSet};

use perm_infer_analysis::Note;
use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_infra::References;
use perm_infer_policy::{Document, Part, Pattern, SizeLimit, size_warnings};

use crate::evidence::Evidence;
use crate::require::{Extent, Needs, OpenPart};
use crate::result::{CallOutcome, PartOrigin, RequirementEvidence, ResourcePart, SdkCall};

/// How many actions a message lists by name.
const MAX_LISTED: usize = 4;

/// Messages about calls: likely ones, unknown permissions, open parts of resources.
pub(crate) fn of_needs(needs: &Needs) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for call in &needs.calls {
        diagnostics.extend(likely(call));
        diagnostics.extend(unknown_permission(call));
        diagnostics.extend(other_role(call));
    }
    diagnostics.extend(needs.presumed.iter().map(|&call| presumed_permission(&needs.calls[call])));
    diagnostics.extend(needs.caveats.iter().map(|&(call, text)| caveat(&needs.calls[call], text)));
    diagnostics.extend(open_parts(needs));
    diagnostics
}

fn likely(call: &SdkCall) -> Option<Diagnostic> {
    if call.certain {
        return None;
    }
    let message = format!(
        "this looks like {}:{} by its name and arguments, but what it is called on is not known to be an AWS client; the policy includes it",
        call.service, call.operation
    );
    let remedy = "annotate the client's type or create the client where it can be followed; --confidence certain leaves such calls out";
    Some(
        Diagnostic::new(Severity::Warning, "likely-call", message)
            .at(call.location.clone())
            .remedy(remedy)
            .unresolved(),
    )
}

fn unknown_permission(call: &SdkCall) -> Option<Diagnostic> {
    if call.outcome != CallOutcome::Unknown {
        return None;
    }
    let message = format!(
        "the permission that {}:{} needs is not known; the policy does not include it",
        call.service, call.operation
    );
    let remedy = "look the operation up in the Service Authorization Reference and add a statement by hand";
    Some(
        Diagnostic::new(Severity::Warning, "unknown-permission", message)
            .at(call.location.clone())
            .remedy(remedy)
            .unresolved(),
    )
}

fn other_role(call: &SdkCall) -> Option<Diagnostic> {
    let CallOutcome::OtherRole(role) = &call.outcome else { return None };
    let message = format!(
        "{}:{} is called with the credentials of role {role}; the policy, which is not that role's, leaves it out",
        call.service, call.operation
    );
    let remedy = "see that the other role has the permission";
    Some(
        Diagnostic::new(Severity::Note, "call-of-another-role", message)
            .at(call.location.clone())
            .remedy(remedy),
    )
}

fn presumed_permission(call: &SdkCall) -> Diagnostic {
    let message = format!(
        "the IAM data of the catalogue know no action for {}:{}; the policy allows the one of the operation's name, as AWS names nearly all",
        call.service, call.operation
    );
    let remedy = "compare with the Service Authorization Reference of the service";
    Diagnostic::new(Severity::Warning, "presumed-permission", message)
        .at(call.location.clone())
        .remedy(remedy)
        .unresolved()
}

fn caveat(call: &SdkCall, text: &str) -> Diagnostic {
    let message = format!("{}:{}: {text}", call.service, call.operation);
    Diagnostic::new(Severity::Warning, "permission-depends", message)
        .at(call.location.clone())
        .remedy("add these permissions by hand, or with a comment `perm-infer: allow ACTION on ARN`")
}

/// One message for each call and parameter that left a resource open, and one for each place that
/// reads an environment variable without a value.
fn open_parts(needs: &Needs) -> Vec<Diagnostic> {
    let mut by_parameter: BTreeMap<(usize, &str), Vec<&OpenPart>> = BTreeMap::new();
    let mut variables: BTreeMap<(Option<&Location>, &str), BTreeSet<&str>> = BTreeMap::new();
    for open in &needs.open {
        let mut environment = false;
        for hole in &open.holes {
            if let PartOrigin::Environment(name) = &hole.origin {
                environment = true;
                variables.entry((hole.location.as_ref(), name)).or_default().insert(open.action);
            }
        }
        let only_environment =
            environment && open.holes.iter().all(|hole| matches!(hole.origin, PartOrigin::Environment(_)));
        if !only_environment {
            by_parameter.entry((open.call, open.member)).or_default().push(open);
        }
    }
    let parameters = by_parameter.values().map(|open| open_parameter(&needs.calls[open[0].call], open));
    let variables =
        variables.into_iter().map(|((location, name), actions)| unset_variable(location, name, &actions));
    parameters.chain(variables).collect()
}

/// One message for each reference of a template of which nothing is known, and one for all names that
/// start with the unknown name of a stack.
pub(crate) fn of_references(
    requirements: &[RequirementEvidence],
    references: &References,
) -> Vec<Diagnostic> {
    let mut unknown: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut is_stack_unknown = false;
    for requirement in requirements {
        for part in requirement.symbolic.parts() {
            let Part::Raw(symbol) = part else { continue };
            let Some(reference) = references.get(symbol).filter(|reference| reference.location.is_some())
            else {
                continue;
            };
            if reference.values.iter().any(Pattern::is_any) {
                unknown.entry(symbol).or_default().insert(requirement.action);
            }
            let starts_open = |value: &Pattern| value.parts().len() > 1 && value.parts()[0] == Part::Any;
            is_stack_unknown |= reference.values.iter().any(starts_open);
        }
    }
    let messages = unknown.into_iter().filter_map(|(symbol, actions)| {
        let reference = references.get(symbol)?;
        let message = format!(
            "the value of {} is not known, so that part of the resource of {} is a wildcard",
            reference.what,
            listed(&actions)
        );
        let diagnostic = Diagnostic::new(Severity::Warning, "unresolved-reference", message)
            .remedy(reference.remedy.clone())
            .unresolved();
        Some(diagnostic.at(reference.location.clone()?))
    });
    let mut messages: Vec<Diagnostic> = messages.collect();
    if is_stack_unknown {
        let message = "names that CloudFormation makes start with the name of the stack, which is not known";
        messages.push(
            Diagnostic::new(Severity::Note, "unknown-stack-name", message)
                .remedy("pass --stack-name to narrow them"),
        );
    }
    messages
}

fn open_parameter(call: &SdkCall, open: &[&OpenPart]) -> Diagnostic {
    let first = open[0];
    let actions: BTreeSet<&str> = open.iter().map(|open| open.action).collect();
    let extent = open.iter().map(|open| open.extent).min().unwrap_or(first.extent);
    let reason = reason(first);
    let allowed = format!("so {} is allowed on {}", listed(&actions), first.resource);
    let member = first.member;
    let (severity, code, message) = match extent {
        Extent::Unknown => {
            (Severity::Warning, "unresolved-resource", format!("`{member}` is not known{reason}, {allowed}"))
        }
        Extent::TooMany => (
            Severity::Warning,
            "unresolved-resource",
            format!("`{member}` has more values than are listed one by one, {allowed}"),
        ),
        Extent::Partly => (
            Severity::Note,
            "partly-resolved-resource",
            format!("`{member}` is known only in part{reason}, {allowed}"),
        ),
        Extent::NotPassed => {
            (Severity::Note, "resource-not-named", format!("`{member}` is not passed, {allowed}"))
        }
    };
    let diagnostic = Diagnostic::new(severity, code, message).at(call.location.clone());
    match severity {
        Severity::Note => diagnostic,
        _ => diagnostic
            .remedy("make the name a constant or an environment variable given by --var, or narrow the resource in the policy by hand")
            .unresolved(),
    }
}

fn reason(open: &OpenPart) -> String {
    let Some(ResourcePart { origin, location }) = open.holes.first() else { return String::new() };
    let place = location.as_ref().map_or_else(String::new, |location| format!(" at {location}"));
    match origin {
        PartOrigin::Constant(_) | PartOrigin::Stated => String::new(),
        PartOrigin::Environment(name) => format!(" (environment variable {name}{place})"),
        PartOrigin::Reference(name) => format!(" (it is {name} of the template)"),
        PartOrigin::Parameter(name) => format!(" (it comes from parameter `{name}`{place})"),
        PartOrigin::Result(callee) => format!(" (it comes out of `{callee}`{place})"),
        PartOrigin::TooMany => " (it has too many possible values)".to_owned(),
        PartOrigin::Undefined(name) => format!(" (nothing in the code sets `{name}`{place})"),
        PartOrigin::Computed => format!(" (it is computed{place})"),
    }
}

fn unset_variable(location: Option<&Location>, name: &str, actions: &BTreeSet<&str>) -> Diagnostic {
    let message = format!(
        "environment variable {name} has no known value, so that part of the resource of {} is a wildcard",
        listed(actions)
    );
    let diagnostic = Diagnostic::new(Severity::Warning, "unresolved-environment", message)
        .remedy(format!("pass --var {name}=VALUE or --env-file FILE"))
        .unresolved();
    match location {
        Some(location) => diagnostic.at(location.clone()),
        None => diagnostic,
    }
}

fn listed(actions: &BTreeSet<&str>) -> String {
    let shown: Vec<&str> = actions.iter().copied().take(MAX_LISTED).collect();
    match actions.len().saturating_sub(MAX_LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A message of the analysis or of a library model.
pub(crate) fn of_note(note: &Note, evidence: &Evidence<'_>) -> Diagnostic {
    let severity = if note.unresolved { Severity::Warning } else { Severity::Note };
    let mut diagnostic = Diagnostic::new(severity, note.code, note.message.clone())
        .at(evidence.location(note.site))
        .remedy(note.remedy.clone());
    diagnostic.unresolved = note.unresolved;
    diagnostic
}

/// Messages about the size of the document, for the two ways in which roles of functions carry one.
pub(crate) fn of_document(document: &Document) -> Vec<Diagnostic> {
    size_warnings(document)
        .into_iter()
        .filter(|warning| matches!(warning.limit, SizeLimit::Managed | SizeLimit::RoleInline))
        .map(|warning| {
            Diagnostic::new(Severity::Warning, "policy-too-large", warning.to_string())
                .remedy(warning.remedy())
        })
        .collect()
}
