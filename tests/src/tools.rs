//! Installs what the proof by execution and the round trips run with: pinned Python packages into virtual
//! environments and pinned npm packages into folders, all below the test target's scratch folder.
//!
//! Each installation carries a stamp with the hash of its pin file, so that it is made once and again
//! when the pins change; a file lock keeps parallel test processes from installing at the same time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::case::repository;
use crate::process;

/// Time for one installer; a slow network counts.
const INSTALL_LIMIT: Duration = Duration::from_secs(900);

/// Scripts that have to lie beside `node_modules`, where Node looks for their imports.
const NODE_SCRIPTS: [&str; 4] = ["evaluate.mjs", "recorder.cjs", "run_app.mjs", "simulate.mjs"];

/// The same for the packages that read and render output.
const FORMAT_SCRIPTS: [&str; 2] = ["render.mjs", "validate.mjs"];

/// The folder with the scripts of the proof by execution.
#[must_use]
pub fn support() -> PathBuf {
    repository().join("tests").join("support")
}

/// Takes a lock that other test processes respect, until the file is dropped.
///
/// # Errors
/// When the lock file cannot be made or locked.
pub fn lock(path: &Path) -> Result<File, String> {
    let error = |error: std::io::Error| format!("{}: {error}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(error)?;
    }
    let file = File::create(path).map_err(error)?;
    file.lock().map_err(error)?;
    Ok(file)
}

/// An installed virtual environment.
#[derive(Clone, Debug)]
pub struct Python {
    /// Its interpreter.
    pub interpreter: PathBuf,
}

/// Installs the packages of the proof by execution, if that has not been done.
///
/// # Errors
/// When there is no Python 3, or the packages cannot be installed.
pub fn python(scratch: &Path) -> Result<Python, String> {
    environment(&scratch.join("venv"), "requirements.txt")
}

/// Installs what reads output for deployment tools back, if that has not been done.
///
/// # Errors
/// When there is no Python 3, or the packages cannot be installed.
pub fn round_trips(scratch: &Path) -> Result<Python, String> {
    environment(&scratch.join("round-trips"), "requirements-round-trips.txt")
}

fn environment(venv: &Path, requirements: &str) -> Result<Python, String> {
    let folder = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    let interpreter = venv.join(folder);
    let requirements = support().join(requirements);
    install(venv, &[&requirements], || {
        let base = first_that_starts(&["python3", "python"]).ok_or(
            "no Python found: install Python 3.10 or newer with venv (Debian: apt-get install python3-venv)",
        )?;
        process::succeed(Command::new(base).args(["-m", "venv"]).arg(venv), INSTALL_LIMIT)?;
        let mut pip = Command::new(&interpreter);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"]);
        process::succeed(pip.arg(&requirements), INSTALL_LIMIT)
    })?;
    Ok(Python { interpreter })
}

/// An installed folder of npm packages.
#[derive(Clone, Debug)]
pub struct Node {
    /// The folder with `node_modules` and the scripts.
    pub folder: PathBuf,
}

/// Installs the packages of the proof by execution, if that has not been done.
///
/// # Errors
/// When there is no Node.js, or the packages cannot be installed.
pub fn node(scratch: &Path) -> Result<Node, String> {
    let folder = scratch.join("node");
    let guard = packages(&folder, &support())?;
    for script in NODE_SCRIPTS {
        copy_into(&support().join(script), &folder)?;
    }
    drop(guard);
    Ok(Node { folder })
}

/// Installs AWS CDK and a compiler of TypeScript, if that has not been done.
///
/// # Errors
/// When there is no Node.js, or the packages cannot be installed.
pub fn cdk(scratch: &Path) -> Result<Node, String> {
    let folder = scratch.join("cdk");
    packages(&folder, &support().join("cdk"))?;
    Ok(Node { folder })
}

/// Installs what validates and renders output, if that has not been done.
///
/// # Errors
/// When there is no Node.js, or the packages cannot be installed.
pub fn formats(scratch: &Path) -> Result<Node, String> {
    let (folder, from) = (scratch.join("formats"), support().join("formats"));
    let guard = packages(&folder, &from)?;
    for script in FORMAT_SCRIPTS {
        copy_into(&from.join(script), &folder)?;
    }
    drop(guard);
    Ok(Node { folder })
}

fn packages(folder: &Path, pins: &Path) -> Result<File, String> {
    let pins = [pins.join("package.json"), pins.join("package-lock.json")];
    first_that_starts(&["node"]).ok_or(
        "no Node.js found: install Node.js 20 or newer with npm (Debian: apt-get install nodejs npm)",
    )?;
    install(folder, &[&pins[0], &pins[1]], || {
        for pin in &pins {
            copy_into(pin, folder)?;
        }
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let mut command = Command::new(npm);
        command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
        process::succeed(command.current_dir(folder), INSTALL_LIMIT)
    })
}

/// Copies a file into a folder so that a reader sees the old or the new one, never a part.
fn copy_into(file: &Path, folder: &Path) -> Result<(), String> {
    let name = file.file_name().unwrap_or_default();
    let part = folder.join(format!("{}.part-{}", name.to_string_lossy(), std::process::id()));
    fs::copy(file, &part)
        .and_then(|_| fs::rename(&part, folder.join(name)))
        .map_err(|error| format!("{}: {error}", file.display()))
}

/// Makes `folder` anew with `install` unless its stamp says that these pins are installed. Holds the
/// lock of the folder until the result is dropped.
fn install(
    folder: &Path,
    pins: &[&Path],
    install: impl FnOnce() -> Result<(), String>,
) -> Result<File, String> {
    let guard = lock(&folder.with_extension("lock"))?;
    let stamp = folder.join("pins.sha256");
    let hash = hash_of(pins)?;
    if fs::read_to_string(&stamp).is_ok_and(|known| known == hash) {
        return Ok(guard);
    }
    let error = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(error)?;
    }
    fs::create_dir_all(folder).map_err(error)?;
    install()?;
    fs::write(&stamp, hash).map_err(error)?;
    Ok(guard)
}

fn hash_of(files: &[&Path]) -> Result<String, String> {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn first_that_starts<'a>(names: &[&'a str]) -> Option<&'a str> {
    let starts =
        |name: &str| Command::new(name).arg("--version").output().is_ok_and(|done| done.status.success());
    names.iter().copied().find(|name| starts(name))
}
