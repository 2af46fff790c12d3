//! The command `perm-infer`: arguments, configuration, exit codes. What it does is in the `infer`
//! crate, how results look in `report`.

mod apply;
mod args;
mod baseline;
mod check;
mod config;
mod crash;
mod deployment;
mod diagnose;
mod diff;
mod file;
mod lookup;
mod merge;
mod output;
mod policies;
mod policy_args;
mod progress;
mod run;
mod simulate;
mod terminal;

use std::process::ExitCode;

use clap::CommandFactory;
use perm_infer_report::Selection;

use crate::args::{BaselineArgs, Cli, Command, DebugCommand, ExplainArgs, ExplainFormat, Format};
use crate::run::{Exit, Render, Renderer};

fn main() -> ExitCode {
    match Cli::read() {
        Ok(cli) => crash::guard(|| run(cli)).unwrap_or(Exit::Failed).into(),
        Err(error) => run::fail(&[error]).into(),
    }
}

fn run(cli: Cli) -> Exit {
    match cli.command.unwrap_or(Command::Infer(cli.infer)) {
        Command::Infer(args) => {
            run::read_code(&args.paths, &args.read, &args.baseline, &renderer(args.format, args.trust_policy))
        }
        Command::Explain(args) => {
            run::read_code(&args.paths, &args.read, &BaselineArgs::default(), &explanation(&args))
        }
        Command::Diff(args) => diff::diff(&args),
        Command::Apply(args) => apply::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Diagnose(args) => diagnose::run(&args),
        Command::Lookup(args) => lookup::lookup(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Completions { shell } => run::completions(shell),
        Command::Man { command } => run::manual(command.as_deref()),
        Command::Debug(DebugCommand::Facts { file }) => run::debug_facts(&file),
        Command::Debug(DebugCommand::ConfigSchema) => run::print(&file::schema(&Cli::command())),
    }
}

fn explanation(args: &ExplainArgs) -> Renderer {
    let (whole, by_function, extension): (Render, Render, _) = match args.format {
        ExplainFormat::Text if args.why_wildcard => {
            (perm_infer_report::why_wildcards, perm_infer_report::why_wildcards_by_unit, "txt")
        }
        ExplainFormat::Text => (perm_infer_report::explain, perm_infer_report::explain_by_unit, "txt"),
        ExplainFormat::Markdown => {
            (perm_infer_report::explain_markdown, perm_infer_report::explain_markdown_by_unit, "md")
        }
        // It has the functions anyway.
        ExplainFormat::Json => (perm_infer_report::explain_json, perm_infer_report::explain_json, "json"),
    };
    let selection = Selection { actions: args.action.clone(), resources: args.resource.clone() };
    Renderer { whole, by_function, extension, shows_trust: false, trusted: None, selection }
}

fn renderer(format: Format, trusted: Option<String>) -> Renderer {
    let (whole, by_function, extension): (Render, Render, _) = match format {
        Format::Json => (perm_infer_report::json, perm_infer_report::json_by_function, "json"),
        Format::Yaml => (perm_infer_report::yaml, perm_infer_report::yaml_by_function, "yaml"),
        Format::Sam => (perm_infer_report::sam, perm_infer_report::sam, "yaml"),
        Format::Cloudformation => {
            (perm_infer_report::cloudformation, perm_infer_report::cloudformation, "yaml")
        }
        Format::Terraform => (perm_infer_report::terraform, perm_infer_report::terraform_by_function, "tf"),
        Format::Cdk => (perm_infer_report::cdk, perm_infer_report::cdk, "ts"),
        Format::CdkPython => (perm_infer_report::cdk_python, perm_infer_report::cdk_python, "py"),
        Format::Serverless => {
            (perm_infer_report::serverless, perm_infer_report::serverless_by_function, "yaml")
        }
        Format::Cli => (perm_infer_report::cli, perm_infer_report::cli_by_function, "sh"),
        // It has the functions anyway.
        Format::Report => (perm_infer_report::report, perm_infer_report::report, "json"),
        Format::Markdown => {
            (perm_infer_report::explain_markdown, perm_infer_report::explain_markdown_by_unit, "md")
        }
        Format::Sarif => (perm_infer_report::sarif, perm_infer_report::sarif, "sarif"),
    };
    let shows_trust = matches!(format, Format::Json | Format::Yaml | Format::Cli | Format::Report);
    Renderer { whole, by_function, extension, shows_trust, trusted, selection: Selection::default() }
}
