//! `perm-infer diff` on git revisions, directories and documents: what the sides may be, exit codes, and
//! that reading a revision changes nothing.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use perm_infer_tests::git::{commit_all, git, write};
use perm_infer_tests::sandbox::{Run, Sandbox};
use serde_json::Value;

const GET: &str = "import boto3\n\ns3 = boto3.client('s3')\ns3.get_object(Bucket='reports', Key='a.csv')\n";
const PUT: &str = "import boto3\n\ns3 = boto3.client('s3')\ns3.put_object(Bucket='reports', Key='a.csv')\n";
const ADDED_PUT: &str = "added s3:PutObject";
const REMOVED_GET: &str = "removed s3:GetObject";

fn empty() -> Sandbox {
    Sandbox::new(env!("CARGO_TARGET_TMPDIR"))
}

/// A repository whose first commit reads an object.
fn repository() -> Sandbox {
    let sandbox = empty().with("app.py", GET);
    git(sandbox.path(), &["init", "--quiet", "--initial-branch", "main"]);
    commit_all(sandbox.path(), "read");
    sandbox
}

/// The changes that a run tells, as `kind action`.
fn changes(run: &Run) -> Vec<String> {
    let json = run.json();
    let mut found = Vec::new();
    for difference in json["differences"].as_array().unwrap_or_else(|| panic!("{json}")) {
        for action in difference["actions"].as_array().expect("actions") {
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            found.push(format!("{} {}", text(&difference["kind"]), text(action)));
        }
    }
    found
}

fn diff(sandbox: &Sandbox, sides: &[&str]) -> Run {
    let arguments = [&["diff", "--format", "json"], sides].concat();
    sandbox.run(&arguments)
}

#[test]
fn the_present_directory_is_compared_with_a_branch() {
    let sandbox = repository().with("app.py", PUT);
    let run = diff(&sandbox, &["main"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(changes(&run), [ADDED_PUT, REMOVED_GET]);
}

#[test]
fn two_revisions_are_compared_whatever_the_work_tree_holds() {
    let sandbox = repository().with("app.py", PUT);
    commit_all(sandbox.path(), "write");
    let sandbox = sandbox.with("app.py", "syntax error (");
    assert_eq!(changes(&diff(&sandbox, &["HEAD~1", "HEAD"])), [ADDED_PUT, REMOVED_GET]);
    assert_eq!(changes(&diff(&sandbox, &["HEAD~1..HEAD"])), [ADDED_PUT, REMOVED_GET]);
    assert_eq!(git(sandbox.path(), &["status", "--porcelain"]).trim(), "M app.py");
}

#[test]
fn three_dots_leave_out_what_the_base_got_meanwhile() {
    let sandbox = repository();
    git(sandbox.path(), &["switch", "--quiet", "--create", "feature"]);
    write(sandbox.path(), "new.py", PUT);
    commit_all(sandbox.path(), "write");
    git(sandbox.path(), &["switch", "--quiet", "main"]);
    write(sandbox.path(), "other.py", "import boto3\nboto3.client('sqs').list_queues()\n");
    commit_all(sandbox.path(), "list");
    assert_eq!(changes(&diff(&sandbox, &["main...feature"])), [ADDED_PUT]);
    let two_dots = changes(&diff(&sandbox, &["main..feature"]));
    assert_eq!(two_dots, [ADDED_PUT, "removed sqs:ListQueues"]);
}

#[test]
fn a_renamed_file_changes_nothing() {
    let sandbox = repository();
    git(sandbox.path(), &["mv", "app.py", "handler.py"]);
    commit_all(sandbox.path(), "rename");
    assert!(changes(&diff(&sandbox, &["HEAD~1", "HEAD"])).is_empty());
}

#[test]
fn only_the_present_directory_of_the_repository_counts() {
    let sandbox = repository().with("service/app.py", GET);
    commit_all(sandbox.path(), "a service");
    let sandbox = sandbox.with("app.py", PUT);
    let run = Run::of(
        sandbox.command(&["diff", "HEAD", "--format", "json"]).current_dir(sandbox.path().join("service")),
    );
    assert!(changes(&run).is_empty(), "{}", run.stderr);
}

#[test]
fn places_are_those_of_the_repository() {
    let sandbox = repository();
    let run = diff(&sandbox, &["HEAD"]);
    assert!(changes(&run).is_empty());
    let sandbox = sandbox.with("lib/app.py", PUT);
    commit_all(sandbox.path(), "write");
    let json = diff(&sandbox, &["HEAD~1", "HEAD"]).json();
    let place = &json["differences"][0]["evidence"][0]["location"];
    assert_eq!((place["path"].as_str(), place["line"].as_u64()), (Some("lib/app.py"), Some(4)));
}

#[test]
fn a_bare_repository_has_revisions_too() {
    let sandbox = repository().with("app.py", PUT);
    commit_all(sandbox.path(), "write");
    let bare = empty();
    git(bare.path(), &["clone", "--quiet", "--bare", &sandbox.path().to_string_lossy(), "."]);
    assert_eq!(changes(&diff(&bare, &["HEAD~1", "HEAD"])), [ADDED_PUT, REMOVED_GET]);
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let sandbox = repository().with("app.py", PUT);
    commit_all(sandbox.path(), "write");
    let clone = empty();
    let source = format!("file://{}", sandbox.path().display());
    git(clone.path(), &["clone", "--quiet", "--depth", "1", &source, "."]);
    let run = diff(&clone, &["HEAD~1"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("`HEAD~1` is no commit"), "{}", run.stderr);
}

#[test]
fn submodules_and_pointers_of_lfs_are_reported() {
    let module = repository();
    let sandbox = repository();
    git(sandbox.path(), &["submodule", "--quiet", "add", &module.path().to_string_lossy(), "vendored"]);
    write(sandbox.path(), "big.py", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    commit_all(sandbox.path(), "module");
    let run = sandbox.run(&["diff", "HEAD~1", "HEAD", "--format", "json", "--verbose"]);
    let codes = run.codes();
    for code in ["submodule", "lfs-pointer"] {
        assert!(codes.iter().any(|found| found == code), "{code}: {}", run.stderr);
    }
}

#[test]
fn links_that_lead_out_of_a_commit_are_not_followed() {
    let outside = empty().with("secret.py", PUT);
    let sandbox = repository();
    let target = outside.path().join("secret.py");
    std::os::unix::fs::symlink(&target, sandbox.path().join("link.py")).expect("a link");
    commit_all(sandbox.path(), "link");
    let run = sandbox.run(&["diff", "HEAD~1", "HEAD", "--format", "json", "--verbose"]);
    assert!(changes(&run).is_empty(), "{}", run.stdout);
    assert!(run.codes().iter().any(|code| code == "symlink-outside"), "{}", run.stderr);
}

#[test]
fn documents_written_earlier_are_sides() {
    let sandbox = empty().with("old/app.py", GET).with("new/app.py", PUT);
    for (format, file) in [("json", "policy.json"), ("report", "report.json")] {
        let written = sandbox.run(&["old", "--format", format, "--output", file]);
        assert_eq!(written.code, Some(0), "{}", written.stderr);
        assert_eq!(changes(&diff(&sandbox, &[file, "new"])), [ADDED_PUT, REMOVED_GET], "{file}");
        assert!(changes(&diff(&sandbox, &[file, "old"])).is_empty(), "{file}");
    }
}

#[test]
fn changes_are_told_for_each_function_of_a_template() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Read:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: read, Handler: app.handler, Runtime: python3.13 }
  Write:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: write, Handler: app.handler, Runtime: python3.13 }
";
    let handler = |key: &str| {
        format!(
            "import boto3\n\ns3 = boto3.client('s3')\n\n\ndef handler(event, context):\n    s3.get_object(Bucket='reports', Key='{key}')\n"
        )
    };
    let sandbox = empty();
    for (state, key) in [("old", "a.csv"), ("new", "b.csv")] {
        write(sandbox.path(), &format!("{state}/template.yaml"), template);
        write(sandbox.path(), &format!("{state}/read/app.py"), &handler("a.csv"));
        write(sandbox.path(), &format!("{state}/write/app.py"), &handler(key));
    }
    let json = diff(&sandbox, &["old", "new"]).json();
    let differences = json["differences"].as_array().expect("differences");
    assert_eq!(differences.len(), 1, "{json:#}");
    assert_eq!(differences[0]["kind"], "resource_renamed");
    assert_eq!(differences[0]["functions"], serde_json::json!(["Write"]));
    for (format, file) in [("json", "policies.json"), ("report", "report.json")] {
        let written = sandbox.run(&["old", "--per-function", "--format", format, "--output", file]);
        assert_eq!(written.code, Some(0), "{}", written.stderr);
        assert_eq!(
            diff(&sandbox, &[file, "new"]).json()["differences"][0]["functions"],
            differences[0]["functions"]
        );
    }
}

#[test]
fn exit_codes_answer_the_question_asked() {
    let sandbox = empty().with("old/app.py", GET).with("new/app.py", PUT);
    let code = |arguments: &[&str]| sandbox.run(&[&["diff", "old", "new"], arguments].concat()).code;
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--exit-code"]), Some(1));
    assert_eq!(code(&["--fail-on", "added,write"]), Some(1));
    assert_eq!(code(&["--fail-on", "risk,widened,permissions-management"]), Some(0));
    assert_eq!(sandbox.run(&["diff", "old", "old", "--exit-code"]).code, Some(0));
}

#[test]
fn what_cannot_be_a_side_is_named() {
    let sandbox = empty()
        .with("broken.json", "{")
        .with("deny.json", r#"{"Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#);
    let outside = diff(&sandbox, &["no-such-thing"]);
    assert_eq!(outside.code, Some(2));
    assert!(outside.stderr.contains("no-such-thing"), "{}", outside.stderr);
    for file in ["broken.json", "deny.json"] {
        let run = diff(&sandbox, &[file, "."]);
        assert_eq!(run.code, Some(2), "{file}");
        assert!(run.stderr.starts_with(file), "{}", run.stderr);
    }
}

#[test]
fn an_option_in_the_place_of_a_revision_is_no_option() {
    let sandbox = repository();
    let run = diff(&sandbox, &["--", "--output=stolen"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert_eq!(sandbox.names(), [".git", "app.py"]);
}

#[test]
fn files_that_are_the_same_on_both_sides_are_lowered_once() {
    let file =
        |number: usize| format!("import boto3\nboto3.client('s3').get_object(Bucket='b{number}', Key='a')\n");
    let mut sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR"));
    for number in 0..10 {
        for side in ["before", "after"] {
            sandbox = sandbox.with(&format!("{side}/f{number}.py"), file(number));
        }
    }
    let sandbox = sandbox.with("after/f3.py", file(33)).with("after/new.py", file(44));
    let run = sandbox.run(&["diff", "before", "after", "-v"]);
    // Ten files of one side, and of the other one that is changed and one that is new.
    assert!(
        run.stderr.contains("12 files were lowered; 9 more were the same as one of them"),
        "{}",
        run.stderr
    );
    // The same text in another place is another file.
    let moved = sandbox.with("moved/g1.py", file(1));
    let run = moved.run(&["diff", "before", "moved", "-v"]);
    assert!(run.stderr.contains("11 files were lowered; 0 more"), "{}", run.stderr);
}
