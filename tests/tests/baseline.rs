//! `--baseline`: what is accepted is left out, what is new is reported, whatever lines things move to.
#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use perm_infer_tests::sandbox::Sandbox;
use serde_json::json;

const FIRST: &str = "import boto3\n\ns3 = boto3.client('s3')\ns3.get_object(Bucket=name(), Key='a')\n";

fn app(code: &str) -> Sandbox {
    Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("app.py", code)
}

#[test]
fn what_stayed_open_is_accepted_and_the_next_is_reported() {
    let sandbox = app(FIRST);
    let run = sandbox.run(&["app.py", "--strict", "--write-baseline", "accepted.json"]);
    assert_eq!((run.code, run.codes()), (Some(0), Vec::new()), "{}", run.stderr);
    let run = sandbox.run(&["app.py", "--strict"]);
    assert_eq!(run.code, Some(3));
    // The same call on another line, and one that is new.
    let moved = FIRST.replace("import boto3", "# Comments\n# move it\nimport boto3");
    let sandbox = sandbox.with("app.py", &moved);
    let run = sandbox.run(&["app.py", "--strict", "--baseline", "accepted.json"]);
    assert_eq!((run.code, run.codes()), (Some(0), Vec::new()), "{}", run.stderr);
    assert!(run.stderr.contains("1 finding is accepted by the baseline"), "{}", run.stderr);
    let sandbox = sandbox.with("app.py", format!("{moved}s3.delete_object(Bucket=name(), Key='a')\n"));
    let run = sandbox.run(&["app.py", "--strict", "--baseline", "accepted.json"]);
    assert_eq!(
        (run.code, run.codes()),
        (Some(3), vec!["unresolved-resource".to_owned(), "strict".to_owned()])
    );
    assert!(run.stderr.starts_with("app.py:7:"), "{}", run.stderr);
}

#[test]
fn of_calls_that_are_alike_as_many_are_accepted_as_there_were() {
    let again = "s3.get_object(Bucket=name(), Key='a')\n";
    let sandbox = app(FIRST);
    let _ = sandbox.run(&["app.py", "--write-baseline", "accepted.json"]);
    let sandbox = sandbox.with("app.py", format!("{FIRST}{again}"));
    let run = sandbox.run(&["app.py", "--baseline", "accepted.json"]);
    assert_eq!(run.codes(), ["unresolved-resource"], "{}", run.stderr);
}

#[test]
fn findings_of_a_check_are_accepted_and_new_ones_are_not() {
    let policy = |actions: &[&str]| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": actions, "Resource": "arn:aws:s3:::data/*"}
        ]})
        .to_string()
    };
    let code = "import boto3\nboto3.client('s3').head_bucket(Bucket='data')\n";
    let sandbox = app(code).with("policy.json", policy(&["s3:GetObject"]));
    let check = ["check", "app.py", "--policy", "policy.json"];
    let ask = |sandbox: &Sandbox, options: &[&str]| sandbox.run(&[&check, options].concat());
    assert_eq!(ask(&sandbox, &[]).code, Some(1));
    assert_eq!(ask(&sandbox, &["--write-baseline", "accepted.json"]).code, Some(0));
    let run = ask(&sandbox, &["--baseline", "accepted.json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.stderr);
    assert!(run.stderr.contains("2 findings are accepted by the baseline"), "{}", run.stderr);
    let sandbox = sandbox.with("policy.json", policy(&["s3:GetObject", "s3:DeleteObject"]));
    let run = ask(&sandbox, &["--baseline", "accepted.json"]);
    assert_eq!((run.code, run.stdout.lines().count()), (Some(1), 1), "{}", run.stdout);
    assert!(run.stdout.contains("no call needs s3:DeleteObject"), "{}", run.stdout);
    // The file is for people too.
    let accepted: serde_json::Value = serde_json::from_str(&sandbox.read("accepted.json")).expect("JSON");
    let expected = json!({"code": "permission-gap", "path": "app.py", "about": "s3:ListBucket on arn:aws:s3:::data", "count": 1});
    assert_eq!(accepted["accepted"][0], expected);
}

#[test]
fn a_file_that_is_no_baseline_is_refused() {
    let sandbox = app(FIRST).with("accepted.json", "[]");
    let run = sandbox.run(&["app.py", "--baseline", "accepted.json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.starts_with("accepted.json: error: this is no baseline"), "{}", run.stderr);
    assert_eq!(sandbox.run(&["app.py", "--baseline", "nowhere.json"]).code, Some(2));
}
