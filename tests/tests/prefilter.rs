//! Leaving files unparsed costs nothing: over the whole corpus the result is the same with and without.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::process::Command;

use perm_infer_tests::{binary, case};
use serde_json::Value;

/// Everything but the figures of how many files were parsed.
fn report(binary: &std::path::Path, folder: &std::path::Path, arguments: &[String]) -> Value {
    let output = Command::new(binary)
        .args(["--format", "report", "."])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the binary starts");
    let mut report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{}: {error}\n{}", folder.display(), String::from_utf8_lossy(&output.stderr))
    });
    report.as_object_mut().expect("an object").remove("files").expect("figures");
    report
}

fn without(arguments: &[String]) -> Vec<String> {
    [arguments, &["--no-prefilter".to_owned()]].concat()
}

#[test]
fn every_case_gives_the_same_with_and_without() {
    let binary = binary::path(env!("CARGO_TARGET_TMPDIR").as_ref()).expect("the binary");
    let cases = case::all().expect("the corpus");
    assert!(!cases.is_empty());
    for case in cases {
        let arguments = case.expectation().expect("an expectation").args;
        let filtered = report(&binary, &case.path, &arguments);
        assert_eq!(filtered, report(&binary, &case.path, &without(&arguments)), "{}", case.name);
    }
}

#[test]
fn the_corpus_as_one_application_gives_the_same_with_and_without() {
    let binary = binary::path(env!("CARGO_TARGET_TMPDIR").as_ref()).expect("the binary");
    let corpus = case::repository().join("corpus");
    assert_eq!(report(&binary, &corpus, &[]), report(&binary, &corpus, &without(&[])));
}
