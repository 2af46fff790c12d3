//! The binary under test: builds it once per test run and runs it.
//!
//! Cargo only builds the binaries of the package whose integration tests run, and this is another
//! package; so the tests ask cargo for the binary. That is quick when it is up to date, and it cannot
//! pick up one that is not.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use serde_json::Value;

use crate::case::{Case, Expectation, repository};
use crate::output::{self, Diagnostic};
use crate::tools::lock;

/// What the binary printed for a case.
#[derive(Debug)]
pub struct Inferred {
    /// The policy document.
    pub policy: Value,
    /// The diagnostics.
    pub diagnostics: Vec<Diagnostic>,
    /// stderr, for the reader of a failure.
    pub stderr: String,
}

/// Path of the binary, built first if needed. `scratch` is the test target's `CARGO_TARGET_TMPDIR`.
///
/// # Errors
/// When the build fails; the text is cargo's.
pub fn path(scratch: &Path) -> Result<PathBuf, String> {
    static PATH: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PATH.get_or_init(|| once_per_run(scratch)).clone()
}

/// nextest starts a process for every test; the first of a run builds, the others take its word.
fn once_per_run(scratch: &Path) -> Result<PathBuf, String> {
    let Ok(run) = env::var("NEXTEST_RUN_ID") else { return build() };
    let _guard = lock(&scratch.join("binary.lock"))?;
    let note = scratch.join("binary.path");
    let known = fs::read_to_string(&note).unwrap_or_default();
    if let Some(path) = known.strip_prefix(&format!("{run}\n")) {
        return Ok(PathBuf::from(path));
    }
    let path = build()?;
    fs::write(&note, format!("{run}\n{}", path.display())).map_err(|error| error.to_string())?;
    Ok(path)
}

fn build() -> Result<PathBuf, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--workspace", "--bin", "perm-infer", "--message-format=json-render-diagnostics"]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let output = command
        .current_dir(repository())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("building perm-infer failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| "cargo names no executable".to_owned())
}

/// Runs the binary over a case as `corpus/README.md` says; with the policy of each function under its name
/// where the expectation is about functions.
///
/// # Errors
/// When it cannot be run, ends with an error, or prints no JSON.
pub fn infer(scratch: &Path, case: &Case, expectation: &Expectation) -> Result<Inferred, String> {
    let per_function = (!expectation.functions.is_empty()).then_some("--per-function");
    let output: Output = Command::new(path(scratch)?)
        .args(["--format", "json", "--color", "never", "--progress", "never"])
        .args(per_function)
        .args(&expectation.args)
        .arg(".")
        .current_dir(&case.path)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("perm-infer does not start: {error}"))?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(format!("perm-infer ended with {}\n{stderr}", output.status));
    }
    let policy = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("stdout is no JSON ({error})\n{stderr}"))?;
    Ok(Inferred { policy, diagnostics: output::diagnostics(&stderr), stderr })
}
