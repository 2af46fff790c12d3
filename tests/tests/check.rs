//! `perm-infer check`: the mistakes that people make in policies, each with the place and the words that say
//! so; what is granted and not needed; the tightened policy; agreement with a simulator. Expectations are
//! from the Service Authorization Reference and the IAM User Guide.
#![allow(
    clippy::needless_pass_by_value,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::path::Path;

use perm_infer_policy::evaluate::{Outcome, evaluate};
use perm_infer_policy::{Condition, Pattern};
use perm_infer_review::check::{Need, Review, gaps};
use perm_infer_review::{PolicyFile, PolicyKind};
use perm_infer_tests::policies::Case;
use perm_infer_tests::sandbox::{Run, Sandbox};
use perm_infer_tests::{simulate, tools};
use serde_json::{Value, json};

/// A policy with one allowing statement.
fn allowing(actions: &Value, resources: &Value) -> Value {
    policy(json!([{"Effect": "Allow", "Action": actions, "Resource": resources}]))
}

fn policy(statements: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn run(calls: &str, policy: &Value, options: &[&str]) -> Run {
    let code = format!("import os\nimport boto3\n\n{calls}\n");
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("src/app.py", code)
        .with("policy.json", serde_json::to_string_pretty(policy).unwrap());
    sandbox.run(&[&["check", "src", "--policy", "policy.json"], options].concat())
}

/// Whether a check of the calls finds exactly one thing, which says all of this.
fn finds(calls: &str, policy: &Value, options: &[&str], words: &[&str]) {
    let run = run(calls, policy, options);
    assert_eq!((run.code, run.stdout.lines().count()), (Some(1), 1), "{}{}", run.stdout, run.stderr);
    for word in words {
        assert!(run.stdout.contains(word), "{word}: {}", run.stdout);
    }
}

/// Whether the policy fits the calls.
fn fits(calls: &str, policy: &Value, options: &[&str]) {
    let run = run(calls, policy, options);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.stderr);
}

const GET: &str = r#"boto3.client("s3").get_object(Bucket="data", Key="a.csv")"#;
const LIST: &str = r#"boto3.client("s3").list_objects_v2(Bucket="data")"#;
const QUERY: &str = r#"boto3.resource("dynamodb").Table("orders").query(IndexName="by-day")"#;
const SECRET: &str = r#"boto3.client("secretsmanager").get_secret_value(SecretId="db")"#;
const SEND: &str = r#"boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="x")"#;
const CREATE: &str = r#"boto3.client("lambda").update_function_configuration(FunctionName="f", Role="arn:aws:iam::123456789012:role/worker")"#;

// Gaps

#[test]
fn what_the_code_needs_and_no_more_fits() {
    fits(GET, &allowing(&json!("s3:GetObject"), &json!("arn:aws:s3:::data/a.csv")), &[]);
    fits(LIST, &allowing(&json!("s3:ListBucket"), &json!("arn:aws:s3:::data")), &[]);
    fits(
        SECRET,
        &allowing(
            &json!("secretsmanager:GetSecretValue"),
            &json!("arn:aws:secretsmanager:*:*:secret:db-??????"),
        ),
        &[],
    );
    // What is not known of an ARN is what the policy says.
    fits(
        QUERY,
        &allowing(
            &json!("dynamodb:Query"),
            &json!("arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-day"),
        ),
        &[],
    );
}

#[test]
fn an_action_that_no_statement_has_is_a_gap_at_its_call() {
    let run = run(GET, &policy(json!([])), &[]);
    let expected = "src/app.py:4:1: error: s3:GetObject on arn:aws:s3:::data/a.csv is not allowed: no statement is about the \
action [permission-gap]; allow it; --fix prints a policy that does\n";
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), expected));
    assert!(run.stderr.ends_with("perm-infer: 1 not allowed, 0 uncertain, 0 not needed\n"), "{}", run.stderr);
}

/// Tests gaps by their words; what is then granted and not needed is found too, and not looked at here.
fn gap(calls: &str, policy: &Value, options: &[&str], words: &[&str]) {
    let run = run(calls, policy, options);
    assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
    let line = run.stdout.lines().find(|line| line.contains("[permission-gap]")).unwrap_or_default();
    for word in words {
        assert!(line.contains(word), "{word}: {}", run.stdout);
    }
}

#[test]
fn the_bucket_is_not_its_objects() {
    gap(
        LIST,
        &allowing(&json!("s3:ListBucket"), &json!("arn:aws:s3:::data/*")),
        &[],
        &["app.py:4:1", "the bucket is its ARN without `/*`"],
    );
    gap(
        GET,
        &allowing(&json!("s3:GetObject"), &json!("arn:aws:s3:::data")),
        &[],
        &["objects need the bucket's ARN with `/*`"],
    );
}

#[test]
fn all_buckets_are_listed_on_what_stands_for_all_of_s3() {
    let list = r#"boto3.client("s3").list_buckets()"#;
    fits(list, &allowing(&json!("s3:ListAllMyBuckets"), &json!("arn:aws:s3:::*")), &[]);
    gap(
        list,
        &allowing(&json!("s3:ListAllMyBuckets"), &json!("arn:aws:s3:::data")),
        &[],
        &["s3:ListAllMyBuckets"],
    );
}

#[test]
fn an_index_is_not_its_table() {
    gap(
        QUERY,
        &allowing(&json!("dynamodb:Query"), &json!("arn:aws:dynamodb:*:*:table/orders")),
        &[],
        &["such as `/index/*`"],
    );
}

#[test]
fn a_secret_has_a_suffix() {
    gap(
        SECRET,
        &allowing(&json!("secretsmanager:GetSecretValue"), &json!("arn:aws:secretsmanager:*:*:secret:db")),
        &[],
        &["write `-??????` after the name"],
    );
}

#[test]
fn another_region_or_account_is_another_resource() {
    let table = allowing(
        &json!("dynamodb:Query"),
        &json!("arn:aws:dynamodb:us-east-1:123456789012:table/orders/index/*"),
    );
    gap(QUERY, &table, &["--region", "eu-west-1"], &["it is in another region"]);
    gap(QUERY, &table, &["--account", "111111111111"], &["it is in another account"]);
}

#[test]
fn names_have_their_case() {
    gap(
        QUERY,
        &allowing(&json!("dynamodb:Query"), &json!("arn:aws:dynamodb:*:*:table/Orders/index/*")),
        &[],
        &["only upper and lower case differ"],
    );
    // Actions have none.
    fits(LIST, &allowing(&json!("S3:listbucket"), &json!("arn:aws:s3:::data")), &[]);
}

#[test]
fn a_key_of_its_own_is_needed_for_what_it_encrypts() {
    let key = "arn:aws:kms:eu-west-1:123456789012:key/1234";
    let without = allowing(&json!("s3:GetObject"), &json!("arn:aws:s3:::data/a.csv"));
    gap(
        GET,
        &without,
        &["--kms", key],
        &["kms:Decrypt on arn:aws:kms:eu-west-1:123456789012:key/1234", "no statement is about the action"],
    );
}

#[test]
fn a_condition_has_to_be_met_by_the_call() {
    let pass = |operator: &str, key: &str, service: &str| {
        policy(json!([
            {"Effect": "Allow", "Action": "lambda:UpdateFunctionConfiguration", "Resource": "arn:aws:lambda:*:*:function:f"},
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/worker",
             "Condition": {operator: {key: service}}},
        ]))
    };
    let options = ["--keep", "*"];
    fits(CREATE, &pass("StringEquals", "iam:PassedToService", "lambda.amazonaws.com"), &options);
    // The case of a key does not matter, that of a value does.
    fits(CREATE, &pass("StringEquals", "IAM:passedtoservice", "lambda.amazonaws.com"), &options);
    gap(
        CREATE,
        &pass("StringEquals", "iam:PassedToService", "Lambda.amazonaws.com"),
        &options,
        &["allows it only with StringEquals iam:PassedToService = Lambda.amazonaws.com"],
    );
    gap(
        CREATE,
        &pass("StringEquals", "iam:PassedToService", "ec2.amazonaws.com"),
        &options,
        &["iam:PassRole on arn:aws:iam::123456789012:role/worker"],
    );
}

#[test]
fn a_denial_is_a_gap_that_no_statement_fills() {
    let denied = |deny: Value| {
        policy(json!([
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/a.csv"},
            deny,
        ]))
    };
    let deny = json!({"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "*"});
    gap(GET, &denied(deny), &[], &["is denied: by policy.json:9:5 (No)", "no other statement can allow it"]);
    let insecure = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}});
    fits(GET, &denied(insecure), &[]);
    let abroad = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}});
    fits(GET, &denied(abroad.clone()), &["--region", "eu-west-1"]);
    gap(GET, &denied(abroad.clone()), &["--region", "us-east-1"], &["is denied"]);
    let run = run(GET, &denied(abroad), &[]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.stdout.contains("may be denied") && run.stdout.contains("[permission-uncertain]"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_boundary_has_to_allow_it_too() {
    let code = format!("import boto3\n{GET}\n");
    let allow = allowing(&json!("s3:GetObject"), &json!("arn:aws:s3:::data/a.csv"));
    let boundary = allowing(&json!("sqs:*"), &json!("*"));
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", code)
        .with("policy.json", allow.to_string())
        .with("boundary.json", boundary.to_string());
    let run = sandbox.run(&["check", ".", "--policy", "policy.json", "--boundary", "boundary.json"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("s3:GetObject on arn:aws:s3:::data/a.csv is not allowed"), "{}", run.stdout);
}

#[test]
fn what_depends_on_a_name_that_is_not_known_is_uncertain_until_it_is_given() {
    let queue = allowing(&json!("sqs:SendMessage"), &json!("arn:aws:sqs:*:*:jobs"));
    let unknown = run(SEND, &queue, &[]);
    assert_eq!(unknown.code, Some(0));
    assert!(
        unknown
            .stdout
            .contains("allows it on arn:aws:sqs:*:*:jobs, and the name is not known [permission-uncertain]"),
        "{}",
        unknown.stdout
    );
    assert_eq!(run(SEND, &queue, &["--strict"]).code, Some(3));
    let url = "QUEUE=https://sqs.eu-west-1.amazonaws.com/123456789012/jobs";
    fits(SEND, &queue, &["--var", url]);
    gap(
        SEND,
        &queue,
        &["--var", "QUEUE=https://sqs.eu-west-1.amazonaws.com/123456789012/other"],
        &["it names another resource"],
    );
}

#[test]
fn what_the_deployment_needs_is_a_gap_without_a_call() {
    let run =
        run(GET, &allowing(&json!("s3:GetObject"), &json!("arn:aws:s3:::data/a.csv")), &["--lambda-logs"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stdout.starts_with("error: logs:"), "{}", run.stdout);
}

// What is not needed

#[test]
fn actions_that_no_call_needs_are_named_by_access_level() {
    let more = allowing(
        &json!(["s3:GetObject", "s3:DeleteObject", "s3:GetObjectAcl", "s3:PutObjectAcl"]),
        &json!("arn:aws:s3:::data/a.csv"),
    );
    let run = run(GET, &more, &[]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!((run.code, lines.len()), (Some(1), 3), "{}", run.stdout);
    assert!(lines[0].contains("no call needs s3:PutObjectAcl (Permissions management)"), "{}", lines[0]);
    assert!(
        lines[1].starts_with(
            "policy.json:8:9: warning: no call needs s3:DeleteObject (Write) [permission-unused]"
        ),
        "{}",
        lines[1]
    );
    assert!(lines[2].contains("no call needs s3:GetObjectAcl (Read)"), "{}", lines[2]);
}

#[test]
fn wildcards_are_expanded_and_what_is_needed_is_said() {
    finds(
        GET,
        &allowing(&json!("s3:GetObject*"), &json!("arn:aws:s3:::data/a.csv")),
        &[],
        &["`s3:GetObject*` allows more than the calls need", "; write s3:GetObject"],
    );
    finds(
        GET,
        &allowing(&json!("*"), &json!("arn:aws:s3:::data/a.csv")),
        &[],
        &["`*` allows more than the calls need", "Permissions management", "write s3:GetObject"],
    );
    finds(
        GET,
        &policy(json!([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::data/a.csv"}])),
        &[],
        &["`NotAction` allows more than the calls need"],
    );
}

#[test]
fn resources_that_are_wider_or_of_no_use_are_named() {
    finds(
        GET,
        &allowing(&json!("s3:GetObject"), &json!("*")),
        &[],
        &["`*` is wider than the calls need", "write arn:aws:s3:::data/a.csv"],
    );
    finds(
        GET,
        &allowing(&json!("s3:GetObject"), &json!(["arn:aws:s3:::data/a.csv", "arn:aws:s3:::other/*"])),
        &[],
        &["no call needs `arn:aws:s3:::other/*`"],
    );
    fits(r#"boto3.client("s3").list_buckets()"#, &allowing(&json!("s3:ListAllMyBuckets"), &json!("*")), &[]);
}

#[test]
fn what_something_else_needs_is_kept() {
    let logs = policy(json!([
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/a.csv"},
        {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"},
    ]));
    assert_eq!(run(GET, &logs, &[]).stdout.lines().count(), 2);
    fits(GET, &logs, &["--keep", "logs:*"]);
}

// Forms

#[test]
fn the_fix_allows_what_is_needed_and_no_more() {
    let loose = policy(json!([
        {"Effect": "Allow", "Action": ["s3:*", "dynamodb:*"], "Resource": "*"},
        {"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:eu-west-1:123456789012:*"},
        {"Sid": "No", "Effect": "Deny", "Action": "iam:*", "Resource": "*"},
    ]));
    let calls = format!("{GET}\n{QUERY}\n{SEND}");
    let fixed = run(&calls, &loose, &["--fix"]);
    assert_eq!(fixed.code, Some(1));
    let document = fixed.json();
    let statements = document["Statement"].as_array().unwrap();
    let allowed: Vec<(&Value, &Value)> = statements.iter().map(|s| (&s["Action"], &s["Resource"])).collect();
    assert_eq!(
        allowed,
        [
            (&json!("dynamodb:Query"), &json!("arn:aws:dynamodb:*:*:table/orders/index/by-day")),
            (&json!("s3:GetObject"), &json!("arn:aws:s3:::data/a.csv")),
            (&json!("sqs:SendMessage"), &json!("arn:aws:sqs:eu-west-1:123456789012:*")),
            (&json!("iam:*"), &json!("*")),
        ]
    );
    let again = run(&calls, &document, &[]);
    assert_eq!(again.code, Some(0), "{}", again.stdout);
}

#[test]
fn findings_are_written_for_programs_and_for_code_scanning() {
    let more = allowing(&json!(["s3:DeleteObject"]), &json!("arn:aws:s3:::data/a.csv"));
    let document = run(GET, &more, &["--format", "json"]).json();
    assert_eq!(document["gaps"][0]["action"], "s3:GetObject");
    assert_eq!(document["gaps"][0]["reason"]["kind"], "no-statement");
    assert_eq!(document["gaps"][0]["calls"][0]["line"], 4);
    assert_eq!(document["excess"][0]["actions"], json!(["s3:DeleteObject"]));
    let sarif = run(GET, &more, &["--format", "sarif"]).json();
    let rules: Vec<&Value> =
        sarif["runs"][0]["results"].as_array().unwrap().iter().map(|r| &r["ruleId"]).collect();
    assert_eq!(rules, ["permission-gap", "permission-unused"]);
}

#[test]
fn a_deployed_role_is_read_with_what_is_attached() {
    let allow = allowing(&json!("s3:GetObject"), &json!("arn:aws:s3:::data/a.csv"));
    let roles = json!({
        "RoleDetailList": [
            {"RoleName": "app", "RolePolicyList": [], "AttachedManagedPolicies": [{"PolicyName": "Read", "PolicyArn": "arn:aws:iam::123456789012:policy/Read"}]},
            {"RoleName": "inline", "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": allow}], "AttachedManagedPolicies": []},
            {"RoleName": "foreign", "RolePolicyList": [], "AttachedManagedPolicies": [{"PolicyName": "X", "PolicyArn": "arn:aws:iam::aws:policy/X"}]},
        ],
        "Policies": [{"Arn": "arn:aws:iam::123456789012:policy/Read", "PolicyVersionList": [
            {"Document": policy(json!([])), "VersionId": "v1", "IsDefaultVersion": false},
            {"Document": allow, "VersionId": "v2", "IsDefaultVersion": true},
        ]}],
    });
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", format!("import boto3\n{GET}\n"))
        .with("roles.json", serde_json::to_string_pretty(&roles).unwrap());
    let ask =
        |options: &[&str]| sandbox.run(&[&["check", ".", "--role-json", "roles.json"], options].concat());
    assert_eq!(ask(&["--role", "app"]).code, Some(0));
    assert_eq!(ask(&["--role", "inline"]).code, Some(0));
    // What is attached and not known may allow it.
    let run = ask(&["--role", "foreign"]);
    assert_eq!((run.code, run.codes()), (Some(0), vec!["policy-not-held".to_owned()]));
    assert!(run.stdout.contains("may not be allowed"), "{}", run.stdout);
    assert_eq!(ask(&["--role", "foreign", "--strict"]).code, Some(3));
    let run = ask(&[]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("3 roles: app, inline, foreign") && run.stderr.contains("--role NAME"),
        "{}",
        run.stderr
    );
    assert_eq!(ask(&["--role", "nobody"]).code, Some(2));
}

#[test]
fn a_policy_that_cannot_be_used_stops_the_check() {
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("app.py", GET).with("policy.json", "{}");
    let run = sandbox.run(&["check", ".", "--policy", "policy.json"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.codes()),
        (Some(2), "", vec!["old-version".to_owned(), "no-statement".to_owned()])
    );
    assert_eq!(sandbox.run(&["check", "."]).code, Some(2));
}

/// The gap that a check finds for the request of a case, where it is certain: whether there is one.
fn certain_gap(case: &Case) -> Option<bool> {
    let read = |policy: &Value| {
        PolicyFile::read("p.json", &policy.to_string(), PolicyKind::Identity).expect("a policy")
    };
    let policies: Vec<PolicyFile> = case.identity.iter().map(read).collect();
    let boundary: Vec<PolicyFile> = case.boundary.iter().map(read).collect();
    let resource = match case.request.resource.as_str() {
        "*" => Pattern::any(),
        name => Pattern::literal(name),
    };
    let conditions = Condition::new();
    let need =
        Need { action: &case.request.action, resource: &resource, symbolic: None, conditions: &conditions };
    let known = case.request.context.clone();
    let review = Review { policies: &policies, boundary: &boundary, known, ..Review::default() };
    match gaps(&review, &[need]).first() {
        None => Some(false),
        Some(gap) if gap.certain => Some(true),
        // A policy variable, or a key that is not known to the check.
        Some(_) => None,
    }
}

/// A case with only what a check sees; nothing where more decides.
fn seen_by_a_check(seed: u64) -> Option<Case> {
    let mut case = Case::generate(seed);
    case.resource = None;
    case.session = None;
    case.service_control = Vec::new();
    case.resource_control = Vec::new();
    // Keys and other accounts need the resource's policy, federated users one of their session.
    let needs_more = case.request.action.starts_with("kms:")
        || !case.request.is_same_account()
        || case.principal.contains(":federated-user/");
    // AWS takes `arn:aws:s3:::*` for all of S3 here; simulators do not.
    (!needs_more && case.request.action != "s3:ListAllMyBuckets").then_some(case)
}

/// For requests of which everything is known, a check finds a gap exactly where they are denied: by the evaluator, and
/// by another implementation of AWS's rules, `@cloud-copilot/iam-simulate`.
#[test]
fn a_check_of_a_concrete_need_is_a_simulation() {
    let pairs = (0..17_000).filter_map(seen_by_a_check).filter_map(|case| {
        let gap = certain_gap(&case)?;
        Some((case, gap))
    });
    let (cases, found): (Vec<Case>, Vec<bool>) = pairs.unzip();
    let node = tools::node(Path::new(env!("CARGO_TARGET_TMPDIR"))).expect("node");
    let outcomes = simulate::outcomes(&node, &cases).expect("answers");
    for ((case, gap), outcome) in cases.iter().zip(&found).zip(&outcomes) {
        assert_eq!(*gap, outcome != "Allowed", "{outcome}: {}", case.simulation());
        let ours = evaluate(&case.policies(), &case.request).outcome;
        assert_eq!(*gap, ours != Outcome::Allowed, "{}", case.simulation());
    }
    let allowed = found.iter().filter(|gap| !**gap).count();
    assert!(cases.len() >= 5_000 && allowed > 800, "{} pairs, {allowed} allowed", cases.len());
}
