//! Diagnoses as a JSON document; `docs/guide.md` describes it.

use perm_infer_policy::to_pretty_json;
use perm_infer_review::check::Gap;
use perm_infer_review::diagnose::{Addition, Cause, DenyingPolicy};
use serde_json::{Value, json};

use super::DiagnosedDenial;
use super::steps::steps;
use crate::check::reason_json;
use crate::simulation;
use perm_infer_policy::inert::in_json;

/// The version of the form of the JSON document.
const VERSION: u32 = 1;

/// The diagnoses as one JSON document with a final newline.
#[must_use]
pub fn diagnosis_json(found: &[DiagnosedDenial]) -> String {
    let denials: Vec<Value> = found.iter().map(denial).collect();
    in_json(&to_pretty_json(&json!({"version": VERSION, "denials": denials})))
}

fn denial(diagnosed: &DiagnosedDenial) -> Value {
    let DiagnosedDenial { denial, diagnosis, .. } = diagnosed;
    let additions: Vec<Value> = diagnosis.additions.iter().map(addition).collect();
    let gaps: Vec<Value> = diagnosis.gaps.iter().map(|found| gap(diagnosed, found)).collect();
    json!({
        "count": diagnosed.count,
        "line": diagnosed.line,
        "form": denial.form.to_string(),
        "principal": denial.principal,
        "role": denial.role(),
        "session": denial.session(),
        "action": denial.action,
        "known_action": denial.known_action,
        "more_actions": denial.more_actions,
        "operation": denial.operation,
        "service": denial.service,
        "resource": denial.resource,
        "name": denial.name,
        "account": denial.account(),
        "region": denial.region(),
        "cross_account": denial.is_cross_account(),
        "policy_type": denial.policy.map(DenyingPolicy::name),
        "policy_arn": denial.policy_arn,
        "explicit": denial.explicit,
        "encoded": denial.encoded,
        "cause": cause(diagnosis.cause),
        "cause_policy_type": cause_policy(diagnosis.cause).map(DenyingPolicy::name),
        "additions": additions,
        "denying": diagnosis.denying,
        "simulation": diagnosis.answer.as_ref().map(simulation::result),
        "gaps": gaps,
        "function": diagnosed.unit.as_ref().map(|unit| json!({"name": unit.name, "location": unit.location})),
        "roles": diagnosed.roles,
        "calls": diagnosed.calls,
        "edit": diagnosed.edit,
        "next_steps": steps(diagnosed),
    })
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::NotAllowed => "not-allowed",
        Cause::Condition => "condition",
        Cause::Key => "key",
        Cause::Denied(_) => "denied",
        Cause::NotAllowedBy(_) => "not-allowed-by-other-policy",
        Cause::NotTrusted => "not-trusted",
        Cause::WrongRole => "wrong-role",
        Cause::AllowedByPolicies => "allowed-by-given-policies",
        Cause::Unknown => "unknown",
    }
}

fn cause_policy(cause: Cause) -> Option<DenyingPolicy> {
    match cause {
        Cause::Denied(kind) | Cause::NotAllowedBy(kind) => Some(kind),
        _ => None,
    }
}

fn addition(addition: &Addition) -> Value {
    json!({"policy_type": addition.to.name(), "statement": addition.statement})
}

fn gap(diagnosed: &DiagnosedDenial, gap: &Gap) -> Value {
    let need = diagnosed.needs.iter().find(|need| need.position == gap.need);
    json!({
        "action": need.map(|need| &need.action),
        "resource": need.map(|need| &need.resource),
        "certain": gap.certain,
        "reason": reason_json(gap),
    })
}
