//! `apply`: what it writes into templates, what it asks, and what it leaves alone.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;

use perm_infer_tests::case;
use perm_infer_tests::sandbox::Sandbox;

const APP: &str = "import os\nimport boto3\n\ntable = boto3.resource('dynamodb').Table(os.environ['TABLE'])\n\n\ndef handler(event, context):\n    table.put_item(Item={'id': event['id']})\n";

const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Place:  # takes orders
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Environment:
        Variables: {TABLE: !Ref Orders}
      Policies: AWSLambdaBasicExecutionRole   # logs

  Orders:
    Type: AWS::DynamoDB::Table
";

/// The template with the policy that `APP` needs.
const APPLIED: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Place:  # takes orders
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Environment:
        Variables: {TABLE: !Ref Orders}
      Policies:
        - AWSLambdaBasicExecutionRole   # logs
        # perm-infer: begin (what is between these lines is replaced)
        - Version: \"2012-10-17\"
          Statement:
            - Sid: DynamodbOrdersTable
              Effect: Allow
              Action: dynamodb:PutItem
              Resource: !GetAtt Orders.Arn
        # perm-infer: end

  Orders:
    Type: AWS::DynamoDB::Table
";

fn project(template: impl AsRef<[u8]>) -> Sandbox {
    Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("src/app.py", APP).with("template.yaml", template)
}

fn read(sandbox: &Sandbox, file: &str) -> String {
    fs::read_to_string(sandbox.path().join(file)).expect("the file")
}

#[test]
fn the_policy_is_written_into_the_file_and_a_second_time_nothing_changes() {
    let sandbox = project(TEMPLATE);
    let run = sandbox.run(&["apply", "--yes", "."]);
    assert_eq!((run.code, read(&sandbox, "template.yaml").as_str()), (Some(0), APPLIED), "{}", run.stderr);
    assert!(run.stdout.starts_with("--- a/template.yaml\n+++ b/template.yaml\n"), "{}", run.stdout);
    assert!(run.stderr.ends_with("perm-infer: wrote template.yaml\n"), "{}", run.stderr);
    let again = sandbox.run(&["apply", "--yes", "."]);
    assert_eq!((again.code, again.stdout.as_str()), (Some(0), ""));
    assert_eq!(read(&sandbox, "template.yaml"), APPLIED);
}

#[test]
fn a_dry_run_prints_a_patch_and_writes_nothing() {
    let sandbox = project(TEMPLATE);
    let run = sandbox.run(&["apply", "--dry-run", "--quiet", "."]);
    assert_eq!((run.code, read(&sandbox, "template.yaml").as_str()), (Some(0), TEMPLATE));
    let expected = "\
--- a/template.yaml
+++ b/template.yaml
@@ -8,7 +8,16 @@
       CodeUri: src/
       Environment:
         Variables: {TABLE: !Ref Orders}
-      Policies: AWSLambdaBasicExecutionRole   # logs
+      Policies:
+        - AWSLambdaBasicExecutionRole   # logs
+        # perm-infer: begin (what is between these lines is replaced)
+        - Version: \"2012-10-17\"
+          Statement:
+            - Sid: DynamodbOrdersTable
+              Effect: Allow
+              Action: dynamodb:PutItem
+              Resource: !GetAtt Orders.Arn
+        # perm-infer: end
 \n   Orders:
     Type: AWS::DynamoDB::Table
";
    assert_eq!(run.stdout, expected);
}

#[test]
fn a_check_says_whether_something_would_change() {
    let run = project(TEMPLATE).run(&["apply", "--check", "."]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.contains("template.yaml: error: the policies in it are not"), "{}", run.stderr);
    assert_eq!(project(APPLIED).run(&["apply", "--check", "."]).code, Some(0));
    let shown = project(TEMPLATE).run(&["apply", "--check", "--dry-run", "."]);
    assert_eq!(shown.code, Some(1));
    assert!(shown.stdout.contains("+              Resource: !GetAtt Orders.Arn"), "{}", shown.stdout);
}

#[test]
fn without_a_terminal_nothing_is_written_unasked() {
    let sandbox = project(TEMPLATE);
    let run = sandbox.run(&["apply", "."]);
    assert_eq!((run.code, read(&sandbox, "template.yaml").as_str()), (Some(2), TEMPLATE));
    assert!(run.stderr.contains("pass --yes to write it"), "{}", run.stderr);
}

#[test]
fn code_that_needs_nothing_any_more_leaves_the_rest_of_the_file() {
    let sandbox =
        project(APPLIED).with("src/app.py", "import boto3\n\n\ndef handler(event, context):\n    pass\n");
    assert_eq!(sandbox.run(&["apply", "--yes", "."]).code, Some(0));
    let left = read(&sandbox, "template.yaml");
    let without = |text: &str| text.lines().filter(|line| !line.contains("Policies:")).collect::<String>();
    assert!(
        !left.contains("perm-infer") && left.contains("        - AWSLambdaBasicExecutionRole   # logs\n")
    );
    assert_eq!(
        without(&left).replace("        - AWSLambdaBasicExecutionRole   # logs", ""),
        without(TEMPLATE)
    );
}

#[test]
fn statements_of_others_line_endings_and_the_byte_order_mark_stay() {
    let by_hand = TEMPLATE.replace(
        "AWSLambdaBasicExecutionRole   # logs",
        "\n      - SQSPollerPolicy: {QueueName: !GetAtt Q.QueueName}\n      # by hand\n      - Statement: [{Effect: Deny, Action: 's3:*', Resource: '*'}]",
    );
    let by_hand = format!("\u{feff}{}", by_hand.replace('\n', "\r\n"));
    let sandbox = project(&by_hand);
    assert_eq!(sandbox.run(&["apply", "--yes", "."]).code, Some(0));
    let written = read(&sandbox, "template.yaml");
    let begin = written.find("      # perm-infer: begin").expect("a managed block");
    let end = written.find("# perm-infer: end\r\n").expect("its end") + "# perm-infer: end\r\n".len();
    assert_eq!(format!("{}{}", &written[..begin], &written[end..]), by_hand);
    assert_eq!(written.matches('\n').count(), written.matches("\r\n").count());
    assert_eq!(sandbox.run(&["apply", "--check", "."]).code, Some(0));
}

#[test]
fn functions_of_one_role_share_its_policy_even_when_one_is_asked_for() {
    let template = "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
  One:
    Type: AWS::Lambda::Function
    Properties: {Handler: one.handler, Runtime: python3.13, Role: !GetAtt Role.Arn, Code: src}
  Two:
    Type: AWS::Lambda::Function
    Properties: {Handler: two.handler, Runtime: python3.13, Role: !GetAtt Role.Arn, Code: src}
";
    let call = |operation: &str| {
        format!("import boto3\n\ndef handler(event, context):\n    boto3.client('sqs').{operation}\n")
    };
    let sandbox = project(template)
        .with("src/one.py", call("list_queues()"))
        .with("src/two.py", call("create_queue(QueueName='jobs')"));
    let run = sandbox.run(&["apply", "--yes", "--function", "One", "."]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let written = read(&sandbox, "template.yaml");
    assert!(written.contains("sqs:ListQueues") && written.contains("sqs:CreateQueue"), "{written}");
    assert!(written.contains("- PolicyName: perm-infer"), "{written}");
}

#[test]
fn a_policy_never_refers_to_what_needs_its_role_first() {
    let template = TEMPLATE.replace("{TABLE: !Ref Orders}", "{TABLE: !Ref Orders, BUCKET: !Ref Files}").replace(
        "      Policies",
        "      Events:\n        New: {Type: S3, Properties: {Bucket: !Ref Files, Events: 's3:ObjectCreated:*'}}\n      Policies",
    );
    let template = format!(
        "{template}  Files:\n    Type: AWS::S3::Bucket\n    Properties: {{BucketName: !Sub '${{AWS::StackName}}-files'}}\n"
    );
    let code = format!("{APP}    boto3.client('s3').get_object(Bucket=os.environ['BUCKET'], Key='a')\n");
    let sandbox = project(&template).with("src/app.py", code);
    assert_eq!(sandbox.run(&["apply", "--yes", "."]).code, Some(0));
    let written = read(&sandbox, "template.yaml");
    assert!(
        written.contains("Resource: !Sub \"arn:${AWS::Partition}:s3:::${AWS::StackName}-files/a\""),
        "{written}"
    );
    assert!(written.contains("Resource: !GetAtt Orders.Arn"), "{written}");
}

#[test]
fn what_cannot_be_edited_is_said_with_its_line() {
    for (policies, line, reason) in [
        ("*shared", 15, "is an alias"),
        ("!If [Prod, [A], [B]]", 15, "is computed by a function"),
        ("!Ref List", 15, "is computed by a function"),
    ] {
        let template = TEMPLATE
            .replace("AWSLambdaBasicExecutionRole   # logs", policies)
            .replace("Resources:", "Parameters:\n  List: {Type: CommaDelimitedList, Default: a}\nMetadata:\n  Shared: &shared [A]\nResources:");
        let sandbox = project(&template);
        let run = sandbox.run(&["apply", "--yes", "."]);
        assert_eq!((run.code, read(&sandbox, "template.yaml")), (Some(2), template), "{}", run.stderr);
        let place = format!("template.yaml:{line}:");
        let found = run.stderr.lines().any(|error| error.starts_with(&place) && error.contains(reason));
        assert!(found, "{policies}: {}", run.stderr);
    }
    let elsewhere =
        TEMPLATE.replace("Policies: AWSLambdaBasicExecutionRole", "Role: arn:aws:iam::123456789012:role/x");
    let run = project(&elsewhere).run(&["apply", "--yes", "."]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("template.yaml:11:13: error: the policy of Place is not written: the role"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_a_program_makes_is_not_edited() {
    let made = r#"{"Resources": {"Place": {"Type": "AWS::Serverless::Function", "Metadata": {"aws:cdk:path": "Shop/Place"},
        "Properties": {"Handler": "app.handler", "Runtime": "python3.13", "CodeUri": "src/", "Environment": {"Variables": {"TABLE": "orders"}}}}}}"#;
    let sandbox =
        Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("src/app.py", APP).with("shop.template.json", made);
    let run = sandbox.run(&["apply", "--yes", "."]);
    assert_eq!((run.code, read(&sandbox, "shop.template.json").as_str()), (Some(0), made));
    assert!(run.stderr.contains("AWS CDK makes the template"), "{}", run.stderr);
}

#[test]
#[cfg(unix)]
fn a_link_out_of_the_tree_is_not_followed() {
    let outside = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("template.yaml", TEMPLATE);
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("src/app.py", APP);
    let target = outside.path().join("template.yaml");
    std::os::unix::fs::symlink(&target, sandbox.path().join("template.yaml")).expect("a link");
    let run = sandbox.run(&["apply", "--yes", "--template", "template.yaml", "."]);
    assert_eq!((run.code, read(&outside, "template.yaml").as_str()), (Some(2), TEMPLATE));
    assert!(run.stderr.contains("outside of the given paths"), "{}", run.stderr);
}

#[test]
fn the_settings_of_a_project_cannot_make_it_write() {
    let sandbox = project(TEMPLATE).with("perm-infer.toml", "yes = true\n");
    assert_eq!(sandbox.run(&["apply", "."]).code, Some(2));
    assert_eq!(read(&sandbox, "template.yaml"), TEMPLATE);
}

/// Templates of the corpus: what is left out of the diff stays, a second run changes nothing, and a function
/// needs the same as before.
#[test]
fn applying_to_the_corpus_is_idempotent_and_changes_no_need() {
    let root = case::repository().join("corpus/templates");
    let mut written = 0;
    for entry in fs::read_dir(root).expect("the corpus") {
        let entry = entry.expect("an entry");
        let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with_copy_of(&entry.path());
        let name = entry.file_name().to_string_lossy().into_owned();
        let before = sandbox.run(&["--per-function", "--quiet", "."]);
        let run = sandbox.run(&["apply", "--yes", "--quiet", "."]);
        if run.stdout.is_empty() {
            continue;
        }
        written += 1;
        let removed = run.stdout.lines().filter(|line| line.starts_with('-') && !line.starts_with("---"));
        let removed: Vec<&str> =
            removed.filter(|line| !line.trim_end_matches(',').ends_with(['}', ']'])).collect();
        assert!(removed.iter().all(|line| line.contains("Policies")), "{name}: {removed:?}");
        let again = sandbox.run(&["apply", "--dry-run", "--quiet", "."]);
        assert_eq!(again.stdout, "", "{name}");
        let after = sandbox.run(&["--per-function", "--quiet", "."]);
        assert_eq!(after.stdout, before.stdout, "{name}");
    }
    assert!(written >= 15, "{written}");
}
