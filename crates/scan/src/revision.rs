//! The files of a commit, read from the object database into a directory of their own. The work tree,
//! the index and the references are not touched, hooks do not run and nothing is fetched.
//!
//! The `git` program does the reading: it knows every form of repository that there is (worktrees,
//! shallow clones, bare repositories, alternates, packs of any version).

use std::fmt;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use tempfile::TempDir;

/// How a file that Git LFS keeps elsewhere starts.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// The files of one commit below the present directory of its repository.
#[derive(Debug)]
pub struct Revision {
    directory: TempDir,
    /// What could not be read as it is in a work tree.
    pub diagnostics: Vec<Diagnostic>,
}

impl Revision {
    /// The directory with the files; it is removed with this value.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.directory.path()
    }
}

/// Why a commit cannot be read.
#[derive(Debug)]
pub enum RevisionError {
    /// The program `git` cannot be started.
    NoGit(io::Error),
    /// Git said no: its own words.
    Git(String),
    /// A file cannot be written to the temporary directory.
    Io(io::Error),
}

impl fmt::Display for RevisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RevisionError::NoGit(error) => write!(f, "git cannot be started: {error}"),
            RevisionError::Git(said) => f.write_str(said),
            RevisionError::Io(error) => write!(f, "a temporary file cannot be written: {error}"),
        }
    }
}

impl std::error::Error for RevisionError {}

impl From<io::Error> for RevisionError {
    fn from(error: io::Error) -> Self {
        RevisionError::Io(error)
    }
}

/// The commits that a range names: `A..B`, or `A...B` for what B has since it left A. A missing side
/// is HEAD. `None` if the text is no range.
///
/// # Errors
/// When git does not know the commits, or they have no common ancestor.
pub fn range(repository: &Path, text: &str) -> Result<Option<(String, String)>, RevisionError> {
    let head = |side: &str| if side.is_empty() { "HEAD".to_owned() } else { side.to_owned() };
    if let Some((left, right)) = text.split_once("...") {
        let (left, right) = (head(left), head(right));
        let (left, right) = (commit(repository, &left)?, commit(repository, &right)?);
        let base = run(repository, &["merge-base", &left, &right])
            .map_err(|error| no_common_ancestor(error, text))?;
        return Ok(Some((base.trim().to_owned(), right)));
    }
    Ok(text.split_once("..").map(|(left, right)| (head(left), head(right))))
}

fn no_common_ancestor(error: RevisionError, text: &str) -> RevisionError {
    match error {
        RevisionError::Git(said) if said.is_empty() => RevisionError::Git(format!(
            "the sides of {text} have no common ancestor here; a shallow clone may lack it"
        )),
        other => other,
    }
}

/// Writes the files of a commit that `wanted` asks for by path, of the part of the tree that the
/// directory `repository` stands for.
///
/// # Errors
/// When there is no git, no such commit, or no place for the files.
pub fn read_revision(
    repository: &Path,
    revision: &str,
    wanted: impl Fn(&str) -> bool,
) -> Result<Revision, RevisionError> {
    let commit = commit(repository, revision)?;
    let prefix = run(repository, &["rev-parse", "--show-prefix"]).unwrap_or_default();
    let prefix = prefix.trim_end_matches('\n');
    let mut revision = Revision { directory: tempfile::tempdir()?, diagnostics: Vec::new() };
    let entries = list(repository, &commit, prefix)?;
    let mut blobs = Vec::new();
    for entry in entries {
        let path = entry.path.strip_prefix(prefix).unwrap_or(&entry.path);
        let Some(target) = safe_path(revision.directory.path(), path) else { continue };
        match entry.mode.as_str() {
            "160000" => revision.diagnostics.push(submodule(path)),
            "120000" | "100644" | "100755" if wanted(path) => blobs.push(Blob {
                object: entry.object,
                shown: path.to_owned(),
                target,
                is_link: entry.mode == "120000",
            }),
            _ => {}
        }
    }
    write_blobs(repository, &blobs, &mut revision)?;
    Ok(revision)
}

fn submodule(path: &str) -> Diagnostic {
    let message = "a submodule; a commit names only its version, so its files are not read";
    Diagnostic::new(Severity::Note, "submodule", message)
        .at(Location::file(path))
        .remedy("compare two directories in which it is checked out")
}

struct Blob {
    object: String,
    shown: String,
    target: PathBuf,
    is_link: bool,
}

struct Entry {
    mode: String,
    object: String,
    path: String,
}

/// The path below the directory, unless it would lead out of it.
fn safe_path(directory: &Path, path: &str) -> Option<PathBuf> {
    let is_plain = |component: Component<'_>| matches!(component, Component::Normal(name) if name != ".git");
    Path::new(path).components().all(is_plain).then(|| directory.join(path))
}

fn list(repository: &Path, commit: &str, prefix: &str) -> Result<Vec<Entry>, RevisionError> {
    let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", commit];
    if !prefix.is_empty() {
        arguments.extend(["--", prefix]);
    }
    let text = run(repository, &arguments)?;
    let entry = |line: &str| {
        let (meta, path) = line.split_once('\t')?;
        let mut meta = meta.split(' ');
        let (mode, _, object) = (meta.next()?, meta.next()?, meta.next()?);
        Some(Entry { mode: mode.to_owned(), object: object.to_owned(), path: path.to_owned() })
    };
    Ok(text.split('\0').filter_map(entry).collect())
}

fn write_blobs(repository: &Path, blobs: &[Blob], revision: &mut Revision) -> Result<(), RevisionError> {
    let mut child = git(repository)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(RevisionError::NoGit)?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else { return Ok(()) };
    let asked: String = blobs.iter().map(|blob| format!("{}\n", blob.object)).collect();
    // Asking and reading at the same time: either pipe may be full.
    let asking = std::thread::spawn(move || stdin.write_all(asked.as_bytes()));
    let mut reader = BufReader::new(stdout);
    for blob in blobs {
        match read_blob(&mut reader)? {
            Some(bytes) => write_blob(blob, &bytes, revision)?,
            None => revision.diagnostics.push(missing(&blob.shown)),
        }
    }
    // Git is done when everything was read; what it says at the end changes nothing.
    drop(reader);
    let _ = asking.join();
    let _ = child.wait();
    Ok(())
}

/// One answer of `git cat-file --batch`: `<object> <type> <size>`, the bytes, a line feed.
fn read_blob(reader: &mut impl BufRead) -> Result<Option<Vec<u8>>, RevisionError> {
    let mut header = String::new();
    reader.read_line(&mut header)?;
    let size = header.trim_end().rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
    let Some(size) = size else { return Ok(None) };
    let mut bytes = vec![0; size];
    reader.read_exact(&mut bytes)?;
    reader.read_exact(&mut [0])?;
    Ok(Some(bytes))
}

fn missing(path: &str) -> Diagnostic {
    let message = "its content is not in this clone of the repository; not read";
    Diagnostic::new(Severity::Warning, "missing-object", message)
        .at(Location::file(path))
        .remedy("fetch the commit in full")
        .unresolved()
}

fn write_blob(blob: &Blob, bytes: &[u8], revision: &mut Revision) -> Result<(), RevisionError> {
    if let Some(parent) = blob.target.parent() {
        fs::create_dir_all(parent)?;
    }
    if blob.is_link {
        return write_link(blob, bytes, revision);
    }
    if bytes.starts_with(LFS_POINTER) {
        let message = "kept in Git LFS; a commit holds only a pointer, so it is not read";
        let diagnostic = Diagnostic::new(Severity::Warning, "lfs-pointer", message);
        let remedy = "compare two directories in which it is checked out";
        revision.diagnostics.push(diagnostic.at(Location::file(&blob.shown)).remedy(remedy).unresolved());
        return Ok(());
    }
    Ok(fs::write(&blob.target, bytes)?)
}

/// A link is made only where it stays inside: what lies outside is not part of the commit.
fn write_link(blob: &Blob, bytes: &[u8], revision: &mut Revision) -> Result<(), RevisionError> {
    let target = String::from_utf8_lossy(bytes).into_owned();
    if stays_inside(&blob.shown, &target) {
        #[cfg(unix)]
        std::os::unix::fs::symlink(&target, &blob.target)?;
        return Ok(());
    }
    let message = "a link to something outside of the commit; not followed";
    let diagnostic = Diagnostic::new(Severity::Note, "symlink-outside", message);
    revision.diagnostics.push(diagnostic.at(Location::file(&blob.shown)).remedy("name its target as PATH"));
    Ok(())
}

fn stays_inside(link: &str, target: &str) -> bool {
    let mut depth = Path::new(link).components().count().saturating_sub(1);
    for component in Path::new(target).components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return false,
        }
    }
    true
}

/// The full name of a commit.
fn commit(repository: &Path, revision: &str) -> Result<String, RevisionError> {
    let peeled = format!("{revision}^{{commit}}");
    let name = run(repository, &["rev-parse", "--verify", "--quiet", "--end-of-options", &peeled]);
    match name {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(RevisionError::Git(said)) if said.is_empty() => {
            Err(RevisionError::Git(format!("`{revision}` is no commit of this repository")))
        }
        Err(error) => Err(error),
    }
}

pub(crate) fn git(repository: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(repository).args(["--literal-pathspecs", "--no-replace-objects"]);
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1").env("LC_ALL", "C");
    command.stderr(Stdio::piped()).stdin(Stdio::null());
    command
}

/// What git prints; its message if it fails.
fn run(repository: &Path, arguments: &[&str]) -> Result<String, RevisionError> {
    let output = git(repository).args(arguments).output().map_err(RevisionError::NoGit)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().trim_start_matches("fatal: ").lines().next().unwrap_or_default();
    Err(RevisionError::Git(said.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_links_that_lead_out_are_refused() {
        let directory = Path::new("/tmp/x");
        assert_eq!(safe_path(directory, "src/app.py"), Some(directory.join("src/app.py")));
        for path in ["../app.py", "/etc/passwd", ".git/config", "a/.git/hooks/post-checkout"] {
            assert_eq!(safe_path(directory, path), None, "{path}");
        }
        assert!(stays_inside("a/b/link", "../c"));
        for (link, target) in [("link", ".."), ("a/link", "../../x"), ("link", "/etc")] {
            assert!(!stays_inside(link, target), "{link} -> {target}");
        }
    }
}
