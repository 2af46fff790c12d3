//! Diagnoses of denied requests, for people and for programs.

mod json;
mod steps;

use perm_infer_infer::Location;
use perm_infer_policy::{Statement, to_pretty_json};
use perm_infer_review::check::{Gap, GapReason};
use perm_infer_review::diagnose::{Cause, Denial, DenyingPolicy, Diagnosis};

use crate::page::Page;
use crate::simulation;
use crate::style::{ACTION, PLACE, paint};
use perm_infer_policy::inert::{in_json, inert};

pub use json::diagnosis_json;

/// A denial with what follows from it.
#[derive(Clone, Debug)]
pub struct DiagnosedDenial {
    /// What the message says.
    pub denial: Denial,
    /// How often it occurs.
    pub count: usize,
    /// The first line that has it.
    pub line: usize,
    /// What follows.
    pub diagnosis: Diagnosis,
    /// The needs of the code that the diagnosis speaks of.
    pub needs: Vec<ShownNeed>,
    /// What of a template made the request.
    pub unit: Option<ShownUnit>,
    /// The roles that the policies are of, where that is known.
    pub roles: Vec<String>,
    /// The lines of code that need the permission.
    pub calls: Vec<Location>,
    /// The edit of the template that adds the statements, as a patch.
    pub edit: Option<String>,
}

/// A need of the code as it is shown.
#[derive(Clone, Debug)]
pub struct ShownNeed {
    /// The position by which the diagnosis names it.
    pub position: usize,
    /// `s3:GetObject`.
    pub action: String,
    /// The ARN as far as known.
    pub resource: String,
    /// The condition that the call fulfils, in words of policies.
    pub condition: Option<String>,
}

/// A function, or something else that has a role, of a template.
#[derive(Clone, Debug)]
pub struct ShownUnit {
    /// What it is and its name: `function Worker`.
    pub name: String,
    /// Where it is defined.
    pub location: Location,
}

/// The diagnoses with styles.
#[must_use]
pub fn diagnosis(found: &[DiagnosedDenial]) -> String {
    let mut out = Page::default();
    for diagnosed in found {
        show(diagnosed, &mut out);
        out.blank();
    }
    out.text
}

fn show(diagnosed: &DiagnosedDenial, out: &mut Page) {
    let DiagnosedDenial { denial, diagnosis, .. } = diagnosed;
    heading(diagnosed, out);
    out.words(2, &cause_text(denial, diagnosis.cause));
    if diagnosis.cause == Cause::WrongRole {
        out.words(2, &format!("the policies are of {}", inert(&diagnosed.roles.join(", "))));
    }
    if let Some(answer) = &diagnosis.answer {
        simulation::reason(answer, out);
    }
    if let Some(statement) = &diagnosis.denying {
        out.line(2, "the statement that denies:");
        statement_lines(statement, out);
    }
    for gap in &diagnosis.gaps {
        // What the policies say to the very request is said already; the key behind it would be refused next.
        let is_answered = diagnosis.answer.is_some() && diagnosis.cause != Cause::Key;
        let need = diagnosed.needs.iter().find(|need| need.position == gap.need);
        let is_key = need.is_some_and(|need| need.action.starts_with("kms:"));
        let asks_for_key = denial.actions().any(|action| action.starts_with("kms:"));
        if !is_answered || (is_key && !asks_for_key && diagnosis.cause == Cause::NotAllowed) {
            show_gap(diagnosed, gap, out);
        }
    }
    if denial.is_cross_account() {
        out.words(2, "the resource is in another account, whose policy on it has to allow the request too");
    }
    for addition in &diagnosis.additions {
        out.line(2, &format!("add to {}:", target(addition.to)));
        statement_lines(&addition.statement, out);
    }
    if let Some(edit) = &diagnosed.edit {
        out.line(2, "in the template:");
        edit.lines().for_each(|line| out.line(4, &inert(line)));
    }
    steps::steps(diagnosed).iter().for_each(|step| out.words(2, &inert(step)));
}

fn heading(diagnosed: &DiagnosedDenial, out: &mut Page) {
    let denial = &diagnosed.denial;
    let what =
        denial.action.as_deref().or(denial.operation.as_deref()).unwrap_or("(the message names no action)");
    let times = if diagnosed.count > 1 { format!(", {} times", diagnosed.count) } else { String::new() };
    out.line(0, &format!("{}{times}", paint(ACTION, &inert(what))));
    if !denial.more_actions.is_empty() {
        out.line(2, &format!("with {}", inert(&denial.more_actions.join(", "))));
    }
    let resource = denial.resource.as_ref().or(denial.name.as_ref());
    for (label, value) in
        [("by", denial.principal.as_ref()), ("on", resource), ("of", denial.service.as_ref())]
    {
        if let Some(value) = value {
            out.line(2, &format!("{label} {}", inert(value)));
        }
    }
    if let Some(unit) = &diagnosed.unit {
        let place = paint(PLACE, &inert(&unit.location.to_string()));
        out.line(2, &format!("{} at {place}", inert(&unit.name)));
    }
    for call in &diagnosed.calls {
        out.line(2, &format!("called at {}", paint(PLACE, &inert(&call.to_string()))));
    }
}

fn statement_lines(statement: &Statement, out: &mut Page) {
    for line in in_json(&to_pretty_json(statement)).lines() {
        out.line(4, line);
    }
}

/// What the code needs and the policies lack.
fn show_gap(diagnosed: &DiagnosedDenial, gap: &Gap, out: &mut Page) {
    let Some(need) = diagnosed.needs.iter().find(|need| need.position == gap.need) else { return };
    let verdict = if gap.certain { "the code needs" } else { "the code may need" };
    let through = need.condition.as_ref().map(|condition| format!(" where {condition}")).unwrap_or_default();
    out.line(
        2,
        &format!("{verdict} {} on {}{}", inert(&need.action), inert(&need.resource), inert(&through)),
    );
    match &gap.reason {
        GapReason::NoStatement => out.line(4, "no statement of the given policies is about the action"),
        GapReason::Resource { statement, resource, hint } => {
            out.line(4, &format!("nearest: {}", simulation::place(statement)));
            simulation::difference(resource, &need.resource, &hint.to_string(), out);
        }
        GapReason::Condition { statement, operator, key, wanted } => {
            let wanted = format!("{operator} {key} = {}", wanted.join(" or "));
            out.line(4, &format!("{} wants {}", simulation::place(statement), inert(&wanted)));
        }
        GapReason::Undecided { statement } => {
            out.line(4, &format!("a condition of the template decides on {}", simulation::place(statement)));
        }
        GapReason::Denied { statement } => {
            out.line(4, &format!("{} denies it", simulation::place(statement)));
        }
    }
}

fn cause_text(denial: &Denial, cause: Cause) -> String {
    let of = |kind: DenyingPolicy| match &denial.policy_arn {
        Some(arn) => format!("a {} ({})", kind.name(), inert(arn)),
        None => format!("a {}", kind.name()),
    };
    match cause {
        Cause::NotAllowed => "cause: no policy of the principal allows it".to_owned(),
        Cause::Condition => "cause: a statement allows it under a condition that the request does not meet".to_owned(),
        Cause::Key => {
            "cause: the resource is encrypted, and no policy of the principal allows the use of its key".to_owned()
        }
        Cause::Denied(kind) => format!("cause: a statement of {} denies it; no Allow can change that", of(kind)),
        Cause::NotAllowedBy(DenyingPolicy::LakeFormation) => {
            "cause: AWS Lake Formation has not granted it; no IAM policy can change that".to_owned()
        }
        Cause::NotAllowedBy(DenyingPolicy::ModelAccess) => {
            "cause: the account has no access to the model; no IAM policy can change that".to_owned()
        }
        Cause::NotAllowedBy(kind) => {
            format!("cause: no {} allows it; policies of the principal cannot change that", kind.name())
        }
        Cause::NotTrusted => "cause: the trust policy of the role does not let this principal assume it".to_owned(),
        Cause::WrongRole => {
            "cause: the request came from another role than the one that the policies are of".to_owned()
        }
        Cause::AllowedByPolicies => {
            "cause: not in the given policies, which allow it: the policies in force are others, or another kind of policy denies"
                .to_owned()
        }
        Cause::Unknown if denial.encoded => "cause: in the encoded message".to_owned(),
        Cause::Unknown => "cause: the message does not say which permission is missing".to_owned(),
    }
}

fn target(kind: DenyingPolicy) -> &'static str {
    match kind {
        DenyingPolicy::Identity => "the policies of the principal",
        DenyingPolicy::Resource => "the policy of the resource",
        DenyingPolicy::Trust => "the trust policy of the role",
        DenyingPolicy::Boundary => "the permissions boundary",
        DenyingPolicy::Session => "the session policy",
        DenyingPolicy::ServiceControl => "the service control policies",
        DenyingPolicy::ResourceControl => "the resource control policies",
        DenyingPolicy::VpcEndpoint => "the policy of the VPC endpoint",
        DenyingPolicy::LakeFormation => "AWS Lake Formation",
        DenyingPolicy::ModelAccess => "the account",
    }
}
