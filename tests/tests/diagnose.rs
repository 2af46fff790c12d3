//! `perm-infer diagnose`: code, a broken policy and the message that came of it give the cause, the line and
//! the statement; with the statement in the policy the request is allowed. What is read from messages is
//! tested where it is done.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use perm_infer_tests::sandbox::{Run, Sandbox};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

/// A mistake, and what is to be said about it.
struct Mistake {
    call: &'static str,
    allowed: (&'static str, &'static str),
    denied: (&'static str, &'static str),
    words: &'static str,
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        call: r#"boto3.client("s3").get_object(Bucket="data", Key="a.csv")"#,
        allowed: ("s3:GetObject", "arn:aws:s3:::data"),
        denied: ("s3:GetObject", "arn:aws:s3:::data/a.csv"),
        words: "objects need the bucket's ARN with `/*`",
    },
    Mistake {
        call: r#"boto3.client("s3").list_objects_v2(Bucket="data")"#,
        allowed: ("s3:ListBucket", "arn:aws:s3:::data/*"),
        denied: ("s3:ListBucket", "arn:aws:s3:::data"),
        words: "the bucket is its ARN without `/*`",
    },
    Mistake {
        call: r#"boto3.resource("dynamodb").Table("orders").query(IndexName="by-day")"#,
        allowed: ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"),
        denied: ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-day"),
        words: "indexes and streams have ARNs of their own",
    },
    Mistake {
        call: r#"boto3.client("secretsmanager").get_secret_value(SecretId="db")"#,
        allowed: ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"),
        denied: (
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1B2c3",
        ),
        words: "it lacks the hyphen and six characters",
    },
    Mistake {
        call: r#"boto3.client("sqs").send_message(QueueUrl="https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", MessageBody="x")"#,
        allowed: ("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:jobs"),
        denied: ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:jobs"),
        words: "it is in another region",
    },
    Mistake {
        call: r#"boto3.client("sns").publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:News", Message="x")"#,
        allowed: ("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:news"),
        denied: ("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:News"),
        words: "only upper and lower case differ",
    },
    Mistake {
        call: r#"boto3.client("ssm").get_parameter(Name="/app/db")"#,
        allowed: ("ssm:GetParameter", "arn:aws:ssm:eu-west-1:222222222222:parameter/app/db"),
        denied: ("ssm:GetParameter", "arn:aws:ssm:eu-west-1:111122223333:parameter/app/db"),
        words: "it is in another account",
    },
    Mistake {
        call: r#"boto3.client("lambda").invoke(FunctionName="worker")"#,
        allowed: ("lambda:GetFunction", "*"),
        denied: ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:worker"),
        words: "no statement of the policies of the principal allows it",
    },
];

fn message((action, resource): (&str, &str)) -> String {
    format!(
        "An error occurred (AccessDeniedException): User: arn:aws:sts::{ACCOUNT}:assumed-role/app/function is not \
         authorized to perform: {action} on resource: {resource} because no identity-based policy allows the {action} action"
    )
}

fn policy(statements: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

fn sandbox(mistake: &Mistake) -> Sandbox {
    let (action, resource) = mistake.allowed;
    Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("src/app.py", format!("import boto3\n\n{}\n", mistake.call))
        .with("policy.json", policy(&json!([{"Effect": "Allow", "Action": action, "Resource": resource}])))
        .with("app.log", format!("START\n{}\nEND\n", message(mistake.denied)))
}

fn diagnose(sandbox: &Sandbox, options: &[&str]) -> Run {
    sandbox.run(
        &[&["diagnose", "--log", "app.log", "--code", "src", "--policy", "policy.json"], options].concat(),
    )
}

#[test]
fn the_cause_the_line_and_the_statement_are_named() {
    for mistake in MISTAKES {
        let run = diagnose(&sandbox(mistake), &[]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let (action, resource) = mistake.denied;
        for words in [
            action,
            &format!("on {resource}"),
            "cause: no policy of the principal allows it",
            mistake.words,
            "called at src/app.py:3:1",
            &format!("\"Resource\": \"{resource}\""),
            "aws iam put-role-policy --role-name app",
        ] {
            assert!(run.stdout.contains(words), "{words}\n{}", run.stdout);
        }
    }
}

#[test]
fn with_the_statement_the_request_is_allowed_and_no_other() {
    for mistake in MISTAKES {
        let found = diagnose(&sandbox(mistake), &["--format", "json"]).json();
        let denial = &found["denials"][0];
        assert_eq!((&denial["role"], &denial["session"]), (&json!("app"), &json!("function")));
        assert_eq!(denial["cause"], "not-allowed");
        let (action, resource) = mistake.denied;
        let fixed =
            sandbox(mistake).with("fixed.json", policy(&json!([denial["additions"][0]["statement"]])));
        let ask = |resource: &str| {
            fixed
                .run(&["simulate", "--policy", "fixed.json", "--action", action, "--resource", resource])
                .code
        };
        assert_eq!(ask(resource), Some(0), "{denial}");
        assert_eq!(ask(&format!("{resource}x")), Some(1), "{denial}");
    }
}

#[test]
fn a_message_can_be_an_argument_or_standard_input() {
    let text = message(MISTAKES[0].denied);
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"));
    let argument = sandbox.run(&["diagnose", &text]);
    assert_eq!(argument.code, Some(0));
    let piped = Run::of(sandbox.command(&["diagnose", "-"]).write_stdin(text));
    assert_eq!(argument.stdout, piped.stdout);
}

#[test]
fn a_policy_that_is_none_makes_the_answer_uncertain_and_is_told_with_its_place() {
    let other = policy(&json!([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]));
    for (broken, place) in [
        (&b"{\"Version\": \"2012-10-17\", \"Statement\": [,]}"[..], "1:41"),
        (b"", "1:1"),
        (b"\xff\xfe{", ""),
        (b"[]", "1:1"),
        (b"{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Maybe\"}]}", "1:"),
        (&b"[".repeat(200_000), "1:"),
    ] {
        let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
            .with("broken.json", broken)
            .with("other.json", other.as_str());
        let text = message(("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"));
        let run = sandbox.run(&["diagnose", &text, "--policy", "broken.json", "--policy", "other.json"]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stdout.contains("another one may say otherwise"), "{}", run.stdout);
        assert!(run.stderr.contains(&format!("broken.json:{place}")) || place.is_empty(), "{}", run.stderr);
        // The other one is asked.
        let options = ["--policy", "broken.json", "--policy", "other.json", "--format", "json"];
        let request = ["simulate", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k"];
        let answer = &sandbox.run(&[&request[..], &options].concat()).json()["results"][0];
        assert_eq!((&answer["outcome"], &answer["uncertain"]), (&json!("allowed"), &json!(true)), "{answer}");
    }
}

#[test]
fn what_is_no_denial_is_told_so() {
    let run =
        Sandbox::new(env!("CARGO_TARGET_TMPDIR")).run(&["diagnose", "ThrottlingException: Rate exceeded"]);
    assert_eq!((run.code, run.stdout.as_str(), run.codes()), (Some(1), "", vec!["no-denial".to_owned()]));
    let run = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).run(&["diagnose", "--log", "missing.log"]);
    assert_eq!((run.code, run.codes()), (Some(2), vec!["unreadable-file".to_owned()]));
}

#[test]
fn encoded_and_bare_messages_say_what_is_missing_in_them() {
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"));
    let run = sandbox.run(&["diagnose", "UnauthorizedOperation: You are not authorized to perform this operation. Encoded authorization failure message: abc"]);
    assert!(
        run.stdout.contains("aws sts decode-authorization-message")
            && run.stdout.contains("sts:DecodeAuthorizationMessage"),
        "{}",
        run.stdout
    );
    let run = sandbox.run(&[
        "diagnose",
        "AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)",
    ]);
    assert!(run.stdout.contains("the message does not say which permission is missing"), "{}", run.stdout);
}

#[test]
fn hostile_messages_come_out_inert_and_never_become_commands() {
    let resource = "arn:aws:s3:::b/';rm -rf $(x)\u{202e}";
    let text = format!(
        "\u{1b}]0;x\u{7}User: arn:aws:sts::{ACCOUNT}:assumed-role/a';reboot;'/f is not authorized to perform: s3:GetObject on resource: {resource} because no identity-based policy allows it"
    );
    for format in ["text", "json"] {
        let run = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).run(&["diagnose", &text, "--format", format]);
        let active = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!run.stdout.contains(active), "{:?}", run.stdout);
        assert!(!run.stdout.contains("put-role-policy") && !run.stdout.contains("verify:"), "{}", run.stdout);
    }
}

/// `aws iam get-account-authorization-details` prints all roles: each message is held against the one it names.
#[test]
fn the_role_that_a_message_names_is_asked() {
    let role = |name: &str, action: &str, more: &Value| {
        json!({"RoleName": name, "Arn": format!("arn:aws:iam::{ACCOUNT}:role/{name}"), "AttachedManagedPolicies": more,
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::data/*"}]}}]})
    };
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]});
    let arn = format!("arn:aws:iam::{ACCOUNT}:policy/no-queues");
    let roles = json!({
        "RoleDetailList": [
            role("app", "s3:PutObject", &json!([])),
            role("reader", "s3:GetObject", &json!([{"PolicyName": "no-queues", "PolicyArn": arn}])),
        ],
        "Policies": [{"PolicyName": "no-queues", "Arn": arn, "PolicyVersionList": [{"IsDefaultVersion": true, "Document": policy}]}],
    });
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("roles.json", format!("{roles:#}"));
    let ask = |role: &str, denied: (&str, &str)| {
        let text = message(denied).replace("assumed-role/app/", &format!("assumed-role/{role}/"));
        sandbox.run(&["diagnose", &text, "--role-json", "roles.json", "--format", "json"]).json()["denials"]
            [0]
        .clone()
    };
    let object = ("s3:GetObject", "arn:aws:s3:::data/a.csv");
    assert_eq!(ask("app", object)["cause"], "not-allowed");
    assert_eq!(ask("reader", object)["cause"], "allowed-by-given-policies");
    let queue = ask("reader", ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:jobs"));
    assert_eq!((&queue["cause"], &queue["denying"]["Action"]), (&json!("denied"), &json!("sqs:*")));
    let other = ask("writer", object);
    assert_eq!((&other["cause"], &other["roles"]), (&json!("wrong-role"), &json!(["app", "reader"])));
}

/// CloudTrail delivers its events as files that are compressed with gzip.
#[test]
fn a_file_of_cloudtrail_is_read_as_it_is_delivered() {
    use std::io::Write;
    let event = json!({"Records": [{"eventSource": "s3.amazonaws.com", "eventName": "GetObject", "awsRegion": "eu-west-1",
        "errorCode": "AccessDenied", "errorMessage": "Access Denied",
        "userIdentity": {"arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/app/function")},
        "requestParameters": {"bucketName": "data", "key": "a.csv"}}]});
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(event.to_string().as_bytes()).unwrap();
    let whole = encoder.finish().unwrap();
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("events.json.gz", &whole)
        .with("cut.gz", &whole[..whole.len() - 12])
        .with("events.zip", b"PK\x03\x04 and more");
    let run = sandbox.run(&["diagnose", "--log", "events.json.gz"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("\"Resource\": \"arn:aws:s3:::data/a.csv\""), "{}", run.stdout);
    assert!(sandbox.run(&["diagnose", "--log", "cut.gz"]).codes().contains(&"unread-log".to_owned()));
    let run = sandbox.run(&["diagnose", "--log", "events.zip"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("it is compressed with zip, which is not read"), "{}", run.stderr);
}

/// A template that cannot be read is told with its place, and the message is answered without it.
#[test]
fn a_template_that_is_none_is_told() {
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", "import boto3\nboto3.client('s3').get_object(Bucket='data', Key='a.csv')\n")
        .with("template.yaml", "Resources:\n  App:\n    Type: \"AWS::Lambda::Function\n    Properties: {\n");
    let text = message(("s3:GetObject", "arn:aws:s3:::data/a.csv"));
    let run = sandbox.run(&["diagnose", &text, "--template", "template.yaml"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.codes().contains(&"template-syntax".to_owned()), "{}", run.stderr);
    assert!(run.stderr.contains("template.yaml:3:"), "{}", run.stderr);
    assert!(run.stdout.contains("\"Action\": \"s3:GetObject\""), "{}", run.stdout);
}
