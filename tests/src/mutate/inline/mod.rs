//! Helpers inlined: the calls of a function become its body, with names of their own, and the function goes.
//!
//! A helper is inlined only where all its uses are calls that can be, because a function that nothing calls
//! is where a platform may start.

mod javascript;
mod python;

use std::collections::BTreeSet;

use tree_sitter::{Language, Node, Parser, Tree};

use super::{Edit, Mutated, applied};

pub(super) use javascript::inline_helpers as inline_javascript;
pub(super) use python::inline_helpers as inline_python;

/// Helpers of one file that are inlined, one after the other.
const MAX_HELPERS: usize = 16;

/// Inlines one helper after the other; nothing when there is none.
fn one_by_one(source: &str, inline_one: impl Fn(&str, usize) -> Option<String>) -> Option<Mutated> {
    let mut text = source.to_owned();
    let mut helpers = 0;
    while helpers < MAX_HELPERS
        && let Some(next) = inline_one(&text, helpers)
    {
        text = next;
        helpers += 1;
    }
    (helpers > 0).then_some(Mutated { source: text, modules: Vec::new() })
}

/// The tree of a text that can be changed: it has no errors, and no comments that belong to a line.
fn parsed(language: &Language, text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(language).ok()?;
    let tree = parser.parse(text, None)?;
    (!tree.root_node().has_error() && !text.contains("perm-infer:")).then_some(tree)
}

/// The edits that take a definition away and do to each call what `at` says of it and its position.
fn without_definition<const N: usize>(
    definition: Node<'_>,
    calls: &[Node<'_>],
    at: impl Fn(Node<'_>, usize) -> Option<[Edit; N]>,
) -> Option<Vec<Edit>> {
    let mut edits = vec![(definition.byte_range(), String::new())];
    for (index, call) in calls.iter().enumerate() {
        edits.extend(at(*call, index)?);
    }
    (!overlap(&edits)).then_some(edits)
}

/// How often a name stands in a text as a word.
pub(super) fn occurrences(text: &str, name: &str) -> usize {
    let is_part = |character: char| character.is_alphanumeric() || character == '_' || character == '$';
    text.match_indices(name)
        .filter(|(start, _)| {
            !text[..*start].ends_with(is_part) && !text[start + name.len()..].starts_with(is_part)
        })
        .count()
}

/// The text of a node with other names in it. The edits are positions in the whole source.
fn renamed(source: &str, node: Node<'_>, renames: &[Edit]) -> String {
    let range = node.byte_range();
    let inside = renames.iter().filter(|(place, _)| range.start <= place.start && place.end <= range.end);
    let moved =
        inside.map(|(place, name)| (place.start - range.start..place.end - range.start, name.clone()));
    applied(&source[range.clone()], moved.collect())
}

/// Whether edits are in each other's way.
fn overlap(edits: &[Edit]) -> bool {
    let mut ranges: Vec<(usize, usize)> = edits.iter().map(|(range, _)| (range.start, range.end)).collect();
    ranges.sort_unstable();
    ranges.windows(2).any(|pair| pair[1].0 < pair[0].1)
}

/// Names that mean something else in one place than in another.
fn share_names(one: &BTreeSet<&str>, other: &BTreeSet<&str>) -> bool {
    one.intersection(other).next().is_some()
}
