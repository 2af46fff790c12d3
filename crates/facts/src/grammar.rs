//! What a language has to provide.

use perm_infer_diagnostics::Span;

use crate::aliases::{ConfigurationFile, ImportAlias};
use crate::model::FileFacts;

/// One language family: turns source text into facts and knows how its imports name files.
pub trait Grammar: Sync {
    /// Its name as used by `--language`, such as `python`.
    fn name(&self) -> &'static str;

    /// Further names that `--language` accepts, such as `ts`.
    fn aliases(&self) -> &'static [&'static str];

    /// File name extensions without the dot.
    fn extensions(&self) -> &'static [&'static str];

    /// Whether the file name is that of a test, by the habits of the language. `path` is relative to
    /// the scanned root, with forward slashes.
    fn is_test(&self, path: &str) -> bool;

    /// Lowers a whole file. Never fails: what cannot be parsed is listed as a problem and what can be
    /// is lowered all the same. `path` decides between dialects and is not opened.
    fn lower(&self, path: &str, source: &str) -> Lowered;

    /// Parses without lowering: the yardstick of the benchmark.
    fn parse_only(&self, path: &str, source: &str);

    /// The files that an import may mean, best first. `importer` is the path of the importing file.
    fn import_candidates(&self, importer: &str, specifier: &str) -> Vec<ImportCandidate>;

    /// The specifier of module `name` inside module `specifier`, where importing a name may mean
    /// importing a module.
    fn submodule(&self, specifier: &str, name: &str) -> Option<String>;

    /// The files that a path may mean which leaves out what imports may leave out, best first.
    fn path_candidates(&self, path: &str) -> Vec<ImportCandidate> {
        vec![ImportCandidate::Path(path.to_owned())]
    }

    /// Extensions of data files, which are lowered only where something imports them.
    fn data_extensions(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a file of this name says how imports name files.
    fn is_configuration(&self, _file_name: &str) -> bool {
        false
    }

    /// What the configuration files of a project say about that.
    fn import_aliases(&self, _files: &[ConfigurationFile]) -> Vec<ImportAlias> {
        Vec::new()
    }
}

/// One file that an import may mean. Paths have forward slashes and no `.` or `..` segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportCandidate {
    /// Exactly this path.
    Path(String),
    /// The file nearest to the importer whose path ends with these segments.
    Suffix(String),
}

/// The outcome of lowering one file.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The facts, possibly partial.
    pub facts: FileFacts,
    /// What was lost.
    pub problems: Vec<LowerProblem>,
}

/// A part of a file that did not come through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LowerProblem {
    /// The parser could not make sense of these bytes.
    Syntax(Span),
    /// Nested deeper than the lowering follows.
    TooDeep(Span),
}
