//! `--sam-templates`: the fewest policy templates of AWS SAM that cover what a function needs.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;

use perm_infer_tests::sandbox::{Run, Sandbox};

const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
    CodeUri: src
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Policies:
        - AWSLambdaBasicExecutionRole
      Environment:
        Variables:
          TABLE: !Ref Orders
          QUEUE: !Ref Jobs
          BUCKET: !Ref Files
          STEP: !GetAtt Next.Arn
  Orders: {Type: AWS::Serverless::SimpleTable}
  Jobs: {Type: AWS::SQS::Queue}
  Files: {Type: AWS::S3::Bucket}
  Next:
    Type: AWS::Serverless::Function
    Properties: {Handler: next.handler, Policies: [AWSLambdaBasicExecutionRole]}
";

/// A function that makes these calls.
fn project(calls: &[&str]) -> Sandbox {
    let calls: String = calls.iter().map(|call| format!("    {call}\n")).collect();
    let code = format!(
        "import os\nimport boto3\n\ntable = boto3.resource('dynamodb').Table(os.environ['TABLE'])\n\
         s3 = boto3.client('s3')\nsqs = boto3.client('sqs')\nlam = boto3.client('lambda')\n\n\
         def handler(event, context):\n    key = event['id']\n{calls}"
    );
    Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("template.yaml", TEMPLATE)
        .with("src/app.py", code)
        .with("src/next.py", "def handler(event, context):\n    return event\n")
}

fn sam(sandbox: &Sandbox) -> Run {
    sandbox.run(&["--format", "sam", "--sam-templates", "--function", "Work", "--verbose", "."])
}

/// The policies of the function, after `Policies:`.
#[track_caller]
fn policies(calls: &[&str], expected: &str) -> Run {
    let run = sam(&project(calls));
    let (_, policies) = run.stdout.split_once("Policies:\n").expect("policies");
    let policies: Vec<&str> =
        policies.lines().map(|line| line.strip_prefix("        ").unwrap_or(line)).collect();
    assert_eq!(policies.join("\n"), expected, "{}", run.stderr);
    run
}

#[track_caller]
fn notes(run: &Run) -> Vec<&str> {
    let notes = run.stderr.lines().filter(|line| line.contains("[sam-template-excess]"));
    notes
        .map(|line| line.split_once("needs: ").and_then(|(_, rest)| rest.split_once(" [")).expect("a note").0)
        .collect()
}

#[test]
fn the_template_with_the_least_beyond_the_needs_is_taken() {
    let run =
        policies(&["table.get_item(Key={'id': key})"], "- DynamoDBReadPolicy:\n    TableName: !Ref Orders");
    // Source: "AWS SAM policy templates", DynamoDBReadPolicy.
    let expected = "dynamodb:BatchGetItem; dynamodb:DescribeTable; dynamodb:GetItem on more than \
                    arn:aws:dynamodb:*:*:table/*-Orders-*; dynamodb:Query; dynamodb:Scan";
    assert_eq!(notes(&run), [expected]);
}

#[test]
fn one_template_is_preferred_to_two() {
    let calls = ["table.get_item(Key={'id': key})", "table.put_item(Item={'id': key})", "table.scan()"];
    policies(&calls, "- DynamoDBCrudPolicy:\n    TableName: !Ref Orders");
}

#[test]
fn what_no_template_covers_is_a_statement() {
    let calls = [
        "s3.get_object(Bucket=os.environ['BUCKET'], Key='in/' + key)",
        "s3.put_object_tagging(Bucket='other', Key=key, Tagging={'TagSet': []})",
        "sqs.send_message(QueueUrl=os.environ['QUEUE'], MessageBody='')",
        "sqs.purge_queue(QueueUrl=os.environ['QUEUE'])",
        "lam.invoke(FunctionName=os.environ['STEP'])",
    ];
    policies(
        &calls,
        "\
- LambdaInvokePolicy:
    FunctionName: !Ref Next
- S3FullAccessPolicy:
    BucketName: other
- S3ReadPolicy:
    BucketName: !Ref Files
- SQSSendMessagePolicy:
    QueueName: !GetAtt Jobs.QueueName
- Version: \"2012-10-17\"
  Statement:
    - Sid: SqsJobsQueue
      Effect: Allow
      Action: sqs:PurgeQueue
      Resource: !GetAtt Jobs.Arn",
    );
}

#[test]
fn a_name_that_is_not_known_takes_no_template() {
    let run = sam(&project(&["boto3.resource('dynamodb').Table(key).get_item(Key={'id': key})"]));
    assert!(!run.stdout.contains("DynamoDB"), "{}", run.stdout);
    assert!(run.stdout.contains("Action: dynamodb:GetItem"), "{}", run.stdout);
}

#[test]
fn apply_writes_templates_and_the_second_time_nothing() {
    let sandbox =
        project(&["table.get_item(Key={'id': key})", "sqs.purge_queue(QueueUrl=os.environ['QUEUE'])"]);
    let run = sandbox.run(&["apply", "--yes", "--sam-templates", "."]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let written = fs::read_to_string(sandbox.path().join("template.yaml")).expect("the template");
    let expected = "
        - AWSLambdaBasicExecutionRole
        # perm-infer: begin (what is between these lines is replaced)
        - DynamoDBReadPolicy:
            TableName: !Ref Orders
        - Version: \"2012-10-17\"
          Statement:
            - Sid: SqsJobsQueue
              Effect: Allow
              Action: sqs:PurgeQueue
              Resource: !GetAtt Jobs.Arn
        # perm-infer: end
";
    assert!(written.contains(expected), "{written}");
    assert_eq!(sandbox.run(&["apply", "--check", "--sam-templates", "."]).code, Some(0));
}
