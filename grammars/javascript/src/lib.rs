//! JavaScript, JSX, TypeScript and TSX source to facts.
//!
//! [`JavaScript`] is the one public item: it parses with tree-sitter and lowers the tree to
//! [`perm_infer_facts::FileFacts`]. All four syntaxes give facts of the dialect `javascript`, as
//! libraries mean the same in each.
//!
//! ```
//! use perm_infer_facts::{Grammar, dump};
//! use perm_infer_grammar_javascript::JavaScript;
//!
//! let lowered = JavaScript.lower("app.js", "const a = b?.c;");
//! assert!(lowered.problems.is_empty());
//! assert_eq!(dump(&lowered.facts), "file javascript\na#0 = b.c\n");
//! ```

mod classes;
mod commonjs;
mod configuration;
mod data;
mod declarations;
mod expressions;
mod functions;
mod json;
mod jsx;
mod kinds;
mod lower;
mod modules;
mod parser;
mod paths;
mod patterns;
mod statements;
mod strings;
mod types;

use perm_infer_diagnostics::Span;
use perm_infer_facts::{
    Builder, ConfigurationFile, Grammar, ImportAlias, ImportCandidate, LowerProblem, Lowered,
};

/// The JavaScript language family.
#[derive(Clone, Copy, Debug, Default)]
pub struct JavaScript;

impl Grammar for JavaScript {
    fn name(&self) -> &'static str {
        "javascript"
    }

    fn aliases(&self) -> &'static [&'static str] {
        &["js", "jsx", "typescript", "ts", "tsx"]
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"]
    }

    fn is_test(&self, path: &str) -> bool {
        paths::is_test(path)
    }

    fn lower(&self, path: &str, source: &str) -> Lowered {
        if path.ends_with(".json") {
            return data::lower(source);
        }
        let syntax = parser::syntax_of(path);
        match parser::parse(source, syntax) {
            Some(tree) => lower::lower(source, syntax, &tree),
            None => {
                let span = Span::new(0, source.len());
                let facts = Builder::new("javascript", false, span).finish();
                Lowered { facts, problems: vec![LowerProblem::Syntax(span)] }
            }
        }
    }

    fn parse_only(&self, path: &str, source: &str) {
        drop(parser::parse(source, parser::syntax_of(path)));
    }

    fn import_candidates(&self, importer: &str, specifier: &str) -> Vec<ImportCandidate> {
        paths::import_candidates(importer, specifier)
    }

    fn submodule(&self, _specifier: &str, _name: &str) -> Option<String> {
        None
    }

    fn path_candidates(&self, path: &str) -> Vec<ImportCandidate> {
        paths::path_candidates(path)
    }

    fn data_extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn is_configuration(&self, file_name: &str) -> bool {
        configuration::is_configuration(file_name)
    }

    fn import_aliases(&self, files: &[ConfigurationFile]) -> Vec<ImportAlias> {
        configuration::import_aliases(files)
    }
}
