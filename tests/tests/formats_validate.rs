//! What the binary writes for other tools is what their schemas want: SARIF logs by the published schema of SARIF
//! 2.1.0, reports by `docs/report.schema.json`. Fingerprints of SARIF results survive edits elsewhere.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use perm_infer_tests::sandbox::{Run, Sandbox};
use perm_infer_tests::{case, tools};
use serde_json::Value;

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

/// The mistakes of documents; `schema` is a path, or `sarif`.
fn mistakes(schema: &str, documents: &[PathBuf]) -> String {
    let node = tools::formats(Path::new(SCRATCH)).expect("Node.js with its packages");
    let output = Command::new("node")
        .arg(node.folder.join("validate.mjs"))
        .arg(schema)
        .args(documents)
        .output()
        .expect("node starts");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn repository_run(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    Run::of(sandbox.command(arguments).current_dir(case::repository()))
}

/// What the binary writes for each of several command lines, in files.
fn written(sandbox: &Sandbox, commands: &[Vec<String>]) -> Vec<PathBuf> {
    let write = |(position, command): (usize, &Vec<String>)| {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let run = repository_run(sandbox, &arguments);
        assert!(!run.stdout.is_empty(), "{arguments:?}: {}", run.stderr);
        let path = sandbox.path().join(format!("{position}.json"));
        fs::write(&path, run.stdout).expect("a file");
        path
    };
    commands.iter().enumerate().map(write).collect()
}

const LANGUAGES: [&str; 4] = ["corpus/python", "corpus/javascript", "corpus/typescript", "corpus/templates"];

fn of_languages(format: &str) -> Vec<Vec<String>> {
    let command = |path: &&str| vec![(*path).to_owned(), "--format".to_owned(), format.to_owned()];
    LANGUAGES.iter().map(command).collect()
}

/// Every value of a key in a document, wherever it is.
fn values<'v>(document: &'v Value, key: &str, found: &mut Vec<&'v Value>) {
    match document {
        Value::Object(entries) => {
            for (name, value) in entries {
                if name == key {
                    found.push(value);
                }
                values(value, key, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| values(item, key, found)),
        _ => {}
    }
}

#[test]
fn sarif_of_the_whole_corpus_is_valid_with_relative_places_and_unique_fingerprints() {
    let sandbox = Sandbox::new(SCRATCH);
    let mut commands = of_languages("sarif");
    let pairs = fs::read_dir(case::repository().join("corpus/diff")).expect("pairs");
    for pair in pairs {
        let pair = pair.expect("an entry").path();
        if pair.is_dir() {
            let side = |name: &str| pair.join(name).to_string_lossy().into_owned();
            commands.push(["diff".to_owned(), side("before"), side("after")].to_vec());
        }
    }
    for path in ["corpus/templates/sam-runtime-needs", "corpus/templates/sam-environment-names"] {
        commands.push(vec!["check".to_owned(), path.to_owned()]);
    }
    let policy = ["--policy", "docs/examples/policy.json"].map(str::to_owned);
    commands.push([&["check".to_owned(), "corpus/python/batch-writer".to_owned()], &policy[..]].concat());
    for command in commands.iter_mut().skip(LANGUAGES.len()) {
        command.extend(["--format".to_owned(), "sarif".to_owned()]);
    }
    let files = written(&sandbox, &commands);
    assert!(files.len() > 44, "{}", files.len());
    assert_eq!(mistakes("sarif", &files), "");
    let (mut results, mut flows) = (0, 0);
    for (file, command) in files.iter().zip(&commands) {
        let log: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let (mut places, mut prints, mut found) = (Vec::new(), Vec::new(), Vec::new());
        values(&log["runs"], "uri", &mut places);
        for place in places {
            let place = place.as_str().expect("text");
            assert!(!place.starts_with('/') && !place.contains(':'), "{place}");
        }
        values(&log, "partialFingerprints", &mut prints);
        let distinct: BTreeSet<String> = prints.iter().map(|print| print.to_string()).collect();
        assert_eq!(distinct.len(), prints.len(), "{command:?}");
        values(&log, "codeFlows", &mut found);
        results += prints.len();
        flows += found.len();
    }
    assert!(results > 100 && flows > 50, "{results} results, {flows} flows");
}

#[test]
fn fingerprints_stay_when_other_lines_change() {
    let code = "import boto3\n\ns3 = boto3.client('s3')\n\n\ndef read(name):\n    return s3.get_object(Bucket=name, Key='a')\n\n\ndef handler(event, context):\n    read(event['name'])\n    s3.get_object(Bucket=event['other'], Key='a')\n";
    let print = |code: String| {
        let log = Sandbox::new(SCRATCH).with("app.py", code).run(&[".", "--format", "sarif"]).json();
        let (mut found, mut lines) = (Vec::new(), Vec::new());
        values(&log, "partialFingerprints", &mut found);
        values(&log, "startLine", &mut lines);
        let texts = |values: Vec<&Value>| values.into_iter().map(Value::to_string).collect::<Vec<_>>();
        (texts(found), texts(lines))
    };
    let (before, lines) = print(code.to_owned());
    assert_eq!(before.len(), 2, "{before:?}");
    let moved = code
        .replace("import boto3", "import os\nimport boto3\n\nLIMIT = 3\n")
        .replace("def handler", "# Entry\ndef handler");
    let (after, moved_lines) = print(moved);
    assert_eq!(before, after);
    assert_ne!(lines, moved_lines);
    // Another call is another result, and the others stay.
    let (more, _) = print(format!("{code}    s3.delete_object(Bucket=event['name'], Key='a')\n"));
    assert_eq!(more.iter().filter(|print| before.contains(print)).count(), before.len());
    assert_eq!(more.len(), before.len() + 1);
}

#[test]
fn reports_of_the_whole_corpus_are_as_their_schema_says() {
    let sandbox = Sandbox::new(SCRATCH);
    let files = written(&sandbox, &of_languages("report"));
    let schema = case::repository().join("docs/report.schema.json");
    assert_eq!(mistakes(&schema.to_string_lossy(), &files), "");
    // The schema does refuse something.
    let wrong = sandbox.path().join("wrong.json");
    let text = fs::read_to_string(&files[0]).unwrap().replacen("\"version\": 1", "\"version\": 2", 1);
    fs::write(&wrong, text).unwrap();
    assert!(mistakes(&schema.to_string_lossy(), &[wrong]).contains(".version"));
}

#[test]
fn places_are_relative_references_and_calls_have_their_way_in_every_log() {
    let code = "import boto3\n\ns3 = boto3.client('s3')\n\n\ndef read(name):\n    return s3.get_object(Bucket=name, Key='a')\n\n\ndef handler(event, context):\n    read(event['name'])\n";
    let path = "source code/ü#1/app.py";
    let sandbox = Sandbox::new(SCRATCH)
        .with(&format!("new/{path}"), code)
        .with("old/readme.py", "")
        .with("policy.json", r#"{"Version": "2012-10-17", "Statement": []}"#);
    let encoded = "source%20code/%C3%BC%231/app.py";
    let inside = |arguments: &[&str]| {
        Run::of(sandbox.command(arguments).current_dir(sandbox.path().join("new"))).json()
    };
    let logs = [
        ("infer", inside(&[".", "--format", "sarif"])),
        ("diff", sandbox.run(&["diff", "old", "new", "--format", "sarif"]).json()),
        ("check", inside(&["check", ".", "--policy", "../policy.json", "--format", "sarif"])),
    ];
    for (command, log) in &logs {
        let result = &log["runs"][0]["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], encoded, "{command}: {result:#}");
        assert_eq!(place["region"]["startLine"], 7, "{command}: {result:#}");
        let steps = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array();
        let steps = steps.unwrap_or_else(|| panic!("{command}: {result:#}"));
        let told: Vec<(&Value, &Value)> = steps
            .iter()
            .map(|step| &step["location"])
            .map(|at| (&at["message"]["text"], &at["physicalLocation"]["region"]["startLine"]))
            .collect();
        let expected =
            [("in handler", 11), ("in read", 7)].map(|(text, line)| (Value::from(text), Value::from(line)));
        let expected: Vec<(&Value, &Value)> = expected.iter().map(|(text, line)| (text, line)).collect();
        assert_eq!(told, expected, "{command}");
    }
}

/// The fingerprints of comparisons and checks stay too: they are about permissions, not about lines.
#[test]
fn fingerprints_of_comparisons_and_checks_stay_when_other_lines_change() {
    let code = |before: &str| {
        format!("import boto3\n{before}\ns3 = boto3.client('s3')\ns3.get_object(Bucket='b', Key='a')\n")
    };
    let policy = |before: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{before}
            {{"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::b/a"}}]}}"#
        )
    };
    let prints = |code: String, policy: String| {
        let sandbox =
            Sandbox::new(SCRATCH).with("new/app.py", code).with("old/app.py", "").with("policy.json", policy);
        let diff = sandbox.run(&["diff", "old", "new", "--format", "sarif"]).json();
        let check = sandbox.run(&["check", "new", "--policy", "policy.json", "--format", "sarif"]).json();
        [diff, check].map(|log| {
            let mut found = Vec::new();
            values(&log, "partialFingerprints", &mut found);
            found.into_iter().map(Value::to_string).collect::<Vec<_>>()
        })
    };
    let before = prints(code(""), policy(""));
    let after = prints(code("\nLIMIT = 3\n# More\n"), policy("\n\n"));
    assert_eq!(before, after);
    assert_eq!(before.map(|prints| prints.len()), [1, 2]);
}
