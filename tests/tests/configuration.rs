//! `perm-infer.toml`: where it is found, what it may say, and that the command line wins.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;

use perm_infer_tests::case;
use perm_infer_tests::sandbox::{Run, Sandbox};

const APP: &str =
    "import os\nimport boto3\n\nboto3.client('s3').get_object(Bucket=os.environ['BUCKET'], Key='a.csv')\n";

fn app(configuration: &str) -> Sandbox {
    Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("src/app.py", APP).with("perm-infer.toml", configuration)
}

#[test]
fn options_come_from_the_file_above_the_path() {
    let sandbox = app("[var]\nBUCKET = \"reports\"\n");
    let run = sandbox.run(&["src", "--verbose"]);
    assert_eq!(run.permissions(), ["s3:GetObject on arn:aws:s3:::reports/a.csv"]);
    assert!(
        run.stderr.starts_with("perm-infer.toml: note: options are taken from this file"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_command_line_wins() {
    let sandbox = app("partition = \"aws-cn\"\nvar = { BUCKET = \"reports\" }\n");
    let run = sandbox.run(&["src", "--partition", "aws-us-gov", "--var", "BUCKET=others"]);
    assert_eq!(run.permissions(), ["s3:GetObject on arn:aws-us-gov:s3:::others/a.csv"]);
}

#[test]
fn a_table_holds_for_its_command_only() {
    let sandbox = app("strict = true\n[diff]\nexit-code = true\n[explain.var]\nBUCKET = \"reports\"\n");
    assert_eq!(sandbox.run(&["src"]).code, Some(3));
    assert_eq!(sandbox.run(&["explain", "src"]).code, Some(0));
    let changed = sandbox.with("new/app.py", "");
    assert_eq!(changed.run(&["diff", "src", "new"]).code, Some(1));
}

#[test]
fn paths_are_meant_from_where_the_file_is() {
    let sandbox = app("env-file = [\"deploy/.env\"]\n").with("deploy/.env", "BUCKET=reports\n");
    let mut command = sandbox.command(&["."]);
    let run = Run::of(command.current_dir(sandbox.path().join("src")));
    assert_eq!(run.permissions(), ["s3:GetObject on arn:aws:s3:::reports/a.csv"]);
}

#[test]
fn another_file_is_named_with_config() {
    let sandbox = app("strict = true\n").with("other.toml", "var = { BUCKET = \"x\" }\n");
    let run = sandbox.run(&["src", "--config", "other.toml"]);
    assert_eq!(
        (run.code, run.permissions()),
        (Some(0), vec!["s3:GetObject on arn:aws:s3:::x/a.csv".to_owned()])
    );
}

#[test]
fn mistakes_are_named_with_their_line() {
    for (configuration, line, part) in [
        ("# a comment\nregoin = \"eu-west-1\"\n", 2, "no option is called `regoin`"),
        ("strict = \"yes\"\n", 1, "`strict` takes true or false"),
        ("a = [\n", 1, ""),
        ("\n\nregion = { a = 1 }\n", 3, "`region` takes"),
    ] {
        let run = app(configuration).run(&["src"]);
        assert_eq!(run.code, Some(2), "{configuration}");
        let start = format!("perm-infer.toml:{line}: error: ");
        assert!(
            run.stderr.starts_with(&start) && run.stderr.contains(part),
            "{configuration}: {}",
            run.stderr
        );
    }
}

#[test]
fn a_scanned_project_cannot_leave_out_findings_about_itself_unless_its_file_is_named() {
    let policy =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
    let sandbox = app("[check]\nkeep = [\"*\"]\n").with("policy.json", policy);
    let run = sandbox.run(&["check", "src", "--policy", "policy.json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
    assert!(run.stderr.starts_with("perm-infer.toml:2: error: `keep` leaves findings out"), "{}", run.stderr);
    let named = sandbox.run(&["check", "src", "--policy", "policy.json", "--config", "perm-infer.toml"]);
    assert!(!named.stdout.contains("allows more than the calls need"), "{}", named.stdout);
    for setting in ["baseline = \"accepted.json\"\n", "quiet = true\n"] {
        assert_eq!(app(setting).run(&["src"]).code, Some(2), "{setting}");
    }
}

#[test]
fn a_scanned_project_cannot_say_where_results_are_written() {
    let run = app("output = \"/tmp/stolen.json\"\n").run(&["src"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("`output` can be set on the command line only"), "{}", run.stderr);
}

#[test]
fn the_schema_for_editors_is_that_of_the_options() {
    let sandbox = app("");
    let printed = sandbox.run(&["debug", "config-schema"]).stdout;
    let committed =
        fs::read_to_string(case::repository().join("docs/perm-infer.schema.json")).expect("the schema");
    assert_eq!(printed, committed, "write docs/perm-infer.schema.json with `perm-infer debug config-schema`");
}

#[test]
fn what_is_something_else_in_each_command_is_said_in_their_tables() {
    let sandbox = app("trust-policy = \"lambda\"\n");
    for command in [&["src"][..], &["diagnose", "no message"]] {
        let run = sandbox.run(command);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        let said = "perm-infer.toml:1: error: `trust-policy` is something else in each command; set it in a table of [infer], [diagnose]";
        assert!(run.stderr.starts_with(said), "{}", run.stderr);
    }
    let denied = "User: arn:aws:sts::123456789012:assumed-role/app/f is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/worker";
    let sandbox = app("var = { BUCKET = \"b\" }\n[infer]\ntrust-policy = \"lambda\"\n[diagnose]\ntrust-policy = \"trust.json\"\n")
        .with("trust.json", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#);
    let run = sandbox.run(&["src"]);
    assert!(run.stdout.contains("lambda.amazonaws.com"), "{}{}", run.stdout, run.stderr);
    let run = sandbox.run(&["diagnose", denied, "--format", "json"]);
    assert!(run.stdout.contains("trust.json"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_value_that_only_other_commands_know_is_for_them() {
    let sandbox = app("format = \"yaml\"\nvar = { BUCKET = \"b\" }\n");
    assert!(sandbox.run(&["src"]).stdout.starts_with("Version:"));
    let explained = sandbox.run(&["explain", "src"]);
    assert!(explained.stdout.contains("s3:GetObject (Read)"), "{}{}", explained.stdout, explained.stderr);
    let run = app("format = \"nonsense\"\n").run(&["src"]);
    assert_eq!(run.code, Some(2), "{}", run.stdout);
}
