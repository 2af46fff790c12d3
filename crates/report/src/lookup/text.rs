//! A looked-up name for people. Several operations are listed with one line each; up to
//! [`MAX_WHOLE`] are shown in full.

use perm_infer_catalog::{
    Action, Filled, FilledFrom, KeyNeed, Lookup, Need, NeededCondition, NeededResource, Needs, Operation,
    Remark, Service, When, WhenTest,
};

use super::{repeated_by, spellings};
use crate::page::Page;
use crate::report::access_level;
use crate::style::{ACTION, FAINT, paint};

/// More operations than this are listed, not shown.
const MAX_WHOLE: usize = 3;

/// What a query names, with styles. Empty when it names nothing.
#[must_use]
pub fn lookup(found: &Lookup) -> String {
    let mut out = Page::default();
    if let Some(service) = found.service {
        show_service(service, &mut out);
    }
    for action in &found.actions {
        show_action(*action, &mut out);
    }
    if found.operations.len() > MAX_WHOLE {
        out.heading(&format!("{} operations; name one to see it in full", found.operations.len()));
        list(found.operations.iter().copied(), &mut out);
    } else {
        found.operations.iter().for_each(|operation| show_operation(*operation, &mut out));
    }
    out.text
}

fn show_service(service: Service, out: &mut Page) {
    out.heading(service.name());
    let names = [
        ("JavaScript", format!("{} {}", service.v3_package(), service.v3_client())),
        ("", service.v2_class().map(|class| format!("AWS.{class} (v2)")).unwrap_or_default()),
        ("Go", service.go_package().to_owned()),
        ("Java", service.java_client().to_owned()),
    ];
    for (label, name) in names.iter().filter(|(_, name)| !name.is_empty()) {
        out.line(2, &format!("{label:<11} {name}"));
    }
    out.blank();
    list(service.operations(), out);
}

/// One line for each operation: what it is called and which actions it may need.
fn list(operations: impl Iterator<Item = Operation>, out: &mut Page) {
    for operation in operations {
        let name = format!("{operation:?}  ");
        match operation.needs() {
            Needs::Actions(_) => out.wrapped(2, &name, &operation.possible_actions(), ", "),
            Needs::NoPermission => out.line(2, &(name + "no permission")),
            Needs::Unknown => out.line(2, &(name + "not known")),
        }
    }
    out.blank();
}

fn show_action(action: Action, out: &mut Page) {
    out.line(0, &action_line(action));
    let mut types = action.resources().peekable();
    if types.peek().is_none() {
        out.line(2, "cannot be limited to resources: Resource is \"*\"");
    }
    for kind in types {
        out.line(2, &format!("{}{}", kind.name, if kind.required { " (required)" } else { "" }));
        out.line(4, kind.template);
    }
    out.blank();
}

fn action_line(action: Action) -> String {
    let level = access_level(action.access_level());
    format!("{} {}", paint(ACTION, action.name()), paint(FAINT, &format!("({level})")))
}

fn show_operation(operation: Operation, out: &mut Page) {
    out.heading(&format!("{operation:?}"));
    for (label, name) in spellings(operation) {
        let label = match label {
            "python" => "Python",
            "javascript_v3" => "JavaScript",
            "javascript_v2" => "",
            "go" => "Go",
            _ => "Java",
        };
        out.line(2, &format!("{label:<11} {name}"));
    }
    let (paginates, waiters) = repeated_by(operation);
    if paginates {
        out.line(2, &format!("{:<11} {}", "paginator", operation.method()));
    }
    if !waiters.is_empty() {
        out.wrapped(2, &format!("{:<11} ", "waiters"), &waiters, ", ");
    }
    out.blank();
    match operation.needs() {
        Needs::Actions(needs) => needs.iter().for_each(|need| show_need(need, out)),
        Needs::NoPermission => out.line(2, "needs no permission"),
        Needs::Unknown => out.line(2, "which permission it needs is not known"),
    }
    operation.key_needs().iter().for_each(|key| show_key(key, out));
    operation.remarks().iter().for_each(|remark| show_remark(remark, out));
    source(operation, out);
    out.blank();
}

/// Where the facts come from.
fn source(operation: Operation, out: &mut Page) {
    let file = operation.service().name();
    match operation.override_reason() {
        Some(reason) => {
            out.wrapped(2, &format!("{:<11} ", "override"), &words(reason), " ");
        }
        None => out.line(2, &format!("{:<11} from the models of AWS (sdk/{file}.txt)", "generated")),
    }
}

fn show_need(need: &Need, out: &mut Page) {
    out.line(2, &action_line(need.action));
    if let Some(path) = need.each {
        out.line(4, &format!("for each {path}"));
    }
    for when in &need.when {
        out.wrapped(4, "only ", &words(&when_text(when)), " ");
    }
    if need.resources.is_empty() {
        out.line(4, "on *");
    }
    need.resources.iter().for_each(|resource| show_resource(resource, out));
    for condition in &need.conditions {
        out.wrapped(4, "condition ", &words(&condition_text(condition)), " ");
    }
}

/// What is needed besides when a customer-managed key encrypts the resource.
fn show_key(key: &KeyNeed, out: &mut Page) {
    for action in &key.actions {
        out.line(2, &action_line(*action));
    }
    let of: Vec<&str> = key.of.iter().map(|action| action.name()).collect();
    out.wrapped(4, "only with a customer-managed key, for ", &of, ", ");
    for when in &key.when {
        out.wrapped(4, "only ", &words(&when_text(when)), " ");
    }
    out.line(4, "on the key, with kms:ViaService of the service");
    match (key.member, key.named_only) {
        (Some(member), true) => out.line(6, &format!("KeyId = {member}")),
        (Some(member), false) => {
            out.line(6, &format!("KeyId = {member}, else the key of the resource (template or --kms)"));
        }
        (None, _) => out.line(6, "KeyId = the key of the resource (template or --kms)"),
    }
}

fn show_remark(remark: &Remark, out: &mut Page) {
    let unless = remark.unless.map(|member| format!(" (unless {member} is passed)")).unwrap_or_default();
    out.wrapped(2, &format!("{:<11} ", "note"), &words(&format!("{}{unless}", remark.text)), " ");
}

fn words(text: &str) -> Vec<&str> {
    text.split(' ').collect()
}

fn show_resource(resource: &NeededResource, out: &mut Page) {
    let kind = resource.kind.map(|kind| format!("{kind} ")).unwrap_or_default();
    let optional = if resource.optional { " when its members are passed" } else { "" };
    out.line(4, &format!("on {kind}{}{optional}", resource.template));
    for filled in &resource.filled {
        out.line(6, &filled_text(filled));
    }
    for variable in resource.open_variables() {
        out.line(6, &format!("{variable} = *, which no argument names"));
    }
}

fn filled_text(filled: &Filled) -> String {
    let sources: Vec<String> = filled.sources.iter().map(from).collect();
    let mode = if filled.mode == "auto" { String::new() } else { format!(" ({})", filled.mode) };
    format!("{} = {}{mode}", filled.variable, sources.join(", else "))
}

fn from(source: &FilledFrom) -> String {
    match source {
        FilledFrom::Member(path) => path.clone(),
        FilledFrom::Text(text) => format!("\"{text}\""),
    }
}

fn when_text(when: &When) -> String {
    let word = if when.unless { "without" } else { "with" };
    let members = when.members.join(" or ");
    match when.test {
        WhenTest::Passed => format!("{word} {members}"),
        WhenTest::Equals(text) => format!("{word} {members} = \"{text}\""),
        WhenTest::StartsWith(text) => format!("{word} {members} that starts with \"{text}\""),
        WhenTest::EndsWith(text) => format!("{word} {members} that ends with \"{text}\""),
        WhenTest::Contains(text) => format!("{word} {members} that contains \"{text}\""),
    }
}

fn condition_text(condition: &NeededCondition) -> String {
    let values: Vec<String> = condition.values.iter().map(from).collect();
    format!("{} {} = {}", condition.operator, condition.key, values.join(" or "))
}
