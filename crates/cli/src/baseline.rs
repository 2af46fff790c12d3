//! Baselines: the file that says which findings are accepted, read and written.

use std::path::Path;

use perm_infer_infer::{Diagnostic, Location, Severity};
use perm_infer_report::Baseline;

use crate::args::BaselineArgs;
use crate::output;
use crate::policies::{read, shown};

/// The findings that the user accepts; none without a file.
///
/// # Errors
/// When the file cannot be read, or is no baseline.
pub(crate) fn accepted(args: &BaselineArgs) -> Result<Baseline, Diagnostic> {
    let Some(path) = &args.baseline else { return Ok(Baseline::default()) };
    let text = read(path).map_err(|error| *error)?;
    Baseline::read(&text).map_err(|error| no_baseline(path, &error))
}

fn no_baseline(path: &Path, error: &str) -> Diagnostic {
    Diagnostic::new(Severity::Error, "no-baseline", format!("this is no baseline: {error}"))
        .at(Location::file(shown(path)))
        .remedy("pass a file that --write-baseline wrote")
}

/// Writes what is accepted from now on, where the user asks for it.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(args: &BaselineArgs, accepted: &Baseline) -> Result<(), Diagnostic> {
    match &args.write_baseline {
        Some(path) => output::write(Some(path), &accepted.to_json()),
        None => Ok(()),
    }
}

/// How many findings were left out, for people; nothing when none was.
pub(crate) fn told(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 finding is accepted by the baseline".to_owned()),
        several => Some(format!("{several} findings are accepted by the baseline")),
    }
}
