//! `diagnose`: what a message about a denied request says, why it was denied, and what to do.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor};

use perm_infer_infer::{Diagnostic, Inference, Location, Severity};
use perm_infer_policy::overlaps;
use perm_infer_report::DiagnosedDenial;
use perm_infer_review::diagnose::{Denial, Denials, diagnose, read_denials};
use perm_infer_review::{PolicyFiles, PolicyKind, Simulation};

use crate::args::TextOrJson;
use crate::config::{Config, usage_error};
use crate::policies::PolicyReader;
use crate::policy_args::DiagnoseArgs;
use crate::run::{Exit, fail, infer_with_progress, print};
use crate::terminal::{self, Terminal};

/// Diagnoses the denials of a message or a log.
pub(crate) fn run(args: &DiagnoseArgs) -> Exit {
    terminal::set_color(args.read.color);
    let denials = match denials(args) {
        Ok(denials) => denials,
        Err(error) => return fail(&[*error]),
    };
    let mut reader = PolicyReader::default();
    let identity = reader.all(&args.policy, PolicyKind::Identity);
    let simulation = (!args.policy.is_empty())
        .then(|| Simulation::new(PolicyFiles { identity, ..PolicyFiles::default() }));
    let inference = match code(args) {
        Ok(inference) => inference,
        Err(errors) => return fail(&errors),
    };
    let found: Vec<DiagnosedDenial> = denials
        .found
        .into_iter()
        .map(|(denial, count, _)| DiagnosedDenial {
            diagnosis: diagnose(&denial, simulation.as_ref()),
            calls: inference.as_ref().map(|inference| calls(inference, &denial)).unwrap_or_default(),
            denial,
            count,
        })
        .collect();
    let text = match args.format {
        TextOrJson::Text => perm_infer_report::diagnosis(&found),
        TextOrJson::Json => perm_infer_report::diagnosis_json(&found),
    };
    if denials.truncated {
        let message = "there are more distinct denials than are shown";
        let note = Diagnostic::new(Severity::Warning, "too-many-denials", message);
        reader.diagnostics.push(note.remedy("cut the log into pieces"));
    }
    let printed = print(&text);
    if found.is_empty() {
        let message = "no message about a denied request was found";
        let remedy = "pass the whole message, with the error code and the name of the operation";
        reader.diagnostics.push(Diagnostic::new(Severity::Error, "no-denial", message).remedy(remedy));
    }
    Terminal::default().diagnostics(&reader.diagnostics);
    match printed {
        Exit::Done if found.is_empty() => Exit::No,
        Exit::Done if reader.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) => {
            Exit::Failed
        }
        other => other,
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
        Box::new(usage_error(format!("the message cannot be read: {error}"), "check what standard input is"))
    })
}

/// What the code needs, when code is given.
fn code(args: &DiagnoseArgs) -> Result<Option<Inference>, Vec<Diagnostic>> {
    if args.code.is_empty() {
        return Ok(None);
    }
    let config = Config::new(&args.code, &args.read)?;
    infer_with_progress(&config.request, &config.talk).map(Some).map_err(|error| vec![error])
}

/// The calls that may have made the request.
fn calls(inference: &Inference, denial: &Denial) -> Vec<Location> {
    let Some(action) = denial.action.as_deref() else { return Vec::new() };
    let fits = |resource: String| denial.resource.as_deref().is_none_or(|named| overlaps(&resource, named));
    let needs = inference.requirements.iter().filter(|need| need.action == action);
    let needs = needs.filter(|need| fits(need.resource.to_policy_string()));
    let calls = needs.flat_map(|need| &need.calls).filter_map(|&call| inference.calls.get(call));
    let mut places: Vec<Location> = calls.map(|call| call.location.clone()).collect();
    places.sort();
    places.dedup();
    places
}
