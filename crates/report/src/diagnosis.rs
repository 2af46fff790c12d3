//! Diagnoses of denied requests, for people and for programs.

use perm_infer_infer::Location;
use perm_infer_policy::to_pretty_json;
use perm_infer_review::diagnose::{Cause, Denial, DenyingPolicy, Diagnosis, Form};
use serde_json::{Value, json};

use crate::page::Page;
use crate::simulation;
use crate::style::{ACTION, PLACE, paint};
use perm_infer_policy::inert::{in_json, inert};

/// The version of the form of the JSON document.
const VERSION: u32 = 1;

/// A denial with what follows from it.
#[derive(Clone, Debug)]
pub struct DiagnosedDenial {
    /// What the message says.
    pub denial: Denial,
    /// How often it occurs.
    pub count: usize,
    /// What follows.
    pub diagnosis: Diagnosis,
    /// The lines of code that need the permission.
    pub calls: Vec<Location>,
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
    let DiagnosedDenial { denial, count, diagnosis, calls } = diagnosed;
    let what =
        denial.action.as_deref().or(denial.operation.as_deref()).unwrap_or("(the message names no action)");
    let times = if *count > 1 { format!(", {count} times") } else { String::new() };
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
    out.words(2, &cause_text(denial, diagnosis.cause));
    if let Some(answer) = &diagnosis.answer {
        out.line(2, "the given policies:");
        simulation::reason(answer, out);
    }
    for call in calls {
        out.line(2, &format!("called at {}", paint(PLACE, &inert(&call.to_string()))));
    }
    if let Some(document) = diagnosis.document() {
        let whose = if diagnosis.cause == Cause::NotTrusted {
            "trust policy of the role"
        } else {
            "policies of the principal"
        };
        out.line(2, &format!("add to the {whose}:"));
        for line in in_json(&to_pretty_json(&document.statement[0])).lines() {
            out.line(4, line);
        }
    }
    for line in next_steps(denial, diagnosis) {
        out.words(2, &line);
    }
}

fn cause_text(denial: &Denial, cause: Cause) -> String {
    let of = |kind: DenyingPolicy| match &denial.policy_arn {
        Some(arn) => format!("a {} ({})", kind.name(), inert(arn)),
        None => format!("a {}", kind.name()),
    };
    match cause {
        Cause::NotAllowed => "cause: no policy of the principal allows it".to_owned(),
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
        Cause::AllowedByPolicies => {
            "cause: not in the given policies, which allow it: the policies in force are others, or another kind of policy denies"
                .to_owned()
        }
        Cause::Unknown if denial.encoded => "cause: in the encoded message".to_owned(),
        Cause::Unknown => "cause: the message does not say which permission is missing".to_owned(),
    }
}

/// What to do and how to see that it helped.
fn next_steps(denial: &Denial, diagnosis: &Diagnosis) -> Vec<String> {
    let mut steps = Vec::new();
    if denial.encoded {
        steps.push(
            "decode it with `aws sts decode-authorization-message --encoded-message MESSAGE`, which needs \
             sts:DecodeAuthorizationMessage, and diagnose the result"
                .to_owned(),
        );
    }
    if denial.form == Form::ApiGateway {
        steps.push(
            "let API Gateway invoke the function: `aws lambda add-permission --function-name NAME --statement-id apigateway \
             --action lambda:InvokeFunction --principal apigateway.amazonaws.com --source-arn ARN`"
                .to_owned(),
        );
    }
    match diagnosis.cause {
        Cause::NotAllowedBy(DenyingPolicy::LakeFormation) => steps.push(
            "grant it: `aws lakeformation grant-permissions --principal DataLakePrincipalIdentifier=ARN --permissions SELECT \
             --resource ...`"
                .to_owned(),
        ),
        Cause::NotAllowedBy(DenyingPolicy::ModelAccess) => {
            steps.push("ask for the model under \"Model access\" in the console of Amazon Bedrock, in the region of the call".to_owned());
        }
        _ => {}
    }
    if denial.form == Form::Queue && denial.action.is_none() {
        steps.push("check region, account and name of the queue: a queue that is not accessible looks as if it did not exist".to_owned());
    }
    if diagnosis.cause == Cause::Unknown && denial.form == Form::Service {
        steps.push("the message names no operation: look for the line of code, or for the event in CloudTrail, and diagnose that".to_owned());
    }
    if denial.action.is_some() && denial.resource.is_none() && diagnosis.cause == Cause::NotAllowed {
        steps.push("the message does not name the resource: `perm-infer lookup` shows which resources the action works on".to_owned());
    }
    if let (Some(role), Some(document)) = (denial.role(), diagnosis.document())
        && diagnosis.cause != Cause::NotTrusted
    {
        let policy = serde_json::to_string(&document).unwrap_or_default();
        if plain(role) && plain(&policy.replace(['"', '{', '}', '[', ']', ',', ' ', '*'], "")) {
            steps.push(format!("or: aws iam put-role-policy --role-name {role} --policy-name perm-infer --policy-document '{policy}'"));
        }
    }
    if let (Some(action), Some(resource), true) = (&denial.action, &denial.resource, denial.known_action) {
        let (action, resource) = (inert(action), inert(resource));
        if plain(&resource.replace('*', "")) {
            steps.push(format!(
                "verify: perm-infer simulate --policy FILE --action {action} --resource '{resource}'"
            ));
        }
    }
    steps
}

/// Whether a text can stand in single quotes of a shell and means nothing there.
fn plain(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./:@+=".contains(letter))
}

/// The diagnoses as one JSON document with a final newline; `docs/guide.md` describes it.
#[must_use]
pub fn diagnosis_json(found: &[DiagnosedDenial]) -> String {
    let denials: Vec<Value> = found.iter().map(denial_json).collect();
    in_json(&to_pretty_json(&json!({"version": VERSION, "denials": denials})))
}

fn denial_json(diagnosed: &DiagnosedDenial) -> Value {
    let DiagnosedDenial { denial, count, diagnosis, calls } = diagnosed;
    let cause = match diagnosis.cause {
        Cause::NotAllowed => "not-allowed",
        Cause::Denied(_) => "denied",
        Cause::NotAllowedBy(_) => "not-allowed-by-other-policy",
        Cause::NotTrusted => "not-trusted",
        Cause::AllowedByPolicies => "allowed-by-given-policies",
        Cause::Unknown => "unknown",
    };
    json!({
        "count": count,
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
        "policy_type": denial.policy.map(DenyingPolicy::name),
        "policy_arn": denial.policy_arn,
        "explicit": denial.explicit,
        "encoded": denial.encoded,
        "cause": cause,
        "statement": diagnosis.statement,
        "simulation": diagnosis.answer.as_ref().map(simulation::result),
        "calls": calls,
    })
}
