//! Everything that a run says to the user about calls, notes and the document.

use std::collections::{BTreeMap, BTreeSet};

use perm_infer_analysis::Note;
use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_infra::{Reference, References};
use perm_infer_policy::{Document, Part, Pattern, SizeLimit, size_warnings};

use crate::evidence::Evidence;
use crate::require::{Extent, Needs};
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

/// What is open at one place for the same reasons, whichever parameters, actions and resources that concerns.
#[derive(Default)]
struct OpenPlace<'n> {
    members: BTreeSet<&'n str>,
    reasons: BTreeSet<&'n ResourcePart>,
    actions: BTreeSet<&'n str>,
    resources: BTreeSet<&'n str>,
}

/// An environment variable without a value: the actions that it leaves open, and where it is read.
#[derive(Default)]
struct OpenVariable<'n> {
    actions: BTreeSet<&'n str>,
    places: BTreeSet<&'n Location>,
}

/// One message for each place and the parameters that are open there, with all reasons, and one for each
/// environment variable without a value.
fn open_parts(needs: &Needs) -> Vec<Diagnostic> {
    let mut places: BTreeMap<(&Location, Extent, Option<&ResourcePart>), OpenPlace<'_>> = BTreeMap::new();
    let mut variables: BTreeMap<&str, OpenVariable<'_>> = BTreeMap::new();
    for open in &needs.open {
        let mut environment = false;
        for hole in &open.holes {
            if let PartOrigin::Environment(name) = &hole.origin {
                environment = true;
                let variable = variables.entry(name).or_default();
                variable.actions.insert(open.action);
                variable.places.extend(&hole.location);
            }
        }
        let only_environment =
            environment && open.holes.iter().all(|hole| matches!(hole.origin, PartOrigin::Environment(_)));
        if !only_environment {
            let location = &needs.calls[open.call].location;
            let place = places.entry((location, open.extent, open.holes.first())).or_default();
            place.members.insert(open.member);
            place.reasons.extend(open.holes.first());
            place.actions.insert(open.action);
            place.resources.insert(&open.resource);
        }
    }
    let mut joined: BTreeMap<(&Location, Extent, BTreeSet<&str>), OpenPlace<'_>> = BTreeMap::new();
    for ((location, extent, _), open) in places {
        let place = joined.entry((location, extent, open.members.clone())).or_default();
        place.members.extend(open.members);
        place.reasons.extend(open.reasons);
        place.actions.extend(open.actions);
        place.resources.extend(open.resources);
    }
    let places = joined.iter().map(|((location, extent, _), open)| open_place(location, *extent, open));
    let variables = variables.iter().map(|(name, open)| unset_variable(name, open));
    places.chain(variables).collect()
}

/// One message for each reference of a template of which nothing is known, also where names are made of it, and
/// one for all names that start with the unknown name of a stack.
pub(crate) fn of_references(
    requirements: &[RequirementEvidence],
    references: &References,
) -> Vec<Diagnostic> {
    let mut open = OpenReferences { references, unknown: BTreeMap::new(), is_stack_unknown: false };
    for requirement in requirements {
        for symbol in symbols(&requirement.symbolic) {
            open.add(symbol, requirement.action);
        }
    }
    let mut messages: Vec<Diagnostic> = open
        .unknown
        .iter()
        .filter_map(|(symbol, actions)| unresolved_reference(references.get(symbol)?, actions))
        .collect();
    if open.is_stack_unknown {
        let message = "names that CloudFormation makes start with the name of the stack, which is not known";
        messages.push(
            Diagnostic::new(Severity::Note, "unknown-stack-name", message)
                .remedy("pass --stack-name to narrow them"),
        );
    }
    messages
}

fn symbols(pattern: &Pattern) -> impl Iterator<Item = &str> {
    pattern.parts().iter().filter_map(|part| match part {
        Part::Raw(symbol) => Some(symbol.as_str()),
        _ => None,
    })
}

/// References that leave a part of some resource open, with the actions on it.
struct OpenReferences<'a> {
    references: &'a References,
    unknown: BTreeMap<String, BTreeSet<&'a str>>,
    is_stack_unknown: bool,
}

impl<'a> OpenReferences<'a> {
    fn add(&mut self, symbol: &str, action: &'a str) {
        let Some(reference) = self.references.get(symbol).filter(|found| found.location.is_some()) else {
            self.is_stack_unknown |= symbol == STACK_NAME;
            return;
        };
        // In these terms no reference is made of others, so that following them ends.
        let terms: Vec<Pattern> =
            reference.written.iter().map(|written| self.references.in_unknowns(written)).collect();
        let made_of: BTreeSet<&str> = terms.iter().flat_map(symbols).filter(|&part| part != symbol).collect();
        if !made_of.is_empty() {
            made_of.into_iter().for_each(|part| self.add(part, action));
        } else if reference.values.iter().any(Pattern::is_any) {
            self.unknown.entry(symbol.to_owned()).or_default().insert(action);
        } else if reference.written.is_empty() {
            let starts_open = |value: &Pattern| value.parts().len() > 1 && value.parts()[0] == Part::Any;
            self.is_stack_unknown |= reference.values.iter().any(starts_open);
        }
    }
}

/// The pseudo parameter of CloudFormation for the name of the stack.
const STACK_NAME: &str = "${AWS::StackName}";

fn unresolved_reference(reference: &Reference, actions: &BTreeSet<&str>) -> Option<Diagnostic> {
    let message = format!(
        "the value of {} is not known, so that part of the resource of {} is a wildcard",
        reference.what,
        listed(actions)
    );
    let diagnostic = Diagnostic::new(Severity::Warning, "unresolved-reference", message)
        .remedy(reference.remedy.clone())
        .unresolved();
    Some(diagnostic.at(reference.location.clone()?))
}

fn open_place(location: &Location, extent: Extent, open: &OpenPlace<'_>) -> Diagnostic {
    let several = open.members.len() > 1;
    let verb = if several { "are" } else { "is" };
    let quoted: Vec<String> = open.members.iter().map(|member| format!("`{member}`")).collect();
    let members = quoted.join(" and ");
    let reason = reasons(&open.reasons, several, location);
    let allowed = format!(
        "so {} {} allowed on {}",
        listed(&open.actions),
        if open.actions.len() > 1 { "are" } else { "is" },
        listed(&open.resources)
    );
    let (severity, code, message) = match extent {
        Extent::Unknown => (
            Severity::Warning,
            "unresolved-resource",
            format!("{members} {verb} not known{reason}, {allowed}"),
        ),
        Extent::TooMany => (
            Severity::Warning,
            "unresolved-resource",
            format!(
                "{members} {} more values than are listed one by one, {allowed}",
                if several { "have" } else { "has" }
            ),
        ),
        Extent::Partly => (
            Severity::Note,
            "partly-resolved-resource",
            format!("{members} {verb} known only in part{reason}, {allowed}"),
        ),
        Extent::NotPassed => {
            (Severity::Note, "resource-not-named", format!("{members} {verb} not passed, {allowed}"))
        }
    };
    let diagnostic = Diagnostic::new(severity, code, message).at(location.clone());
    match severity {
        Severity::Note => diagnostic,
        _ => diagnostic
            .remedy("make the name a constant or an environment variable given by --var, or narrow the resource in the policy by hand")
            .unresolved(),
    }
}

/// Reasons that one message lists; the rest are counted.
const LISTED_REASONS: usize = 3;

/// Why something is open, in brackets; `here` is the place of the message.
fn reasons(holes: &BTreeSet<&ResourcePart>, several: bool, here: &Location) -> String {
    let mut all: Vec<String> = holes.iter().filter_map(|hole| reason(hole, several, here)).collect();
    all.dedup();
    let more = all.len().saturating_sub(LISTED_REASONS);
    all.truncate(LISTED_REASONS);
    match (all.is_empty(), more) {
        (true, _) => String::new(),
        (_, 0) => format!(" ({})", all.join("; ")),
        (_, 1) => format!(" ({}; and one more reason)", all.join("; ")),
        (_, more) => format!(" ({}; and {more} more reasons)", all.join("; ")),
    }
}

fn reason(hole: &ResourcePart, several: bool, here: &Location) -> Option<String> {
    let place = match &hole.location {
        Some(location) if location.path == here.path => format!(" on line {}", location.line),
        Some(location) => format!(" at {location}"),
        None => String::new(),
    };
    let (it_is, it_comes) = if several { ("they are", "they come") } else { ("it is", "it comes") };
    let it_has = if several { "they have" } else { "it has" };
    Some(match &hole.origin {
        PartOrigin::Constant(_) | PartOrigin::Stated => return None,
        PartOrigin::Environment(name) => format!("environment variable {name}{place}"),
        PartOrigin::Reference(name) => format!("{it_is} {name} of the template"),
        PartOrigin::Parameter(name) => format!("{it_comes} from parameter `{name}`{place}"),
        PartOrigin::Result(callee) => format!("{it_comes} out of `{callee}`{place}"),
        PartOrigin::TooMany => format!("{it_has} too many possible values"),
        PartOrigin::Undefined(name) => format!("nothing in the code sets `{name}`{place}"),
        PartOrigin::Computed => format!("{it_is} computed{place}"),
    })
}

fn unset_variable(name: &str, open: &OpenVariable<'_>) -> Diagnostic {
    let mut message = format!(
        "environment variable {name} has no known value, so that part of the resource of {} is a wildcard",
        listed(&open.actions)
    );
    match open.places.len() {
        0 | 1 => {}
        2 => message.push_str("; it is read at one more place"),
        more => message.push_str(&format!("; it is read at {} more places", more - 1)),
    }
    let diagnostic = Diagnostic::new(Severity::Warning, "unresolved-environment", message)
        .remedy(format!("pass --var {name}=VALUE or --env-file FILE"))
        .unresolved();
    match open.places.first() {
        Some(location) => diagnostic.at((*location).clone()),
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
