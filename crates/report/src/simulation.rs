//! Answers of a simulation, for people and for programs.

use perm_infer_policy::evaluate::{Layer, Mismatch, Outcome};
use perm_infer_policy::to_pretty_json;
use perm_infer_review::{Answer, NearStatement, StatementRef};
use serde_json::{Value, json};

use crate::aligned::aligned;
use crate::page::Page;
use crate::style::{ACTION, ERROR, PLACE, paint};
use perm_infer_policy::inert::{in_json, inert};

/// The version of the form of the JSON document.
const VERSION: u32 = 1;

/// The answers with styles, in the order of the requests.
#[must_use]
pub fn simulation(answers: &[Answer]) -> String {
    let mut out = Page::default();
    for answer in answers {
        let verdict = match answer.outcome {
            Outcome::Allowed => paint(ACTION, "allowed"),
            Outcome::ExplicitlyDenied | Outcome::ImplicitlyDenied => paint(ERROR, "denied"),
        };
        let (action, resource) = (inert(&answer.request.action), inert(&answer.request.resource));
        out.line(0, &format!("{verdict} {action} on {resource}"));
        reason(answer, &mut out);
    }
    out.text
}

pub(crate) fn reason(answer: &Answer, out: &mut Page) {
    match (&answer.statement, answer.outcome) {
        (Some(statement), Outcome::Allowed) => {
            out.line(2, &format!("by {} {}", layer_of(answer.layer), place(statement)));
        }
        (Some(statement), _) => {
            out.line(2, &format!("by a Deny of {} {}", layer_of(answer.layer), place(statement)));
        }
        (None, Outcome::Allowed) => out.line(2, "the root user needs no policy in its own account"),
        (None, _) => {
            out.line(2, &format!("no statement of {} allows it", layer_of(answer.layer)));
            if let Some(near) = &answer.nearest {
                nearest(near, &answer.request.resource, out);
            }
        }
    }
    if answer.is_uncertain {
        out.words(2, "not every policy could be asked: another one may say otherwise");
    }
}

fn nearest(near: &NearStatement, wanted: &str, out: &mut Page) {
    out.line(2, &format!("nearest: {}", place(&near.statement)));
    match (&near.mismatch, &near.resource) {
        (Mismatch::Resource, Some((resource, hint))) => difference(resource, wanted, &hint.to_string(), out),
        (mismatch, _) => out.words(4, &mismatch_text(mismatch)),
    }
}

/// The resource of a statement and the one that was asked for, and how they differ.
pub(crate) fn difference(known: &str, wanted: &str, hint: &str, out: &mut Page) {
    match aligned(known, wanted) {
        Some([known, wanted, marks]) => {
            out.line(4, &format!("is about  {known}"));
            out.line(4, &format!("wanted is {wanted}"));
            out.line(4, &format!("          {marks}"));
        }
        None => out.line(4, &format!("is about  {}", inert(known))),
    }
    out.words(4, hint);
}

fn mismatch_text(mismatch: &Mismatch) -> String {
    match mismatch {
        Mismatch::Action => "is about other actions".to_owned(),
        Mismatch::Resource => "is about other resources".to_owned(),
        Mismatch::Principal => "is about other principals".to_owned(),
        Mismatch::Condition { operator, key, wanted, found } => {
            let wanted = wanted.join(" or ");
            let found = match found {
                Some(values) => format!("it is {}", values.join(" and ")),
                None => format!("the request has no such key; pass it with --context {key}=VALUE"),
            };
            inert(&format!("wants {operator} {key} = {wanted}; {found}")).into_owned()
        }
    }
}

/// `policy.json:4:5 (ReadReports)`.
pub(crate) fn place(statement: &StatementRef) -> String {
    let place = paint(PLACE, &inert(&statement.location.to_string()));
    match &statement.sid {
        Some(sid) if !sid.is_empty() => format!("{place} ({})", inert(sid)),
        _ => place,
    }
}

fn layer_of(layer: Layer) -> String {
    match layer {
        Layer::Identity => "the policies of the principal".to_owned(),
        Layer::Resource => "the policy of the resource".to_owned(),
        Layer::Boundary => "the permissions boundary".to_owned(),
        Layer::Session => "the session policy".to_owned(),
        Layer::Endpoint => "the policy of the VPC endpoint".to_owned(),
        Layer::ServiceControl(level) => format!("the service control policies of level {}", level + 1),
        Layer::ResourceControl(level) => format!("the resource control policies of level {}", level + 1),
    }
}

/// The answers as one JSON document with a final newline; `docs/guide.md` describes it.
#[must_use]
pub fn simulation_json(answers: &[Answer]) -> String {
    let results: Vec<Value> = answers.iter().map(result).collect();
    in_json(&to_pretty_json(&json!({"version": VERSION, "results": results})))
}

pub(crate) fn result(answer: &Answer) -> Value {
    let outcome = match answer.outcome {
        Outcome::Allowed => "allowed",
        Outcome::ExplicitlyDenied => "explicitly-denied",
        Outcome::ImplicitlyDenied => "implicitly-denied",
    };
    json!({
        "principal": answer.principal,
        "action": answer.request.action,
        "resource": answer.request.resource,
        "outcome": outcome,
        "policy_type": layer_word(answer.layer),
        "uncertain": answer.is_uncertain,
        "statement": answer.statement.as_ref().map(statement),
        "nearest": answer.nearest.as_ref().map(|near| json!({
            "statement": statement(&near.statement),
            "mismatch": mismatch(&near.mismatch),
            "resource": near.resource.as_ref().map(|(resource, _)| resource),
            "hint": near.resource.as_ref().map(|(_, hint)| hint.to_string()),
        })),
    })
}

fn statement(statement: &StatementRef) -> Value {
    let place = &statement.location;
    json!({
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "sid": statement.sid,
        "index": statement.index,
    })
}

fn mismatch(mismatch: &Mismatch) -> Value {
    match mismatch {
        Mismatch::Action => json!({"kind": "action"}),
        Mismatch::Resource => json!({"kind": "resource"}),
        Mismatch::Principal => json!({"kind": "principal"}),
        Mismatch::Condition { operator, key, wanted, found } => {
            json!({"kind": "condition", "operator": operator, "key": key, "wanted": wanted, "found": found})
        }
    }
}

fn layer_word(layer: Layer) -> &'static str {
    match layer {
        Layer::Identity => "identity",
        Layer::Resource => "resource",
        Layer::Boundary => "boundary",
        Layer::Session => "session",
        Layer::Endpoint => "endpoint",
        Layer::ServiceControl(_) => "service-control",
        Layer::ResourceControl(_) => "resource-control",
    }
}
