//! Packages that an installer put among the sources of a project, as is usual for code that is uploaded as
//! a folder: each has a directory `NAME-VERSION.dist-info` beside it, whose `RECORD` lists its files
//! ("Recording installed projects" of the Python Packaging User Guide).

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

/// Bytes of a record that are read; those of the largest packages have a few megabytes.
const MAX_RECORD_BYTES: u64 = 16 << 20;

/// Whether a directory says what an installer put beside it.
pub(crate) fn is_record(directory: &Path) -> bool {
    let name = directory.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.ends_with(".dist-info")) && directory.join("RECORD").is_file()
}

/// The files that the records list, as paths below the directories beside which the records lie.
pub(crate) fn installed_files(records: &[PathBuf]) -> FxHashSet<PathBuf> {
    let mut files = FxHashSet::default();
    for record in records {
        let Some(parent) = record.parent() else { continue };
        let mut text = Vec::new();
        let read = File::open(record.join("RECORD"))
            .and_then(|file| file.take(MAX_RECORD_BYTES).read_to_end(&mut text));
        if read.is_err() {
            continue;
        }
        let text = String::from_utf8_lossy(&text);
        // `path,hash,size`, the path in quotes where it has a comma itself.
        let paths = text.lines().filter_map(|line| match line.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => line.split(',').next(),
        });
        files.extend(paths.filter(|path| !path.starts_with(['.', '/'])).map(|path| parent.join(path)));
    }
    files
}
