//! Where results go: standard output, or a file that is replaced as a whole.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use perm_infer_infer::{Diagnostic, Location, Severity};

/// Writes the text to the file, or to standard output.
///
/// # Errors
/// When it cannot be written, except that a reader of standard output who left is none.
pub(crate) fn write(file: Option<&Path>, text: &str) -> Result<(), Diagnostic> {
    let (result, place) = match file {
        Some(path) => (write_file(path, text), Some(Location::file(path.to_string_lossy()))),
        None => (write_stdout(text), None),
    };
    result.map_err(|error| {
        let diagnostic =
            Diagnostic::new(Severity::Error, "cannot-write", format!("cannot write the result: {error}"));
        match place {
            Some(place) => diagnostic.at(place).remedy("check the path given with --output"),
            None => diagnostic.remedy("check where standard output goes"),
        }
    })
}

fn write_stdout(text: &str) -> io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Replaces a file in one step with exactly this text.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.permissions(fs::metadata(path)?.permissions());
    let mut file = builder.prefix(".perm-infer").tempfile_in(directory(path))?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

/// Replaces the file in one step, so that nobody ever sees half of it. What is no regular file, such
/// as `/dev/null` or a named pipe, cannot be replaced and is written to.
fn write_file(path: &Path, text: &str) -> io::Result<()> {
    // A link stays a link.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let text = anstream::adapter::strip_str(text).to_string();
    let existing = fs::metadata(&path).ok();
    if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
        return fs::OpenOptions::new().write(true).open(&path)?.write_all(text.as_bytes());
    }
    let mut builder = tempfile::Builder::new();
    if let Some(permissions) = existing.map(|existing| existing.permissions()).or_else(ordinary) {
        builder.permissions(permissions);
    }
    let mut file = builder.prefix(".perm-infer").tempfile_in(directory(&path))?;
    file.write_all(text.as_bytes())?;
    file.persist(&path)?;
    Ok(())
}

fn directory(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// What a new file gets, less the user's mask; temporary files would be for their owner alone.
#[cfg(unix)]
fn ordinary() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn ordinary() -> Option<Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().join("policy.json");
        for text in ["first", "second\n"] {
            write(Some(&path), text).expect("writes");
            assert_eq!(fs::read_to_string(&path).expect("reads"), text);
        }
        assert_eq!(fs::read_dir(directory.path()).expect("lists").count(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_stays_a_link_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().expect("directory");
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "old").expect("writes");
        fs::set_permissions(&file, Permissions::from_mode(0o640)).expect("sets");
        std::os::unix::fs::symlink(&file, &link).expect("links");
        write(Some(&link), "new").expect("writes");
        assert!(fs::symlink_metadata(&link).expect("link").is_symlink());
        assert_eq!(fs::read_to_string(&file).expect("reads"), "new");
        assert_eq!(fs::metadata(&file).expect("file").permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_file_in_no_directory_is_an_error_that_names_it() {
        let error = write(Some(Path::new("/nowhere/at/all.json")), "x").expect_err("no directory");
        assert!(error.to_string().starts_with("/nowhere/at/all.json: error: cannot write"), "{error}");
    }
}
