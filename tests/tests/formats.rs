//! Output for deployment tools, read back: each form says what the JSON documents of the functions say.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use perm_infer_tests::{binary, case};
use serde_json::Value;

/// Templates with references, nested stacks, conditions in policies and every kind of need.
const CASES: [&str; 6] = [
    "sam-environment-names",
    "sam-nested-stacks",
    "sam-runtime-needs",
    "sam-polled-sources",
    "sam-intrinsic-functions",
    "cfn-json-inline-code",
];

fn output(case: &str, format: &str) -> String {
    let binary = binary::path(Path::new(env!("CARGO_TARGET_TMPDIR"))).expect("the binary");
    let output = Command::new(binary)
        .args(["--per-function", "--quiet", "--format", format, "."])
        .current_dir(case::repository().join("corpus/templates").join(case))
        .output()
        .expect("the binary starts");
    assert!(output.status.success(), "{case} {format}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Action and resource of everything that documents allow.
fn pairs<'v>(documents: impl Iterator<Item = &'v Value>) -> BTreeSet<(String, String)> {
    let list = |value: &Value| -> Vec<String> {
        match value {
            Value::Array(items) => items.iter().map(text).collect(),
            one => vec![text(one)],
        }
    };
    let statements = documents.flat_map(|document| document["Statement"].as_array().expect("statements"));
    let mut pairs = BTreeSet::new();
    for statement in statements {
        for action in list(&statement["Action"]) {
            for resource in list(&statement["Resource"]) {
                pairs.insert((action.clone(), resource));
            }
        }
    }
    pairs
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn expected(case: &str) -> BTreeSet<(String, String)> {
    let json: Value = serde_json::from_str(&output(case, "json")).expect("JSON");
    pairs(json.as_object().expect("functions").values())
}

#[test]
fn yaml_says_what_json_says() {
    for case in CASES {
        let yaml: Value = serde_norway::from_str(&output(case, "yaml")).expect("YAML");
        assert_eq!(pairs(yaml.as_object().expect("functions").values()), expected(case), "{case}");
    }
}

#[test]
fn scripts_are_bash_with_the_documents_in_them() {
    for case in CASES {
        let script = output(case, "cli");
        let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().expect("bash starts");
        bash.stdin.take().expect("input").write_all(script.as_bytes()).expect("writes");
        assert!(bash.wait().expect("ends").success(), "{script}");
        let documents: Vec<Value> = script
            .split("<<'POLICY'\n")
            .skip(1)
            .map(|rest| serde_json::from_str(rest.split("\nPOLICY\n").next().expect("end")).expect("JSON"))
            .collect();
        assert_eq!(pairs(documents.iter()), expected(case), "{case}");
    }
}

#[test]
fn terraform_is_hcl_with_the_same_statements() {
    for case in CASES {
        let text = output(case, "terraform");
        let body: hcl::Body = hcl::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let mut found = BTreeSet::new();
        for data in body.blocks() {
            for statement in data.body().blocks() {
                let list = |name: &str| -> Vec<String> {
                    let attribute =
                        statement.body().attributes().find(|attribute| attribute.key() == name).expect(name);
                    match attribute.expr() {
                        hcl::Expression::Array(items) => items
                            .iter()
                            .map(|item| match item {
                                hcl::Expression::String(text) => text.replace("&{", "${"),
                                other => panic!("{other:?} is no string"),
                            })
                            .collect(),
                        other => panic!("{other:?} is no list"),
                    }
                };
                for action in list("actions") {
                    found.extend(list("resources").into_iter().map(|resource| (action.clone(), resource)));
                }
            }
        }
        assert_eq!(found, expected(case), "{case}");
    }
}

#[test]
fn templates_refer_to_what_they_define() {
    let sam = output("sam-environment-names", "sam");
    assert!(sam.contains("Resource: !GetAtt Orders.Arn"), "{sam}");
    assert!(sam.contains("Resource: !GetAtt Jobs.Arn"), "{sam}");
    assert!(sam.contains("s3:::receipts-${Stage}/done/*.json"), "{sam}");
    // A role that refers to its function would be a circle.
    assert!(!sam.contains("${Place}") && sam.contains("/aws/lambda/${AWS::StackName}-Place-*:*"), "{sam}");
    assert!(sam.contains("Sid: DynamodbOrdersTable"), "{sam}");
    let nested = output("sam-nested-stacks", "sam");
    assert!(nested.contains(":table/${CartTable}"), "{nested}");
}

#[test]
fn sam_and_cloudformation_are_yaml_for_every_function() {
    for case in CASES {
        let functions: Value = serde_json::from_str(&output(case, "json")).expect("JSON");
        for format in ["sam", "cloudformation"] {
            let text = output(case, format);
            let documents: Vec<serde_norway::Value> = text
                .split("---\n")
                .map(|document| {
                    serde_norway::from_str(document).unwrap_or_else(|error| panic!("{error}\n{text}"))
                })
                .collect();
            let resources: usize = documents
                .iter()
                .map(|document| document["Resources"].as_mapping().expect("resources").len())
                .sum();
            assert_eq!(resources, functions.as_object().expect("functions").len(), "{case} {format}");
        }
    }
}

#[test]
fn markdown_has_every_action_and_resource() {
    for case in CASES {
        let text = output(case, "markdown");
        for (action, resource) in expected(case) {
            assert!(text.contains(&format!("| `{action}` |")), "{case}: {action}\n{text}");
            assert!(text.contains(&format!("- `{resource}`\n")), "{case}: {resource}\n{text}");
        }
    }
}

#[test]
fn statements_of_cdk_and_serverless_have_every_action() {
    for case in CASES {
        for format in ["cdk", "cdk-python", "serverless"] {
            let text = output(case, format);
            for (action, _) in expected(case) {
                assert!(text.contains(&action), "{case} {format}: {action}\n{text}");
            }
        }
    }
}
