//! What is read from messages (`messages`), and what follows from a denial.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expected and stops")]

use std::io::Cursor;

use perm_infer_review::diagnose::{Cause, Denial, DenyingPolicy, Diagnosis, Known, read_denials};
use perm_infer_review::{PolicyFile, PolicyFiles, PolicyKind, Simulation};

const MESSAGES: [&str; 6] = [
    include_str!("messages/messages.txt"),
    include_str!("messages/services.txt"),
    include_str!("messages/lambda.txt"),
    include_str!("messages/sdks.txt"),
    include_str!("messages/deployment.txt"),
    include_str!("messages/reports.txt"),
];

fn denials(text: &str) -> Vec<(Denial, usize)> {
    let found = read_denials(Cursor::new(text)).expect("reads").found;
    found.into_iter().map(|(denial, count, _)| (denial, count)).collect()
}

fn only(text: &str) -> Denial {
    match denials(text).as_slice() {
        [(denial, 1)] => denial.clone(),
        other => panic!("{text}\n{other:#?}"),
    }
}

/// One field as the file writes it, `-` for nothing.
fn field(denial: &Denial, name: &str) -> String {
    let text = |value: Option<&str>| value.unwrap_or("-").to_owned();
    match name {
        "principal" => text(denial.principal.as_deref()),
        "role" => text(denial.role()),
        "session" => text(denial.session()),
        "action" => text(denial.action.as_deref()),
        "operation" => text(denial.operation.as_deref()),
        "resource" => text(denial.resource.as_deref()),
        "account" => text(denial.account().as_deref()),
        "region" => text(denial.region().as_deref()),
        "name" => text(denial.name.as_deref()),
        "service" => text(denial.service.as_deref()),
        "more" => denial.more_actions.join(" "),
        "policy" => text(denial.policy.map(DenyingPolicy::name)),
        "policy-arn" => text(denial.policy_arn.as_deref()),
        "explicit" => text(denial.explicit.map(|explicit| if explicit { "true" } else { "false" })),
        "encoded" => denial.encoded.to_string(),
        "known" => denial.known_action.to_string(),
        "form" => denial.form.to_string(),
        other => panic!("no field {other}"),
    }
}

/// `key=value key=value`, where values may have spaces.
fn fields(line: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for word in line.split(' ') {
        match word.split_once('=') {
            Some((key, value)) if key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') => {
                fields.push((key.to_owned(), value.to_owned()));
            }
            _ => {
                let (_, value) = fields.last_mut().expect("a field");
                *value = format!("{value} {word}");
            }
        }
    }
    fields
}

#[test]
fn messages_say_who_what_where_and_why() {
    let (mut count, mut wrong) = (0, Vec::new());
    for block in MESSAGES.iter().flat_map(|file| file.split("\n\n").skip(1)) {
        let (message, expected) = block.split_once("\n=> ").expect("a message and its fields");
        let (source, message) = message.split_once('\n').expect("a source and a message");
        assert!(source.starts_with("# "), "{source}");
        wrong.extend(
            differences(message, expected.trim()).into_iter().map(|wrong| format!("{source}: {wrong}")),
        );
        count += 1;
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 288, "{count} messages");
}

/// Every field that is read otherwise than it is expected.
fn differences(message: &str, expected: &str) -> Vec<String> {
    let found = denials(message);
    let [(denial, times)] = found.as_slice() else {
        return vec![format!("one denial is expected, not {found:#?}")];
    };
    let mut wrong = Vec::new();
    let mut expected_times = 1;
    for (key, expected) in fields(expected) {
        if key == "count" {
            expected_times = expected.parse().expect("a number");
            continue;
        }
        let found = field(denial, &key);
        // A kind of policy is written short.
        let short = key == "policy" && expected != "-" && found.starts_with(&expected);
        if found != expected && !short {
            wrong.push(format!("{key} is {found}, not {expected}"));
        }
    }
    if *times != expected_times {
        wrong.push(format!("it is there {times} times, not {expected_times}"));
    }
    // An action is never made up.
    if denial.action.is_some() && !denial.known_action && !expected.contains("known=false") {
        wrong.push(format!("there is no action {:?}", denial.action));
    }
    wrong
}

#[test]
fn other_errors_are_no_denials() {
    for text in [
        "",
        "ResourceNotFoundException: Requested resource not found",
        "ThrottlingException: Rate exceeded",
        "An error occurred (ValidationException) when calling the PutItem operation: x",
        "you are authorized to perform miracles",
        "is not authorized to perform",
        "is not authorized to perform: ",
        "{\"Records\": []}",
        "{\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\"}",
    ] {
        assert_eq!(denials(text), [], "{text}");
    }
}

fn diagnose(denial: &Denial, policies: Option<&Simulation>) -> Diagnosis {
    perm_infer_review::diagnose::diagnose(denial, &Known { policies, ..Known::default() })
}

fn simulation(policy: &str) -> Simulation {
    let file = PolicyFile::read("p.json", policy, PolicyKind::Identity).expect("a policy");
    Simulation::new(PolicyFiles { identity: vec![file], ..PolicyFiles::default() })
}

#[test]
fn the_statement_allows_exactly_the_denied_request() {
    for (action, resource) in [
        ("s3:GetObject", "arn:aws:s3:::data/a*b?.csv"),
        ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-day"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1B2c3"),
        ("s3:ListAllMyBuckets", "*"),
    ] {
        let message = format!(
            "User: arn:aws:sts::111122223333:assumed-role/app/f is not authorized to perform: {action} on resource: {resource} because no identity-based policy allows the {action} action"
        );
        let denial = only(&message);
        let diagnosis = diagnose(&denial, None);
        assert_eq!(diagnosis.cause, Cause::NotAllowed);
        let document = diagnosis.document(DenyingPolicy::Identity).expect("a statement").to_json();
        assert_eq!(
            diagnose(&denial, Some(&simulation(&document))).answer.expect("asked").outcome,
            perm_infer_policy::evaluate::Outcome::Allowed
        );
        let other = Denial { resource: Some(format!("{resource}x")), ..denial };
        let answer = diagnose(&other, Some(&simulation(&document))).answer.expect("asked");
        assert_eq!(
            answer.outcome == perm_infer_policy::evaluate::Outcome::Allowed,
            resource == "*",
            "{resource}"
        );
    }
}

#[test]
fn causes_that_no_policy_of_the_principal_can_change_have_no_statement_for_it() {
    let message = |reason: &str| {
        format!(
            "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k {reason}"
        )
    };
    for (reason, cause) in [
        ("with an explicit deny in a service control policy", Cause::Denied(DenyingPolicy::ServiceControl)),
        ("with an explicit deny in an identity-based policy", Cause::Denied(DenyingPolicy::Identity)),
        (
            "because no permissions boundary allows the s3:GetObject action",
            Cause::NotAllowedBy(DenyingPolicy::Boundary),
        ),
        (
            "because no resource-based policy allows the s3:GetObject action",
            Cause::NotAllowedBy(DenyingPolicy::Resource),
        ),
    ] {
        let diagnosis = diagnose(&only(&message(reason)), None);
        assert_eq!(diagnosis.cause, cause, "{reason}");
        assert!(diagnosis.document(DenyingPolicy::Identity).is_none(), "{reason}");
    }
    let trust = "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.";
    let diagnosis = diagnose(&only(trust), None);
    assert_eq!(diagnosis.cause, Cause::NotTrusted);
    let [addition] = diagnosis.additions.as_slice() else { panic!("{diagnosis:#?}") };
    assert_eq!(addition.to, DenyingPolicy::Trust);
    assert_eq!(addition.statement.principal, Some(serde_json::json!({"Service": "states.amazonaws.com"})));
}

#[test]
fn given_policies_are_asked() {
    let message = "User: arn:aws:sts::111122223333:assumed-role/app/f is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::data/a.csv";
    let policy = |resource: &str| {
        format!(
            "{{\"Version\":\"2012-10-17\",\"Statement\":{{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"{resource}\"}}}}"
        )
    };
    let bucket = diagnose(&only(message), Some(&simulation(&policy("arn:aws:s3:::data"))));
    assert_eq!(bucket.cause, Cause::NotAllowed);
    let near =
        bucket.answer.and_then(|answer| answer.nearest).and_then(|near| near.resource).expect("a hint");
    assert!(near.1.to_string().contains("objects need the bucket's ARN with `/*`"), "{}", near.1);
    let right = diagnose(&only(message), Some(&simulation(&policy("arn:aws:s3:::data/*"))));
    assert_eq!(right.cause, Cause::AllowedByPolicies);
}
