//! `perm-infer explain`: every permission leads back to its lines, its callers and the places that its resource is made
//! of, and every wildcard has a reason and a remedy; at 80 columns, and with colours on a terminal only.
#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::fs;

use perm_infer_tests::case;
use perm_infer_tests::sandbox::{Run, Sandbox};

const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String}
Resources:
  Orders:
    Type: AWS::Serverless::SimpleTable
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      Environment:
        Variables:
          TABLE: !Ref Orders
          BUCKET: !Sub files-${Stage}
";

const CODE: &str = "\
import os
import boto3

table = boto3.resource('dynamodb').Table(os.environ['TABLE'])
s3 = boto3.client('s3')


def store(bucket, key):
    s3.put_object(Bucket=bucket, Key=key)


def handler(event, context):
    table.get_item(Key={'id': event['id']})
    store(os.environ['BUCKET'], 'latest.json')
";

fn sandbox() -> Sandbox {
    Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("app.py", CODE).with("template.yaml", TEMPLATE)
}

fn explained(sandbox: &Sandbox, options: &[&str]) -> String {
    let run = sandbox.run(&[&["explain", "."], options].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.stdout
}

#[test]
fn a_permission_leads_to_its_line_its_caller_and_what_its_resource_is_made_of() {
    let expected = "\
S3FilesAnyNameObject
  allows  s3:PutObject
  on      arn:aws:s3:::files-*/latest.json

  s3:PutObject (Write)
    tags, ACL, legal hold and retention given with the object are rights of
      their own; a directory bucket is authorized by the session that the SDK
      creates (Amazon S3 User Guide, \"Authorizing Zonal endpoint API operations
      with CreateSession\")
    app.py:9:5 s3.PutObject
      s3.put_object(Bucket=bucket, Key=key)
      ^
      called by handler (app.py:14) -> store (app.py:9)
      resource: environment variable BUCKET at app.py:14, set in
        template.yaml:15 to Sub \"files-${Stage}\"; \"latest.json\" at app.py:14,
        passed by handler

";
    let text = explained(&sandbox(), &["--action", "s3:*"]);
    let shown = text.split_once('\n').map_or("", |(_, rest)| rest);
    assert_eq!(shown, expected.split_once('\n').map_or("", |(_, rest)| rest));
}

#[test]
fn a_value_is_told_with_what_sets_it() {
    let origin = |sandbox: &Sandbox, options: &[&str]| {
        let text = explained(sandbox, &[&["--action", "dynamodb:*"], options].concat());
        let origin = text.split_once("resource: ").map(|(_, origin)| origin.to_owned()).expect("an origin");
        origin.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let sandbox = sandbox().with("prod.env", "# names\nTABLE=orders\n");
    let read = "environment variable TABLE at app.py:4, set";
    assert_eq!(origin(&sandbox, &[]), format!("{read} in template.yaml:14 to Ref Orders"));
    assert_eq!(origin(&sandbox, &["--var", "TABLE=orders"]), format!("{read} by --var to \"orders\""));
    assert_eq!(origin(&sandbox, &["--env-file", "prod.env"]), format!("{read} in prod.env:2 to \"orders\""));
    let plain = ["--no-template"];
    assert_eq!(origin(&sandbox, &plain), "environment variable TABLE at app.py:4");
    // The machine-readable form says the same.
    let report = sandbox.run(&[".", "--format", "report"]).json();
    let requirements = report["requirements"].as_array().expect("requirements");
    let get = requirements.iter().find(|one| one["action"] == "dynamodb:GetItem").expect("the permission");
    let variable = &get["calls"][0]["parts"][0]["variable"];
    assert_eq!(variable["name"], "TABLE");
    assert_eq!(variable["written"], "Ref Orders");
    assert_eq!(variable["location"]["line"], 14);
}

#[test]
fn terraform_and_the_serverless_framework_are_told_in_their_own_words() {
    let terraform = "\
resource \"aws_sqs_queue\" \"jobs\" {}
resource \"aws_lambda_function\" \"worker\" {
  function_name = \"worker\"
  handler       = \"app.handler\"
  runtime       = \"python3.12\"
  filename      = \"app.py\"
  environment {
    variables = { QUEUE = aws_sqs_queue.jobs.url }
  }
}
";
    let serverless = "\
service: shop
provider: {name: aws, runtime: python3.12}
functions:
  worker:
    handler: app.handler
    environment:
      QUEUE: !Ref Jobs
resources:
  Resources:
    Jobs: {Type: AWS::SQS::Queue}
";
    let code = "import os\nimport boto3\n\ndef handler(event, context):\n    boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody='x')\n";
    for (file, text, expected) in [
        ("main.tf", terraform, "set in main.tf:8 to aws_sqs_queue.jobs"),
        ("serverless.yml", serverless, "set in serverless.yml:7 to Ref Jobs"),
    ] {
        let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("app.py", code).with(file, text);
        let text = explained(&sandbox, &["--action", "sqs:*"]);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&format!("environment variable QUEUE at app.py:5, {expected}")), "{text}");
    }
}

#[test]
fn every_wildcard_has_its_reason_and_its_remedy() {
    let expected = "\
arn:aws:dynamodb:*:*:table/*-Orders-*
  for dynamodb:GetItem
  the name of resource Orders is made when it is deployed (template.yaml:5:3)
    --stack-name narrows it, a name in the template makes it exact

arn:aws:logs:*:*:log-group:/aws/lambda/*-Reader-*:*
  for logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents
  the name of resource Reader is made when it is deployed (template.yaml:7:3)
    --stack-name narrows it, a name in the template makes it exact
  the function writes its logs, with everything below the name
    nothing takes it away

arn:aws:s3:::files-*/latest.json
  for s3:PutObject
  the value of parameter Stage is not known (template.yaml:3:3)
    pass --parameter Stage=VALUE

The region and the account are not known
  arn:aws:dynamodb:*:*:table/*-Orders-*
  arn:aws:logs:*:*:log-group:/aws/lambda/*-Reader-*:*
    give them with --region and --account

";
    assert_eq!(explained(&sandbox(), &["--why-wildcard"]), expected);
    let known = ["--why-wildcard", "--parameter", "Stage=prod", "--action", "s3:*"];
    assert_eq!(explained(&sandbox(), &known), "No resource has a wildcard.\n");
}

/// In the explanations of whole applications no resource with a wildcard goes without a reason and a remedy.
#[test]
fn no_wildcard_of_the_corpus_is_without_a_reason() {
    let mut told = 0;
    for language in ["python", "typescript", "templates"] {
        let mut folders: Vec<_> = fs::read_dir(case::repository().join("corpus").join(language))
            .expect("cases")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_dir())
            .collect();
        folders.sort();
        // Some of them all over the corpus, whose cases are alike in this.
        for folder in folders.iter().step_by(16) {
            let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"));
            let explain = |options: &[&str]| {
                let arguments = [&["explain", "-q", "."], options].concat();
                Run::of(sandbox.command(&arguments).current_dir(folder)).stdout
            };
            let why = explain(&["--why-wildcard"]);
            for block in why.split("\n\n").map(str::trim_end).filter(|block| !block.is_empty()) {
                let lines: Vec<&str> = block.lines().collect();
                let is_whole = lines.len() > 2 || block == "No resource has a wildcard.";
                assert!(is_whole, "{}: {block}", folder.display());
                told += usize::from(lines.len() > 2);
            }
            // One name alone may be longer than a line.
            for line in [why, explain(&[])].iter().flat_map(|text| text.lines()) {
                let is_name = line.split_whitespace().count() <= 2;
                assert!(line.chars().count() <= 80 || is_name, "{}: {line}", folder.display());
            }
        }
    }
    assert!(told > 20, "{told}");
}

#[test]
fn colours_are_for_terminals() {
    let sandbox = sandbox();
    assert!(!explained(&sandbox, &[]).contains('\u{1b}'));
    assert!(explained(&sandbox, &["--color", "always"]).contains("\u{1b}["));
}

#[test]
fn markdown_has_the_origins_and_a_graph_of_the_calls() {
    let text = explained(&sandbox(), &["--format", "markdown"]);
    assert!(text.contains("set in template.yaml:14 to Ref Orders"), "{text}");
    assert!(text.contains("n0[\"handler\"] --> "), "{text}");
    assert!(!text.contains("module"), "{text}");
}
