//! One source file that was found, and which grammar reads it.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use perm_infer_facts::Grammar;

/// A source file to read.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    /// The path as users see it.
    pub(crate) shown: String,
    /// Position of the grammar that reads it.
    pub(crate) grammar: usize,
    /// Whether the user named this very file.
    pub(crate) explicit: bool,
    /// Whether it is data, which matters only where a source imports it.
    pub(crate) is_data: bool,
    /// Where its bytes are.
    pub(crate) content: Content,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// On disk.
    Path(PathBuf),
    /// Handed in.
    Bytes(Arc<[u8]>),
}

/// Whether a grammar goes by this name, alias or extension.
pub(crate) fn is_called(grammar: &dyn Grammar, language: &str) -> bool {
    let names = [grammar.name()].into_iter();
    names
        .chain(grammar.aliases().iter().copied())
        .chain(grammar.extensions().iter().copied())
        .any(|name| name.eq_ignore_ascii_case(language))
}

/// The first grammar that reads files with the extension of this path.
pub(crate) fn grammar_of(path: &Path, grammars: &[&dyn Grammar]) -> Option<usize> {
    let extension = path.extension()?.to_str()?;
    grammars.iter().position(|grammar| grammar.extensions().contains(&extension))
}

/// The first grammar whose code imports data files with the extension of this path.
pub(crate) fn data_grammar_of(path: &Path, grammars: &[&dyn Grammar]) -> Option<usize> {
    let extension = path.extension()?.to_str()?;
    grammars.iter().position(|grammar| grammar.data_extensions().contains(&extension))
}

/// The path with forward slashes and without `.` segments. Names that are no Unicode are shown with
/// replacement characters.
pub(crate) fn shown_path(path: &Path) -> String {
    let mut out = String::new();
    for component in path.components() {
        match component {
            Component::CurDir => continue,
            Component::RootDir => {
                out.push('/');
                continue;
            }
            _ => {}
        }
        if !out.is_empty() && !out.ends_with('/') {
            out.push('/');
        }
        out.push_str(&component.as_os_str().to_string_lossy());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_paths_are_as_given_without_noise() {
        for (path, shown) in
            [("./a/./b.py", "a/b.py"), ("/x//y.js", "/x/y.js"), ("../a.ts", "../a.ts"), (".", "")]
        {
            assert_eq!(shown_path(Path::new(path)), shown);
        }
    }
}
