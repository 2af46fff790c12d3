//! Output for deployment tools, read by these tools: the linter and the translator of AWS take templates after
//! `apply` as they took them before, AWS CDK synthesizes the statements, a linter of policies has nothing to say.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use perm_infer_tests::sandbox::Sandbox;
use perm_infer_tests::{binary, case, process, tools};
use serde_json::{Value, json};

/// Templates with references, nested stacks, conditions in policies and every kind of need.
const CASES: [&str; 9] = [
    "cfn-json-inline-code",
    "sam-encrypted-resources",
    "sam-environment-names",
    "sam-intrinsic-functions",
    "sam-nested-stacks",
    "sam-polled-sources",
    "sam-runtime-needs",
    "serverless-resources-and-events",
    "terraform-for-each-functions",
];

const LIMIT: Duration = Duration::from_secs(300);

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn output(case: &str, format: &str) -> String {
    let output = Command::new(binary::path(scratch()).expect("the binary"))
        .args(["--per-function", "--quiet", "--format", format, "."])
        .current_dir(case::repository().join("corpus/templates").join(case))
        .output()
        .expect("the binary starts");
    assert!(output.status.success(), "{case} {format}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What the tools say about a job, run by the script in one process.
fn read_back(job: &Value) -> Value {
    let python = tools::round_trips(scratch()).expect("the tools");
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("job.json");
    fs::write(&file, job.to_string()).expect("writes");
    let mut command = Command::new(python.interpreter);
    command.arg(tools::support().join("round_trips.py")).arg(&file);
    last_line(&mut command, directory.path())
}

/// The JSON that a process prints last.
fn last_line(command: &mut Command, directory: &Path) -> Value {
    command
        .env("CDK_OUTDIR", directory.join("cdk.out"))
        .env("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1");
    let command = command.env("JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "1");
    let ended = process::run(command, LIMIT).expect("it starts");
    assert!(ended.status.is_some_and(|status| status.success()), "{}", ended.output);
    let line = ended.output.lines().find(|line| line.starts_with('{'));
    serde_json::from_str(line.unwrap_or_else(|| panic!("{}", ended.output))).expect("JSON")
}

/// Action and resource of everything that documents allow.
fn pairs<'v>(documents: impl IntoIterator<Item = &'v Value>) -> BTreeSet<(String, String)> {
    let mut pairs = BTreeSet::new();
    for document in documents {
        for statement in list(&document["Statement"]) {
            for action in list(&statement["Action"]) {
                for resource in list(&statement["Resource"]) {
                    pairs.insert((action.to_string(), resource.to_string()));
                }
            }
        }
    }
    pairs
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

/// Templates of the corpus before and after `apply`.
fn applied(options: &[&str], is_wanted: fn(&str) -> bool) -> Vec<Value> {
    let root = case::repository().join("corpus/templates");
    let mut templates = Vec::new();
    for entry in fs::read_dir(&root).expect("the corpus") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if !is_wanted(&name) {
            continue;
        }
        let sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with_copy_of(&root.join(&name));
        // Some are wrong on purpose; what can be written is written.
        let arguments: Vec<&str> =
            ["apply", "--yes", "--quiet", "."].iter().chain(options).copied().collect();
        let _ = sandbox.run(&arguments);
        for file in fs::read_dir(root.join(&name)).expect("the case") {
            let file = file.expect("an entry");
            let Ok(before) = fs::read_to_string(file.path()) else { continue };
            let after = fs::read_to_string(sandbox.path().join(file.file_name())).expect("the copy");
            if before != after {
                let name = format!("{name}/{}{}", file.file_name().to_string_lossy(), options.concat());
                templates.push(json!({ "name": name, "before": before, "after": after }));
            }
        }
    }
    templates
}

#[test]
fn templates_pass_the_linter_and_the_translator_of_aws_and_policies_a_linter_of_policies() {
    let mut templates = applied(&[], |name| name.starts_with("sam-") || name.starts_with("cfn-"));
    assert!(templates.len() >= 15, "{}", templates.len());
    templates.extend(applied(&["--sam-templates"], |name| name.starts_with("sam-en")));
    for case in ["python/batch-writer", "python/s3-event-thumbnail"] {
        let output = Command::new(binary::path(scratch()).expect("the binary"))
            .args(["--quiet", "--format", "cloudformation", "."])
            .current_dir(case::repository().join("corpus").join(case))
            .output()
            .expect("the binary starts");
        let after = String::from_utf8(output.stdout).expect("UTF-8");
        templates.push(json!({ "name": case, "before": "Resources: {}", "after": after }));
    }
    let mut documents = Vec::new();
    for case in CASES {
        let functions: Value = serde_json::from_str(&output(case, "json")).expect("JSON");
        for (name, document) in functions.as_object().expect("functions") {
            documents.push(json!({ "name": format!("{case}/{name}"), "document": document.to_string() }));
        }
    }
    let found = read_back(&json!({ "templates": templates, "documents": documents, "cdk": [] }));
    for check in ["lint", "parliament"] {
        for (name, findings) in found[check].as_object().expect("findings") {
            assert_eq!(findings, &json!([]), "{check} {name}");
        }
    }
    assert_eq!(found["lint"].as_object().map(serde_json::Map::len), Some(templates.len()));
    assert_eq!(found["parliament"].as_object().map(serde_json::Map::len), Some(documents.len()));
    let translated = found["sam"].as_object().expect("templates");
    assert!(translated.len() >= 6, "{:?}", translated.keys());
    // The translator gives each function's role the statements that were written, and no others.
    let roles = &translated["sam-environment-names/template.yaml"];
    let actions = |role: &str| -> BTreeSet<&str> {
        let statements = roles[role].as_array().expect("statements").iter();
        statements.flat_map(|statement| list(&statement["Action"])).filter_map(Value::as_str).collect()
    };
    // The policy templates of SAM are what they are taken for.
    let with_templates = &translated["sam-environment-names/template.yaml--sam-templates"];
    let granted = with_templates["PlaceRole"].to_string();
    for action in ["dynamodb:PutItem", "dynamodb:BatchWriteItem", "sqs:SendMessage*", "logs:PutLogEvents"] {
        assert!(granted.contains(action), "{action}: {granted}");
    }
    assert!(actions("PlaceRole").is_superset(&BTreeSet::from(["dynamodb:PutItem", "sqs:SendMessage"])));
    assert!(!actions("PlaceRole").contains("s3:PutObject") && actions("WorkRole").contains("s3:PutObject"));
}

/// The documents of the functions in the order in which CDK output lists them, by case.
fn expected() -> BTreeMap<&'static str, BTreeSet<(String, String)>> {
    let of_case = |case: &'static str| {
        let functions: Value = serde_json::from_str(&output(case, "json")).expect("JSON");
        (case, pairs(functions.as_object().expect("functions").values()))
    };
    CASES.into_iter().map(of_case).collect()
}

#[test]
fn python_for_cdk_synthesizes_to_the_same_statements() {
    let cdk: Vec<Value> =
        CASES.iter().map(|case| json!({ "name": case, "code": output(case, "cdk-python") })).collect();
    let found = read_back(&json!({ "templates": [], "documents": [], "cdk": cdk }));
    for (case, expected) in expected() {
        assert_eq!(pairs(list(&found["cdk"][case])), expected, "{case}");
    }
}

#[test]
fn typescript_for_cdk_compiles_and_synthesizes_to_the_same_statements() {
    let node = tools::cdk(scratch()).expect("AWS CDK");
    // Beside `node_modules`, where the compiler and Node look for the library.
    let directory = tempfile::tempdir_in(&node.folder).expect("a directory");
    let mut modules = Vec::new();
    for case in CASES {
        fs::write(directory.path().join(format!("{case}.ts")), output(case, "cdk")).expect("writes");
        modules.push(directory.path().join("out").join(format!("{case}.js")));
    }
    let options = json!({
        "compilerOptions": {
            "strict": true, "noUnusedLocals": true, "skipLibCheck": true, "target": "es2022", "module": "node16",
            "moduleResolution": "node16", "types": [], "rootDir": ".", "outDir": "out",
        },
        "include": ["*.ts"],
    });
    fs::write(directory.path().join("tsconfig.json"), options.to_string()).expect("writes");
    fs::write(directory.path().join("package.json"), "{}").expect("writes");
    let mut compiler = Command::new("node");
    compiler.arg(node.folder.join("node_modules/typescript/bin/tsc")).arg("-p").arg(directory.path());
    process::succeed(&mut compiler, LIMIT).expect("it compiles");
    let script = directory.path().join("synthesize.cjs");
    fs::copy(tools::support().join("cdk/synthesize.cjs"), &script).expect("copies");
    let found = last_line(Command::new("node").arg(script).args(&modules), directory.path());
    for (case, expected) in expected() {
        assert_eq!(pairs(list(&found[case])), expected, "{case}");
    }
}
