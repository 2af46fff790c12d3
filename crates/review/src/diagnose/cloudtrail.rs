//! Events of AWS CloudTrail. Source: "CloudTrail record contents".

use perm_infer_catalog::{
    ArnContext, Catalog, Operation, Param, ParamMap, Presence, TraceId, TracedPattern, Verdict,
};
use perm_infer_policy::Pattern;
use serde_json::{Map, Value};

use super::forms::{self, set_action};
use super::{Denial, Form};

/// The denial that an event tells.
pub(super) fn event(event: &Value) -> Option<Denial> {
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
    denial.principal = denial.principal.or_else(|| principal(event));
    let service = source.strip_suffix(".amazonaws.com").unwrap_or(source);
    let operation = Catalog::embedded().service(service).and_then(|service| service.operation(name));
    if !denial.known_action {
        denial.operation = operation.map(|operation| format!("{operation:?}"));
        let mut needed = operation.map(Operation::possible_actions).unwrap_or_default();
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
    denial.service = None;
    if denial.resource.is_none() {
        let named = event.pointer("/resources/0/ARN").and_then(Value::as_str).map(str::to_owned);
        let requested = || requested(event, operation?, denial.action.as_deref()?);
        denial.resource = requested().or(named);
    }
    Some(denial)
}

/// Who asked: an identity, or a service for itself.
fn principal(event: &Value) -> Option<String> {
    let text = |path: &str| event.pointer(path).and_then(Value::as_str);
    let service =
        || text("/userIdentity/invokedBy").filter(|_| text("/userIdentity/type") == Some("AWSService"));
    text("/userIdentity/arn").or_else(service).map(str::to_owned)
}

/// The resource of an action, where the parameters of the request name exactly one.
fn requested(event: &Value, operation: Operation, action: &str) -> Option<String> {
    let text = |path: &str| event.pointer(path).and_then(Value::as_str);
    let parameters = event.get("requestParameters")?.as_object()?;
    let partition = text("/userIdentity/arn").and_then(|arn| arn.split(':').nth(1)).unwrap_or("aws");
    let literal = |text: Option<&str>| text.map_or_else(Pattern::any, Pattern::literal);
    let context = ArnContext {
        partition: Pattern::literal(partition),
        region: literal(text("/awsRegion")),
        account: literal(text("/userIdentity/accountId").or_else(|| text("/recipientAccountId"))),
    };
    let Verdict::Requirements(needs) = operation.requirements(&input(parameters, operation), &context) else {
        return None;
    };
    let mut named: Vec<String> = needs
        .iter()
        .filter(|need| need.action == action && need.resource_level)
        .filter_map(|need| need.resource.as_literal().map(str::to_owned))
        .collect();
    named.dedup();
    (named.len() == 1).then(|| named.remove(0))
}

/// The parameters with the names that the operation has for them: events write `functionName` for `FunctionName`, and
/// those of Amazon S3 `bucketName` for `Bucket`.
fn input(parameters: &Map<String, Value>, operation: Operation) -> ParamMap {
    let mut input = map(parameters);
    for (key, _, _) in &mut input.entries {
        let Some(name) = key.pattern.as_literal() else { continue };
        let known = operation.input_members().find(|member| {
            member.eq_ignore_ascii_case(name)
                || (*member == "Bucket" && name.eq_ignore_ascii_case("bucketName"))
        });
        if let Some(known) = known {
            key.pattern = Pattern::literal(known);
        }
    }
    input
}

fn map(object: &Map<String, Value>) -> ParamMap {
    let entry = |(key, value): (&String, &Value)| {
        let mut letters = key.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        (traced(&first.into_iter().chain(letters).collect::<String>()), Presence::Always, param(value))
    };
    ParamMap { entries: object.iter().map(entry).collect(), open: false }
}

fn param(value: &Value) -> Param {
    match value {
        // "HIDDEN_DUE_TO_SECURITY_REASONS" and what is cut ("***omitted***") name nothing.
        Value::String(text) if text.starts_with("HIDDEN_DUE_TO") || text.contains("***") => Param::Unknown,
        Value::String(text) => Param::Text(vec![traced(text)]),
        Value::Bool(truth) => Param::Bool(*truth),
        Value::Null => Param::Null,
        Value::Number(_) => Param::Unknown,
        Value::Array(values) => Param::List(values.iter().map(param).collect()),
        Value::Object(object) => Param::Map(map(object)),
    }
}

fn traced(text: &str) -> TracedPattern {
    TracedPattern { pattern: Pattern::literal(text), trace: TraceId(0) }
}
