//! Source text to syntax tree: one parser per thread, a bound on the work of one parse, and the list
//! of the places that the parser could not make sense of.

use std::cell::RefCell;
use std::ops::ControlFlow;

use perm_infer_diagnostics::Span;
use tree_sitter::{Node, ParseOptions, ParseState, Parser, Tree};

use crate::kinds::language;

/// How often the parser may report progress before it is stopped: for any file, and for each byte. It
/// reports after every hundred steps, which for the densest source (a list of one-digit numbers) is
/// 0.05 times per byte. Counted in steps and not in time, so that the outcome is the same on every
/// machine.
const PROGRESS_BASE: usize = 10_000;
const PROGRESS_PER_BYTE: usize = 1;

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
        let budget = source.len().saturating_mul(PROGRESS_PER_BYTE).saturating_add(PROGRESS_BASE);
        bounded_parse(slot.as_mut()?, source, budget)
    })
}

/// Parses unless that takes more than `budget` reports of progress.
fn bounded_parse(parser: &mut Parser, source: &str, budget: usize) -> Option<Tree> {
    let bytes = source.as_bytes();
    let mut left = budget;
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

/// The bytes of all comments, in source order.
pub(crate) fn comments(root: Node<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_extra() && node.kind() == "comment" {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parse_over_its_budget_is_stopped_and_the_parser_stays_usable() {
        let mut parser = Parser::new();
        parser.set_language(&language()).unwrap();
        let long = "f(1)\n".repeat(1_000);
        assert!(bounded_parse(&mut parser, &long, 3).is_none());
        let tree = bounded_parse(&mut parser, "x = 1\n", 3).unwrap();
        assert_eq!(tree.root_node().end_byte(), 6);
        assert!(bounded_parse(&mut parser, &long, 1_000).is_some());
    }

    #[test]
    fn only_the_outermost_errors_are_listed() {
        let tree = parse("x = = (\ny = 1\n").unwrap();
        let problems = syntax_problems(tree.root_node());
        for pair in problems.windows(2) {
            assert!(pair[0].end <= pair[1].start, "{problems:?}");
        }
        assert!(!problems.is_empty());
    }
}
