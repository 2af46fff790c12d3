//! What a scan is asked and what it answers. Plain data.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use perm_infer_diagnostics::{Diagnostic, LineIndex};
use perm_infer_facts::{FileFacts, FileIndex};

use crate::shared::SharedFiles;

/// What to read and how.
#[derive(Clone, Default)]
pub struct ScanRequest<'a> {
    /// Where to look.
    pub roots: Vec<Root>,
    /// Globs, as in a `.gitignore`, of what is left out; matched against paths as shown and against
    /// paths relative to their root.
    pub exclude: Vec<String>,
    /// Whether test files are read.
    pub include_tests: bool,
    /// Names or aliases of the only languages to read; empty for all.
    pub languages: Vec<String>,
    /// Whether files that cannot matter are left unparsed.
    pub prefilter: bool,
    /// Whether a file that no grammar reads is worth noting, by its name.
    pub beside: Option<fn(&str) -> bool>,
    /// What scans have in common, so that a file that is the same is lowered once.
    pub shared: Option<Arc<SharedFiles>>,
    /// Called from worker threads as the scan goes on.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
}

/// One thing to read.
#[derive(Clone, Debug)]
pub enum Root {
    /// A file or directory. It is read even if it is hidden, ignored, vendored or a test.
    Path(PathBuf),
    /// A text, as from standard input.
    Text {
        /// The path to show; its extension decides between dialects of the language.
        name: String,
        /// The language, by name, alias or extension; by the extension of `name` if absent.
        language: Option<String>,
        /// The text in any encoding that files may have.
        bytes: Vec<u8>,
    },
}

/// How far a scan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Source files found.
    pub found: usize,
    /// Of these, read.
    pub read: usize,
    /// Of these, parsed.
    pub parsed: usize,
}

/// Everything a scan found.
#[derive(Debug)]
pub struct ScanResult {
    /// The parsed files, sorted by path.
    pub files: Vec<ScannedFile>,
    /// Resolves imports to positions in `files`.
    pub index: FileIndex,
    /// Every source file that was found, parsed or not, by path.
    pub walked: Vec<String>,
    /// The files that [`ScanRequest::beside`] asks for, by path.
    pub beside: Vec<PathBuf>,
    /// How many files were found, parsed and left out.
    pub counts: Counts,
    /// What was lost or left out, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// One parsed file.
#[derive(Debug)]
pub struct ScannedFile {
    /// The path as users see it: relative if the root was, with forward slashes.
    pub path: String,
    /// What the grammar made of it.
    pub facts: Arc<FileFacts>,
    /// The decoded text that spans refer to.
    pub source: Arc<str>,
    /// Where its lines start.
    pub lines: LineIndex,
    /// Position of its grammar in the list given to the scan.
    pub grammar: usize,
    /// Whether its text names an SDK; always without a prefilter.
    pub names_sdk: bool,
}

/// How many source files were found and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Source files that were read or left out for what they contain.
    pub found: usize,
    /// Parsed, and part of the result.
    pub parsed: usize,
    /// Test files, not read.
    pub tests: usize,
    /// Files and directories that `exclude` names, not read.
    pub excluded: usize,
    /// Directories of dependencies, virtual environments and tools' output, not entered.
    pub directories: usize,
    /// Minified files.
    pub minified: usize,
    /// Bundles that a build tool generated.
    pub generated: usize,
    /// Files over [`MAX_FILE_BYTES`](crate::MAX_FILE_BYTES).
    pub too_large: usize,
    /// Files that are no text.
    pub binary: usize,
    /// Files that could not be read.
    pub unreadable: usize,
    /// Files that name no SDK and have nothing to do with one that does, not parsed.
    pub irrelevant: usize,
}

/// Why a file that was found is not part of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skipped {
    Minified,
    Generated,
    TooLarge,
    Binary,
    Unreadable,
}

impl Counts {
    pub(crate) fn add(&mut self, skipped: Option<Skipped>) {
        match skipped {
            None => {}
            Some(Skipped::Minified) => self.minified += 1,
            Some(Skipped::Generated) => self.generated += 1,
            Some(Skipped::TooLarge) => self.too_large += 1,
            Some(Skipped::Binary) => self.binary += 1,
            Some(Skipped::Unreadable) => self.unreadable += 1,
        }
    }
}

/// Counts what is done and tells the caller.
pub(crate) struct Progressing<'a> {
    callback: Option<&'a (dyn Fn(Progress) + Sync)>,
    found: usize,
    read: AtomicUsize,
    parsed: AtomicUsize,
}

impl<'a> Progressing<'a> {
    pub(crate) fn new(callback: Option<&'a (dyn Fn(Progress) + Sync)>, found: usize) -> Self {
        Progressing { callback, found, read: AtomicUsize::new(0), parsed: AtomicUsize::new(0) }
    }

    pub(crate) fn file_read(&self) {
        self.read.fetch_add(1, Ordering::Relaxed);
        self.tell();
    }

    pub(crate) fn file_parsed(&self) {
        self.parsed.fetch_add(1, Ordering::Relaxed);
        self.tell();
    }

    fn tell(&self) {
        if let Some(callback) = self.callback {
            let (read, parsed) = (self.read.load(Ordering::Relaxed), self.parsed.load(Ordering::Relaxed));
            callback(Progress { found: self.found, read, parsed });
        }
    }
}
