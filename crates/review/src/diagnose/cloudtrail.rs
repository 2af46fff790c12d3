//! Events of AWS CloudTrail. Source: "CloudTrail record contents".

use serde_json::Value;

use super::forms::{self, set_action};
use super::{Denial, Form};

/// The denials among the events of a JSON value: one event, a list, or `Records` and `Events` of one.
pub(crate) fn denials(value: &Value) -> Vec<Denial> {
    match value {
        Value::Array(events) => events.iter().flat_map(denials).collect(),
        Value::Object(object) => {
            if let Some(events) = object.get("Records").or_else(|| object.get("Events")) {
                return denials(events);
            }
            // What `aws cloudtrail lookup-events` prints has the event as text.
            if let Some(Value::String(text)) = object.get("CloudTrailEvent") {
                return serde_json::from_str(text).map(|event: Value| denials(&event)).unwrap_or_default();
            }
            if object.contains_key("eventSource") {
                return event(value).into_iter().collect();
            }
            // Collectors of logs put events into objects of their own.
            object.values().filter(|value| value.is_object() || value.is_array()).flat_map(denials).collect()
        }
        _ => Vec::new(),
    }
}

fn event(event: &Value) -> Option<Denial> {
    let text = |key: &str| event.get(key).and_then(Value::as_str);
    let code = text("errorCode")?;
    let denied = ["AccessDenied", "UnauthorizedOperation", "AuthFailure", "Forbidden"]
        .iter()
        .any(|word| code.contains(word));
    let (source, name) = (text("eventSource")?, text("eventName")?);
    if !denied {
        return None;
    }
    // The message has more, when it is there.
    let message = text("errorMessage").unwrap_or_default();
    let mut denial = forms::denials(&super::normal::normal(message)).into_iter().next().unwrap_or_default();
    denial.form = Form::CloudTrail;
    denial.event_region = text("awsRegion").map(str::to_owned);
    let identity = event.pointer("/userIdentity/arn").and_then(Value::as_str);
    denial.principal = denial.principal.or_else(|| identity.map(str::to_owned));
    if !denial.known_action {
        let service = source.strip_suffix(".amazonaws.com").unwrap_or(source);
        let found = perm_infer_catalog::Catalog::embedded().service(service);
        let operation = found.and_then(|service| service.operation(name));
        denial.operation = operation.map(|operation| format!("{operation:?}"));
        let mut needed = operation.map(perm_infer_catalog::Operation::possible_actions).unwrap_or_default();
        // The source of the event is the service that refused: actions of others are not what it asked for.
        let own = format!("{service}:");
        if needed.iter().any(|action| action.starts_with(&own)) {
            needed.retain(|action| action.starts_with(&own));
        }
        match needed.as_slice() {
            [only] => set_action(&mut denial, only),
            _ => set_action(&mut denial, &format!("{service}:{name}")),
        }
    }
    let named = event.pointer("/resources/0/ARN").and_then(Value::as_str);
    denial.resource = denial.resource.or_else(|| named.map(str::to_owned));
    Some(denial)
}
