//! Changes to source that leave its meaning as it is: other names, another order, other places.
//!
//! Each change is made only where it is certainly safe, by simple rules on the syntax tree; everything
//! else stays untouched. The same source always gives the same result.

mod inline;
mod javascript;
mod python;

use std::path::Path;

use tree_sitter::Node;

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// Local variables get other names.
    RenameLocals,
    /// Functions that stand together stand in the opposite order.
    ReverseFunctions,
    /// A function becomes one that hands its arguments on to another, which has its body.
    ExtractBody,
    /// Calls of a helper become its body.
    InlineHelpers,
    /// Functions become static methods of a class.
    WrapInClasses,
    /// Functions stand in modules of their own and are imported.
    MoveToModules,
}

impl Mutation {
    /// All kinds.
    pub const ALL: [Mutation; 6] = [
        Mutation::RenameLocals,
        Mutation::ReverseFunctions,
        Mutation::ExtractBody,
        Mutation::InlineHelpers,
        Mutation::WrapInClasses,
        Mutation::MoveToModules,
    ];
}

/// A module with the modules that were taken out of it: names of files and sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mutated {
    /// The source of the module.
    pub source: String,
    /// New files beside it.
    pub modules: Vec<(String, String)>,
}

/// The source of a file after a change; nothing when there is no place for it. `is_used` says whether other
/// files name something.
#[must_use]
pub fn mutate(
    mutation: Mutation,
    file: &Path,
    source: &str,
    is_used: &dyn Fn(&str) -> bool,
) -> Option<Mutated> {
    let stem = file.file_stem()?.to_str()?;
    match file.extension()?.to_str()? {
        "py" if mutation == Mutation::InlineHelpers => inline::inline_python(source, is_used),
        extension if mutation == Mutation::InlineHelpers => {
            inline::inline_javascript(extension, source, is_used)
        }
        "py" => python::mutate(mutation, stem, source),
        extension => javascript::mutate(mutation, stem, extension, source),
    }
}

/// Bytes of the source and what stands there instead.
type Edit = (std::ops::Range<usize>, String);

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// Puts what stands together in the opposite order.
fn reversed(source: &str, run: &[Node<'_>]) -> Vec<Edit> {
    let swapped = run.iter().zip(run.iter().rev()).filter(|(place, other)| place != other);
    swapped.map(|(place, other)| (place.byte_range(), source[other.byte_range()].to_owned())).collect()
}

/// Whether a text names something.
#[must_use]
pub fn names(text: &str, name: &str) -> bool {
    inline::occurrences(text, name) > 0
}

fn applied(source: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut result = String::new();
    let mut done = 0;
    for (range, text) in edits {
        result.push_str(&source[done..range.start]);
        result.push_str(&text);
        done = range.end;
    }
    result.push_str(&source[done..]);
    result
}
