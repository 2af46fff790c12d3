//! A looked-up name for programs. `docs/guide.md` describes the form; a change that a reader of version 1
//! would misunderstand needs another [`VERSION`], new keys do not.

use perm_infer_catalog::{
    Action, FilledFrom, KeyNeed, Lookup, Need, NeededCondition, NeededResource, Needs, Operation, Remark,
    Service, When, WhenTest,
};
use perm_infer_policy::to_pretty_json;
use serde_json::{Map, Value, json};

use super::{repeated_by, spellings};
use crate::report::access_level;
use perm_infer_policy::inert::in_json;

/// The version of the form of this document.
const VERSION: u32 = 1;

/// What a query names, as JSON with a final newline.
#[must_use]
pub fn lookup_json(query: &str, found: &Lookup) -> String {
    let document = json!({
        "version": VERSION,
        "query": query,
        "service": found.service.map(service),
        "operations": found.operations.iter().map(|found| operation(*found)).collect::<Vec<_>>(),
        "actions": found.actions.iter().map(|found| action(*found)).collect::<Vec<_>>(),
        "nearest": found.nearest,
    });
    in_json(&to_pretty_json(&document))
}

fn service(service: Service) -> Value {
    json!({
        "name": service.name(),
        "javascript_v3": {"package": service.v3_package(), "client": service.v3_client()},
        "javascript_v2": service.v2_class(),
        "go": service.go_package(),
        "java": service.java_client(),
        "operations": service.operations().map(Operation::name).collect::<Vec<_>>(),
    })
}

fn action(action: Action) -> Value {
    let resources = action
        .resources()
        .map(|kind| json!({"type": kind.name, "arn": kind.template, "required": kind.required}));
    json!({
        "action": action.name(),
        "access_level": access_level(action.access_level()),
        "resources": resources.collect::<Vec<_>>(),
    })
}

fn operation(operation: Operation) -> Value {
    let names: Map<String, Value> =
        spellings(operation).into_iter().map(|(sdk, name)| (sdk.to_owned(), name.into())).collect();
    let (paginates, waiters) = repeated_by(operation);
    let (verdict, needs) = match operation.needs() {
        Needs::Actions(needs) => ("actions", needs.iter().map(need).collect()),
        Needs::NoPermission => ("no-permission", Vec::new()),
        Needs::Unknown => ("unknown", Vec::new()),
    };
    let source = if operation.override_reason().is_some() { "override" } else { "generated" };
    json!({
        "service": operation.service().name(),
        "operation": operation.name(),
        "names": names,
        "paginator": paginates.then_some(operation.method()),
        "waiters": waiters,
        "verdict": verdict,
        "needs": needs,
        "keys": operation.key_needs().iter().map(key).collect::<Vec<_>>(),
        "notes": operation.remarks().iter().map(remark).collect::<Vec<_>>(),
        "source": {"kind": source, "reason": operation.override_reason()},
    })
}

fn need(need: &Need) -> Value {
    json!({
        "action": need.action.name(),
        "access_level": access_level(need.action.access_level()),
        "for_each": need.each,
        "when": need.when.iter().map(when).collect::<Vec<_>>(),
        "resources": need.resources.iter().map(resource).collect::<Vec<_>>(),
        "conditions": need.conditions.iter().map(condition).collect::<Vec<_>>(),
    })
}

fn key(key: &KeyNeed) -> Value {
    let names = |actions: &[Action]| actions.iter().map(|action| action.name()).collect::<Vec<_>>();
    json!({
        "actions": names(&key.actions),
        "for": names(&key.of),
        "member": key.member,
        "named_only": key.named_only,
        "when": key.when.iter().map(when).collect::<Vec<_>>(),
    })
}

fn remark(remark: &Remark) -> Value {
    json!({"text": remark.text, "unless": remark.unless})
}

fn when(when: &When) -> Value {
    let (test, value) = match when.test {
        WhenTest::Passed => ("passed", None),
        WhenTest::Equals(text) => ("equals", Some(text)),
        WhenTest::StartsWith(text) => ("starts-with", Some(text)),
        WhenTest::EndsWith(text) => ("ends-with", Some(text)),
        WhenTest::Contains(text) => ("contains", Some(text)),
    };
    json!({"any_of": when.members, "test": test, "value": value, "negated": when.unless})
}

fn resource(resource: &NeededResource) -> Value {
    let filled: Map<String, Value> = resource
        .filled
        .iter()
        .map(|filled| {
            let sources: Vec<Value> = filled.sources.iter().map(from).collect();
            (filled.variable.to_owned(), json!({"as": filled.mode, "first_of": sources}))
        })
        .collect();
    json!({
        "type": resource.kind,
        "arn": resource.template,
        "optional": resource.optional,
        "filled": filled,
        "open": resource.open_variables().collect::<Vec<_>>(),
    })
}

fn condition(condition: &NeededCondition) -> Value {
    let values: Vec<Value> = condition.values.iter().map(from).collect();
    json!({"operator": condition.operator, "key": condition.key, "any_of": values})
}

fn from(source: &FilledFrom) -> Value {
    match source {
        FilledFrom::Member(path) => json!({"member": path}),
        FilledFrom::Text(text) => json!({"text": text}),
    }
}
