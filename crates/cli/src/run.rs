//! The commands: each resolves its configuration, asks the libraries, writes the result to standard
//! output and messages to standard error, and says how the run ended.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use clap::CommandFactory;
use clap_complete::Shell;
use perm_infer_infer::{
    Diagnostic, Inference, Location, Request, ScanRequest, Severity, UnitInference, infer,
};
use perm_infer_report::{Selection, Summary};

use crate::args::{BaselineArgs, Cli, Paths, ReadArgs};
use crate::baseline;
use crate::config::{Config, Talk, usage_error};
use crate::file;
use crate::output;
use crate::progress::Bar;
use crate::terminal::{self, Terminal};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// What was asked is done.
    Done,
    /// The question has the answer no.
    No,
    /// Wrong usage, unreadable input, nothing to read, or a bug.
    Failed,
    /// `--strict`, and something stayed unresolved.
    Unresolved,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::No => 1,
            Exit::Failed => 2,
            Exit::Unresolved => 3,
        })
    }
}

/// Turns a result into the text for standard output.
pub(crate) type Render = fn(&Inference) -> String;

/// The ways to show a result.
pub(crate) struct Renderer {
    /// All of it.
    pub(crate) whole: Render,
    /// The functions of templates, each for itself.
    pub(crate) by_function: Render,
    /// The extension of files with it.
    pub(crate) extension: &'static str,
    /// Whether the form has trust policies.
    pub(crate) shows_trust: bool,
    /// The service that trust policies are asked for, as a principal.
    pub(crate) trusted: Option<String>,
    /// What of it is shown.
    pub(crate) selection: Selection,
}

impl Renderer {
    fn show(&self, render: Render, inference: &Inference) -> String {
        if self.selection.is_everything() {
            return render(inference);
        }
        render(&self.selection.of(inference))
    }
}

/// `infer` and `explain`: reads code and shows what came of it.
pub(crate) fn read_code(
    paths: &Paths,
    args: &ReadArgs,
    accepted: &BaselineArgs,
    renderer: &Renderer,
) -> Exit {
    terminal::set_color(args.color);
    let started = Instant::now();
    let mut config = match Config::new(&paths.paths, args) {
        Ok(config) => config,
        Err(errors) => return fail(&errors),
    };
    config.request.trusted.clone_from(&renderer.trusted);
    if renderer.trusted.is_some() && !renderer.shows_trust {
        let message = "this form of the result has no trust policies";
        return fail(&[usage_error(message, "use --format json, yaml, cli or report with --trust-policy")]);
    }
    let mut known = match baseline::accepted(accepted) {
        Ok(known) => known,
        Err(error) => return fail(&[error]),
    };
    let mut inference = match infer_with_progress(&config.request, &config.talk) {
        Ok(inference) => inference,
        Err(error) => return fail(&[error]),
    };
    if accepted.write_baseline.is_some() {
        known.accept_diagnostics(&inference);
    }
    let written = baseline::write(accepted, &known);
    let taken = known.take_diagnostics(&mut inference);
    let summary = Summary::of(&inference);
    let mut problems: Vec<Diagnostic> = nothing_read(&inference, &summary).into_iter().collect();
    problems.extend(written.err());
    problems.extend(write_result(&config, &inference, renderer).err());
    problems.extend(no_functions(&config, &inference));
    let exit = exit_of(&config, &inference, &summary, &mut problems);
    let terminal = Terminal::new(&config.talk);
    terminal.diagnostics(args.config.as_deref().map(file::note).as_slice());
    terminal.diagnostics(&inference.diagnostics);
    terminal.diagnostics(&problems);
    baseline::told(taken).into_iter().for_each(|told| terminal.say(&told));
    terminal.summary(&summary, started.elapsed());
    exit
}

/// Writes what was rendered: all of it, or one file for each function into a directory.
fn write_result(config: &Config, inference: &Inference, renderer: &Renderer) -> Result<(), Diagnostic> {
    let Some(directory) = config.output.as_deref().filter(|path| config.per_function && is_directory(path))
    else {
        let render = if config.per_function { renderer.by_function } else { renderer.whole };
        return output::write(config.output.as_deref(), &renderer.show(render, inference));
    };
    std::fs::create_dir_all(directory).map_err(|error| {
        Diagnostic::new(Severity::Error, "cannot-write", format!("cannot make the directory: {error}"))
            .at(Location::file(directory.to_string_lossy()))
            .remedy("check the path given with --output")
    })?;
    for function in &inference.units {
        // Names of nested stacks and templates have slashes.
        let name = function.name.replace(['/', '\\', '#', ':'], "-");
        let text = renderer.show(renderer.whole, &function.inference);
        output::write(Some(&directory.join(format!("{name}.{}", renderer.extension))), &text)?;
    }
    Ok(())
}

fn is_directory(path: &Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(['/', '\\'])
}

/// An empty answer about functions would look like one about functions that need nothing.
pub(crate) fn no_functions(config: &Config, inference: &Inference) -> Option<Diagnostic> {
    (config.per_function && inference.units.is_empty()).then(|| {
        Diagnostic::new(Severity::Error, "no-functions", "no template with functions was found")
            .remedy("pass one with --template")
    })
}

pub(crate) fn infer_with_progress(request: &Request<'static>, talk: &Talk) -> Result<Inference, Diagnostic> {
    let bar = Bar::new(talk);
    let show = |progress| bar.show(progress);
    let scan = ScanRequest { progress: bar.is_wanted().then_some(&show), ..request.scan.clone() };
    let result = infer(&Request { scan, ..request.clone() });
    bar.clear();
    result.map_err(|error| Diagnostic::new(Severity::Error, "not-started", error.to_string()))
}

/// An empty policy of a tree of which nothing could be read would look like an answer.
fn nothing_read(inference: &Inference, summary: &Summary) -> Option<Diagnostic> {
    let is_service = |unit: &UnitInference| !unit.kind.runs_code();
    let is_read = summary.files > 0 || inference.units.iter().any(is_service);
    if is_read || inference.diagnostics.iter().any(is_error) {
        return None;
    }
    Some(
        Diagnostic::new(Severity::Error, "nothing-read", "none of the source files was read")
            .remedy("see with -v why each was left out"),
    )
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
}

pub(crate) fn exit_of(
    config: &Config,
    inference: &Inference,
    summary: &Summary,
    problems: &mut Vec<Diagnostic>,
) -> Exit {
    if inference.diagnostics.iter().chain(problems.iter()).any(is_error) {
        return Exit::Failed;
    }
    if !config.strict || summary.unresolved == 0 {
        return Exit::Done;
    }
    let message = match summary.unresolved {
        1 => "one thing stayed unresolved".to_owned(),
        several => format!("{several} things stayed unresolved"),
    };
    let remedy = "do what the warnings say, or leave out --strict";
    problems.push(Diagnostic::new(Severity::Error, "strict", message).remedy(remedy));
    Exit::Unresolved
}

/// `completions`: the script that makes a shell complete this command.
pub(crate) fn completions(shell: Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "perm-infer", &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// `man`: the manual page of the tool, or of one of its commands.
pub(crate) fn manual(command: Option<&str>) -> Exit {
    let mut cli = Cli::command();
    // Names such as `perm-infer-check` are made here.
    cli.build();
    let page = match command {
        None => Some(&cli),
        Some(name) => cli.find_subcommand(name).filter(|command| !command.is_hide_set()),
    };
    let Some(page) = page else {
        let remedy = "see the commands with --help";
        return fail(&[usage_error("there is no command of this name", remedy)]);
    };
    let mut text = Vec::new();
    match clap_mangen::Man::new(page.clone()).render(&mut text) {
        Ok(()) => print(&String::from_utf8_lossy(&text)),
        Err(error) => fail(&[usage_error(format!("the page cannot be made: {error}"), "report it")]),
    }
}

/// `debug facts`: what the analysis is told of one file.
pub(crate) fn debug_facts(file: &Path) -> Exit {
    let shown = file.to_string_lossy();
    let source = match std::fs::read(file) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            let message = format!("cannot read the file: {error}");
            let diagnostic = Diagnostic::new(Severity::Error, "unreadable-file", message);
            return fail(&[diagnostic.at(Location::file(shown)).remedy("check the path")]);
        }
    };
    match perm_infer_infer::dump_facts(&shown, &source) {
        Some(facts) => print(&facts),
        None => fail(&[usage_error(
            format!("no language has files named like `{shown}`"),
            "pass a Python, JavaScript or TypeScript file",
        )]),
    }
}

pub(crate) fn print(text: &str) -> Exit {
    match output::write(None, text) {
        Ok(()) => Exit::Done,
        Err(error) => fail(&[error]),
    }
}

pub(crate) fn fail(errors: &[Diagnostic]) -> Exit {
    Terminal::default().diagnostics(errors);
    Exit::Failed
}
