//! The one error type of this crate.

use std::fmt;

use perm_infer_diagnostics::{Diagnostic, Location, Severity};

/// Something that the user gave and that cannot be used. Values are never shown: environment files
/// hold secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InfraError {
    /// The file and line; `None` for the command line.
    pub location: Option<Location>,
    /// What is wrong, one sentence without a final full stop.
    pub message: String,
    /// What to do.
    pub remedy: &'static str,
}

impl fmt::Display for InfraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        write!(f, "{}; {}", self.message, self.remedy)
    }
}

impl std::error::Error for InfraError {}

impl From<InfraError> for Diagnostic {
    fn from(error: InfraError) -> Diagnostic {
        let diagnostic =
            Diagnostic::new(Severity::Error, "bad-environment", error.message).remedy(error.remedy);
        match error.location {
            Some(location) => diagnostic.at(location),
            None => diagnostic,
        }
    }
}
