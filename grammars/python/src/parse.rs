//! Source text to syntax tree: one parser per thread, a bound on the work of one parse, and the list
//! of the places that the parser could not make sense of.

use std::cell::RefCell;
use std::ops::ControlFlow;

use perm_infer_diagnostics::Span;
use tree_sitter::{Node, ParseOptions, ParseState, Parser, Tree};

use crate::kinds::language;

/// How often the parser may report progress before it is stopped, for the shortest file and for each
/// byte. It reports after every hundred steps; ordinary source takes about one step per byte, so this
/// allows for several hundred times the usual work. Counted in steps and not in time, so that the
/// outcome is the same on every machine.
const PROGRESS_BASE: usize = 100_000;
const PROGRESS_PER_BYTE: usize = 4;

/// How many syntax errors of one file are listed.
pub(crate) const MAX_SYNTAX_PROBLEMS: usize = 20;

/// The syntax tree, or nothing if the parse took more steps than any sensible file needs.
pub(crate) fn parse(source: &str) -> Option<Tree> {
    thread_local! {
        static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
    }
    PARSER.with_borrow_mut(|slot| {
        if slot.is_none() {
            let mut parser = Parser::new();
            parser.set_language(&language()).ok()?;
            *slot = Some(parser);
        }
        bounded_parse(slot.as_mut()?, source)
    })
}

fn bounded_parse(parser: &mut Parser, source: &str) -> Option<Tree> {
    let bytes = source.as_bytes();
    let mut left = bytes.len().saturating_mul(PROGRESS_PER_BYTE).saturating_add(PROGRESS_BASE);
    let mut progress = |_: &ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let mut read = |offset: usize, _| bytes.get(offset..).unwrap_or_default();
    let tree = parser.parse_with_options(&mut read, None, Some(options));
    if tree.is_none() {
        // Else the next file would go on where this one was stopped.
        parser.reset();
    }
    tree
}

/// The outermost errors of the tree in source order, at most [`MAX_SYNTAX_PROBLEMS`].
pub(crate) fn syntax_problems(root: Node<'_>) -> Vec<Span> {
    let mut problems = Vec::new();
    if !root.has_error() {
        return problems;
    }
    let mut cursor = root.walk();
    'tree: while problems.len() < MAX_SYNTAX_PROBLEMS {
        let node = cursor.node();
        let wrong = node.is_error() || node.is_missing();
        if wrong {
            problems.push(Span::new(node.start_byte(), node.end_byte()));
        }
        if !wrong && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                break 'tree;
            }
        }
    }
    problems
}
