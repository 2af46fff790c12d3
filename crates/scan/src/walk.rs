//! Finds the source files under the roots of a request. Reads directories and nothing else.
//!
//! Symbolic links to directories are not followed, so that circles and fans of links are harmless:
//! a link to something under a root is remembered as another name of it, which imports may use; a
//! link to a directory elsewhere is reported. A link to a single file elsewhere is read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use ignore::{DirEntry, WalkBuilder, WalkState};
use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_facts::Grammar;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::exclude::Excludes;
use crate::installed::{installed_files, is_record};
use crate::request::{Counts, Root, ScanRequest};
use crate::skip::{SkippedDirectory, skipped_directory};
use crate::source::{Content, SourceFile, data_grammar_of, grammar_of, is_called, shown_path};
use crate::tracked::Tracked;

/// Everything a walk found.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Source files, sorted by path, each once.
    pub(crate) files: Vec<SourceFile>,
    /// Data files that sources may import, sorted by path, each once.
    pub(crate) data: Vec<SourceFile>,
    /// Files that may say how imports name files: paths as shown and as opened.
    pub(crate) configurations: Vec<(String, PathBuf)>,
    /// Other files that the request asks for, sorted by path.
    pub(crate) beside: Vec<PathBuf>,
    /// Links below the roots to other places below the roots, by shown paths.
    pub(crate) links: Vec<(String, String)>,
    pub(crate) counts: Counts,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Walks all roots.
pub(crate) fn walk(
    request: &ScanRequest<'_>,
    grammars: &[&dyn Grammar],
    allowed: &[bool],
    excludes: &Excludes,
) -> Walked {
    let mut walker = Walker {
        include_tests: request.include_tests,
        beside: request.beside,
        grammars,
        allowed,
        excludes,
        only_language: only_language(request, allowed),
        walked: Walked::default(),
        directories: Vec::new(),
        links: Vec::new(),
    };
    for root in &request.roots {
        match root {
            Root::Text { name, language, bytes } => walker.add_text(name, language.as_deref(), bytes),
            Root::Path(path) => walker.add_path(path),
        }
    }
    walker.resolve_links();
    let mut walked = walker.walked;
    keep_each_once(&mut walked.files);
    keep_each_once(&mut walked.data);
    walked.counts.found = walked.files.len();
    walked.configurations.sort();
    walked.configurations.dedup();
    walked.links.sort();
    walked.beside.sort();
    walked.beside.dedup();
    walked
}

/// One thread for each directory under the root, up to the size of the pool. Threads without a
/// directory of their own would only sleep, and be waited for.
fn walking_threads(root: &Path) -> usize {
    let most = rayon::current_num_threads();
    let Ok(entries) = std::fs::read_dir(root) else { return 1 };
    let is_directory = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    entries.flatten().filter(is_directory).take(most).count().max(1)
}

fn only_language(request: &ScanRequest<'_>, allowed: &[bool]) -> Option<usize> {
    let mut all = (0..allowed.len()).filter(|grammar| allowed[*grammar]);
    let first = all.next().filter(|_| !request.languages.is_empty())?;
    all.next().is_none().then_some(first)
}

struct Walker<'a> {
    include_tests: bool,
    beside: Option<fn(&str) -> bool>,
    grammars: &'a [&'a dyn Grammar],
    allowed: &'a [bool],
    excludes: &'a Excludes,
    /// The language of named files without a telling extension, if the user asked for just one.
    only_language: Option<usize>,
    walked: Walked,
    /// Directories given as roots: as given and with all links resolved.
    directories: Vec<(PathBuf, PathBuf)>,
    /// Links below roots, each with its root.
    links: Vec<(PathBuf, PathBuf)>,
}

/// What a worker thread of the walk came across.
enum Found {
    File(PathBuf),
    Link(PathBuf),
    SkippedDirectory(PathBuf, SkippedDirectory),
    /// A directory with the record of an installed package.
    Record(PathBuf),
    Excluded,
    Error(ignore::Error),
}

impl Walker<'_> {
    fn add_text(&mut self, name: &str, language: Option<&str>, bytes: &[u8]) {
        let grammar = match language {
            Some(language) => self.grammars.iter().position(|grammar| is_called(*grammar, language)),
            None => grammar_of(Path::new(name), self.grammars),
        };
        match grammar {
            Some(grammar) => self.walked.files.push(SourceFile {
                shown: name.to_owned(),
                grammar,
                explicit: true,
                is_data: false,
                content: Content::Bytes(bytes.into()),
            }),
            None => self.report(
                Diagnostic::new(Severity::Error, "unknown-language", "cannot tell the language of the text")
                    .at(Location::file(name))
                    .remedy("name it with --language"),
            ),
        }
    }

    fn add_path(&mut self, path: &Path) {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_directory(path),
            Ok(_) => self.add_named_file(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.report(
                Diagnostic::new(Severity::Error, "path-not-found", "no such file or directory")
                    .at(Location::file(path.to_string_lossy()))
                    .remedy("check the spelling; paths are relative to the current directory"),
            ),
            Err(error) => self.report(
                Diagnostic::new(Severity::Error, "unreadable-file", format!("cannot open it: {error}"))
                    .at(Location::file(path.to_string_lossy()))
                    .remedy("check the permissions and links of the path"),
            ),
        }
    }

    /// A file that the user names is read whatever it is called, if there is a grammar for it.
    fn add_named_file(&mut self, path: &Path) {
        let shown = shown_path(path);
        if self.excludes.matches(&shown, &shown, false) {
            self.walked.counts.excluded += 1;
            return;
        }
        match grammar_of(path, self.grammars).or(self.only_language) {
            // The user asked for other languages.
            Some(grammar) if !self.allowed[grammar] => {}
            Some(grammar) => self.walked.files.push(SourceFile {
                shown,
                grammar,
                explicit: true,
                is_data: false,
                content: Content::Path(path.to_owned()),
            }),
            None => self.report(
                Diagnostic::new(Severity::Error, "unknown-language", "cannot tell the language of the file")
                    .at(Location::file(shown))
                    .remedy("name it with --language"),
            ),
        }
    }

    fn add_directory(&mut self, root: &Path) {
        let (sender, receiver) = mpsc::channel();
        let excludes = self.excludes;
        let tracked = Tracked::under(root);
        WalkBuilder::new(root)
            .follow_links(false)
            .require_git(false)
            // What the user's other configuration ignores is no property of the tree.
            .git_global(false)
            .git_exclude(false)
            .threads(walking_threads(root))
            .build_parallel()
            .run(|| {
                let sender = sender.clone();
                Box::new(move |entry| {
                    let (found, state) = classify(entry, root, excludes);
                    if let Some(found) = found {
                        // The receiver lives until the walk is over.
                        let _ = sender.send(found);
                    }
                    state
                })
            });
        drop(sender);
        self.add_configuration_above(root);
        if let Ok(resolved) = root.canonicalize() {
            self.directories.push((root.to_owned(), resolved));
        }
        let mut records = Vec::new();
        for found in receiver {
            match found {
                Found::Record(path) => records.push(path),
                found => self.add_found(root, found),
            }
        }
        for path in tracked.files(root) {
            self.add_found_file(root, path);
        }
        self.leave_out_installed(root, &mut records);
    }

    /// Drops what an installer put among the sources.
    fn leave_out_installed(&mut self, root: &Path, records: &mut [PathBuf]) {
        records.sort();
        let Some(first) = records.first() else { return };
        let files = installed_files(records);
        let is_own = |file: &SourceFile| match &file.content {
            Content::Path(path) => file.explicit || !files.contains(path),
            Content::Bytes(_) => true,
        };
        self.walked.files.retain(is_own);
        self.walked.data.retain(is_own);
        self.walked.beside.retain(|path| !files.contains(path));
        self.walked.counts.directories += records.len();
        let name = shown_path(first.strip_prefix(root).unwrap_or(first));
        let message = match records.len() {
            1 => format!("{name} says that its package was installed here; the package is not read"),
            count => format!(
                "{name} and {} more say that their packages were installed here; the packages are not read",
                count - 1
            ),
        };
        self.report(
            Diagnostic::new(Severity::Note, "installed-packages", message)
                .at(Location::file(shown_path(first)))
                .remedy("name a package itself as PATH to have it read"),
        );
    }

    fn add_found(&mut self, root: &Path, found: Found) {
        match found {
            Found::File(path) => self.add_found_file(root, path),
            Found::Link(path) => self.links.push((path, root.to_owned())),
            Found::Excluded => self.walked.counts.excluded += 1,
            // Collected by the caller.
            Found::Record(_) => {}
            Found::SkippedDirectory(path, kind) => {
                self.walked.counts.directories += 1;
                if kind == SkippedDirectory::BuildOutput {
                    self.report(
                        Diagnostic::new(Severity::Note, "build-output", "looks like build output; not read")
                            .at(Location::file(shown_path(&path)))
                            .remedy("name the directory itself as PATH to have it read"),
                    );
                }
            }
            Found::Error(error) => {
                self.walked.counts.unreadable += 1;
                let path = error_path(&error).unwrap_or(root);
                let diagnostic =
                    Diagnostic::new(Severity::Warning, "unreadable-file", format!("cannot read it: {error}"))
                        .at(Location::file(shown_path(path)))
                        .remedy("make it readable, or leave it out with --exclude")
                        .unresolved();
                self.report(diagnostic);
            }
        }
    }

    fn add_found_file(&mut self, root: &Path, path: PathBuf) {
        self.note_beside(root, &path);
        if let Some(grammar) = data_grammar_of(&path, self.grammars).filter(|grammar| self.allowed[*grammar])
        {
            self.add_data_file(root, path, grammar);
            return;
        }
        let Some(grammar) = grammar_of(&path, self.grammars).filter(|grammar| self.allowed[*grammar]) else {
            return;
        };
        let relative = relative_to(&path, root);
        let shown = shown_path(&path);
        if self.excludes.matches(&shown, &relative, false) {
            self.walked.counts.excluded += 1;
        } else if !self.include_tests && self.grammars[grammar].is_test(&relative) {
            self.walked.counts.tests += 1;
        } else if shown.contains(".min.") {
            self.walked.counts.minified += 1;
        } else {
            self.walked.files.push(SourceFile {
                shown,
                grammar,
                explicit: false,
                is_data: false,
                content: Content::Path(path),
            });
        }
    }

    fn note_beside(&mut self, root: &Path, path: &Path) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if self.beside.is_some_and(|wanted| wanted(name))
            && !self.excludes.matches(&shown_path(path), &relative_to(path, root), false)
        {
            self.walked.beside.push(path.to_owned());
        }
    }

    fn add_data_file(&mut self, root: &Path, path: PathBuf, grammar: usize) {
        let shown = shown_path(&path);
        if self.excludes.matches(&shown, &relative_to(&path, root), false) {
            return;
        }
        if self.is_configuration(&path) {
            self.walked.configurations.push((shown.clone(), path.clone()));
        }
        let content = Content::Path(path);
        self.walked.data.push(SourceFile { shown, grammar, explicit: false, is_data: true, content });
    }

    fn is_configuration(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| self.grammars.iter().any(|grammar| grammar.is_configuration(name)))
    }

    /// Configuration in the directories above a relative root, as far as its path names them: a project
    /// is often given as its `src`.
    fn add_configuration_above(&mut self, root: &Path) {
        if root.is_absolute() {
            return;
        }
        for directory in root.ancestors().skip(1) {
            let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
            let Ok(entries) = std::fs::read_dir(directory) else { continue };
            for path in entries.flatten().map(|entry| entry.path()) {
                if self.is_configuration(&path) {
                    self.walked.configurations.push((shown_path(&path), path));
                }
            }
        }
    }

    /// Finds out where links lead, once all roots are known.
    fn resolve_links(&mut self) {
        let mut links = std::mem::take(&mut self.links);
        links.sort();
        let found: FxHashSet<String> = self.walked.files.iter().map(|file| file.shown.clone()).collect();
        for (link, root) in links {
            let shown = shown_path(&link);
            let target = match link.canonicalize() {
                Ok(target) => target,
                Err(error) => {
                    self.report_broken(&link, shown, &error);
                    continue;
                }
            };
            match self.shown_below_roots(&target) {
                Some(other_name) if target.is_dir() || found.contains(&other_name) => {
                    self.walked.links.push((shown, other_name));
                }
                _ if target.is_file() => self.add_found_file(&root, link),
                _ => self.report_outside(&link, &target, shown),
            }
        }
    }

    /// How a path with resolved links is shown if it lies below a root.
    fn shown_below_roots(&self, target: &Path) -> Option<String> {
        self.directories
            .iter()
            .find_map(|(root, resolved)| Some(shown_path(&root.join(target.strip_prefix(resolved).ok()?))))
    }

    fn report_outside(&mut self, link: &Path, target: &Path, shown: String) {
        // A directory that would not be entered is no loss.
        if skipped_directory(link).is_some() || skipped_directory(target).is_some() {
            return;
        }
        self.report(
            Diagnostic::new(
                Severity::Warning,
                "symlink-outside",
                "a link to a directory outside the given paths; not followed",
            )
            .at(Location::file(shown))
            .remedy("pass the target as a further PATH if its code belongs to the application")
            .unresolved(),
        );
    }

    fn report_broken(&mut self, link: &Path, shown: String, error: &io::Error) {
        if error.kind() != io::ErrorKind::NotFound {
            let message = format!("a link that leads nowhere: {error}");
            self.report(
                Diagnostic::new(Severity::Note, "symlink-loop", message)
                    .at(Location::file(shown))
                    .remedy("remove the link"),
            );
        } else if grammar_of(link, self.grammars).is_some() {
            self.walked.counts.unreadable += 1;
            self.report(
                Diagnostic::new(Severity::Warning, "unreadable-file", "a link to a file that does not exist")
                    .at(Location::file(shown))
                    .remedy("restore the target or remove the link")
                    .unresolved(),
            );
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.walked.diagnostics.push(diagnostic);
    }
}

fn classify(
    entry: Result<DirEntry, ignore::Error>,
    root: &Path,
    excludes: &Excludes,
) -> (Option<Found>, WalkState) {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return (Some(Found::Error(error)), WalkState::Continue),
    };
    if entry.depth() == 0 {
        return (None, WalkState::Continue);
    }
    let Some(kind) = entry.file_type() else { return (None, WalkState::Continue) };
    if kind.is_dir() {
        if excludes.matches(&shown_path(entry.path()), &relative_to(entry.path(), root), true) {
            return (Some(Found::Excluded), WalkState::Skip);
        }
        if is_record(entry.path()) {
            return (Some(Found::Record(entry.into_path())), WalkState::Skip);
        }
        return match skipped_directory(entry.path()) {
            Some(kind) => (Some(Found::SkippedDirectory(entry.into_path(), kind)), WalkState::Skip),
            None => (None, WalkState::Continue),
        };
    }
    let found = match kind {
        kind if kind.is_symlink() => Some(Found::Link(entry.into_path())),
        kind if kind.is_file() => Some(Found::File(entry.into_path())),
        // Sockets, pipes and devices are never sources.
        _ => None,
    };
    (found, WalkState::Continue)
}

fn relative_to(path: &Path, root: &Path) -> String {
    shown_path(path.strip_prefix(root).unwrap_or(path))
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

/// Sorts files by path and drops those that several roots contain.
fn keep_each_once(files: &mut Vec<SourceFile>) {
    files.sort_by(|a, b| a.shown.cmp(&b.shown).then(b.explicit.cmp(&a.explicit)));
    let mut first: FxHashMap<PathBuf, usize> = FxHashMap::default();
    let mut explicit = vec![false; files.len()];
    let mut kept = vec![true; files.len()];
    for (position, file) in files.iter().enumerate() {
        let Content::Path(path) = &file.content else { continue };
        // Cheap and enough for `a`, `./a` and `/home/x/a`; links are not followed in a walk.
        let Ok(absolute) = std::path::absolute(path) else { continue };
        let original = *first.entry(absolute).or_insert(position);
        kept[position] = original == position;
        explicit[original] |= file.explicit;
    }
    let mut position = 0;
    files.retain_mut(|file| {
        file.explicit |= explicit[position];
        position += 1;
        kept[position - 1]
    });
}
