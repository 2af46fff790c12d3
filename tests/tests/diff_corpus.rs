//! The pairs of `corpus/diff`: two states of an application and the hand-written changes between them.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use perm_infer_tests::{binary, case};
use serde::Deserialize;
use serde_json::Value;

/// So many pairs there are at least, lest an empty folder pass.
const PAIRS: usize = 40;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    #[allow(dead_code, reason = "for readers")]
    title: String,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default, rename = "change")]
    changes: Vec<Change>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Change {
    kind: String,
    action: String,
    /// The highest access level of the actions that change alike.
    level: String,
    #[serde(default)]
    functions: Vec<String>,
    #[serde(default)]
    risks: Vec<String>,
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
}

fn main() -> ExitCode {
    let folder = case::repository().join("corpus/diff");
    let entries = fs::read_dir(&folder).expect("the pairs").map(|entry| entry.expect("an entry").path());
    let mut pairs: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    pairs.sort();
    assert!(pairs.len() >= PAIRS, "{} pairs", pairs.len());
    let trials = pairs.into_iter().map(|pair| {
        let name = pair.file_name().expect("a name").to_string_lossy().into_owned();
        Trial::test(name, move || run(&pair))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

fn run(pair: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(pair.join("expect.toml"))?;
    let expectation: Expectation = toml::from_str(&text)?;
    let output = Command::new(binary::path(Path::new(env!("CARGO_TARGET_TMPDIR")))?)
        .args(["diff", "before", "after", "--format", "json"])
        .args(&expectation.args)
        .current_dir(pair)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let expected: BTreeSet<Change> = expectation.changes.into_iter().collect();
    let found = changes(&serde_json::from_slice(&output.stdout)?);
    if expected == found {
        return Ok(());
    }
    let missing: Vec<_> = expected.difference(&found).collect();
    let extra: Vec<_> = found.difference(&expected).collect();
    Err(format!("missing: {missing:#?}\nnot expected: {extra:#?}").into())
}

fn changes(report: &Value) -> BTreeSet<Change> {
    let texts = |value: &Value| -> Vec<String> {
        let values = value.as_array().into_iter().flatten();
        values.map(|one| one.as_str().unwrap_or("").to_owned()).collect()
    };
    let grants =
        |value: &Value| -> Vec<String> { value.as_array().into_iter().flatten().map(grant).collect() };
    let mut found = BTreeSet::new();
    for difference in report["differences"].as_array().expect("differences") {
        for action in texts(&difference["actions"]) {
            found.insert(Change {
                kind: difference["kind"].as_str().expect("a kind").to_owned(),
                action,
                level: difference["access_level"].as_str().unwrap_or("unknown").to_owned(),
                functions: texts(&difference["functions"]),
                risks: texts(&difference["risks"]),
                before: grants(&difference["before"]),
                after: grants(&difference["after"]),
            });
        }
    }
    found
}

/// A resource, with its conditions behind it where it has some: `ARN if StringEquals key = a or b`.
fn grant(grant: &Value) -> String {
    let resource = grant["resource"].as_str().unwrap_or_default();
    let mut conditions = Vec::new();
    for (operator, keys) in grant["conditions"].as_object().into_iter().flatten() {
        for (key, values) in keys.as_object().into_iter().flatten() {
            let list = values.as_array().cloned().unwrap_or_else(|| vec![values.clone()]);
            let list: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            conditions.push(format!("{operator} {key} = {}", list.join(" or ")));
        }
    }
    if conditions.is_empty() {
        resource.to_owned()
    } else {
        format!("{resource} if {}", conditions.join(" and "))
    }
}
