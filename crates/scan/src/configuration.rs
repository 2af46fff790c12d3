//! Reads the files that say how imports name files and asks the grammars what they mean. What cannot be
//! read or understood changes nothing: imports are then found by the habits of the language.

use std::path::PathBuf;

use perm_infer_facts::{ConfigurationFile, FileIndex, Grammar};

use crate::read::{Decoded, decode};

/// Bytes of a configuration file; larger ones are data by that name.
const MAX_BYTES: u64 = 1 << 20;

/// The index with the names that the configuration of the project gives to its files.
pub(crate) fn with_aliases(
    index: FileIndex,
    grammars: &[&dyn Grammar],
    files: &[(String, PathBuf)],
) -> FileIndex {
    let read: Vec<ConfigurationFile> = files.iter().filter_map(read).collect();
    grammars.iter().fold(index, |index, grammar| {
        let is_own = |file: &&ConfigurationFile| grammar.is_configuration(file_name(&file.path));
        let own: Vec<ConfigurationFile> = read.iter().filter(is_own).cloned().collect();
        match own.is_empty() {
            true => index,
            false => index.with_aliases(*grammar, grammar.import_aliases(&own)),
        }
    })
}

fn read((shown, path): &(String, PathBuf)) -> Option<ConfigurationFile> {
    let length = std::fs::metadata(path).ok()?.len();
    let bytes = if length > MAX_BYTES { return None } else { std::fs::read(path).ok()? };
    match decode(bytes) {
        Decoded::Text(text) => Some(ConfigurationFile { path: shown.clone(), text }),
        _ => None,
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
