//! `perm-infer lookup`: streams, exit codes and odd queries. What it says is tested where it is made.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use perm_infer_tests::sandbox::{Run, Sandbox};

fn lookup(arguments: &[&str]) -> Run {
    let arguments: Vec<&str> = ["lookup"].iter().chain(arguments).copied().collect();
    Sandbox::new(env!("CARGO_TARGET_TMPDIR")).run(&arguments)
}

#[test]
fn a_known_name_is_explained_on_stdout() {
    let run = lookup(&["put_item"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(run.stdout.contains("dynamodb:PutItem (Write)"), "{}", run.stdout);
    assert!(run.stdout.contains("table/${TableName}"), "{}", run.stdout);
    assert!(!run.stdout.contains('\u{1b}'));
}

#[test]
fn an_unknown_name_gets_the_nearest_ones_and_the_answer_no() {
    let run = lookup(&["get_objcet"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.contains("[unknown-name]; did you mean get_object"), "{}", run.stderr);
    let run = lookup(&["get_objcet", "--format", "json"]);
    assert_eq!((run.code, &run.json()["nearest"][0]), (Some(1), &"get_object".into()));
}

#[test]
fn a_query_is_needed() {
    let run = lookup(&[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
}

#[test]
fn odd_characters_come_out_inert() {
    let long = "x".repeat(50_000);
    for query in
        ["\u{1b}]0;x\u{7}\u{1b}[2J", "a\u{202e}b\nerror: c", "::", "", "-", "s3:*", "Zürich 東京", &long]
    {
        for format in ["text", "json"] {
            let run = lookup(&["--format", format, "--color", "never", "--", query]);
            assert_eq!(run.code, Some(1), "{query:?} {}", run.stderr);
            let active = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!run.stderr.contains(active), "{:?}", run.stderr);
            assert!(!run.stdout.contains(active), "{:?}", run.stdout);
            assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        }
    }
}
