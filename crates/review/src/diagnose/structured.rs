//! Denials in JSON: events of AWS CloudTrail, decoded authorization messages, and errors and entries of logs as
//! objects, whose texts belong together.
//!
//! Sources: "CloudTrail record contents"; "DecodeAuthorizationMessage" in the API Reference of AWS STS.

use serde_json::{Map, Value};

use super::forms::{self, set_action};
use super::normal::normal;
use super::{Denial, Form, cloudtrail, is_bare};

/// JSON within texts of JSON is read so deep; `aws sts decode-authorization-message` and collectors of logs write it.
const MAX_DEPTH: usize = 32;

/// Longer texts are cut, as lines are.
const MAX_TEXT: usize = 64 * 1024;

/// The denials of a JSON value, in order.
pub(super) fn denials(value: &Value) -> Vec<Denial> {
    within(value, 0)
}

fn within(value: &Value, depth: usize) -> Vec<Denial> {
    if depth > MAX_DEPTH {
        return Vec::new();
    }
    match value {
        Value::Array(values) => values.iter().flat_map(|value| within(value, depth + 1)).collect(),
        Value::Object(object) => of_object(value, object, depth),
        Value::String(text) => parsed(text).map(|value| within(&value, depth + 1)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn of_object(value: &Value, object: &Map<String, Value>, depth: usize) -> Vec<Denial> {
    if object.contains_key("eventSource") && object.contains_key("eventName") {
        return cloudtrail::event(value).into_iter().collect();
    }
    if let Some(denial) = decoded(value) {
        return vec![denial];
    }
    let mut found = of_texts(object);
    let inner: Vec<Denial> = object.values().flat_map(|value| within(value, depth + 1)).collect();
    // What says only that there was one is said better within.
    if !inner.is_empty() && found.iter().all(is_bare) {
        found.clear();
    }
    found.extend(inner);
    found
}

/// JSON that somebody wrote into a text.
fn parsed(text: &str) -> Option<Value> {
    let looks_so = text.trim_start().starts_with(['{', '[']);
    looks_so.then(|| serde_json::from_str(text).ok()).flatten()
}

/// The denials that the texts of one object tell, each once: an error tells its message in its stack too.
fn of_texts(object: &Map<String, Value>) -> Vec<Denial> {
    let texts: Vec<&str> = object
        .values()
        .flat_map(|value| match value {
            Value::String(text) => vec![text.as_str()],
            Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        })
        .filter(|text| parsed(text).is_none())
        .map(cut)
        .collect();
    let mut found: Vec<Denial> = Vec::new();
    for denial in
        texts.iter().flat_map(|text| forms::denials(&normal(text))).filter(|denial| !is_bare(denial))
    {
        if !found.contains(&denial) {
            found.push(denial);
        }
    }
    if found.is_empty() { forms::denials(&normal(cut(&texts.join(" ")))) } else { found }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT)]
}

/// What `sts:DecodeAuthorizationMessage` makes of an encoded message.
fn decoded(value: &Value) -> Option<Denial> {
    if value.get("allowed")?.as_bool()? {
        return None;
    }
    let text = |path: &str| value.pointer(path).and_then(Value::as_str);
    let mut denial = Denial {
        principal: text("/context/principal/arn").map(str::to_owned),
        explicit: value.get("explicitDeny").and_then(Value::as_bool),
        form: Form::Decoded,
        ..Denial::default()
    };
    set_action(&mut denial, text("/context/action")?);
    denial.resource = text("/context/resource")
        .filter(|named| *named == "*" || named.starts_with("arn:"))
        .map(str::to_owned);
    Some(denial)
}
