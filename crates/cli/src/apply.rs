//! `apply`: writes what functions need into the templates that define them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use perm_infer_edit::{Content, Edit, FunctionAt, Place, Source, Template, edited};
use perm_infer_infer::{Diagnostic, Inference, Language, Location, Severity, UnitInference};
use perm_infer_report::{Summary, sam_policies, template_diff, template_statements};

use crate::args::ApplyArgs;
use crate::config::{Config, usage_error};
use crate::output;
use crate::run::{Exit, exit_of, fail, infer_with_progress, no_functions};
use crate::terminal::{self, Terminal};

/// Writes policies into templates, or shows what would be written.
pub(crate) fn run(args: &ApplyArgs) -> Exit {
    terminal::set_color(args.read.color);
    let started = Instant::now();
    let mut config = match Config::new(&args.paths.paths, &args.read) {
        Ok(config) => config,
        Err(errors) => return fail(&errors),
    };
    config.per_function = true;
    // Functions that share a role with one that is asked for count too, so all of them are read.
    let wanted = std::mem::take(&mut config.request.deployment.functions);
    let inference = match infer_with_progress(&config.request, &config.talk) {
        Ok(inference) => inference,
        Err(error) => return fail(&[error]),
    };
    if let Err(error) = inference.check_names(&wanted) {
        return fail(&[Diagnostic::new(Severity::Error, "not-started", error.to_string())]);
    }
    let summary = Summary::of(&inference);
    let mut problems: Vec<Diagnostic> = no_functions(&config, &inference).into_iter().collect();
    let files = Planner { config: &config, args, wanted: &wanted }.plan(&inference, &mut problems);
    let mut exit = exit_of(&config, &inference, &summary, &mut problems);
    let terminal = Terminal::new(&config.talk);
    terminal.diagnostics(&inference.diagnostics);
    terminal.diagnostics(&problems);
    terminal.summary(&summary, started.elapsed());
    // What is unresolved is not written where that is an error.
    if exit != Exit::Unresolved {
        match finish(args, &files, terminal) {
            Ok(Exit::Done) => {}
            Ok(other) if exit == Exit::Done => exit = other,
            Ok(_) => {}
            Err(error) => return fail(&[*error]),
        }
    }
    exit
}

/// Shows, asks and writes as the options say.
fn finish(args: &ApplyArgs, files: &[Planned], terminal: Terminal) -> Result<Exit, Box<Diagnostic>> {
    let changed: Vec<&Planned> = files.iter().filter(|file| file.old != file.new).collect();
    if args.check && !args.dry_run {
        for file in &changed {
            let message = "the policies in it are not what the code needs";
            let diagnostic = Diagnostic::new(Severity::Error, "not-up-to-date", message);
            let remedy = "run `perm-infer apply` without --check";
            terminal.diagnostics(&[diagnostic.at(Location::file(&file.path)).remedy(remedy)]);
        }
    } else {
        let diff: String = changed.iter().map(|file| file.diff()).collect();
        output::write(None, &diff).map_err(Box::new)?;
    }
    if args.check {
        return Ok(if changed.is_empty() { Exit::Done } else { Exit::No });
    }
    if changed.is_empty() {
        terminal.say("nothing to change");
        return Ok(Exit::Done);
    }
    if args.dry_run {
        return Ok(Exit::Done);
    }
    if !args.yes && !is_agreed(changed.len())? {
        terminal.say("nothing was written");
        return Ok(Exit::No);
    }
    for file in changed {
        file.write()?;
        terminal.say(&format!("wrote {}", file.path));
    }
    Ok(Exit::Done)
}

/// Asks on the terminal.
fn is_agreed(files: usize) -> Result<bool, Box<Diagnostic>> {
    if !io::stdin().is_terminal() {
        let message = "there is no terminal to ask whether to write this";
        return Err(Box::new(usage_error(message, "pass --yes to write it, or --dry-run")));
    }
    let what = if files == 1 { "this file" } else { "these files" };
    terminal::print(&format!("Write {what}? [y/N] "));
    let _ = io::stderr().flush();
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    Ok(read.is_ok() && ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()))
}

/// A file before and after.
pub(crate) struct Planned {
    /// As it is shown.
    pub(crate) path: String,
    /// Where it is, without links.
    real: PathBuf,
    pub(crate) old: String,
    pub(crate) new: String,
}

impl Planned {
    /// Replaces the file.
    pub(crate) fn write(&self) -> Result<(), Box<Diagnostic>> {
        output::replace(&self.real, &self.new).map_err(|error| {
            let message = format!("cannot write it: {error}");
            let diagnostic = Diagnostic::new(Severity::Error, "cannot-write", message);
            Box::new(diagnostic.at(Location::file(&self.path)).remedy("check its permissions"))
        })
    }

    fn diff(&self) -> String {
        template_diff(&self.path, &self.old, &self.new, io::stdout().is_terminal())
    }
}

/// Files of one template with the functions in it.
type Templates<'i> = BTreeMap<(Language, String), Vec<&'i UnitInference>>;

struct Planner<'a> {
    config: &'a Config,
    args: &'a ApplyArgs,
    wanted: &'a [String],
}

impl Planner<'_> {
    /// The files of all templates as they are and as they should be.
    fn plan(&self, inference: &Inference, problems: &mut Vec<Diagnostic>) -> Vec<Planned> {
        let mut templates = Templates::new();
        for unit in &inference.units {
            let file = match (unit.language, inference.references.template(&unit.scope)) {
                (Language::Terraform, _) => directory(&unit.location.path),
                // A program of AWS CDK that is read itself has no template yet.
                (_, Some("cdk.json")) => {
                    let message =
                        format!("AWS CDK makes the template of {}, so that it is not edited", unit.name);
                    let problem = Diagnostic::new(Severity::Warning, "not-applied", message);
                    let remedy = "add in the program what `perm-infer --per-function --format cdk` prints";
                    problems.push(problem.at(unit.location.clone()).remedy(remedy));
                    continue;
                }
                (_, Some(template)) => template.to_owned(),
                (_, None) => continue,
            };
            templates.entry((unit.language, file)).or_default().push(unit);
        }
        let mut files = Vec::new();
        for ((language, path), units) in templates {
            if !units.iter().any(|unit| self.is_wanted(unit)) {
                continue;
            }
            match self.plan_template(language, &path, &units, problems) {
                Ok(planned) => files.extend(planned),
                Err(problem) => problems.push(*problem),
            }
        }
        files
    }

    fn is_wanted(&self, unit: &UnitInference) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|name| unit.is_called(name))
    }

    fn plan_template(
        &self,
        language: Language,
        path: &str,
        units: &[&UnitInference],
        problems: &mut Vec<Diagnostic>,
    ) -> Result<Vec<Planned>, Box<Diagnostic>> {
        let mut files = Vec::new();
        for path in sources(language, path) {
            files.push(self.read(&path)?);
        }
        let sources: Vec<Source> =
            files.iter().map(|file| Source { path: file.path.clone(), text: file.old.clone() }).collect();
        let template = Template::read(language, sources)?;
        let mut places: BTreeMap<Place, Vec<&UnitInference>> = BTreeMap::new();
        for unit in units {
            let role = unit.role.as_ref().map(|role| role.name.as_str());
            match template.place_of(FunctionAt { name: &unit.name, location: &unit.location, role }) {
                Ok(place) => places.entry(place).or_default().push(unit),
                // A role of something without code is often made by what makes the rest of the template.
                Err(problem) if self.is_wanted(unit) && !unit.kind.runs_code() && self.wanted.is_empty() => {
                    problems
                        .push(Diagnostic { severity: problem.severity.max(Severity::Warning), ..*problem });
                }
                Err(problem) if self.is_wanted(unit) => problems.push(*problem),
                Err(_) => {}
            }
        }
        let mut edits: Vec<Edit> = Vec::new();
        for (place, units) in places {
            if units.iter().any(|unit| self.is_wanted(unit)) {
                match template.set(&place, &content(&template, &place, &units)) {
                    Ok(more) => edits.extend(more),
                    Err(problem) => problems.push(*problem),
                }
            }
        }
        for file in &mut files {
            file.new = edited(&file.path, &file.old, &edits);
        }
        Ok(files)
    }

    fn read(&self, path: &str) -> Result<Planned, Box<Diagnostic>> {
        read(path, &self.args.paths.paths, self.config.request.deployment.allow_outside)
    }
}

/// What units with one role need.
fn content(template: &Template, place: &Place, units: &[&UnitInference]) -> Content {
    if !template.takes_sam_templates(place) {
        return Content { statements: template_statements(units), sam_templates: Vec::new() };
    }
    let (sam_templates, statements) = sam_policies(units);
    Content { statements, sam_templates }
}

/// A file that may be written to: a link that leads out of the paths is not followed.
pub(crate) fn read(path: &str, roots: &[PathBuf], allow_outside: bool) -> Result<Planned, Box<Diagnostic>> {
    let problem = |message: String, remedy: &str| {
        let diagnostic = Diagnostic::new(Severity::Error, "not-applied", message);
        Box::new(diagnostic.at(Location::file(path)).remedy(remedy))
    };
    let unreadable = |error: io::Error| problem(format!("cannot read it: {error}"), "check the path");
    let real = Path::new(path).canonicalize().map_err(unreadable)?;
    if !allow_outside && !is_inside(&real, roots) {
        let message = "it lies outside of the given paths, so it is not written to".to_owned();
        return Err(problem(message, "pass its directory as a further PATH, or --allow-outside"));
    }
    let old = std::fs::read_to_string(&real).map_err(unreadable)?;
    Ok(Planned { path: path.to_owned(), real, new: old.clone(), old })
}

fn is_inside(real: &Path, roots: &[PathBuf]) -> bool {
    let roots = roots.iter().filter_map(|root| root.canonicalize().ok());
    let directories: BTreeSet<PathBuf> = roots
        .map(|root| if root.is_dir() { root } else { root.parent().map(Path::to_owned).unwrap_or(root) })
        .collect();
    directories.iter().any(|directory| real.starts_with(directory))
}

/// The directory of a file, which is the module of Terraform that it belongs to.
pub(crate) fn directory(path: &str) -> String {
    path.rsplit_once('/').map_or(".", |(directory, _)| directory).to_owned()
}

/// The files of a template, in a stable order.
pub(crate) fn sources(language: Language, path: &str) -> Vec<String> {
    if language != Language::Terraform {
        return vec![path.to_owned()];
    }
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    let names = entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|name| name.ends_with(".tf") || name.ends_with(".tofu")).collect();
    names.sort();
    // The same paths as in the places of functions.
    names.into_iter().map(|name| if path == "." { name } else { format!("{path}/{name}") }).collect()
}
