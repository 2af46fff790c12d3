//! `diagnose`: what a message about a denied request says, why it was denied, and what to do.

mod application;
mod edit;
mod sources;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor};
use std::path::{Path, PathBuf};

use perm_infer_infer::{Diagnostic, Inference, Location, Severity};
use perm_infer_report::DiagnosedDenial;
use perm_infer_review::diagnose::{Denial, Denials, Known, diagnose, read_denials};

use crate::args::TextOrJson;
use crate::config::Config;
use crate::policy_args::DiagnoseArgs;
use crate::run::{Exit, fail, infer_with_progress, print};
use crate::terminal::{self, Terminal};
use application::Application;
use edit::Edits;
use sources::Sources;

/// Diagnoses the denials of a message or a log.
pub(crate) fn run(args: &DiagnoseArgs) -> Exit {
    terminal::set_color(args.read.color);
    let denials = match denials(args) {
        Ok(denials) => denials,
        Err(error) => return fail(&[*error]),
    };
    let mut sources = match Sources::new(args) {
        Ok(sources) => sources,
        Err(errors) => return fail(&errors),
    };
    let application = match code(args) {
        Ok(inference) => inference.map(Application::new),
        Err(errors) => return fail(&errors),
    };
    let allow_outside = args.read.deployment.allow_outside;
    let mut edits = application
        .as_ref()
        .map(|application| Edits::new(application.references(), roots(args), allow_outside));
    let found: Vec<DiagnosedDenial> = denials
        .found
        .into_iter()
        .map(|(denial, count, line)| {
            let diagnosed = diagnosed(denial, &mut sources, application.as_ref(), edits.as_mut());
            DiagnosedDenial { count, line, ..diagnosed }
        })
        .collect();
    let text = match args.format {
        TextOrJson::Text => perm_infer_report::diagnosis(&found),
        TextOrJson::Json => perm_infer_report::diagnosis_json(&found),
    };
    let mut diagnostics = sources.reader.diagnostics;
    diagnostics.extend(application.iter().flat_map(Application::unread));
    if denials.truncated {
        let message = "there are more distinct denials than are shown";
        let note = Diagnostic::new(Severity::Warning, "too-many-denials", message);
        diagnostics.push(note.remedy("cut the log into pieces"));
    }
    if let Some(error) = denials.unread {
        let message = format!("the log breaks off, and what follows is not read: {error}");
        let warning = Diagnostic::new(Severity::Warning, "unread-log", message).unresolved();
        diagnostics.push(warning.remedy("fetch it again"));
    }
    let printed = print(&text);
    if found.is_empty() {
        let message = "no message about a denied request was found";
        let remedy = "pass the whole message, with the error code and the name of the operation";
        diagnostics.push(Diagnostic::new(Severity::Error, "no-denial", message).remedy(remedy));
    }
    if let Some(edits) = &mut edits {
        if args.apply {
            diagnostics.extend(apply(edits));
        }
        diagnostics.append(&mut edits.diagnostics);
    }
    Terminal::default().diagnostics(&diagnostics);
    match printed {
        Exit::Done if found.is_empty() => Exit::No,
        Exit::Done if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) => {
            Exit::Failed
        }
        other => other,
    }
}

/// A denial with everything that follows from what is known.
fn diagnosed(
    denial: Denial,
    sources: &mut Sources<'_>,
    application: Option<&Application>,
    edits: Option<&mut Edits<'_>>,
) -> DiagnosedDenial {
    let part = application.map(|application| application.part(&denial));
    let mut found = sources.of(&denial, || part.as_ref()?.role(application?.references()));
    if let Some(part) = part.as_ref().filter(|_| found.roles.is_empty() && sources.are_of_template()) {
        found.roles.clone_from(&part.other_roles);
    }
    let known = Known {
        policies: found.policies.as_ref(),
        needs: part.as_ref().map_or(&[], |part| &part.needs),
        roles: &found.roles,
    };
    let diagnosis = diagnose(&denial, &known);
    let unit = part.as_ref().and_then(|part| part.unit);
    let edit = edits.zip(unit).and_then(|(edits, unit)| edits.add(unit, &diagnosis));
    DiagnosedDenial {
        count: 1,
        line: 1,
        calls: part.as_ref().map(|part| part.places(&diagnosis, &denial)).unwrap_or_default(),
        needs: part.as_ref().map(|part| part.shown_needs(&diagnosis)).unwrap_or_default(),
        unit: part.as_ref().and_then(|part| part.shown_unit()),
        roles: found.roles,
        edit,
        diagnosis,
        denial,
    }
}

/// The denials of the argument, of a log file, or of standard input.
fn denials(args: &DiagnoseArgs) -> Result<Denials, Box<Diagnostic>> {
    let input: Box<dyn BufRead> = match (&args.log, args.message.as_deref()) {
        (Some(path), _) => {
            let failed = |error: io::Error| {
                let message = format!("cannot read the file: {error}");
                let diagnostic = Diagnostic::new(Severity::Error, "unreadable-file", message);
                Box::new(diagnostic.at(Location::file(path.to_string_lossy())).remedy("check the path"))
            };
            Box::new(BufReader::new(File::open(path).map_err(failed)?))
        }
        (None, Some("-") | None) => Box::new(BufReader::new(io::stdin())),
        (None, Some(message)) => Box::new(Cursor::new(message.to_owned())),
    };
    read_denials(input).map_err(|error| {
        let message = format!("the log cannot be read: {error}");
        let diagnostic = Diagnostic::new(Severity::Error, "unreadable-file", message);
        let placed = args
            .log
            .iter()
            .fold(diagnostic, |diagnostic, path| diagnostic.at(Location::file(path.to_string_lossy())));
        Box::new(placed.remedy("pass text, or what gzip made of it"))
    })
}

/// Writes the templates, and says which.
fn apply(edits: &Edits<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for file in edits.changed() {
        match file.write() {
            Ok(()) => Terminal::default().say(&format!("wrote {}", file.path)),
            Err(problem) => problems.push(*problem),
        }
    }
    problems
}

/// What is read: the given code, or what stands beside the template.
fn roots(args: &DiagnoseArgs) -> Vec<PathBuf> {
    match (args.code.as_slice(), args.read.deployment.template.first()) {
        ([], None) => Vec::new(),
        ([], Some(template)) if template.is_dir() => vec![template.clone()],
        ([], Some(template)) => {
            let directory = template.parent().filter(|parent| !parent.as_os_str().is_empty());
            vec![directory.map_or_else(|| ".".into(), Path::to_path_buf)]
        }
        (paths, _) => paths.to_vec(),
    }
}

/// What the code needs, when code or a template is given.
fn code(args: &DiagnoseArgs) -> Result<Option<Inference>, Vec<Diagnostic>> {
    let paths = roots(args);
    if paths.is_empty() {
        return Ok(None);
    }
    let config = Config::new(&paths, &args.read)?;
    infer_with_progress(&config.request, &config.talk).map(Some).map_err(|error| vec![error])
}
