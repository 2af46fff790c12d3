//! What a check found, as a linter writes it, for programs and for code scanning.

use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_infer::{AccessLevel, Inference, RequirementEvidence};
use perm_infer_policy::to_pretty_json;
use perm_infer_review::StatementRef;
use perm_infer_review::check::{Excess, ExcessKind, Findings, Gap, GapReason};
use serde_json::{Value, json};

use crate::baseline::Finding;
use crate::message::message;
use crate::report::access_level;
use crate::sarif::{Level, Log, ResultEntry, Rule, call_flow};
use perm_infer_policy::inert::in_json;

/// The version of the form of the JSON document.
const VERSION: u32 = 1;

/// Actions that are named one by one in a message.
const MAX_NAMED: usize = 5;

const GAP: &str = "permission-gap";
const UNCERTAIN: &str = "permission-uncertain";
const EXCESS: &str = "permission-unused";

/// What was found for one role, or for one unit of a template.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'c> {
    /// The unit whose needs these are; none when one role is checked against all code.
    pub unit: Option<&'c str>,
    /// What the code needs.
    pub inference: &'c Inference,
    /// What was found.
    pub findings: &'c Findings,
}

/// One line for each finding, with styles.
#[must_use]
pub fn check_text(checked: &[Checked<'_>]) -> String {
    check_diagnostics(checked).iter().map(|diagnostic| message(diagnostic) + "\n").collect()
}

/// The findings as diagnostics: gaps by place, then what is not needed, the most dangerous first.
#[must_use]
pub fn check_diagnostics(checked: &[Checked<'_>]) -> Vec<Diagnostic> {
    let gaps = checked.iter().flat_map(|one| one.findings.gaps.iter().map(move |gap| (one, gap)));
    let mut gaps: Vec<Diagnostic> = gaps.flat_map(|(one, gap)| gap_diagnostics(one, gap)).collect();
    gaps.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
    let excess = checked.iter().flat_map(|one| &one.findings.excess);
    let mut all: Vec<Diagnostic> = gaps.into_iter().chain(excess.map(excess_diagnostic)).collect();
    // Copies of a module have the same lines.
    all.dedup();
    all
}

/// A gap at each call that needs what is missing.
fn gap_diagnostics(checked: &Checked<'_>, gap: &Gap) -> Vec<Diagnostic> {
    let Some(need) = checked.inference.requirements.get(gap.need) else { return Vec::new() };
    let (severity, code) = if gap.certain { (Severity::Error, GAP) } else { (Severity::Warning, UNCERTAIN) };
    let text = gap_text(checked, need, gap);
    let found = Diagnostic::new(severity, code, text).remedy(gap_remedy(checked, gap));
    let places = places(checked.inference, need);
    if places.is_empty() {
        // Needed by what the user asked for on the command line.
        return vec![found];
    }
    places.into_iter().map(|place| found.clone().at(place)).collect()
}

fn places(inference: &Inference, need: &RequirementEvidence) -> Vec<Location> {
    let calls = need.calls.iter().filter_map(|&call| inference.calls.get(call));
    let causes = need.causes.iter().filter_map(|cause| cause.location.clone());
    calls.map(|call| call.location.clone()).chain(need.stated.iter().cloned()).chain(causes).collect()
}

fn gap_text(checked: &Checked<'_>, need: &RequirementEvidence, gap: &Gap) -> String {
    // Policies of a template speak of its references.
    let (unit, resource) = match checked.unit {
        Some(unit) => (format!("{unit}: "), &need.symbolic),
        None => (String::new(), &need.resource),
    };
    let what = format!("{unit}{} on {}", need.action, resource.to_policy_string());
    let verdict = match (&gap.reason, gap.certain) {
        (GapReason::Denied { .. }, true) => "is denied",
        (GapReason::Denied { .. }, false) => "may be denied",
        (_, true) => "is not allowed",
        (_, false) => "may not be allowed",
    };
    let why = match &gap.reason {
        GapReason::NoStatement => "no statement is about the action".to_owned(),
        GapReason::Resource { statement, resource, .. } if !gap.certain => {
            format!("{} allows it on {resource}, and the name is not known", place(statement))
        }
        GapReason::Resource { statement, resource, hint } => {
            format!("{} allows it on {resource}: {hint}", place(statement))
        }
        GapReason::Condition { statement, operator, key, wanted } => {
            format!("{} allows it only with {operator} {key} = {}", place(statement), wanted.join(" or "))
        }
        GapReason::Undecided { statement } => {
            format!("{} allows it, if a condition of the template lets the role have it", place(statement))
        }
        GapReason::Denied { statement } => format!("by {}", place(statement)),
    };
    format!("{what} {verdict}: {why}")
}

fn gap_remedy(checked: &Checked<'_>, gap: &Gap) -> String {
    match (&gap.reason, gap.certain) {
        (GapReason::Denied { .. }, true) => {
            "no other statement can allow it; change the one that denies".to_owned()
        }
        (GapReason::Resource { .. }, false) => {
            "say the name with --var, or see `perm-infer explain`".to_owned()
        }
        (GapReason::Undecided { .. }, _) => "say what decides with --parameter".to_owned(),
        (_, true) if checked.unit.is_some() => {
            "allow it in the role; `perm-infer apply` writes policies into the template".to_owned()
        }
        (_, true) => "allow it; --fix prints a policy that does".to_owned(),
        (_, false) => String::new(),
    }
}

/// `policy.json:4:5 (Read)`.
fn place(statement: &StatementRef) -> String {
    let name = statement.policy.as_ref().or(statement.sid.as_ref());
    match name {
        Some(name) if !name.is_empty() => format!("{} ({name})", statement.location),
        _ => statement.location.to_string(),
    }
}

fn excess_diagnostic(excess: &Excess) -> Diagnostic {
    Diagnostic::new(Severity::Warning, EXCESS, excess_text(excess))
        .at(excess.location.clone())
        .remedy(excess_remedy(excess))
}

fn excess_text(excess: &Excess) -> String {
    let level = access_level(excess.level);
    match excess.kind {
        ExcessKind::Action if excess.actions.len() == 1 => {
            let elsewhere = if excess.needed_elsewhere { " on these resources" } else { "" };
            format!("no call needs {}{elsewhere} ({level})", excess.actions[0].name())
        }
        ExcessKind::Action => format!("no call needs any of `{}`: {}", excess.text, counts(excess)),
        ExcessKind::PartOfActions => {
            format!("`{}` allows more than the calls need: {}", excess.text, counts(excess))
        }
        ExcessKind::Policy if excess.needed.is_empty() => {
            format!("no call needs anything of the policy `{}`: {}", excess.text, counts(excess))
        }
        ExcessKind::Policy => {
            format!("the policy `{}` allows more than the calls need: {}", excess.text, counts(excess))
        }
        ExcessKind::Resource => format!("no call needs `{}` ({level})", excess.text),
        ExcessKind::WiderResource => {
            format!("`{}` is wider than the calls need ({level})", excess.text)
        }
    }
}

/// `2 Permissions management, 3 Write (s3:A, s3:B, ...)`.
fn counts(excess: &Excess) -> String {
    let levels = [
        AccessLevel::PermissionsManagement,
        AccessLevel::Write,
        AccessLevel::Tagging,
        AccessLevel::Read,
        AccessLevel::List,
    ];
    let counts = levels.into_iter().filter_map(|level| {
        let count = excess.actions.iter().filter(|action| action.access_level() == level).count();
        (count > 0).then(|| format!("{count} {}", access_level(level)))
    });
    let counts = counts.collect::<Vec<_>>().join(", ");
    if excess.actions.len() > MAX_NAMED {
        return counts;
    }
    let names: Vec<&str> = excess.actions.iter().map(|action| action.name()).collect();
    format!("{counts} ({})", names.join(", "))
}

fn excess_remedy(excess: &Excess) -> String {
    match excess.kind {
        ExcessKind::Action | ExcessKind::Resource => {
            "leave it out, or --keep it if something else needs it".to_owned()
        }
        ExcessKind::Policy if excess.needed.is_empty() => {
            "leave it out, or --keep its actions if something else needs them".to_owned()
        }
        ExcessKind::PartOfActions | ExcessKind::WiderResource | ExcessKind::Policy => {
            let shown = excess.needed.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join(", ");
            let more = if excess.needed.len() > MAX_NAMED { ", ..." } else { "" };
            format!("write {shown}{more}")
        }
    }
}

/// The findings as one JSON document with a final newline; `docs/guide.md` describes it.
#[must_use]
pub fn check_json(checked: &[Checked<'_>]) -> String {
    let gaps = checked.iter().flat_map(|one| one.findings.gaps.iter().map(move |gap| (one, gap)));
    let gaps: Vec<Value> = gaps.filter_map(|(one, gap)| gap_json(one, gap)).collect();
    let excess = checked.iter().flat_map(|one| &one.findings.excess);
    let excess: Vec<Value> = excess.map(excess_json).collect();
    in_json(&to_pretty_json(&json!({"version": VERSION, "gaps": gaps, "excess": excess})))
}

/// Why a need is not covered.
pub(crate) fn reason_json(gap: &Gap) -> Value {
    let mut reason = match &gap.reason {
        GapReason::NoStatement => json!({"kind": "no-statement"}),
        GapReason::Resource { resource, hint, .. } => {
            json!({"kind": "resource", "resource": resource, "hint": hint.to_string()})
        }
        GapReason::Condition { operator, key, wanted, .. } => {
            json!({"kind": "condition", "operator": operator, "key": key, "wanted": wanted})
        }
        GapReason::Undecided { .. } => json!({"kind": "undecided"}),
        GapReason::Denied { .. } => json!({"kind": "denied"}),
    };
    if let GapReason::Resource { statement, .. }
    | GapReason::Condition { statement, .. }
    | GapReason::Undecided { statement }
    | GapReason::Denied { statement } = &gap.reason
    {
        reason["statement"] = json!({"location": statement.location, "sid": statement.sid});
        if let Some(policy) = &statement.policy {
            reason["statement"]["policy"] = json!(policy);
        }
    }
    reason
}

fn gap_json(checked: &Checked<'_>, gap: &Gap) -> Option<Value> {
    let need = checked.inference.requirements.get(gap.need)?;
    let reason = reason_json(gap);
    let mut found = json!({
        "action": need.action,
        "resource": need.resource.to_policy_string(),
        "certain": gap.certain,
        "reason": reason,
        "calls": places(checked.inference, need),
    });
    if let Some(unit) = checked.unit {
        found["function"] = json!(unit);
        found["symbolic"] = json!(need.symbolic.to_policy_string());
    }
    Some(found)
}

fn kind_name(kind: ExcessKind) -> &'static str {
    match kind {
        ExcessKind::Action => "action",
        ExcessKind::PartOfActions => "part-of-actions",
        ExcessKind::Resource => "resource",
        ExcessKind::WiderResource => "wider-resource",
        ExcessKind::Policy => "policy",
    }
}

fn excess_json(excess: &Excess) -> Value {
    json!({
        "kind": kind_name(excess.kind),
        "text": excess.text,
        "access_level": access_level(excess.level),
        "location": excess.location,
        "sid": excess.statement.sid,
        "actions": excess.actions.iter().map(|action| action.name()).collect::<Vec<_>>(),
        "needed": excess.needed,
    })
}

/// The findings as a SARIF 2.1.0 log with a final newline.
#[must_use]
pub fn check_sarif(checked: &[Checked<'_>]) -> String {
    let rule = |id: &str, text: &str| Rule { id: id.to_owned(), text: text.to_owned() };
    let mut log = Log::new(vec![
        rule(GAP, "The policy does not allow what the code needs"),
        rule(UNCERTAIN, "The policy may not allow what the code needs"),
        rule(EXCESS, "The policy allows what no code needs"),
    ]);
    for one in checked {
        let gaps = one.findings.gaps.iter().filter_map(|gap| gap_result(one, gap));
        gaps.chain(one.findings.excess.iter().map(excess_result)).for_each(|result| log.add(&result));
    }
    log.to_json()
}

fn gap_result(checked: &Checked<'_>, gap: &Gap) -> Option<ResultEntry> {
    let need = checked.inference.requirements.get(gap.need)?;
    let finding = gap_finding(checked.unit, checked.inference, gap)?;
    Some(ResultEntry {
        rule: finding.code,
        level: if gap.certain { Level::Error } else { Level::Warning },
        message: gap_text(checked, need, gap),
        locations: places(checked.inference, need),
        flow: flow(checked.inference, need),
        about: finding.about,
    })
}

/// The way to the first call that needs it.
fn flow(inference: &Inference, need: &RequirementEvidence) -> Vec<(String, Location)> {
    let call = need.calls.first().and_then(|&call| inference.calls.get(call));
    call.map(call_flow).unwrap_or_default()
}

fn excess_result(excess: &Excess) -> ResultEntry {
    ResultEntry {
        rule: EXCESS.to_owned(),
        level: Level::Warning,
        message: excess_text(excess),
        locations: vec![excess.location.clone()],
        flow: Vec::new(),
        about: excess_finding(excess).about,
    }
}

/// A gap as a finding; nothing when its need is not there.
pub(crate) fn gap_finding(unit: Option<&str>, inference: &Inference, gap: &Gap) -> Option<Finding> {
    let need = inference.requirements.get(gap.need)?;
    let unit = unit.map(|unit| format!("{unit}: ")).unwrap_or_default();
    Some(Finding {
        code: if gap.certain { GAP } else { UNCERTAIN }.to_owned(),
        path: places(inference, need).first().map(|place| place.path.clone()).unwrap_or_default(),
        about: format!("{unit}{} on {}", need.action, need.symbolic.to_policy_string()),
    })
}

/// What is granted and not needed as a finding.
pub(crate) fn excess_finding(excess: &Excess) -> Finding {
    let sid = excess.statement.sid.as_deref().filter(|sid| !sid.is_empty());
    let statement = sid.map(|sid| format!(" in {sid}")).unwrap_or_default();
    Finding {
        code: EXCESS.to_owned(),
        path: excess.location.path.clone(),
        about: format!("{} {}{statement}", kind_name(excess.kind), excess.text),
    }
}

/// `2 not allowed, 1 uncertain, 3 not needed`.
#[must_use]
pub fn check_summary(checked: &[Checked<'_>]) -> String {
    let gaps = checked.iter().flat_map(|one| &one.findings.gaps);
    let (certain, uncertain): (Vec<&Gap>, Vec<&Gap>) = gaps.partition(|gap| gap.certain);
    let excess: usize = checked.iter().map(|one| one.findings.excess.len()).sum();
    format!("perm-infer: {} not allowed, {} uncertain, {excess} not needed\n", certain.len(), uncertain.len())
}
