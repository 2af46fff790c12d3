//! `diff`: how permissions change between two states of the code, each a directory, a git revision, or
//! a document written earlier.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use perm_infer_infer::{
    AccessLevel, ChangeKind, Comparison, Diagnostic, Location, Permission, Request, Root, ScanRequest,
    Severity, SharedFiles, State, compare, range, read_revision,
};
use perm_infer_review::{PolicyFile, PolicyKind, validate};

use crate::args::{DiffArgs, DiffFormat, FailOn};
use crate::config::{Config, usage_error};
use crate::file;
use crate::output;
use crate::run::{Exit, fail, infer_with_progress};
use crate::terminal::{self, Terminal};

/// One state of the code.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Side {
    Directory(PathBuf),
    Document(PathBuf),
    Revision(String),
}

/// What a state needs, and what is to be said about reading it.
struct Read {
    state: State,
    diagnostics: Vec<Diagnostic>,
}

/// Compares two states.
pub(crate) fn diff(args: &DiffArgs) -> Exit {
    terminal::set_color(args.read.color);
    let mut config = match Config::new(&[], &args.read) {
        Ok(config) => config,
        Err(errors) => return fail(&errors),
    };
    let (base, head) = match sides(args) {
        Ok(sides) => sides,
        Err(error) => return fail(&[error]),
    };
    // Most files are the same on both sides.
    let shared = Arc::new(SharedFiles::default());
    config.request.scan.shared = Some(shared.clone());
    let (before, after) = match (base.read(&config), head.read(&config)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(error), _) | (_, Err(error)) => return fail(&[error]),
    };
    let mut comparison = compare(&before.state, &after.state);
    if let Some(directory) = &args.below {
        comparison.put_below(directory.trim_end_matches('/'));
    }
    let text = match args.format {
        DiffFormat::Text => perm_infer_report::diff_text(&comparison),
        DiffFormat::Markdown => perm_infer_report::diff_markdown(&comparison),
        DiffFormat::Json => perm_infer_report::diff_json(&comparison),
        DiffFormat::Sarif => perm_infer_report::diff_sarif(&comparison),
    };
    let terminal = Terminal::new(&config.talk);
    terminal.diagnostics(args.read.config.as_deref().map(file::note).as_slice());
    terminal.diagnostics(&[reading(&shared)]);
    terminal.diagnostics(&before.diagnostics);
    terminal.diagnostics(&after.diagnostics);
    if let Err(error) = output::write(config.output.as_deref(), &text) {
        return fail(&[error]);
    }
    let refused = args.exit_code && !comparison.differences.is_empty()
        || args.fail_on.iter().any(|kind| is_there(*kind, &comparison));
    if refused { Exit::No } else { Exit::Done }
}

/// How much of the reading served both sides.
fn reading(shared: &SharedFiles) -> Diagnostic {
    let (lowered, reused) = shared.counts();
    let message = format!("{lowered} files were lowered; {reused} more were the same as one of them");
    Diagnostic::new(Severity::Note, "shared-files", message)
}

fn is_there(kind: FailOn, comparison: &Comparison) -> bool {
    comparison.differences.iter().filter(|difference| difference.allows_more()).any(|difference| match kind {
        FailOn::Added => true,
        FailOn::Widened => difference.kind == ChangeKind::Widened,
        FailOn::Write => difference.access_level >= Some(AccessLevel::Tagging),
        FailOn::PermissionsManagement => difference.access_level == Some(AccessLevel::PermissionsManagement),
        FailOn::Risk => difference.is_risky(),
    })
}

fn sides(args: &DiffArgs) -> Result<(Side, Side), Diagnostic> {
    let head = match &args.head {
        Some(head) => Side::of(head),
        None if Path::new(&args.base).exists() => Side::Directory(PathBuf::from(".")),
        None => match range(Path::new("."), &args.base).map_err(|error| unreadable(&args.base, &error))? {
            Some((base, head)) => return Ok((Side::Revision(base), Side::Revision(head))),
            None => Side::Directory(PathBuf::from(".")),
        },
    };
    Ok((Side::of(&args.base), head))
}

fn unreadable(side: &str, error: &dyn std::fmt::Display) -> Diagnostic {
    usage_error(
        format!("`{side}` cannot be compared: {error}"),
        "name a directory, a git revision, or a JSON document that was written earlier",
    )
}

impl Side {
    fn of(text: &str) -> Self {
        let path = PathBuf::from(text);
        if path.is_dir() {
            Side::Directory(path)
        } else if path.is_file() && path.extension().is_some_and(|extension| extension == "json") {
            // In a bare repository `HEAD` is a file too.
            Side::Document(path)
        } else {
            Side::Revision(text.to_owned())
        }
    }

    fn read(&self, config: &Config) -> Result<Read, Diagnostic> {
        match self {
            Side::Directory(path) => read_directory(path, config),
            Side::Document(path) => read_document(path),
            Side::Revision(revision) => {
                let files =
                    read_revision(Path::new("."), revision).map_err(|error| unreadable(revision, &error))?;
                let mut read = read_directory(files.path(), config)?;
                read.diagnostics.extend(files.diagnostics.iter().cloned());
                Ok(read)
            }
        }
    }
}

/// Reads from inside the directory, so that paths are shown as they are in the repository.
fn read_directory(path: &Path, config: &Config) -> Result<Read, Diagnostic> {
    let _inside = Inside::enter(path).map_err(|error| unreadable(&path.to_string_lossy(), &error))?;
    let scan = ScanRequest { roots: vec![Root::Path(PathBuf::from("."))], ..config.request.scan.clone() };
    let inference = infer_with_progress(&Request { scan, ..config.request.clone() }, &config.talk)?;
    // A side without code needs nothing: that is what there is to compare.
    let matters = |diagnostic: &&Diagnostic| diagnostic.code != "no-source-files";
    Ok(Read {
        state: State::of_inference(&inference),
        diagnostics: inference.diagnostics.iter().filter(matters).cloned().collect(),
    })
}

/// The working directory of the process is another one as long as this lives.
struct Inside {
    before: PathBuf,
}

impl Inside {
    fn enter(path: &Path) -> std::io::Result<Self> {
        let before = env::current_dir()?;
        env::set_current_dir(path)?;
        Ok(Inside { before })
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        // The directory was there before; if it is gone, relative paths fail with a message of their own.
        let _ = env::set_current_dir(&self.before);
    }
}

fn read_document(path: &Path) -> Result<Read, Diagnostic> {
    let shown = path.to_string_lossy();
    let problem = |message: String| {
        Diagnostic::new(Severity::Error, "unreadable-document", message)
            .at(Location::file(shown.clone()))
            .remedy("pass a policy or a report that perm-infer wrote")
    };
    let text =
        fs::read_to_string(path).map_err(|error| problem(format!("cannot read the document: {error}")))?;
    let mut diagnostics = Vec::new();
    let state = match perm_infer_report::read_state(&text) {
        Some(state) => state.map_err(|error| problem(error.to_string()))?,
        None => {
            let file = PolicyFile::read(&shown, &text, PolicyKind::Identity).map_err(|errors| {
                let what =
                    |error: Diagnostic| format!("neither a policy document nor a report: {}", error.message);
                let first = errors.into_iter().next();
                let place = first.as_ref().and_then(|error| error.location.clone());
                let error = problem(first.map(what).unwrap_or_default());
                place.map_or(error.clone(), |place| error.at(place))
            })?;
            diagnostics.extend(file.diagnostics.iter().cloned().chain(validate(&file)));
            let whole =
                Permission::of_document(&file.document).map_err(|error| problem(error.to_string()))?;
            State { whole, ..State::default() }
        }
    };
    Ok(Read { state, diagnostics })
}
