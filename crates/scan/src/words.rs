//! The words by which files of a project name each other, found in one pass over their bytes.
//!
//! An import names the file it means by its stem (`store` for `lib/store.py`), or by the directory
//! where the file stands for a directory. A file that does not have all words of that name cannot
//! import it, so that only few files have to be parsed to know who imports what.

use perm_infer_facts::{FileIndex, Grammar, ImportCandidate};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::SourceFile;

/// A word that occurs in the name of some file.
pub(crate) type WordId = u32;

/// All words by which files are imported.
#[derive(Debug, Default)]
pub(crate) struct WordTable {
    ids: FxHashMap<Box<str>, WordId>,
    keys: Vec<Keys>,
}

/// How importers name one file.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// An importer has all words of one of these.
    pub(crate) alternatives: Vec<Vec<WordId>>,
    /// Whether importers inside its directory may write nothing but dots.
    pub(crate) stands_for_directory: bool,
}

impl WordTable {
    pub(crate) fn new(files: &[SourceFile], index: &FileIndex, grammars: &[&dyn Grammar]) -> Self {
        let index_names: Vec<FxHashSet<String>> =
            grammars.iter().map(|grammar| index_names(*grammar)).collect();
        let mut table = WordTable::default();
        for file in files {
            let mut segments = file.shown.rsplit('/');
            let name = segments.next().unwrap_or_default();
            let mut keys = Keys::default();
            // `orders.service.ts` is imported with `service`, `types.d.ts` without `d`: the first part
            // is there in both.
            let stem = name.trim_start_matches('.').split('.').next().unwrap_or_default();
            keys.alternatives.push(table.intern_words(stem));
            if index_names[file.grammar].contains(name) {
                keys.stands_for_directory = true;
                // `pkg/src/index.js` is imported as `pkg` too.
                let directories = segments.take(2).map(|directory| table.intern_words(directory));
                keys.alternatives.extend(directories);
            }
            table.keys.push(keys);
        }
        for (name, file) in grammars.iter().flat_map(|grammar| index.named_files(*grammar)) {
            let words = table.intern_words(name);
            table.keys[file].alternatives.push(words);
        }
        table
    }

    /// How importers name the file with this number.
    pub(crate) fn keys(&self, file: usize) -> &Keys {
        &self.keys[file]
    }

    /// The id of a word that names a file.
    pub(crate) fn find(&self, word: &str) -> Option<WordId> {
        self.ids.get(word).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    fn intern_words(&mut self, text: &str) -> Vec<WordId> {
        let mut words = Vec::new();
        for_each_word(text, |word| {
            let next = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
            words.push(*self.ids.entry(word.text.into()).or_insert(next));
        });
        words
    }
}

/// The names of files that stand for the directory they are in, as the grammar would look for them.
fn index_names(grammar: &dyn Grammar) -> FxHashSet<String> {
    let candidates = grammar.import_candidates("directory/importer", ".");
    let paths = candidates.into_iter().map(|candidate| match candidate {
        ImportCandidate::Path(path) | ImportCandidate::Suffix(path) => path,
    });
    paths.filter_map(|path| Some(path.strip_prefix("directory/")?.to_owned())).collect()
}

/// One word of a text with what stands around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'a> {
    /// The word: letters, digits, `_`, and everything beyond ASCII.
    pub(crate) text: &'a str,
    /// What precedes it.
    pub(crate) before: &'a [u8],
    /// What follows it.
    pub(crate) after: &'a [u8],
}

impl Word<'_> {
    /// Whether it stands where the name of a called method stands: `.name(`, `?.name<T>(`, `["name"](`.
    pub(crate) fn may_be_called(&self) -> bool {
        let quoted = matches!(self.before, [.., b'[', b'"' | b'\'' | b'`']);
        let before = self.before.trim_ascii_end();
        if !quoted && !matches!(before, [.., b'.' | b'#']) {
            return false;
        }
        let after = if quoted { self.after.get(2..).unwrap_or_default() } else { self.after };
        match after.trim_ascii_start() {
            [b'!', next, ..] => *next != b'=',
            [b'(' | b'<' | b'\\', ..] | [b'?', b'.', ..] => true,
            _ => false,
        }
    }
}

/// Calls `visit` for every word of a text.
pub(crate) fn for_each_word<'a>(text: &'a str, mut visit: impl FnMut(Word<'a>)) {
    let bytes = text.as_bytes();
    let mut position = 0;
    while position < bytes.len() {
        if !is_word(bytes[position]) {
            position += 1;
            continue;
        }
        let start = position;
        while position < bytes.len() && is_word(bytes[position]) {
            position += 1;
        }
        // Words end at ASCII bytes, which are never inside a character.
        visit(Word { text: &text[start..position], before: &bytes[..start], after: &bytes[position..] });
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether the text may import a directory around it by dots alone: `from . import x`,
/// `require('../')`.
pub(crate) fn has_lone_dots(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes).any(|position| {
        let opens = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`');
        if !position.checked_sub(1).is_some_and(|before| opens(bytes[before])) {
            return false;
        }
        let rest = &bytes[position..];
        let length = rest.iter().take_while(|byte| matches!(byte, b'.' | b'/')).count();
        rest.get(length).is_some_and(|after| opens(*after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for_each_word(text, |word| {
            if word.may_be_called() {
                found.push(word.text);
            }
        });
        found
    }

    #[test]
    fn called_names_are_recognised_in_all_their_forms() {
        assert_eq!(called("a.put(x) b?.get() c .del (y)"), ["put", "get", "del"]);
        assert_eq!(
            called("a.put<T>(x); a.opt?.(); a!.x!(); a[\"quoted\"](1)"),
            ["put", "opt", "x", "quoted"]
        );
        assert_eq!(called("a\n  .list()\n  .each(f)"), ["list", "each"]);
        assert_eq!(called("put(x); a.attr; 'text'; a.b = 1"), [""; 0]);
    }

    #[test]
    fn dots_that_stand_alone_are_recognised() {
        for text in ["from . import x", "require('..')", "import a from \"../\";", "from ... import y"] {
            assert!(has_lone_dots(text), "{text}");
        }
        for text in ["a.b", "from .x import y", "'./x'", "...args", "end."] {
            assert!(!has_lone_dots(text), "{text}");
        }
    }
}
