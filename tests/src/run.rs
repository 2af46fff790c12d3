//! Runs a sample application with the real SDK against moto and tells which operations it performed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::case::{Case, Expectation, Run};
use crate::moto::{Moto, credentials, fill};
use crate::process;
use crate::tools::{Node, Python, support};

/// Time for one application.
const APPLICATION_LIMIT: Duration = Duration::from_secs(60);

/// What runs applications.
#[derive(Clone, Debug)]
pub enum Runner {
    /// The interpreter with boto3.
    Python(Python),
    /// Node with the SDKs for JavaScript.
    Node(Node),
}

/// Runs the application of a case; gives how the operations that it performed differ from those that
/// its expectation names, as lines for the reader.
///
/// # Errors
/// When the set-up fails, or the application ends other than expected.
pub fn operation_differences(
    runner: &Runner,
    moto: &mut Moto,
    scratch: &Path,
    case: &Case,
    expectation: &Expectation,
    run: &Run,
) -> Result<Vec<String>, String> {
    let saved = moto.prepare(&run.setup)?;
    let folder = workplace(scratch, case, run)?;
    let record = folder.join("operations.record");
    let mut command = command(runner, case, run);
    command
        .current_dir(&folder)
        .env_remove("AWS_PROFILE")
        .envs(credentials())
        .env("AWS_ENDPOINT_URL", &moto.endpoint)
        .env("PERM_INFER_RECORD", &record)
        .env("PERM_INFER_RUN", filled(run, &saved)?)
        .envs(run.env.iter().map(|(name, value)| (name, fill(value, &saved))));
    process::succeed(&mut command, APPLICATION_LIMIT)?;

    let recorded = fs::read_to_string(&record).unwrap_or_default();
    let performed: BTreeSet<&str> = recorded.lines().collect();
    let expected = expected_operations(expectation, run);
    fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let missing = expected.difference(&performed).map(|operation| format!("not performed: {operation}"));
    let unexpected = performed.difference(&expected).map(|operation| format!("not expected:  {operation}"));
    Ok(missing.chain(unexpected).collect())
}

fn expected_operations<'a>(expectation: &'a Expectation, run: &'a Run) -> BTreeSet<&'a str> {
    let named = expectation.requests.iter().filter(|request| request.not_run.is_none());
    named
        .filter_map(|request| request.operation.as_deref())
        .chain(run.free.iter().map(String::as_str))
        .collect()
}

fn command(runner: &Runner, case: &Case, run: &Run) -> Command {
    match runner {
        Runner::Python(python) => {
            let mut command = Command::new(&python.interpreter);
            command.arg(support().join("run_app.py"));
            command.env("PYTHONPATH", support().join("recorder")).env("PYTHONDONTWRITEBYTECODE", "1");
            command
        }
        Runner::Node(node) => {
            let mut command = Command::new("node");
            command.arg("--require").arg(node.folder.join("recorder.cjs"));
            let has_types = run.call.iter().any(|call| call.function.contains(".ts:"));
            if case.language() == "typescript" || has_types {
                command.args(["--import", "tsx"]);
            }
            command.arg(node.folder.join("run_app.mjs"));
            command
        }
    }
}

/// A copy of the case to run in, below the folder where Node finds its packages.
fn workplace(scratch: &Path, case: &Case, run: &Run) -> Result<PathBuf, String> {
    let folder = scratch.join("node").join("runs").join(&case.name);
    let error = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(error)?;
    }
    copy(&case.path, &folder).map_err(error)?;
    for (name, text) in &run.files {
        fs::write(folder.join(name), text).map_err(error)?;
    }
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// The run table for the runner script, saved values filled into the arguments of calls.
fn filled(run: &Run, saved: &BTreeMap<String, String>) -> Result<String, String> {
    let mut run = run.clone();
    for call in &mut run.call {
        call.args = fill(&call.args, saved);
    }
    serde_json::to_string(&run).map_err(|error| error.to_string())
}
