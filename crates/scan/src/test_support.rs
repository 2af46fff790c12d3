//! A language just rich enough for the tests, and trees of files in it.

use std::fs;
use std::path::{Path, PathBuf};

use perm_infer_diagnostics::Span;
use perm_infer_facts::{
    Builder, Grammar, Import, ImportBinding, ImportCandidate, Imported, LowerProblem, Lowered,
};
use tempfile::TempDir;

use crate::{Prefilter, Root, ScanRequest, ScanResult, scan};

/// Lines of the form `import "specifier" name`; `!panic`, `!syntax` and `!deep` do what they say.
pub(crate) struct Toy;

impl Grammar for Toy {
    fn name(&self) -> &'static str {
        "toy"
    }

    fn aliases(&self) -> &'static [&'static str] {
        &["t"]
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["toy"]
    }

    fn is_test(&self, path: &str) -> bool {
        path.ends_with(".test.toy") || path.starts_with("tests/")
    }

    fn lower(&self, _path: &str, source: &str) -> Lowered {
        let mut builder = Builder::new("toy", true, Span::new(0, source.len()));
        let mut problems = Vec::new();
        let mut start = 0;
        for line in source.lines() {
            let span = Span::new(start, start + line.len());
            start += line.len() + 1;
            assert_ne!(line, "!panic");
            match line {
                "!syntax" => problems.push(LowerProblem::Syntax(span)),
                "!deep" => problems.push(LowerProblem::TooDeep(span)),
                _ => {}
            }
            let Some((specifier, name)) =
                line.strip_prefix("import \"").and_then(|rest| rest.split_once('"'))
            else {
                continue;
            };
            let imported = Imported::Name(builder.intern(name.trim()));
            let specifier = builder.intern(specifier);
            let bindings = vec![ImportBinding { imported, var: None }];
            builder.import(Import { specifier, bindings, type_only: false, span });
        }
        Lowered { facts: builder.finish(), problems }
    }

    fn parse_only(&self, _path: &str, _source: &str) {}

    fn import_candidates(&self, importer: &str, specifier: &str) -> Vec<ImportCandidate> {
        if !specifier.starts_with('.') {
            return vec![ImportCandidate::Suffix(format!("{specifier}.toy"))];
        }
        let mut directory: Vec<&str> = importer.split('/').collect();
        directory.pop();
        for segment in specifier.split('/') {
            match segment {
                "." | "" => {}
                ".." => drop(directory.pop()),
                name => directory.push(name),
            }
        }
        let path = directory.join("/");
        let index = if path.is_empty() { "index.toy".to_owned() } else { format!("{path}/index.toy") };
        vec![ImportCandidate::Path(format!("{path}.toy")), ImportCandidate::Path(index)]
    }

    fn submodule(&self, specifier: &str, name: &str) -> Option<String> {
        (!name.is_empty()).then(|| format!("{specifier}/{name}"))
    }
}

/// A directory of files for one test.
pub(crate) struct Tree(TempDir);

impl Tree {
    pub(crate) fn new(files: &[(&str, &str)]) -> Tree {
        let tree = Tree(tempfile::tempdir().expect("directory"));
        for (path, text) in files {
            tree.write(path, text.as_bytes());
        }
        tree
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("inside the tree")).expect("directory");
        fs::write(path, bytes).expect("file");
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    /// Scans the whole tree without a prefilter.
    pub(crate) fn scan(&self) -> Outcome {
        self.scan_with(&ScanRequest { roots: vec![Root::Path(self.root().into())], ..Default::default() })
    }

    pub(crate) fn scan_with(&self, request: &ScanRequest<'_>) -> Outcome {
        let prefilter = Prefilter::new(["toysdk"], || ["put_item", "send"]).expect("few patterns");
        let result = scan(request, &[&Toy], &prefilter);
        Outcome { prefix: format!("{}/", crate::source::shown_path(self.root())), result }
    }
}

/// A result with paths relative to the tree.
pub(crate) struct Outcome {
    prefix: String,
    pub(crate) result: ScanResult,
}

impl Outcome {
    /// The parsed files, separated by spaces.
    pub(crate) fn files(&self) -> String {
        let relative = |path: &str| path.strip_prefix(&self.prefix).unwrap_or(path).to_owned();
        self.result.files.iter().map(|file| relative(&file.path)).collect::<Vec<_>>().join(" ")
    }

    /// The diagnostics as `path:line code`.
    pub(crate) fn codes(&self) -> Vec<String> {
        let show = |diagnostic: &perm_infer_diagnostics::Diagnostic| {
            let place = diagnostic.location.as_ref().map(ToString::to_string).unwrap_or_default();
            let place = place.strip_prefix(&self.prefix).unwrap_or(&place).to_owned();
            format!("{place} {}", diagnostic.code)
        };
        self.result.diagnostics.iter().map(show).collect()
    }
}
