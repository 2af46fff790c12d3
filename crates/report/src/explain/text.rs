//! For people at a terminal: statement by statement the calls behind every action,
//! how they are reached, and where each part of the resource's name came from. Lines stay within 80
//! columns except where one name alone is longer.

use perm_infer_infer::{
    CallOutcome, Cause, Inference, RequirementEvidence, SdkCall, Statement, StatementEvidence, Step,
};
use perm_infer_policy::OneOrMany;

use super::origin::{line_of, origins};
use crate::page::{Page, WIDTH};
use crate::report::access_level;
use crate::style::{ACTION, FAINT, PLACE, WARNING, paint};
use perm_infer_policy::inert::inert;

/// Columns before a source line.
const INDENT: usize = 6;

/// The explanation, with styles.
#[must_use]
pub fn explain(inference: &Inference) -> String {
    let mut out = Page::default();
    for (statement, evidence) in inference.document.statement.iter().zip(&inference.statements) {
        explain_statement(statement, evidence, inference, &mut out);
    }
    explain_calls_beside(inference, &mut out);
    if inference.calls.is_empty() && inference.requirements.is_empty() {
        out.line(0, "No AWS calls were found, so the code needs no permissions.");
    }
    out.text
}

fn explain_statement(
    statement: &Statement,
    evidence: &StatementEvidence,
    inference: &Inference,
    out: &mut Page,
) {
    out.heading(statement.sid.as_deref().unwrap_or("(without Sid)"));
    let values = |values: &Option<OneOrMany<String>>| -> Vec<String> {
        values.iter().flatten().map(|value| inert(value).into_owned()).collect()
    };
    out.labelled("allows", &values(&statement.action));
    out.labelled("on", &values(&statement.resource));
    let conditions = statement.condition.iter().flat_map(|(operator, keys)| {
        keys.iter().map(move |(key, values)| format!("{operator} {key} = {}", values.join(" or ")))
    });
    out.labelled("if", &conditions.map(|condition| inert(&condition).into_owned()).collect::<Vec<_>>());
    out.blank();
    let several = statement.resource.as_ref().is_some_and(|resources| resources.len() > 1);
    let requirements = evidence.requirements.iter().filter_map(|&at| inference.requirements.get(at));
    let mut requirements: Vec<&RequirementEvidence> = requirements.collect();
    // What is needed for the same reasons is told once; a statement has the actions in their order.
    requirements.sort_by_key(|one| (one.calls.is_empty() && several).then(|| one.resource.clone()));
    for alike in requirements.chunk_by(|one, other| has_same_reasons(one, other)) {
        explain_requirements(alike, several, inference, out);
    }
}

/// Whether everything but the action of two permissions is the same.
fn has_same_reasons(one: &RequirementEvidence, other: &RequirementEvidence) -> bool {
    (&one.resource, &one.causes, &one.calls, &one.parts, &one.stated, one.note, one.resource_level)
        == (
            &other.resource,
            &other.causes,
            &other.calls,
            &other.parts,
            &other.stated,
            other.note,
            other.resource_level,
        )
}

/// Permissions that differ in their actions only.
fn explain_requirements(
    alike: &[&RequirementEvidence],
    show_resource: bool,
    inference: &Inference,
    out: &mut Page,
) {
    let Some(requirement) = alike.first() else { return };
    for one in alike {
        let level = access_level(one.access_level);
        out.line(2, &format!("{} {}", paint(ACTION, one.action), paint(FAINT, &format!("({level})"))));
    }
    if show_resource {
        out.line(4, &format!("on {}", inert(&requirement.resource.to_policy_string())));
    }
    if let Some(note) = requirement.note {
        out.words(4, note);
    }
    for location in &requirement.stated {
        let place = paint(PLACE, &inert(&location.to_string()));
        out.line(4, &format!("{place} stated by a comment"));
    }
    for cause in &requirement.causes {
        explain_cause(cause, out);
    }
    for (&call, parts) in requirement.calls.iter().zip(&requirement.parts) {
        let Some(call) = inference.calls.get(call) else { continue };
        explain_call(call, out);
        if !requirement.resource_level {
            out.line(6, "resource: the action cannot be limited to resources");
        } else if !parts.is_empty() {
            let origins = origins(parts, call, &inference.references);
            out.labelled_words(6, "resource: ", &origins.join("; "));
        }
    }
    out.blank();
}

/// A line of a template that needs the permission, or the option that asks for it.
fn explain_cause(cause: &Cause, out: &mut Page) {
    match &cause.location {
        Some(location) => out.placed(4, location, &inert(&cause.reason)),
        None => out.words(4, &inert(&cause.reason)),
    }
}

/// The place and line of a call, and the way to it if that is more than one function.
fn explain_call(call: &SdkCall, out: &mut Page) {
    let likely = if call.certain { String::new() } else { paint(WARNING, " (likely)") };
    let operation = format!("{}.{}", inert(&call.service), inert(&call.operation));
    out.placed(4, &call.location, &(operation + &likely));
    source_line(call, out);
    match call.chain.as_slice() {
        [] => {}
        [only] if only.function.starts_with('<') => {}
        [only] => out.line(6, &format!("in {}", inert(&only.function))),
        steps => {
            let steps: Vec<String> = steps.iter().map(|taken| step(taken)).collect();
            out.labelled_words(6, "called by ", &steps.join(" -> "));
        }
    }
}

/// The source line with a mark below the place of the call.
fn source_line(call: &SdkCall, out: &mut Page) {
    out.cut(INDENT, &inert(&call.source_line));
    if call.chain.is_empty() {
        // A template makes the call; the line says why.
        return;
    }
    let before: String = call.source_line.chars().take(call.source_offset).collect();
    let column = INDENT + inert(&before).chars().count();
    if column < WIDTH {
        out.line(column, &paint(WARNING, "^"));
    }
}

/// Calls that add nothing to the policy: those that need no permission, and those of which the
/// catalogue does not know what they need.
fn explain_calls_beside(inference: &Inference, out: &mut Page) {
    let free = |call: &&SdkCall| matches!(call.outcome, CallOutcome::NoPermission(_));
    let unknown = |call: &&SdkCall| call.outcome == CallOutcome::Unknown;
    section("Calls that need no permission", inference.calls.iter().filter(free), out);
    let as_other = |call: &&SdkCall| matches!(call.outcome, CallOutcome::OtherRole(_));
    let title = "Calls made as another role, which are not in this policy";
    section(title, inference.calls.iter().filter(as_other), out);
    section("Calls whose permission is not known", inference.calls.iter().filter(unknown), out);
}

pub(super) fn step(step: &Step) -> String {
    format!("{} ({})", inert(&step.function), line_of(&step.location))
}

fn section<'a>(title: &str, calls: impl Iterator<Item = &'a SdkCall>, out: &mut Page) {
    let mut calls = calls.peekable();
    if calls.peek().is_none() {
        return;
    }
    out.heading(title);
    for call in calls {
        explain_call(call, out);
        match &call.outcome {
            CallOutcome::NoPermission(reason) => out.words(6, reason),
            CallOutcome::OtherRole(role) => out.line(6, &format!("as role {}", inert(role))),
            CallOutcome::Requires(_) | CallOutcome::Unknown => {}
        }
    }
    out.blank();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{at, orders, step as step_of, without_style};
    use perm_infer_infer::{Counts, Document, PartOrigin};

    #[test]
    fn each_permission_leads_to_its_lines_its_callers_and_its_names() {
        let expected = "\
DynamodbOrdersTable
  allows  dynamodb:GetItem
          dynamodb:PutItem
  on      arn:aws:dynamodb:*:*:table/orders

  dynamodb:GetItem (Read)
    store.py:7:12 dynamodb.GetItem
      return table.get_item(Key={\"id\": order_id})[\"Item\"]
             ^
      called by handler (app.py:12) -> load (store.py:7)
      resource: \"orders\" at config.py:3

  dynamodb:PutItem (Write)
    store.py:11:5 dynamodb.PutItem (likely)
      target.put_item(Item=item)
      ^
      in save
      resource: \"orders\" at config.py:3

Calls that need no permission
    who.py:4:1 sts.GetCallerIdentity
      sts.get_caller_identity()
      ^
      no permissions are required for this operation

";
        assert_eq!(without_style(&explain(&orders())), expected);
    }

    #[test]
    fn lines_of_any_input_stay_readable_at_80_columns() {
        let mut inference = orders();
        let call = &mut inference.calls[0];
        call.source_line = "x".repeat(200);
        call.chain = (0..30).map(|n| step_of(&format!("function_{n}"), at("app.py", n, 1))).collect();
        let text = without_style(&explain(&inference));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("function_29 (app.py:29)"));
    }

    #[test]
    fn scanned_text_cannot_reach_the_terminal_as_it_is() {
        let mut inference = orders();
        inference.calls[0].source_line = "f(\"\u{1b}]0;title\u{7}\u{202e}\")".to_owned();
        inference.calls[0].location.path = "a\u{1b}[2J.py".to_owned();
        inference.requirements[0].parts[0][0].origin = PartOrigin::Constant("x\u{9b}2J\n".to_owned());
        let text = without_style(&explain(&inference));
        assert!(text.chars().all(|c| c == '\n' || !perm_infer_policy::inert::is_active(c)), "{text:?}");
        assert!(text.contains("\"x\\u{9b}2J\\n\" at config.py:3"), "{text}");
    }

    #[test]
    fn code_without_calls_is_told_so() {
        let empty = Inference {
            document: Document::new(Vec::new()),
            trust_policy: None,
            statements: Vec::new(),
            requirements: Vec::new(),
            calls: Vec::new(),
            diagnostics: Vec::new(),
            counts: Counts::default(),
            units: Vec::new(),
            references: std::sync::Arc::default(),
        };
        assert_eq!(explain(&empty), "No AWS calls were found, so the code needs no permissions.\n");
    }
}
