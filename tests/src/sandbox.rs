//! A fresh directory to run the binary in, for tests of one behaviour each.
//!
//! Setting up fails the test at once: there is nothing to report about the binary then.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

use crate::binary;
use crate::output::{self, Diagnostic};

/// Ends a run that hangs. No test waits for it, so it is generous to loaded machines.
const LIMIT: Duration = Duration::from_secs(120);

/// A fresh directory and the binary under test.
#[derive(Debug)]
pub struct Sandbox {
    directory: TempDir,
    binary: PathBuf,
}

/// How a run of the binary ended.
#[derive(Debug)]
pub struct Run {
    /// Exit code; `None` when a signal or the time limit ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Sandbox {
    /// An empty directory. `scratch` is the test target's `CARGO_TARGET_TMPDIR`.
    #[must_use]
    pub fn new(scratch: &str) -> Self {
        let binary = binary::path(Path::new(scratch)).expect("the binary");
        Sandbox { directory: TempDir::new().expect("a directory"), binary }
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The binary.
    #[must_use]
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// Copies what is in a directory into this one.
    #[must_use]
    pub fn with_copy_of(self, directory: &Path) -> Self {
        copy(directory, self.path());
        self
    }

    /// Writes a file and the directories above it.
    #[must_use]
    pub fn with(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file in the directory")).expect("directories");
        fs::write(path, content).expect("a file");
        self
    }

    /// The text of a file.
    #[must_use]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("a text file")
    }

    /// Names in the directory, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).expect("a directory");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<String> =
            entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The command with these arguments, in the directory.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(self.path()).timeout(LIMIT);
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs the binary with these arguments.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&mut self.command(arguments))
    }
}

impl Run {
    /// Runs a command to its end.
    #[must_use]
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the binary starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Run { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Standard output as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            let Run { code, stdout, stderr } = self;
            // The reader of the failure needs to see what was printed instead.
            Value::String(format!("no JSON ({error}), exit code {code:?}\n{stdout}\n{stderr}"))
        })
    }

    /// What the policy on standard output allows, each as `action on resource`, sorted.
    ///
    /// # Panics
    /// When it is no policy.
    #[must_use]
    pub fn permissions(&self) -> Vec<String> {
        let permissions = output::permissions(&self.json()).expect("a policy");
        permissions.iter().map(ToString::to_string).collect()
    }

    /// The diagnostics on standard error.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        output::diagnostics(&self.stderr)
    }

    /// The codes of the diagnostics on standard error, in order.
    #[must_use]
    pub fn codes(&self) -> Vec<String> {
        self.diagnostics().into_iter().map(|diagnostic| diagnostic.code).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("the directory") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).map(drop).expect("copies");
        }
    }
}
