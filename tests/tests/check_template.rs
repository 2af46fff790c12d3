//! `perm-infer check` without a policy: the roles that a template states, compared with what their functions need.
//! Expectations are from the AWS SAM Developer Guide, the AWS CloudFormation User Guide and the Service
//! Authorization Reference.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use perm_infer_tests::sandbox::{Run, Sandbox};

const CODE: &str = "\
import os
import boto3

table = boto3.resource('dynamodb').Table(os.environ['TABLE'])


def handler(event, context):
    return table.get_item(Key={'id': event['id']})
";

/// A SAM template with a table and one function with these properties, from line 13 on.
fn sam(properties: &str) -> String {
    format!(
        "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::SimpleTable
  Archive:
    Type: AWS::Serverless::SimpleTable
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      Environment: {{Variables: {{TABLE: !Ref Orders}}}}
{properties}"
    )
}

fn check(template: &str) -> Run {
    Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", CODE)
        .with("template.yaml", template)
        .run(&["check", "."])
}

#[track_caller]
fn fits(template: &str) {
    let run = check(template);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.stderr);
}

/// Whether a check finds exactly these lines: each starts with the first text and has the others in it.
#[track_caller]
fn finds(template: &str, expected: &[&[&str]]) -> Run {
    let run = check(template);
    assert_eq!(
        (run.code, run.stdout.lines().count()),
        (Some(1), expected.len()),
        "{}{}",
        run.stdout,
        run.stderr
    );
    for (line, words) in run.stdout.lines().zip(expected) {
        assert!(line.starts_with(words[0]), "{}: {}", words[0], run.stdout);
        for word in &words[1..] {
            assert!(line.contains(word), "{word}: {line}");
        }
    }
    run
}

#[test]
fn a_reference_to_the_table_is_the_table_that_the_code_finds_in_its_environment() {
    fits(&sam("      Policies:
        - Statement:
            - Effect: Allow
              Action: dynamodb:GetItem
              Resource: !GetAtt Orders.Arn
"));
    fits(&sam("      Policies:
        Statement:
          Effect: Allow
          Action: [dynamodb:GetItem]
          Resource: !Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}
"));
}

#[test]
fn a_reference_to_another_table_is_another_table_though_no_name_is_known() {
    finds(
        &sam("      Policies:
        - Statement:
            - Effect: Allow
              Action: dynamodb:GetItem
              Resource: !GetAtt Archive.Arn
"),
        &[
            &[
                "app.py:8:12: error: Reader: dynamodb:GetItem on ",
                "table/${Orders} is not allowed",
                "template.yaml:15:15 allows it",
                "table/${Archive}",
            ],
            &["template.yaml:16:23: warning: no call needs dynamodb:GetItem on these resources"],
        ],
    );
}

#[test]
fn names_made_of_the_same_parameter_are_the_same_name() {
    let template = |resource: &str| {
        format!(
            "\
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Stage: {{Type: String}}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {{TableName: !Sub 'orders-${{Stage}}'}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
      Policies:
        - PolicyName: table
          PolicyDocument:
            Statement:
              - {{Effect: Allow, Action: 'dynamodb:GetItem', Resource: {resource}}}
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Code: .
      Handler: app.handler
      Runtime: python3.12
      Role: !GetAtt Role.Arn
      Environment: {{Variables: {{TABLE: !Ref Orders}}}}
"
        )
    };
    fits(&template("!Sub 'arn:aws:dynamodb:*:*:table/orders-${Stage}'"));
    fits(&template("!GetAtt Orders.Arn"));
    // A table of another name, and one that may be the same.
    let run = check(&template("!Sub 'arn:aws:dynamodb:*:*:table/users-${Stage}'"));
    assert!(run.stdout.contains("error: Reader: dynamodb:GetItem on "), "{}", run.stdout);
    let run = check(&template("!Sub 'arn:aws:dynamodb:*:*:table/${Stage}'"));
    assert!(run.stdout.contains("may not be allowed"), "{}", run.stdout);
}

#[test]
fn a_policy_template_of_sam_is_what_it_stands_for() {
    let policies = "      Policies:
        - DynamoDBReadPolicy:
            TableName: !Ref TABLE
";
    // dynamodb:GetItem, Scan, Query, BatchGetItem and DescribeTable.
    finds(
        &sam(&policies.replace("TABLE", "Orders")),
        &[&[
            "template.yaml:14:11: warning: the policy `DynamoDBReadPolicy` allows more than the calls need: ",
            "4 Read",
            "write dynamodb:GetItem",
        ]],
    );
    finds(
        &sam(&policies.replace("TABLE", "Archive")),
        &[
            &[
                "app.py:8:12: error: Reader: dynamodb:GetItem on ",
                "template.yaml:14:11 (DynamoDBReadPolicy) allows it on ",
            ],
            &["template.yaml:14:11: warning: no call needs anything of the policy `DynamoDBReadPolicy`: "],
        ],
    );
}

#[test]
fn managed_policies_are_known_and_those_for_execution_roles_are_as_narrow_as_there_is() {
    let run = finds(
        &sam("      Policies:
        - AWSLambdaBasicExecutionRole
        - AmazonDynamoDBReadOnlyAccess
"),
        &[&[
            "template.yaml:15:11: warning: the policy `AmazonDynamoDBReadOnlyAccess` allows more than the calls need: ",
        ]],
    );
    assert!(run.stdout.contains("write dynamodb:GetItem"), "{}", run.stdout);
    // Not in a VPC.
    finds(
        &sam("      Policies:
        - AWSLambdaENIManagementAccess
        - Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn}]
"),
        &[&[
            "template.yaml:14:11: warning: no call needs anything of the policy `AWSLambdaENIManagementAccess`",
        ]],
    );
}

#[test]
fn a_policy_that_is_not_known_makes_gaps_uncertain() {
    let run = check(&sam("      Policies:
        - arn:aws:iam::123456789012:policy/orders
"));
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.starts_with("app.py:8:12: warning: Reader: dynamodb:GetItem on "), "{}", run.stdout);
    assert!(run.codes().contains(&"policy-not-held".to_owned()), "{}", run.stderr);
}

#[test]
fn what_sam_gives_by_itself_is_neither_missing_nor_too_much() {
    fits(&sam("      Tracing: Active
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}
      DeadLetterQueue: {Type: SQS, TargetArn: 'arn:aws:sqs:eu-west-1:123456789012:failed'}
      Policies:
        - Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn}]
"));
}

#[test]
fn a_condition_of_the_template_makes_a_permission_uncertain() {
    let template = sam("      Policies:
        - !If
          - IsReader
          - Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn}]
          - !Ref AWS::NoValue
")
    .replace(
        "Resources:",
        "Parameters: {Kind: {Type: String}}\nConditions: {IsReader: !Equals [!Ref Kind, reader]}\nResources:",
    );
    let sandbox =
        Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("app.py", CODE).with("template.yaml", &template);
    let run = sandbox.run(&["check", "."]);
    assert!(
        run.stdout.contains("allows it, if a condition of the template lets the role have it"),
        "{}",
        run.stdout
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = sandbox.run(&["check", ".", "--parameter", "Kind=reader"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.stderr);
    let run = sandbox.run(&["check", ".", "--parameter", "Kind=writer"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
}

/// Two functions with one role, and policies attached to it from elsewhere in the template.
const SHARED: &str = "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
  Jobs:
    Type: AWS::SQS::Queue
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
        - !Ref Sending
  Reading:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: reading
      Roles: [!Ref Role]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: [dynamodb:GetItem, dynamodb:DeleteItem]
            Resource: !GetAtt Orders.Arn
  Sending:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Sid: Send
            Effect: Allow
            Action: sqs:SendMessage
            Resource: !GetAtt Jobs.Arn
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Code: .
      Handler: app.handler
      Runtime: python3.12
      Role: !GetAtt Role.Arn
      Environment: {Variables: {TABLE: !Ref Orders}}
  Sender:
    Type: AWS::Lambda::Function
    Properties:
      Code: .
      Handler: send.handler
      Runtime: python3.12
      Role: !GetAtt Role.Arn
      Environment: {Variables: {QUEUE: !Ref Jobs}}
";

const SENDER: &str = "\
import os
import boto3

def handler(event, context):
    boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody='x')
";

#[test]
fn a_role_that_functions_share_fits_all_of_them() {
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", CODE)
        .with("send.py", SENDER)
        .with("template.yaml", SHARED);
    let run = sandbox.run(&["check", "."]);
    let expected = "template.yaml:20:40: warning: no call needs dynamodb:DeleteItem (Write) [permission-unused]; \
leave it out, or --keep it if something else needs it\n";
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), expected), "{}", run.stderr);
    let json = sandbox.run(&["check", ".", "--format", "json"]).json();
    assert_eq!(json["excess"][0]["text"], "dynamodb:DeleteItem");
}

#[test]
fn the_json_names_the_function_and_the_reference() {
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", CODE)
        .with("template.yaml", sam("      Policies: []\n"));
    let json = sandbox.run(&["check", ".", "--format", "json"]).json();
    let gap = &json["gaps"][0];
    assert_eq!(
        (gap["function"].as_str(), gap["reason"]["kind"].as_str()),
        (Some("Reader"), Some("no-statement"))
    );
    assert!(gap["symbolic"].as_str().is_some_and(|text| text.ends_with(":table/${Orders}")), "{gap}");
}

#[test]
fn a_denial_and_a_boundary_count() {
    let run = check(&sam("      PermissionsBoundary: arn:aws:iam::aws:policy/AmazonS3FullAccess
      Policies:
        - Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn}]
"));
    assert!(run.stdout.contains("Reader: dynamodb:GetItem on ") && run.code == Some(1), "{}", run.stdout);
    let run = check(&sam("      Policies:
        - Statement:
            - {Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn}
            - {Sid: Never, Effect: Deny, Action: 'dynamodb:*', Resource: '*'}
"));
    assert!(run.stdout.contains("is denied: by template.yaml:16:15 (Never)"), "{}", run.stdout);
}

#[test]
fn without_a_role_in_the_template_there_is_nothing_to_check() {
    let run = check("Resources: {}\n");
    assert_eq!(run.code, Some(2));
    let run = check(&sam("      Role: arn:aws:iam::123456789012:role/reader\n"));
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("no template states the role of a function"), "{}", run.stderr);
}

#[test]
fn statements_of_the_serverless_framework_are_those_of_the_role_that_it_makes() {
    let configuration = |provider: &str, function: &str| {
        format!(
            "\
service: shop
provider:
  name: aws
  runtime: python3.12
{provider}
functions:
  reader:
    handler: app.handler
    environment: {{TABLE: !Ref Orders}}
{function}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
"
        )
    };
    let run = |text: String| {
        let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("app.py", CODE);
        sandbox.with("serverless.yml", text).run(&["check", "."])
    };
    let statements = "  iam:
    role:
      statements:
        - Effect: Allow
          Action: [dynamodb:GetItem, dynamodb:PutItem]
          Resource: !GetAtt Orders.Arn";
    let shared = run(configuration(statements, ""));
    let expected = "serverless.yml:9:38: warning: no call needs dynamodb:PutItem (Write)";
    assert!(shared.stdout.starts_with(expected), "{}{}", shared.stdout, shared.stderr);
    assert_eq!((shared.code, shared.stdout.lines().count()), (Some(1), 1), "{}", shared.stdout);
    // The older form, and none at all.
    let old =
        "  iamRoleStatements: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn}]";
    let older = run(configuration(old, ""));
    assert_eq!((older.code, older.stdout.as_str()), (Some(0), ""), "{}", older.stderr);
    let none = run(configuration("", ""));
    assert!(none.stdout.contains("reader: dynamodb:GetItem on "), "{}", none.stdout);
    // Statements of the function count where the plugin reads them.
    let own =
        "    iamRoleStatements: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn}]";
    assert_eq!(run(configuration("", own)).code, Some(1));
    let plugin = format!("{}plugins: [serverless-iam-roles-per-function]\n", configuration("", own));
    assert_eq!(run(plugin).code, Some(0));
}

#[test]
fn what_a_role_grants_to_code_that_is_not_read_is_not_judged() {
    let template = sam("      Policies: [AmazonS3FullAccess]\n")
        .replace("Runtime: python3.12", "Runtime: java21")
        .replace("Handler: app.handler", "Handler: shop.Reader::handle");
    let run = check(&template);
    assert_eq!(run.stdout, "", "{}", run.stderr);
    assert!(run.codes().contains(&"code-not-read".to_owned()), "{}", run.stderr);
}

#[test]
fn a_policy_attached_by_the_cdk_is_found_by_its_role() {
    let template = r#"{"Resources": {
  "TableCD117FA1": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
  "ReaderServiceRole5A": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [
    {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]]}]}},
  "ReaderServiceRoleDefaultPolicy1B": {"Type": "AWS::IAM::Policy", "Properties": {
    "PolicyDocument": {"Statement": [{"Action": ["dynamodb:GetItem", "dynamodb:Query"], "Effect": "Allow",
      "Resource": [{"Fn::GetAtt": ["TableCD117FA1", "Arn"]}, {"Ref": "AWS::NoValue"}]}], "Version": "2012-10-17"},
    "PolicyName": "p", "Roles": [{"Ref": "ReaderServiceRole5A"}]}},
  "Reader9F": {"Type": "AWS::Lambda::Function", "Properties": {"Code": ".", "Handler": "app.handler",
    "Runtime": "python3.12", "Role": {"Fn::GetAtt": ["ReaderServiceRole5A", "Arn"]},
    "Environment": {"Variables": {"TABLE": {"Ref": "TableCD117FA1"}}}}}
}}
"#;
    let run = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", CODE)
        .with("shop.template.json", template)
        .run(&["check", "."]);
    let expected = "shop.template.json:6:70: warning: no call needs dynamodb:Query (Read)";
    assert!(run.stdout.starts_with(expected), "{}{}", run.stdout, run.stderr);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
}

/// A configuration of Terraform with a table, a function and its role, and this beside them.
fn terraform(policies: &str) -> String {
    format!(
        r#"
resource "aws_dynamodb_table" "orders" {{
  name = "orders-${{terraform.workspace}}"
}}

resource "aws_iam_role" "reader" {{
  name               = "reader"
  assume_role_policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}] }})
}}

resource "aws_iam_role_policy_attachment" "logs" {{
  role       = aws_iam_role.reader.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}}

resource "aws_lambda_function" "reader" {{
  function_name = "reader"
  filename      = "app.zip"
  handler       = "app.handler"
  runtime       = "python3.12"
  role          = aws_iam_role.reader.arn
  environment {{
    variables = {{ TABLE = aws_dynamodb_table.orders.name }}
  }}
}}
{policies}"#
    )
}

#[test]
fn policies_of_terraform_are_read_in_every_way_they_are_written() {
    let run = |policies: &str| {
        let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("app.py", CODE);
        sandbox.with("main.tf", terraform(policies)).run(&["check", "."])
    };
    let attached = r#"
resource "aws_iam_role_policy" "table" {
  role   = aws_iam_role.reader.id
  policy = POLICY
}
"#;
    let document = r#"
data "aws_iam_policy_document" "table" {
  statement {
    actions   = ["dynamodb:GetItem"]
    resources = [aws_dynamodb_table.orders.arn]
  }
}

resource "aws_iam_policy" "table" {
  policy = data.aws_iam_policy_document.table.json
}

resource "aws_iam_role_policy_attachment" "table" {
  role       = aws_iam_role.reader.name
  policy_arn = aws_iam_policy.table.arn
}
"#;
    let encoded = r#"jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = aws_dynamodb_table.orders.arn }] })"#;
    let heredoc = "<<EOF\n{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"dynamodb:GetItem\"],\n  \"Resource\": [\"${aws_dynamodb_table.orders.arn}\", \"${aws_dynamodb_table.orders.arn}/index/*\"]}]}\nEOF\n";
    let encoded = run(&attached.replace("POLICY", encoded));
    assert_eq!((encoded.code, encoded.stdout.as_str()), (Some(0), ""), "{}", encoded.stderr);
    let document = run(document);
    assert_eq!((document.code, document.stdout.as_str()), (Some(0), ""), "{}", document.stderr);
    // The index is not needed.
    let written = run(&attached.replace("POLICY", heredoc));
    assert!(
        written.stdout.contains("/index/*` (Read)") && written.code == Some(1),
        "{}{}",
        written.stdout,
        written.stderr
    );
    assert!(!written.stdout.contains("error:"), "{}", written.stdout);
    let none = run("");
    assert!(none.stdout.contains("error: reader: dynamodb:GetItem on "), "{}{}", none.stdout, none.stderr);
    // What is in a file that is not there may allow it.
    let elsewhere = run(&attached.replace("POLICY", "file(\"nowhere.json\")"));
    assert!(
        elsewhere.stdout.contains("reader: dynamodb:GetItem")
            && elsewhere.stdout.contains("may not be allowed"),
        "{}",
        elsewhere.stdout
    );
    assert_eq!(elsewhere.code, Some(0), "{}", elsewhere.stderr);
}

#[test]
fn roles_that_a_program_of_the_cdk_makes_are_not_taken_for_empty_ones() {
    let app = "\
import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';

const stack = new cdk.Stack(new cdk.App(), 'Shop');
const table = new dynamodb.Table(stack, 'Orders', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
const reader = new lambda.Function(stack, 'Reader', {
  runtime: lambda.Runtime.PYTHON_3_12,
  handler: 'app.handler',
  code: lambda.Code.fromAsset('src'),
  environment: { TABLE: table.tableName },
});
table.grantReadData(reader);
";
    let run = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("src/app.py", CODE)
        .with("cdk.json", "{\"app\": \"npx ts-node bin/shop.ts\"}")
        .with("bin/shop.ts", app)
        .run(&["check", "."]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
    assert!(run.stderr.contains("no template states the role of a function"), "{}", run.stderr);
}

#[test]
fn a_wildcard_in_the_place_of_the_end_of_an_arn_covers_it() {
    let role = SHARED
        .replace("            Resource: !GetAtt Orders.Arn", "            Resource: 'arn:aws:dynamodb:*'");
    let run = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", CODE)
        .with("send.py", SENDER)
        .with("template.yaml", role)
        .run(&["check", "."]);
    assert!(!run.stdout.contains("allowed:"), "{}", run.stdout);
    assert!(run.stdout.contains("`arn:aws:dynamodb:*` is wider than the calls need"), "{}", run.stdout);
}

#[test]
fn what_to_do_about_a_role_of_a_template_is_done_in_the_template() {
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", CODE)
        .with("template.yaml", sam("      Policies: []\n"));
    let run = sandbox.run(&["check", "."]);
    assert!(run.stdout.contains("`perm-infer apply`") && !run.stdout.contains("--fix"), "{}", run.stdout);
    // What it does makes the check content.
    let applied = sandbox.run(&["apply", ".", "--yes"]);
    assert_eq!(applied.code, Some(0), "{}", applied.stderr);
    let again = sandbox.run(&["check", "."]);
    assert_eq!((again.code, again.stdout.as_str()), (Some(0), ""), "{}", again.stderr);
}

#[test]
fn the_fix_is_a_tightened_policy_for_each_role_of_the_template() {
    let template = SHARED.replace("dynamodb:GetItem, dynamodb:DeleteItem", "'dynamodb:*'")
        + "  Lister:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: python3.12
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.client('s3').list_objects_v2(Bucket='files')
      Policies:
        - AmazonS3FullAccess
        - Statement: [{Effect: Deny, Action: 's3:Delete*', Resource: '*'}]
";
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", CODE)
        .with("send.py", SENDER)
        .with("template.yaml", "Transform: AWS::Serverless-2016-10-31\n".to_owned() + &template);
    let run = sandbox.run(&["check", ".", "--fix", "--stack-name", "shop"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("`dynamodb:*` allows more than the calls need"), "{}", run.stderr);
    let fixed = run.json();
    let allowed = |role: &str| -> Vec<(String, String)> {
        let statements = fixed[role]["Statement"].as_array().unwrap_or_else(|| panic!("{role}: {fixed:#}"));
        statements.iter().map(|one| (one["Action"].to_string(), one["Resource"].to_string())).collect()
    };
    let text = |action: &str, resource: &str| (format!("\"{action}\""), format!("\"{resource}\""));
    // The role that two functions share has what either of them needs, with the logs that its managed policy gave.
    let shared = allowed("Role");
    assert!(
        shared.contains(&text("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/shop-Orders-*")),
        "{fixed:#}"
    );
    assert!(shared.contains(&text("sqs:SendMessage", "arn:aws:sqs:*:*:shop-Jobs-*")), "{fixed:#}");
    assert!(shared.iter().any(|(actions, _)| actions.contains("logs:PutLogEvents")), "{fixed:#}");
    assert_eq!(shared.len(), 3, "{fixed:#}");
    // What SAM gives by itself is left out, and what is denied stays so.
    assert_eq!(
        allowed("ListerRole"),
        [text("s3:ListBucket", "arn:aws:s3:::files"), text("s3:Delete*", "*")],
        "{fixed:#}"
    );
    // The tightened policy fits.
    let one = sandbox
        .with("role.json", fixed["ListerRole"].to_string())
        .with("list.py", "import boto3\n\nboto3.client('s3').list_objects_v2(Bucket='files')\n");
    let again = one.run(&["check", "list.py", "--policy", "role.json", "--no-template"]);
    assert_eq!((again.code, again.stdout.as_str()), (Some(0), ""), "{}", again.stderr);
}

/// Policies of templates are checked like those of files: against the catalogue, and for what IAM refuses.
#[test]
fn mistakes_in_policies_of_the_template_have_their_place() {
    let run = check(&sam("      \
      Policies:
        - Version: '2012-10-17'
          Statement:
            - Sid: Read
              Effect: Allow
              Action: [dynamodb:GetItem, dynamodb:GetItme]
              Resource: !GetAtt Orders.Arn
            - Sid: Read
              Effect: Allow
              Action: s3:ListAllMyBuckets
              Resource: arn:aws:s3:::data
              Condition:
                StringEqual: {aws:SourceVpc: vpc-1}
                DateLessThan: {aws:SourceIp: '2030-01-01'}
"));
    let told: Vec<String> = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("./template.yaml:") || line.starts_with("template.yaml:"))
        .map(|line| line.trim_start_matches("./").to_owned())
        .collect();
    for (place, words) in [
        ("template.yaml:18:42", "there is no action `dynamodb:GetItme`"),
        ("template.yaml:20:15", "another statement of the policy has the Sid `Read` too"),
        ("template.yaml:22:23", "`s3:ListAllMyBuckets` cannot be limited to resources"),
        ("template.yaml:25:", "there is no condition operator `StringEqual`"),
        ("template.yaml:26:", "`aws:SourceIp` is an IP address"),
    ] {
        assert!(
            told.iter().any(|line| line.starts_with(place) && line.contains(words)),
            "{place} {words}\n{}",
            run.stderr
        );
    }
    assert!(run.stderr.contains("did you mean dynamodb:GetItem"), "{}", run.stderr);
}
