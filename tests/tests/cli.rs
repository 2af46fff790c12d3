//! The command line contract: streams, exit codes, options, formats. One behaviour per test, each in a
//! fresh directory.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use perm_infer_tests::sandbox::{Run, Sandbox};
use serde_json::{Value, json};

/// A table whose name the environment holds, and a bucket whose name is a constant.
const APP: &str = r#"import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")


def load(event, context):
    return table.get_item(Key={"id": event["id"]})["Item"]


def export(event, context):
    store("daily.csv")


def store(key):
    s3.put_object(Bucket="reports", Key=key, Body=b"")
"#;

/// One call of which everything is known.
const BUCKET: &str = "import boto3\nboto3.client('s3').get_object(Bucket='reports', Key='a.csv')\n";

const GET_REPORT: &str = "s3:GetObject on arn:aws:s3:::reports/a.csv";
const PUT_REPORT: &str = "s3:PutObject on arn:aws:s3:::reports/daily.csv";
const GET_ANY_ITEM: &str = "dynamodb:GetItem on arn:aws:dynamodb:*:*:table/*";

fn empty() -> Sandbox {
    Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
}

fn app() -> Sandbox {
    empty().with("src/app.py", APP)
}

fn bucket() -> Sandbox {
    empty().with("a.py", BUCKET)
}

// Streams

#[test]
fn stdout_is_the_policy_and_nothing_else() {
    let run = app().run(&["src"]);
    assert_eq!(run.permissions(), [GET_ANY_ITEM, PUT_REPORT]);
    assert!(run.stdout.ends_with("}\n"), "{:?}", run.stdout);
    assert_eq!(run.code, Some(0));
}

#[test]
fn a_diagnostic_says_place_severity_message_code_and_remedy() {
    let run = app().run(&["src"]);
    let line = run.stderr.lines().next().unwrap_or_default();
    assert!(line.starts_with("src/app.py:4:"), "{line}");
    assert!(line.contains(": warning: ") && line.contains("[unresolved-environment]; "), "{line}");
    assert!(line.contains("--var TABLE=VALUE"), "{line}");
}

#[test]
fn the_last_line_sums_up() {
    let run = app().run(&["src"]);
    let line = run.stderr.lines().last().unwrap_or_default();
    assert_eq!(line, "perm-infer: 1 file, 2 calls, 2 actions, 2 statements, 1 unresolved");
}

#[test]
fn the_document_is_valid_when_the_code_calls_nothing() {
    let run = empty().with("a.py", "print('hello')\n").run(&["."]);
    assert_eq!(run.json(), json!({"Version": "2012-10-17", "Statement": []}));
    assert_eq!(run.code, Some(0));
}

#[test]
fn the_document_is_valid_when_nothing_was_found() {
    let run = empty().run(&["."]);
    assert_eq!(run.json(), json!({"Version": "2012-10-17", "Statement": []}));
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let sandbox = bucket();
    let mut child = Command::new(sandbox.binary())
        .args(["--format", "report", "."])
        .current_dir(sandbox.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().expect("stderr").read_to_string(&mut stderr).expect("text");
    assert_eq!(child.wait().expect("ends").code(), Some(0));
    assert!(!stderr.contains("error") && !stderr.contains("panic"), "{stderr}");
}

#[test]
fn nobody_has_to_listen_to_stderr() {
    let sandbox = app();
    let mut child = Command::new(sandbox.binary())
        .arg("src")
        .current_dir(sandbox.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stderr.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.ends_with(b"}\n"));
}

// Paths

#[test]
fn without_a_path_the_current_directory_is_read() {
    assert_eq!(bucket().run(&[]).permissions(), [GET_REPORT]);
}

#[test]
fn the_default_command_has_a_name() {
    let sandbox = bucket();
    assert_eq!(sandbox.run(&["infer", "."]).stdout, sandbox.run(&["."]).stdout);
}

#[test]
fn paths_are_shown_as_they_were_given() {
    let sandbox = app();
    let absolute = sandbox.path().join("src").to_string_lossy().into_owned();
    for (given, shown) in [("src", "src/app.py:4:"), ("./src", "src/app.py:4:"), (&absolute, &absolute)] {
        let stderr = sandbox.run(&[given]).stderr;
        assert!(stderr.starts_with(shown), "{given}: {stderr}");
    }
}

#[test]
fn several_paths_are_one_application() {
    let run = app().with("b/a.py", BUCKET).run(&["src", "b/a.py"]);
    assert_eq!(run.permissions(), [GET_ANY_ITEM, GET_REPORT, PUT_REPORT]);
}

#[test]
fn standard_input_is_a_path() {
    let sandbox = empty();
    let mut command = sandbox.command(&["-", "--language", "python"]);
    assert_eq!(Run::of(command.write_stdin(BUCKET)).permissions(), [GET_REPORT]);
}

#[test]
fn standard_input_may_be_typescript() {
    let source = r#"import { S3Client, GetObjectCommand } from "@aws-sdk/client-s3";
const s3: S3Client = new S3Client({});
await s3.send(new GetObjectCommand({ Bucket: "reports" as string, Key: "a.csv" }));
"#;
    let sandbox = empty();
    let mut command = sandbox.command(&["-", "--language", "typescript"]);
    let run = Run::of(command.write_stdin(source));
    assert_eq!(run.permissions(), [GET_REPORT]);
    assert_eq!(run.codes(), Vec::<String>::new());
}

#[test]
fn standard_input_without_a_language_is_wrong_usage() {
    let sandbox = empty();
    let run = Run::of(sandbox.command(&["-"]).write_stdin(BUCKET));
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--language python"), "{}", run.stderr);
}

// Exit codes

#[test]
fn a_path_that_does_not_exist_is_an_error_but_others_are_read() {
    let run = bucket().run(&["nowhere", "a.py"]);
    assert_eq!(run.permissions(), [GET_REPORT]);
    assert_eq!(run.codes(), ["path-not-found"]);
    assert_eq!(run.code, Some(2));
}

#[test]
fn nothing_to_read_is_an_error() {
    let run = empty().with("readme.txt", "text").run(&["."]);
    assert_eq!(run.codes(), ["no-source-files"]);
    assert_eq!(run.code, Some(2));
}

#[test]
fn nothing_but_files_that_are_left_out_is_an_error() {
    let run = empty().with("a.min.js", "x()").with("b.py", b"\0\0").run(&["."]);
    assert_eq!(run.code, Some(2));
    assert!(run.codes().contains(&"nothing-read".to_owned()), "{}", run.stderr);
}

#[test]
fn an_unknown_option_is_wrong_usage_and_leaves_stdout_empty() {
    let run = bucket().run(&["--nonsense"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
}

#[test]
fn strict_fails_when_something_stayed_unresolved_but_still_prints_the_policy() {
    let run = app().run(&["--strict", "src"]);
    assert_eq!(run.code, Some(3));
    assert_eq!(run.permissions(), [GET_ANY_ITEM, PUT_REPORT]);
    assert!(run.stderr.contains("error: one thing stayed unresolved [strict]"), "{}", run.stderr);
}

#[test]
fn strict_succeeds_when_everything_is_known() {
    let run = app().run(&["--strict", "--var", "TABLE=orders", "src"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn an_error_outweighs_strict() {
    assert_eq!(app().run(&["--strict", "src", "nowhere"]).code, Some(2));
}

// What is read

#[test]
fn tests_are_left_out_and_counted_unless_asked_for() {
    let sandbox = bucket().with("test_a.py", APP);
    let run = sandbox.run(&["."]);
    assert_eq!(run.permissions(), [GET_REPORT]);
    assert!(run.stderr.contains("1 test file left out"), "{}", run.stderr);
    let run = sandbox.run(&["--include-tests", "."]);
    assert_eq!(run.permissions(), [GET_ANY_ITEM, GET_REPORT, PUT_REPORT]);
}

#[test]
fn excluded_files_are_not_read() {
    let sandbox = bucket().with("old/app.py", APP);
    assert_eq!(sandbox.run(&["--exclude", "old/", "."]).permissions(), [GET_REPORT]);
}

#[test]
fn a_glob_that_makes_no_sense_is_an_error() {
    let run = bucket().run(&["--exclude", "[z-a]", "."]);
    assert_eq!(run.code, Some(2));
    assert_eq!(run.codes(), ["bad-glob"]);
}

#[test]
fn other_languages_are_not_read() {
    let sandbox = bucket().with("b.js", "import { S3 } from '@aws-sdk/client-s3';\n");
    let run = sandbox.run(&["--language", "python", "-v", "."]);
    assert!(run.stderr.contains("perm-infer: 1 file,"), "{}", run.stderr);
}

#[test]
fn an_unknown_language_is_an_error_that_names_the_known_ones() {
    let run = bucket().run(&["--language", "cobol", "."]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("`cobol`") && run.stderr.contains("python"), "{}", run.stderr);
}

#[test]
fn an_entry_limits_the_policy_to_what_it_reaches() {
    let run = app().run(&["--entry", "src/app.py:export", "src"]);
    assert_eq!(run.permissions(), [PUT_REPORT]);
}

#[test]
fn several_entries_add_up() {
    let run = app().run(&["--entry", "app.py:export", "--entry", "app.py:load", "src"]);
    assert_eq!(run.permissions(), [GET_ANY_ITEM, PUT_REPORT]);
}

#[test]
fn an_entry_that_does_not_exist_is_an_error_that_names_what_does() {
    let run = app().run(&["--entry", "app.py:handler", "src"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("load, export, store"), "{}", run.stderr);
    assert_eq!(app().run(&["--entry", "other.py", "src"]).code, Some(2));
}

#[test]
fn likely_calls_can_be_left_out() {
    let source =
        format!("{BUCKET}\n\ndef f(client):\n    client.put_object(Bucket='b', Key='k', Body=b'')\n");
    let sandbox = empty().with("a.py", source);
    let likely = sandbox.run(&["."]);
    assert_eq!(likely.permissions(), [GET_REPORT, "s3:PutObject on arn:aws:s3:::b/k"]);
    assert_eq!(likely.codes(), ["likely-call"]);
    let certain = sandbox.run(&["--confidence", "certain", "."]);
    assert_eq!(certain.permissions(), [GET_REPORT]);
    assert_eq!(certain.codes(), Vec::<String>::new());
}

#[test]
fn the_result_does_not_depend_on_threads_or_prefilter() {
    let mut sandbox = app();
    for number in 0..40 {
        let source = BUCKET.replace("a.csv", &format!("{number}.csv"));
        sandbox =
            sandbox.with(&format!("src/m{number}.py"), source).with(&format!("src/n{number}.py"), "x = 1");
    }
    let one = sandbox.run(&["-j", "1", "--format", "report", "src"]);
    for options in [&["-j", "4"][..], &["-j", "0"], &[]] {
        let arguments = [options, &["--format", "report", "src"]].concat();
        let run = sandbox.run(&arguments);
        assert_eq!((run.stdout, run.stderr), (one.stdout.clone(), one.stderr.clone()), "{options:?}");
    }
    let unfiltered = sandbox.run(&["--no-prefilter", "--format", "json", "src"]);
    assert_eq!(unfiltered.stdout, sandbox.run(&["src"]).stdout);
}

// What the deployment knows

#[test]
fn a_variable_names_a_resource() {
    let run = app().run(&["--var", "TABLE=orders", "src"]);
    assert_eq!(run.permissions(), ["dynamodb:GetItem on arn:aws:dynamodb:*:*:table/orders", PUT_REPORT]);
    assert_eq!(run.codes(), Vec::<String>::new());
}

#[test]
fn a_wildcard_in_a_variable_does_not_widen_the_policy() {
    let run = app().run(&["--var", "TABLE=*", "src"]);
    assert_eq!(run.permissions()[0], "dynamodb:GetItem on arn:aws:dynamodb:*:*:table/${*}");
}

#[test]
fn a_variable_without_a_value_is_wrong_usage() {
    let run = app().run(&["--var", "TABLE", "src"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("--var TABLE_NAME=orders"), "{}", run.stderr);
}

#[test]
fn an_environment_file_names_resources_and_var_wins_over_it() {
    let sandbox = app().with(".env", "# names\nexport TABLE=\"from-file\"\n");
    let run = sandbox.run(&["--env-file", ".env", "src"]);
    assert_eq!(run.permissions()[0], "dynamodb:GetItem on arn:aws:dynamodb:*:*:table/from-file");
    let run = sandbox.run(&["--env-file", ".env", "--var", "TABLE=orders", "src"]);
    assert_eq!(run.permissions()[0], "dynamodb:GetItem on arn:aws:dynamodb:*:*:table/orders");
}

#[test]
fn an_environment_file_that_cannot_be_read_is_an_error() {
    let run = app().run(&["--env-file", "nowhere.env", "src"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.starts_with("nowhere.env: error: "), "{}", run.stderr);
}

#[test]
fn the_environment_of_the_process_is_not_looked_at() {
    let sandbox = app();
    let run = Run::of(sandbox.command(&["src"]).env("TABLE", "orders"));
    assert_eq!(run.permissions()[0], GET_ANY_ITEM);
}

#[test]
fn region_account_and_partition_fill_the_arns() {
    let place = ["--region", "cn-north-1", "--account", "123456789012", "--partition", "aws-cn"];
    let run = app().run(&[&place[..], &["--var", "TABLE=orders", "src"]].concat());
    let expected = [
        "dynamodb:GetItem on arn:aws-cn:dynamodb:cn-north-1:123456789012:table/orders",
        "s3:PutObject on arn:aws-cn:s3:::reports/daily.csv",
    ];
    assert_eq!(run.permissions(), expected);
}

#[test]
fn a_place_that_cannot_be_is_wrong_usage() {
    for [option, value] in [["--region", "eu-*"], ["--account", "12345"], ["--partition", "azure"]] {
        let run = app().run(&[option, value, "src"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{option} {value}");
        assert!(run.stderr.contains(option) && run.stderr.contains(value), "{}", run.stderr);
    }
}

// Formats

#[test]
fn yaml_says_the_same_as_json() {
    let sandbox = app();
    let yaml = sandbox.run(&["--format", "yaml", "src"]).stdout;
    assert!(yaml.starts_with("Version: \"2012-10-17\"\nStatement:\n  - Sid: "), "{yaml}");
    let read: Value = serde_norway::from_str(&yaml).expect("YAML");
    assert_eq!(read, sandbox.run(&["src"]).json());
}

#[test]
fn the_report_leads_from_a_statement_to_lines_and_names() {
    let sandbox = app();
    let report = sandbox.run(&["--format", "report", "src"]).json();
    assert_eq!(report["version"], 1);
    assert_eq!(report["document"], sandbox.run(&["src"]).json());
    let put = &report["requirements"][1];
    assert_eq!((&put["action"], &put["access_level"]), (&json!("s3:PutObject"), &json!("Write")));
    let call = &report["calls"][put["calls"][0]["call"].as_u64().expect("a position") as usize];
    assert_eq!(call["location"], json!({"path": "src/app.py", "line": 17, "column": 5}));
    let chain = call["chain"].as_array().expect("a chain");
    let functions: Vec<&Value> = chain.iter().map(|step| &step["function"]).collect();
    assert_eq!(functions, ["export", "store"]);
    let parts = put["calls"][0]["parts"].as_array().expect("parts");
    let constants: Vec<&Value> = parts.iter().map(|part| &part["value"]).collect();
    assert!(constants.contains(&&json!("reports")) && constants.contains(&&json!("daily.csv")), "{parts:?}");
    assert_eq!(report["diagnostics"][0]["code"], "unresolved-environment");
    assert_eq!(report["summary"]["unresolved"], 1);
}

#[test]
fn a_format_that_does_not_exist_is_refused_with_those_that_do() {
    let run = app().run(&["--format", "toml", "src"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("json, yaml, sam, cloudformation"), "{}", run.stderr);
}

#[test]
fn explain_shows_calls_lines_callers_and_names() {
    let run = app().run(&["explain", "src"]);
    for part in [
        "src/app.py:17:5 s3.PutObject\n",
        "s3.put_object(Bucket=\"reports\", Key=key, Body=b\"\")\n",
        "called by export (src/app.py:13) -> store (src/app.py:17)\n",
        "\"reports\" at src/app.py:17",
        "\"daily.csv\" at src/app.py:13",
        "environment variable TABLE at src/app.py:4",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    assert_eq!(run.code, Some(0));
}

#[test]
fn explain_lists_calls_that_need_no_permission() {
    let source = "import boto3\nboto3.client('sts').get_caller_identity()\n";
    let run = empty().with("a.py", source).run(&["explain", "."]);
    let (_, after) = run.stdout.split_once("Calls that need no permission\n").expect("a section");
    assert!(after.contains("a.py:2:1 sts.GetCallerIdentity"), "{after}");
}

#[test]
fn a_command_after_a_path_is_not_taken_for_a_path() {
    let run = app().run(&["src", "explain"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("explain"), "{}", run.stderr);
}

// Output files

#[test]
fn output_goes_to_the_file_instead_of_stdout() {
    let sandbox = bucket();
    let run = sandbox.run(&["-o", "policy.json", "a.py"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""));
    assert_eq!(sandbox.read("policy.json"), sandbox.run(&["a.py"]).stdout);
    assert_eq!(sandbox.names(), ["a.py", "policy.json"]);
}

#[test]
#[cfg(unix)]
fn an_output_file_is_replaced_and_never_half_written() {
    use std::os::unix::fs::MetadataExt;
    let sandbox = bucket().with("policy.json", "old");
    let path = sandbox.path().join("policy.json");
    let old = fs::File::open(&path).expect("opens");
    assert_eq!(sandbox.run(&["-o", "policy.json", "a.py"]).code, Some(0));
    let mut text = String::new();
    (&old).read_to_string(&mut text).expect("reads");
    assert_eq!(text, "old");
    assert_ne!(old.metadata().expect("metadata").ino(), fs::metadata(&path).expect("metadata").ino());
}

#[test]
#[cfg(unix)]
fn a_new_output_file_can_be_read_like_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = bucket().with("other", "");
    assert_eq!(sandbox.run(&["-o", "policy.json", "a.py"]).code, Some(0));
    let mode = |name: &str| fs::metadata(sandbox.path().join(name)).expect("file").permissions().mode();
    assert_eq!(mode("policy.json"), mode("other"));
}

#[test]
fn an_output_file_that_cannot_be_written_is_an_error() {
    let run = bucket().run(&["-o", "no/such/policy.json", "a.py"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("no/such/policy.json: error: "), "{}", run.stderr);
}

// How much is said, and how

#[test]
fn quiet_says_only_errors() {
    assert_eq!(app().run(&["-q", "src"]).stderr, "");
    assert_eq!(app().run(&["-q", "src", "nowhere"]).codes(), ["path-not-found"]);
    assert_eq!(app().run(&["-q", "--strict", "src"]).codes(), ["strict"]);
}

#[test]
fn an_event_source_that_is_switched_off_is_a_note() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.13
      Events:
        Jobs:
          Type: SQS
          Properties: {Queue: !GetAtt Queue.Arn, Enabled: false}
  Queue: {Type: AWS::SQS::Queue}
";
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
        .with("app.py", "def handler(event, context):\n    return event\n")
        .with("template.yaml", template);
    let run = sandbox.run(&["-v", "."]);
    assert!(!run.stdout.contains("sqs:"), "{}", run.stdout);
    assert!(
        run.stderr.contains("template.yaml:12:59: note: an event source of Work is disabled"),
        "{}",
        run.stderr
    );
}

#[test]
fn notes_are_counted_and_shown_when_asked_for() {
    let sandbox = bucket().with("package.json", "{}").with("dist/b.js", "x");
    let plain = sandbox.run(&["."]);
    assert_eq!(plain.codes(), Vec::<String>::new());
    assert!(plain.stderr.ends_with("; 1 note, -v shows it\n"), "{}", plain.stderr);
    let verbose = sandbox.run(&["-v", "."]);
    assert_eq!(verbose.codes(), ["build-output"]);
    assert!(verbose.stderr.ends_with(" s\n"), "{}", verbose.stderr);
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let sandbox = app();
    for (when, colours) in [("auto", false), ("never", false), ("always", true)] {
        let run = sandbox.run(&["explain", "--color", when, "src"]);
        assert_eq!(run.stdout.contains('\u{1b}'), colours, "{when}");
        assert_eq!(run.stderr.contains('\u{1b}'), colours, "{when}");
    }
}

#[test]
fn the_document_never_has_colours() {
    for format in ["json", "yaml", "report"] {
        let run = app().run(&["--color", "always", "--format", format, "src"]);
        assert!(!run.stdout.contains('\u{1b}'), "{format}");
    }
}

#[test]
fn progress_is_for_terminals() {
    for when in ["auto", "always", "never"] {
        let run = bucket().run(&["--progress", when, "."]);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
}

#[test]
#[cfg(unix)]
fn names_in_scanned_code_cannot_reach_the_terminal_as_they_are() {
    let source = APP.replace("TABLE", "T\\x1b[2J\u{202e}").replace("daily.csv", "\\x1b[31mred\\n");
    let sandbox = empty().with("src/\u{1b}[1ma.py", source);
    for arguments in [
        &["explain", "src"][..],
        &["-v", "src"],
        &["--format", "report", "src"],
        &["--format", "yaml", "src"],
    ] {
        let run = sandbox.run(arguments);
        for text in [run.stdout, run.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{arguments:?} {text:?}");
        }
    }
}

// Help

#[test]
fn help_shows_three_examples() {
    for option in ["-h", "--help"] {
        let run = empty().run(&[option]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        let (_, examples) = run.stdout.split_once("Examples:\n").expect("examples");
        assert_eq!(examples.lines().filter(|line| line.starts_with("  perm-infer ")).count(), 3);
    }
}

#[test]
fn help_names_every_option_of_the_contract_that_exists_and_hides_the_rest() {
    let help = empty().run(&["--help"]).stdout;
    for option in [
        "--format",
        "--output",
        "--entry",
        "--var",
        "--env-file",
        "--region",
        "--account",
        "--partition",
        "--confidence",
        "--include-tests",
        "--exclude",
        "--language",
        "--strict",
        "--threads",
        "--quiet",
        "--verbose",
        "--color",
        "--progress",
    ] {
        assert!(help.contains(option), "{option}");
    }
    assert!(!help.contains("prefilter") && !help.contains("debug"), "{help}");
}

#[test]
fn the_version_is_that_of_the_package() {
    let run = empty().run(&["--version"]);
    assert_eq!(run.stdout, format!("perm-infer {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_exist_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = empty().run(&["completions", shell]);
        assert!(run.code == Some(0) && run.stdout.contains("explain"), "{shell}");
    }
}

#[test]
fn facts_of_a_file_can_be_looked_at() {
    let run = bucket().run(&["debug", "facts", "a.py"]);
    assert!(run.code == Some(0) && run.stdout.contains("get_object"), "{}", run.stdout);
    assert_eq!(bucket().run(&["debug", "facts", "nowhere.py"]).code, Some(2));
    assert_eq!(empty().with("a.txt", "").run(&["debug", "facts", "a.txt"]).code, Some(2));
}
