use super::*;
use crate::params::{Param, TracedPattern};
use crate::{Catalog, Presence};
use perm_infer_policy::Part;

fn text(values: &[&str]) -> Param {
    let traced = |(index, value): (usize, &&str)| {
        let mut pattern = Pattern::default();
        for (position, piece) in value.split("{}").enumerate() {
            if position > 0 {
                pattern.push(Part::Any);
            }
            pattern.push_literal(piece);
        }
        TracedPattern { pattern, trace: TraceId(index as u32) }
    };
    Param::Text(values.iter().enumerate().map(traced).collect())
}

fn needed(service: &str, operation: &str, entries: &[(&str, Param)]) -> Vec<Requirement> {
    let key = |name: &str| TracedPattern { pattern: Pattern::literal(name), trace: TraceId(99) };
    let entries = entries.iter().map(|(name, value)| (key(name), Presence::Always, value.clone())).collect();
    let operation = Catalog::embedded().service(service).and_then(|service| service.operation(operation));
    let verdict = operation
        .map(|operation| operation.requirements(&ParamMap { entries, open: false }, &ArnContext::default()));
    match verdict {
        Some(Verdict::Requirements(list)) => list,
        other => panic!("{other:?}"),
    }
}

/// What of a resource stayed open, without its evidence.
fn open_parts(requirement: &Requirement) -> Vec<(&'static str, UnresolvedReason)> {
    requirement.unresolved.iter().map(|open| (open.member, open.reason)).collect()
}

#[test]
fn a_requirement_names_its_evidence_and_what_is_missing() {
    let list = needed("s3", "GetObject", &[("Bucket", text(&["b"])), ("Key", text(&["a/{}"]))]);
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].resource_type, Some("object"));
    assert_eq!(list[0].traces, [TraceId(0)]);
    assert_eq!(open_parts(&list[0]), [("Key", UnresolvedReason::Unknown)]);
    let list = needed("s3", "GetObject", &[("Bucket", text(&["b"]))]);
    assert_eq!(open_parts(&list[0]), [("Key", UnresolvedReason::NotPassed)]);
    let list = needed("sqs", "ReceiveMessage", &[("QueueUrl", Param::Unknown)]);
    assert_eq!(open_parts(&list[0]), [("QueueUrl", UnresolvedReason::Unknown)]);
    let list = needed("lambda", "DeleteEventSourceMapping", &[("UUID", text(&["1"]))]);
    assert!(list[0].unresolved.is_empty() && list[0].resource_level);
}

#[test]
fn an_action_without_resources_says_so() {
    let list = needed("ec2", "DescribeInstances", &[]);
    assert!(list[0].resource.is_any() && !list[0].resource_level && list[0].unresolved.is_empty());
    assert_eq!(list[0].access_level, AccessLevel::List);
}

#[test]
fn too_many_combinations_become_a_wildcard_that_is_reported() {
    let many: Vec<String> = (0..300).map(|number| format!("n{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let list = needed("s3", "GetObject", &[("Bucket", text(&["a", "b"])), ("Key", text(&many))]);
    let resources: Vec<String> =
        list.iter().map(|requirement| requirement.resource.to_policy_string()).collect();
    assert_eq!(resources, ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]);
    assert_eq!(open_parts(&list[0]), [("Key", UnresolvedReason::TooMany)]);
}

#[test]
fn equal_requirements_are_given_once_with_all_evidence() {
    let list = needed("dynamodb", "GetItem", &[("TableName", text(&["t", "t"]))]);
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].traces, [TraceId(0), TraceId(1)]);
}

#[test]
fn odd_values_never_panic_and_never_widen_past_the_template() {
    let odd = [
        "",
        ":",
        "/",
        "arn:",
        "arn:::::",
        "arn:aws:s3",
        "{}",
        "{}:{}",
        "alias/",
        "é*?$",
        "s3://",
        "https://",
        "<>",
        "@",
        "SELECT * FROM",
        "\u{0}",
    ];
    for service in Catalog::embedded().services() {
        for operation in service.operations() {
            // Every operation gets a quarter of the values; similar operations get the others.
            for value in odd.into_iter().skip(operation.0 as usize % 4).step_by(4) {
                let entries: Vec<(&str, Param)> =
                    operation.required_members().take(3).map(|name| (name, text(&[value]))).collect();
                let key = |name: &str| TracedPattern { pattern: Pattern::literal(name), trace: TraceId(0) };
                let entries =
                    entries.into_iter().map(|(name, value)| (key(name), Presence::Always, value)).collect();
                let verdict =
                    operation.requirements(&ParamMap { entries, open: true }, &ArnContext::default());
                let Verdict::Requirements(list) = verdict else { continue };
                for requirement in list {
                    let resource = requirement.resource.to_policy_string();
                    assert!(
                        resource == "*" || resource.splitn(6, ':').count() == 6,
                        "{operation:?} {value:?}: {resource}"
                    );
                }
            }
        }
    }
}
