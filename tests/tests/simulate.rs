//! `perm-infer simulate`: files of every kind, the statement that decides, streams and exit codes. How
//! requests are decided is tested where it is done.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use perm_infer_tests::sandbox::{Run, Sandbox};
use serde_json::json;

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ReadReports",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::reports/*"
    },
    {
      "Sid": "List",
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::reports",
      "Condition": {"StringLike": {"s3:prefix": "daily/*"}}
    }
  ]
}
"#;

const KEY: &str = "arn:aws:s3:::reports/a.csv";

fn sandbox() -> Sandbox {
    Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("policy.json", POLICY)
}

fn simulate(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let arguments: Vec<&str> = ["simulate"].iter().chain(arguments).copied().collect();
    sandbox.run(&arguments)
}

fn policy(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let arguments: Vec<&str> = ["--policy", "policy.json"].iter().chain(arguments).copied().collect();
    simulate(sandbox, &arguments)
}

#[test]
fn what_is_allowed_names_the_statement() {
    let run = policy(&sandbox(), &["--action", "s3:GetObject", "--resource", KEY]);
    let expected = "\
allowed s3:GetObject on arn:aws:s3:::reports/a.csv
  by the policies of the principal policy.json:4:5 (ReadReports)
";
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(0), expected, ""));
}

#[test]
fn what_is_denied_names_the_nearest_statement_and_the_difference() {
    let run = policy(&sandbox(), &["--action", "s3:GetObject", "--resource", "arn:aws:s3:::reports"]);
    let expected = "\
denied s3:GetObject on arn:aws:s3:::reports
  no statement of the policies of the principal allows it
  nearest: policy.json:4:5 (ReadReports)
    is about  arn:aws:s3:::reports/*
    wanted is arn:aws:s3:::reports
                                  ^^
    it names objects, and the bucket is its ARN without `/*`
";
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), expected));
}

#[test]
fn a_condition_tells_what_it_wants_and_what_it_got() {
    let list = ["--action", "s3:ListBucket", "--resource", "arn:aws:s3:::reports"];
    let run = policy(&sandbox(), &list);
    assert!(
        run.stdout.contains("wants StringLike s3:prefix = daily/*; the request has no such key"),
        "{}",
        run.stdout
    );
    let with = |value: &str| policy(&sandbox(), &[&list[..], &["--context", value]].concat());
    let run = with("s3:prefix=weekly/");
    assert!(run.stdout.contains("wants StringLike s3:prefix = daily/*; it is weekly/"), "{}", run.stdout);
    assert_eq!(with("s3:prefix=daily/1").code, Some(0));
    let run = with("prefix");
    assert_eq!((run.code, run.codes()), (Some(2), vec!["usage".to_owned()]));
}

#[test]
fn every_kind_of_policy_limits() {
    let deny = r#"{"Version": "2012-10-17", "Statement": [
{"Effect": "Allow", "Action": "*", "Resource": "*"},
{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;
    let other =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}"#;
    let control = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}"#;
    let sandbox = sandbox().with("deny.json", deny).with("other.json", other).with("control.json", control);
    let ask = |options: &[&str]| {
        let run = policy(&sandbox, &[&["--action", "s3:GetObject", "--resource", KEY], options].concat());
        assert_eq!(run.code, Some(1), "{options:?} {}", run.stderr);
        run.stdout
    };
    assert!(
        ask(&["--boundary", "deny.json"]).contains("by a Deny of the permissions boundary deny.json:3:1")
    );
    assert!(
        ask(&["--boundary", "other.json"]).contains("no statement of the permissions boundary allows it")
    );
    assert!(
        ask(&["--session-policy", "other.json"]).contains("no statement of the session policy allows it")
    );
    let levels = ask(&["--scp", "policy.json", "--scp", "other.json,other.json"]);
    assert!(levels.contains("no statement of the service control policies of level 2 allows it"), "{levels}");
    assert!(
        ask(&["--rcp", "control.json"]).contains("by a Deny of the resource control policies of level 1")
    );
    let endpoint = ask(&["--endpoint-policy", "control.json"]);
    assert!(endpoint.contains("by a Deny of the policy of the VPC endpoint control.json:1:40"), "{endpoint}");
}

/// "Resource control policies (RCPs)", list of services.
#[test]
fn resource_control_policies_reach_the_services_that_aws_lists() {
    let all =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let control = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
    let sandbox = sandbox().with("all.json", all).with("control.json", control);
    for (action, resource, code) in [
        ("s3:GetObject", KEY, 1),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:jobs", 1),
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:123456789012:function:f", 0),
    ] {
        let options =
            ["--policy", "all.json", "--rcp", "control.json", "--action", action, "--resource", resource];
        let run = sandbox.run(&[&["simulate"][..], &options].concat());
        assert_eq!(run.code, Some(code), "{action} {}", run.stderr);
    }
}

#[test]
fn another_account_needs_the_resource_to_allow_it_too() {
    let grant = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
"Principal": {"AWS": "111111111111"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}}"#;
    let sandbox = sandbox().with("bucket.json", grant);
    let ask = |options: &[&str]| {
        let request = ["--action", "s3:GetObject", "--resource", KEY, "--resource-account", "222222222222"];
        let principal = ["--principal", "arn:aws:iam::111111111111:role/app"];
        policy(&sandbox, &[&request[..], &principal, options].concat())
    };
    assert!(ask(&[]).stdout.contains("no statement of the policy of the resource allows it"));
    assert_eq!(ask(&["--resource-policy", "bucket.json"]).code, Some(0));
}

#[test]
fn trust_policies_say_who_may_assume_a_role() {
    let trust = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}"#;
    let sandbox = sandbox().with("trust.json", trust);
    let ask = |principal| simulate(&sandbox, &["--assume", "trust.json", "--principal", principal]);
    assert_eq!(ask("lambda.amazonaws.com").code, Some(0));
    let run = ask("ec2.amazonaws.com");
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("nearest: trust.json:1:40\n    is about other principals"), "{}", run.stdout);
}

#[test]
fn a_batch_is_answered_in_its_order() {
    let batch = json!([
        {"action": "s3:GetObject", "resource": KEY},
        {"action": "s3:PutObject", "resource": KEY, "principal": "arn:aws:iam::123456789012:user/anna"},
        {"action": "s3:ListBucket", "resource": "arn:aws:s3:::reports", "context": {"s3:prefix": "daily/x"}},
    ]);
    let sandbox = sandbox().with("batch.json", batch.to_string()).with("odd.json", "[{\"actoin\": 1}]");
    let run = policy(&sandbox, &["--batch", "batch.json", "--format", "json"]);
    assert_eq!(run.code, Some(1));
    let document = run.json();
    assert_eq!(document["version"], 1);
    let outcomes: Vec<&str> =
        document["results"].as_array().unwrap().iter().map(|r| r["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["allowed", "implicitly-denied", "allowed"]);
    let first = &document["results"][0];
    assert_eq!((&first["statement"]["line"], &first["statement"]["sid"]), (&json!(4), &json!("ReadReports")));
    assert_eq!(document["results"][1]["principal"], "arn:aws:iam::123456789012:user/anna");
    let run = policy(&sandbox, &["--batch", "odd.json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.starts_with("odd.json:1:10: error: this is no batch"), "{}", run.stderr);
}

#[test]
fn a_malformed_policy_is_left_out_and_the_others_are_used() {
    let sandbox = sandbox().with("broken.json", "{\"Version\": \"2012-10-17\",\n\"Statement\": [{]}");
    let request = ["--action", "s3:GetObject", "--resource", KEY];
    let run = policy(&sandbox, &[&["--policy", "broken.json"], &request[..]].concat());
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.starts_with("allowed "), "{}", run.stdout);
    assert!(run.stderr.starts_with("broken.json:2:16: error: "), "{}", run.stderr);
    let run = policy(&sandbox, &[&["--policy", "missing.json"], &request[..]].concat());
    assert_eq!((run.code, run.codes()), (Some(2), vec!["unreadable-file".to_owned()]));
}

#[test]
fn odd_requests_are_reported_and_nothing_is_asked_without_a_policy() {
    let run = policy(&sandbox(), &["--action", "s3:GetObjcet", "--resource", KEY]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("[unknown-action]; did you mean s3:GetObject"), "{}", run.stderr);
    assert_eq!(policy(&sandbox(), &["--action", "s3:Get*"]).code, Some(2));
    assert_eq!(policy(&sandbox(), &[]).code, Some(2));
    assert_eq!(simulate(&sandbox(), &["--action", "s3:GetObject"]).code, Some(2));
}

#[test]
fn hostile_texts_come_out_inert() {
    let hostile = "\u{1b}[2J\u{202e}\nallowed";
    let text = POLICY.replace("reports/*", "\\u001b]0;x\\u0007\\u202e/*").replace("daily/*", "\\u001b[2J");
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("policy.json", text);
    for format in ["text", "json"] {
        for action in ["s3:GetObject", "s3:ListBucket", hostile] {
            let resource = format!("arn:aws:s3:::reports{}", if action == hostile { hostile } else { "" });
            let run = policy(&sandbox, &["--action", action, "--resource", &resource, "--format", format]);
            let active = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!run.stdout.contains(active) && !run.stderr.contains(active), "{:?}", run.stdout);
            assert_eq!(run.code, Some(1), "{}", run.stderr);
        }
    }
}

/// "Service control policies (SCPs)" and "Resource control policies (RCPs)" do not reach the management account.
#[test]
fn the_management_account_is_not_limited_by_its_organisation() {
    let deny =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;
    let refuse = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}"#;
    let sandbox = sandbox().with("deny.json", deny).with("refuse.json", refuse);
    let ask = |account: &str| {
        let options = ["--scp", "deny.json", "--rcp", "refuse.json", "--management-account", account];
        policy(&sandbox, &[&["--action", "s3:GetObject", "--resource", KEY], &options[..]].concat()).code
    };
    assert_eq!((ask("123456789012"), ask("111111111111")), (Some(0), Some(1)));
}
