//! Parsing: which of the three syntaxes a path means, and one parser per thread and syntax.

use std::cell::RefCell;

use perm_infer_diagnostics::Span;
use tree_sitter::{Node, Parser, Tree};

use crate::kinds::Syntax;

thread_local! {
    static PARSERS: RefCell<Vec<(*const Syntax, Parser)>> = const { RefCell::new(Vec::new()) };
}

/// The syntax of a file by the extension of its name; JavaScript for unknown ones.
pub(crate) fn syntax_of(path: &str) -> &'static Syntax {
    match path.rsplit('.').next() {
        Some("ts" | "mts" | "cts") => Syntax::typescript(),
        Some("tsx") => Syntax::tsx(),
        _ => Syntax::javascript(),
    }
}

/// Parses a whole file. None only when the parser and the grammars do not fit together, which the
/// tests exclude.
pub(crate) fn parse(source: &str, syntax: &'static Syntax) -> Option<Tree> {
    let key: *const Syntax = syntax;
    PARSERS.with_borrow_mut(|parsers| {
        if let Some((_, parser)) = parsers.iter_mut().find(|(known, _)| *known == key) {
            return parser.parse(source, None);
        }
        let mut parser = Parser::new();
        parser.set_language(&syntax.language).ok()?;
        let tree = parser.parse(source, None);
        parsers.push((key, parser));
        tree
    })
}

/// The bytes of all comments, in source order.
pub(crate) fn comments(root: Node<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_extra() && matches!(node.kind(), "comment" | "html_comment") {
            found.push(Span::new(node.start_byte(), node.end_byte()));
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}
