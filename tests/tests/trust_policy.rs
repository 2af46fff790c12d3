//! `--trust-policy`: who may assume the role, beside what the role may do.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use perm_infer_tests::sandbox::Sandbox;
use serde_json::{Value, json};

const CODE: &str = "import boto3\n\ndef handler(event, context):\n    boto3.client('s3').get_object(Bucket='reports', Key='a')\n";

const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Read:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Handler: app.handler, Runtime: python3.13}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Task, Resource: !GetAtt Read.Arn, End: true}}}
";

fn sandbox() -> Sandbox {
    Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("app.py", CODE)
}

fn trusted(policies: &Value) -> &Value {
    &policies["TrustPolicy"]["Statement"][0]["Principal"]["Service"]
}

#[test]
fn both_policies_of_the_role_stand_under_their_names() {
    let run = sandbox().run(&["--trust-policy", "ecs-tasks", "."]);
    let shown = run.json();
    assert_eq!(trusted(&shown), "ecs-tasks.amazonaws.com");
    assert_eq!(shown["TrustPolicy"]["Statement"][0]["Action"], "sts:AssumeRole");
    assert_eq!(shown["Policy"]["Statement"][0]["Action"], "s3:GetObject");
}

#[test]
fn what_a_template_defines_is_trusted_to_the_service_that_runs_it() {
    let arguments = ["--trust-policy", "lambda", "--account", "123456789012", "--per-function", "."];
    let shown = sandbox().with("template.yaml", TEMPLATE).run(&arguments).json();
    assert_eq!(trusted(&shown["Read"]), "lambda.amazonaws.com");
    assert_eq!(trusted(&shown["Machine"]), "states.amazonaws.com");
    let condition = &shown["Machine"]["TrustPolicy"]["Statement"][0]["Condition"];
    assert_eq!(*condition, json!({"StringEquals": {"aws:SourceAccount": "123456789012"}}));
}

#[test]
fn a_script_sets_both() {
    let run = sandbox().run(&["--trust-policy", "edgelambda.amazonaws.com", "--format", "cli", "."]);
    assert!(run.stdout.contains("aws iam update-assume-role-policy"), "{}", run.stdout);
    assert!(run.stdout.contains("\"Service\": \"edgelambda.amazonaws.com\""), "{}", run.stdout);
    assert!(run.stdout.contains("aws iam put-role-policy"), "{}", run.stdout);
}

#[test]
fn a_form_without_trust_policies_and_a_service_of_no_form_are_wrong_usage() {
    for arguments in
        [&["--trust-policy", "lambda", "--format", "sarif", "."][..], &["--trust-policy", "*", "."][..]]
    {
        let run = sandbox().run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
    }
}
