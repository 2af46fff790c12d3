//! The script of the GitHub Action, run on a prepared repository with the variables that GitHub sets and
//! a `gh` that writes down what it is asked.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use perm_infer_tests::binary;
use perm_infer_tests::case;
use perm_infer_tests::git::{commit_all, git, write};
use tempfile::TempDir;

const GET: &str = "import boto3\n\ns3 = boto3.client('s3')\ns3.get_object(Bucket='reports', Key='a.csv')\n";

/// Prints the ids of earlier comments if there are some, notes its arguments, and refuses to write where it may not.
const GH: &str = "#!/bin/sh
echo \"$@\" >>\"$GH_LOG\"
case \"$*\" in
  *--jq*) cat \"$GH_COMMENTS\" ;;
  *) if [ -n \"$GH_READ_ONLY\" ]; then echo 'Resource not accessible by integration (HTTP 403)' >&2; exit 1; fi ;;
esac
";

struct Workflow {
    directory: TempDir,
}

/// How the step ended.
struct Step {
    success: bool,
    stdout: String,
    stderr: String,
    outputs: String,
    summary: String,
    asked: String,
}

impl Workflow {
    /// A clone of a repository on a branch that adds a call to what `main` has.
    fn new(added: &str) -> Self {
        let directory = TempDir::new().expect("a directory");
        let (origin, clone) = (directory.path().join("origin"), directory.path().join("clone"));
        for folder in [&origin, &directory.path().join("bin")] {
            fs::create_dir_all(folder).expect("a folder");
        }
        git(&origin, &["init", "--quiet", "--initial-branch", "main"]);
        write(&origin, "app.py", GET);
        commit_all(&origin, "read");
        git(directory.path(), &["clone", "--quiet", &origin.to_string_lossy(), "clone"]);
        write(&clone, "app.py", &format!("{GET}{added}"));
        commit_all(&clone, "more");
        let workflow = Workflow { directory };
        let gh = workflow.path("bin/gh");
        fs::write(&gh, GH).expect("gh");
        fs::set_permissions(&gh, fs::Permissions::from_mode(0o755)).expect("a program");
        for file in ["log", "comments", "outputs", "summary"] {
            fs::write(workflow.path(file), "").expect("a file");
        }
        workflow
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn run(&self, variables: &[(&str, &str)]) -> Step {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").expect("a path"));
        let output = Command::new("bash")
            .arg(case::repository().join(".github/action/run.sh"))
            .current_dir(self.path("clone"))
            .env("PERM_INFER", binary::path(Path::new(env!("CARGO_TARGET_TMPDIR"))).expect("the binary"))
            .env("PATH", path)
            .env("RUNNER_TEMP", self.directory.path())
            .env("GITHUB_OUTPUT", self.path("outputs"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("GITHUB_REPOSITORY", "owner/shop")
            .env("GITHUB_BASE_REF", "main")
            .env("GITHUB_REF", "refs/pull/7/merge")
            .env("GITHUB_EVENT_NAME", "pull_request")
            .env("GH_LOG", self.path("log"))
            .env("GH_COMMENTS", self.path("comments"))
            .envs(variables.iter().copied())
            .output()
            .expect("bash starts");
        let read = |name: &str| fs::read_to_string(self.path(name)).expect("a file");
        Step {
            success: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            outputs: read("outputs"),
            summary: read("summary"),
            asked: read("log"),
        }
    }
}

const PUT: &str = "s3.put_object(Bucket='reports', Key='b.csv')\n";

#[test]
fn a_new_permission_is_commented_on_and_summed_up() {
    let step = Workflow::new(PUT).run(&[]);
    assert!(step.success, "{}", step.stderr);
    assert!(step.outputs.starts_with("changed=true\n"), "{}", step.outputs);
    assert!(step.summary.contains("| added | `s3:PutObject` |"), "{}", step.summary);
    assert!(step.asked.contains("--method POST repos/owner/shop/issues/7/comments"), "{}", step.asked);
    for key in ["markdown=", "json=", "sarif="] {
        let line = step.outputs.lines().find_map(|line| line.strip_prefix(key)).expect("an output");
        assert!(Path::new(line).is_absolute(), "{line}");
    }
}

#[test]
fn an_earlier_comment_is_changed_and_not_repeated() {
    let workflow = Workflow::new(PUT);
    fs::write(workflow.path("comments"), "42\n").expect("a comment");
    let step = workflow.run(&[]);
    assert!(step.success, "{}", step.stderr);
    assert!(step.asked.contains("--method PATCH repos/owner/shop/issues/comments/42"), "{}", step.asked);
    assert!(!step.asked.contains("POST"), "{}", step.asked);
}

#[test]
fn no_change_is_no_comment() {
    let step = Workflow::new("# nothing new\n").run(&[]);
    assert!(step.success, "{}", step.stderr);
    assert!(step.outputs.starts_with("changed=false\n"), "{}", step.outputs);
    assert!(!step.asked.contains("POST"), "{}", step.asked);
}

#[test]
fn a_refused_change_fails_the_step_after_the_comment() {
    let step = Workflow::new(PUT).run(&[("PERM_INFER_FAIL_ON", "write")]);
    assert!(!step.success);
    assert!(step.asked.contains("POST"), "{}", step.asked);
    assert!(Workflow::new(PUT).run(&[("PERM_INFER_FAIL_ON", "risk")]).success);
}

#[test]
fn hostile_names_do_not_become_commands() {
    let evil = "s3.put_object(Bucket='$(touch stolen)`touch stolen`', Key='\\n::set-output name=x::y')\n";
    let workflow = Workflow::new(evil);
    let step = workflow.run(&[]);
    assert!(step.success, "{}", step.stderr);
    assert!(!workflow.path("clone/stolen").exists());
    assert!(!step.summary.lines().any(|line| line.starts_with("::")), "{}", step.summary);
}

/// The event of a push, which has no pull request.
const PUSH: [(&str, &str); 3] =
    [("GITHUB_BASE_REF", ""), ("GITHUB_REF", "refs/heads/main"), ("GITHUB_EVENT_NAME", "push")];

fn push(workflow: &Workflow, more: &[(&str, &str)]) -> Step {
    workflow.run(&[&PUSH[..], more].concat())
}

#[test]
fn a_push_is_compared_with_what_it_adds_to_and_comments_on_nothing() {
    let workflow = Workflow::new(PUT);
    let clone = workflow.path("clone");
    let before = git(&clone, &["rev-parse", "HEAD~1"]);
    write(&clone, "other.py", "import boto3\nboto3.client('sqs').list_queues()\n");
    commit_all(&clone, "a second commit of the same push");
    let step = push(&workflow, &[("PERM_INFER_BEFORE", before.trim())]);
    assert!(step.success, "{}", step.stderr);
    assert!(
        step.summary.contains("`s3:PutObject`") && step.summary.contains("`sqs:ListQueues`"),
        "{}",
        step.summary
    );
    assert_eq!(step.asked, "");
    // Without it the last commit alone counts.
    let workflow = Workflow::new(PUT);
    let step = push(&workflow, &[("PERM_INFER_BEFORE", "0000000000000000000000000000000000000000")]);
    assert!(step.success && step.summary.contains("`s3:PutObject`"), "{}{}", step.summary, step.stderr);
}

#[test]
fn the_first_commit_adds_everything_and_a_commit_that_is_missing_is_named() {
    let workflow = Workflow::new(PUT);
    let clone = workflow.path("clone");
    git(&clone, &["switch", "--quiet", "--detach", "HEAD~1"]);
    let step = push(&workflow, &[]);
    assert!(step.success && step.summary.contains("`s3:GetObject`"), "{}{}", step.summary, step.stderr);
    let gone = "1234567890123456789012345678901234567890";
    let step = push(&workflow, &[("PERM_INFER_BEFORE", gone)]);
    assert!(!step.success);
    assert!(step.stderr.contains(gone) && step.stderr.contains("fetch-depth: 0"), "{}", step.stderr);
}

#[test]
fn a_shallow_checkout_gets_the_commit_that_it_lacks() {
    let workflow = Workflow::new(PUT);
    let clone = workflow.path("clone");
    git(&clone, &["push", "--quiet", "origin", "HEAD:refs/heads/feature"]);
    let before = git(&clone, &["rev-parse", "HEAD~1"]);
    fs::remove_dir_all(&clone).expect("removed");
    let origin = format!("file://{}", workflow.path("origin").display());
    git(&workflow.path("."), &["clone", "--quiet", "--depth", "1", "--branch", "feature", &origin, "clone"]);
    for variables in [&[("PERM_INFER_BEFORE", before.trim())][..], &[]] {
        let step = push(&workflow, variables);
        assert!(step.success && step.summary.contains("`s3:PutObject`"), "{}{}", step.summary, step.stderr);
        assert!(!step.summary.contains("`s3:GetObject`"), "{}", step.summary);
    }
}

#[test]
fn what_the_base_got_meanwhile_is_no_change_of_the_pull_request() {
    let workflow = Workflow::new(PUT);
    let origin = workflow.path("origin");
    write(&origin, "other.py", "import boto3\nboto3.client('sqs').list_queues()\n");
    commit_all(&origin, "meanwhile");
    let step = workflow.run(&[]);
    assert!(step.success, "{}", step.stderr);
    assert!(step.summary.contains("`s3:PutObject`") && !step.summary.contains("sqs:"), "{}", step.summary);
}

#[test]
fn a_pull_request_from_a_fork_has_its_summary_without_the_comment() {
    let workflow = Workflow::new(PUT);
    let step = workflow.run(&[("GH_READ_ONLY", "1")]);
    assert!(step.success, "{}", step.stderr);
    assert!(
        step.stdout.contains("::warning title=perm-infer::the comment could not be written"),
        "{}",
        step.stdout
    );
    assert!(step.summary.contains("`s3:PutObject`"), "{}", step.summary);
    assert!(!workflow.run(&[("GH_READ_ONLY", "1"), ("PERM_INFER_FAIL_ON", "write")]).success);
}

#[test]
fn directories_of_one_repository_have_their_own_comments_and_places_of_the_repository() {
    let workflow = Workflow::new("# Services\n");
    let clone = workflow.path("clone");
    write(&clone, "services/orders/app.py", &format!("{GET}{PUT}"));
    write(&clone, "services/users/app.py", "import boto3\nboto3.client('sqs').list_queues()\n");
    commit_all(&clone, "services");
    fs::write(workflow.path("comments"), "").expect("no comment");
    let step = workflow.run(&[("PERM_INFER_PATH", "./services/orders/")]);
    assert!(step.success, "{}", step.stderr);
    assert!(step.summary.contains("`s3:PutObject`") && !step.summary.contains("sqs:"), "{}", step.summary);
    assert!(step.summary.contains("services/orders/app.py:4:1"), "{}", step.summary);
    assert!(step.asked.contains("startswith(\"<!-- perm-infer: services/orders -->\")"), "{}", step.asked);
    let sarif = step.outputs.lines().find_map(|line| line.strip_prefix("sarif=")).expect("an output");
    let sarif = fs::read_to_string(sarif).expect("a file");
    assert!(sarif.contains("\"uri\": \"services/orders/app.py\""), "{sarif}");
    let comment = step.outputs.lines().find_map(|line| line.strip_prefix("markdown=")).expect("an output");
    let comment = fs::read_to_string(Path::new(comment).with_file_name("comment.md")).expect("a comment");
    assert!(
        comment.starts_with("<!-- perm-infer: services/orders -->\nIn `services/orders`:\n"),
        "{comment}"
    );
}
