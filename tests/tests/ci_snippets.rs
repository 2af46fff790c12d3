//! The commands that `docs/continuous-integration.md` shows for build systems, and the hooks for pre-commit, run in a
//! repository as those systems prepare it.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use perm_infer_tests::git::{commit_all, git, write};
use perm_infer_tests::{binary, case};
use tempfile::TempDir;

const GET: &str = "\
import boto3

s3 = boto3.client('s3')


def handler(event, context):
    s3.get_object(Bucket='reports', Key='a.csv')
";
const ANY: &str = "\
import boto3

s3 = boto3.client('s3')


def handler(event, context):
    s3.get_object(Bucket=input(), Key='a.csv')
";
const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.13
      Policies:
        - Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/a.csv'}]
";

/// A clone on a branch with a commit that changes `src/app.py` to this, and `perm-infer` on the path.
fn clone(changed: &str) -> TempDir {
    let directory = TempDir::new().expect("a directory");
    let (origin, clone) = (directory.path().join("origin"), directory.path().join("clone"));
    fs::create_dir_all(&origin).expect("a folder");
    git(&origin, &["init", "--quiet", "--initial-branch", "main"]);
    write(&origin, "src/app.py", GET);
    write(&origin, "template.yaml", TEMPLATE);
    commit_all(&origin, "read");
    git(directory.path(), &["clone", "--quiet", &origin.to_string_lossy(), "clone"]);
    git(&clone, &["switch", "--quiet", "--create", "feature"]);
    write(&clone, "src/app.py", changed);
    commit_all(&clone, "change");
    fs::create_dir(directory.path().join("bin")).expect("a folder");
    let program = binary::path(Path::new(env!("CARGO_TARGET_TMPDIR"))).expect("the binary");
    std::os::unix::fs::symlink(program, directory.path().join("bin/perm-infer")).expect("a link");
    directory
}

fn run(directory: &TempDir, command: &str) -> Output {
    let clone = directory.path().join("clone");
    let base = git(&clone, &["merge-base", "origin/main", "HEAD"]);
    let path =
        format!("{}:{}", directory.path().join("bin").display(), std::env::var("PATH").expect("a path"));
    Command::new("bash")
        .args(["-euo", "pipefail", "-c", command])
        .current_dir(clone)
        .env("PATH", path)
        .env("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.trim())
        .output()
        .expect("bash starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The commands in the lists of the page.
fn commands() -> Vec<String> {
    let page = fs::read_to_string(case::repository().join("docs/continuous-integration.md")).expect("a page");
    let lines = page.lines().filter_map(|line| line.trim().strip_prefix("- "));
    lines.filter(|line| line.starts_with("perm-infer ")).map(str::to_owned).collect()
}

#[test]
fn the_commands_of_the_page_end_well_where_nothing_changes_and_refuse_what_widens() {
    let same = clone(&format!("# The same\n{GET}"));
    let wider = clone(ANY);
    let commands = commands();
    assert_eq!(commands.len(), 3, "{commands:?}");
    for command in &commands {
        let output = run(&same, command);
        assert!(output.status.success(), "{command}: {}", stderr(&output));
        // A comparison ends with 1, and what stays unresolved with 3.
        let expected = if command.contains(" diff ") { 1 } else { 3 };
        let output = run(&wider, command);
        assert_eq!(output.status.code(), Some(expected), "{command}: {}", stderr(&output));
    }
    let policy = fs::read_to_string(same.path().join("clone/policy.json")).expect("the artifact");
    assert!(policy.contains("arn:aws:s3:::reports/a.csv"), "{policy}");
}

/// The entries of the hooks by their ids.
fn hooks() -> Vec<(String, String)> {
    let text = fs::read_to_string(case::repository().join(".pre-commit-hooks.yaml")).expect("the hooks");
    let values = |key: &str| -> Vec<String> {
        let prefix = format!("{key}: ");
        let lines =
            text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix(&prefix));
        lines.map(str::to_owned).collect()
    };
    let (ids, entries) = (values("id"), values("entry"));
    assert_eq!(ids.len(), entries.len());
    ids.into_iter().zip(entries).collect()
}

#[test]
fn the_hooks_that_the_page_names_pass_what_is_fine_and_stop_what_is_not() {
    let page = fs::read_to_string(case::repository().join("docs/continuous-integration.md")).expect("a page");
    let fine = clone(&format!("# The same\n{GET}"));
    let wrong = clone(&format!("# Later\n{GET}"));
    // Not committed yet, as when the hook runs; the role in the template does not have it.
    write(
        &wrong.path().join("clone"),
        "src/app.py",
        &format!("{ANY}    s3.put_object(Bucket='reports', Key='b')\n"),
    );
    for (id, entry) in hooks() {
        assert!(page.contains(&format!("- id: {id}\n")), "{id}");
        let output = run(&fine, &entry);
        assert!(output.status.success(), "{id}: {}", stderr(&output));
        let output = run(&wrong, &entry);
        assert!(matches!(output.status.code(), Some(1 | 3)), "{id}: {}", stderr(&output));
        // What is shown of a hook that failed says why.
        let said = stderr(&output) + &String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("s3:PutObject") || said.contains("`Bucket` is not known"), "{id}: {said}");
    }
}
