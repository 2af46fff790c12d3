//! Python source to facts: a syntax tree of tree-sitter-python is lowered in one pass to the model
//! of `perm-infer-facts`. Knows the scoping, binding and import rules of Python; knows nothing of AWS
//! or of how facts are evaluated.
//!
//! ```
//! use perm_infer_facts::{Grammar, dump};
//! let lowered = perm_infer_grammar_python::Python.lower("app.py", "x = 1\n");
//! assert_eq!(dump(&lowered.facts), "file python\nx#0 = 1\n");
//! ```

mod chains;
mod definitions;
mod expressions;
mod idioms;
mod imports;
mod kinds;
mod lower;
mod matching;
mod parse;
mod paths;
mod statements;
mod strings;
mod targets;
mod types;

use perm_infer_facts::{Grammar, ImportCandidate, Lowered};

/// The grammar of Python 3, and of what Python 2 wrote differently as far as it parses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Python;

impl Grammar for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn aliases(&self) -> &'static [&'static str] {
        &["py", "python3"]
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["py", "pyw"]
    }

    fn is_test(&self, path: &str) -> bool {
        paths::is_test(path)
    }

    fn lower(&self, _path: &str, source: &str) -> Lowered {
        lower::lower(source)
    }

    fn parse_only(&self, _path: &str, source: &str) {
        parse::parse(source);
    }

    fn import_candidates(&self, importer: &str, specifier: &str) -> Vec<ImportCandidate> {
        paths::import_candidates(importer, specifier)
    }

    fn submodule(&self, specifier: &str, name: &str) -> Option<String> {
        Some(paths::submodule(specifier, name))
    }
}
