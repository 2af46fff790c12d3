//! `perm-infer merge`: shards that are joined are what one scan of all of them finds.
#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use perm_infer_tests::case;
use perm_infer_tests::sandbox::{Run, Sandbox};

const PARTS: [&str; 3] = [
    "corpus/python/batch-writer",
    "corpus/python/call-paginator-objects",
    "corpus/python/call-chained-in-one-line",
];

fn in_repository(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    Run::of(sandbox.command(arguments).current_dir(case::repository()))
}

#[test]
fn shards_are_what_one_scan_finds() {
    let parts = PARTS;
    let mut sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"));
    let whole = in_repository(&sandbox, &[&parts[..], &["--format", "report"]].concat());
    let mut names = Vec::new();
    for (position, part) in parts.iter().enumerate() {
        let run = in_repository(&sandbox, &[part, "--format", "report"]);
        names.push(format!("{position}.json"));
        sandbox = sandbox.with(&names[position], run.stdout);
    }
    names.reverse();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let merged = sandbox.run(&[&["merge"], &names[..]].concat());
    assert_eq!((merged.code, merged.stderr.as_str()), (Some(0), ""));
    assert_eq!(merged.stdout, whole.stdout);
}

#[test]
fn conflicts_are_told_and_names_take_them_away() {
    let app = |call: &str| format!("import boto3\n\nboto3.client('s3').{call}(Bucket='b', Key='a')\n");
    let mut sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"));
    for call in ["get_object", "delete_object"] {
        sandbox = sandbox.with("app.py", app(call));
        let report = sandbox.run(&["app.py", "--format", "report"]).stdout;
        sandbox = sandbox.with(&format!("{call}.json"), report);
    }
    let run = sandbox.run(&["merge", "get_object.json", "delete_object.json"]);
    assert_eq!((run.code, run.codes()), (Some(1), vec!["merge-conflict".to_owned()]), "{}", run.stderr);
    assert!(
        run.stderr.starts_with("app.py:3:1: warning: two reports have another line here"),
        "{}",
        run.stderr
    );
    let apart = ["merge", "one=get_object.json", "two=delete_object.json", "-o", "whole.json"];
    assert_eq!(sandbox.run(&apart).code, Some(0));
    let whole: serde_json::Value = serde_json::from_str(&sandbox.read("whole.json")).expect("JSON");
    assert_eq!(whole["summary"]["calls"], 2);
    assert_eq!(whole["calls"][1]["location"]["path"], "two/app.py");
    // What was joined is a report: it can be compared and joined again.
    let again = sandbox.run(&["merge", "whole.json"]);
    assert_eq!(again.stdout, sandbox.read("whole.json"));
    assert_eq!(sandbox.run(&["diff", "get_object.json", "whole.json", "--exit-code"]).code, Some(1));
}

#[test]
fn what_is_no_report_is_refused_by_name() {
    let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("a.json", "{}").with("b.json", "[");
    let run = sandbox.run(&["merge", "a.json", "x=b.json", "nowhere.json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    let run = sandbox.run(&["merge", "a.json", "x=b.json"]);
    assert!(
        run.stderr.contains("a.json: error: this is no report") && run.stderr.contains("b.json: error"),
        "{}",
        run.stderr
    );
    assert_eq!(sandbox.run(&["merge", "../x=a.json"]).code, Some(2));
}
