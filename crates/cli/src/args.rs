//! The command line as clap sees it. What the values mean is decided in `config`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Id, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use perm_infer_infer::Diagnostic;

use crate::deployment::DeploymentArgs;
use crate::file;
use crate::policy_args::{
    CHECK_EXAMPLES, CheckArgs, DIAGNOSE_EXAMPLES, DiagnoseArgs, SIMULATE_EXAMPLES, SimulateArgs,
};

const EXAMPLES: &str = "\
Examples:
  perm-infer src/ > policy.json
      Write the least-privilege policy of the code below src/

  perm-infer src/ --var TABLE_NAME=orders --region eu-west-1 --account 123456789012
      Fill in what only the deployment knows

  perm-infer explain src/ --entry src/app.py:handler
      Show why each permission is there: the calls, their lines and their callers

Exit codes: 0 done; 1 the answer is no; 2 wrong usage, unreadable input or nothing to read; 3 --strict and something
stayed unresolved.";

const APPLY_EXAMPLES: &str = "\
Examples:
  perm-infer apply --template template.yaml
      Show what changes in the template, ask, and write it

  perm-infer apply --check
      Whether the policies in the templates below the present directory are what the code needs

  perm-infer apply src/ --function Worker --dry-run > policies.patch
      The change of one function, for `git apply`

What is written stands between two comments, in JSON in statements whose Sid starts with PermInfer, and is replaced
the next time; everything else in the file stays as it is.

Exit codes: 0 done; 1 --check and something would change, or the answer was no; 2 wrong usage, unreadable input, or a
function whose policy cannot be written; 3 --strict and something stayed unresolved, which is not written.";

const LOOKUP_EXAMPLES: &str = "\
Examples:
  perm-infer lookup put_item
  perm-infer lookup s3:CopyObject
  perm-infer lookup DynamoDbClient.putItem --format json

Exit codes: 0 found; 1 nothing has this name; 2 wrong usage.";

const MERGE_EXAMPLES: &str = "\
Examples:
  perm-infer --format report services/ > services.json
  perm-infer --format report jobs/ > jobs.json
  perm-infer merge services.json jobs.json > whole.json
      The report of both parts, as if they had been scanned together

  perm-infer merge shop=shop.json billing=billing.json > organisation.json
      Reports of repositories, each with its paths below its name

Exit codes: 0 done; 1 reports contradict each other, and both are in the result; 2 wrong usage or a file that is no
report.";

const DIFF_EXAMPLES: &str = "\
Examples:
  perm-infer diff main
      What the present directory needs that it did not need on the branch main

  perm-infer diff origin/main...HEAD --format markdown > comment.md
      What a branch changes since it left main, for a pull request

  perm-infer diff policy.json . --fail-on widened,risk
      Whether the code has outgrown a policy that was written earlier

Exit codes: 0 done; 1 the changes that --exit-code or --fail-on names are there; 2 wrong usage or a side
that cannot be read.";

/// Infers the least-privilege IAM policy of application code from the AWS SDK calls it makes.
///
/// Reads Python, JavaScript and TypeScript, runs nothing, needs no network and no AWS account. The
/// policy goes to standard output, everything else to standard error.
#[derive(Debug, Parser)]
#[command(name = "perm-infer", version, after_help = EXAMPLES)]
#[command(subcommand_precedence_over_arg = true, max_term_width = 100)]
#[command(override_usage = "perm-infer [OPTIONS] [PATH]...\n       perm-infer <COMMAND>")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) infer: InferArgs,
}

impl Cli {
    /// The arguments of this process, after those of the configuration file; on wrong usage, help and
    /// version the process ends.
    ///
    /// # Errors
    /// When the configuration file is wrong.
    pub(crate) fn read() -> Result<Self, Diagnostic> {
        let mut arguments: Vec<OsString> = std::env::args_os().collect();
        let matches = Cli::matches(&arguments);
        if let Some((file, is_named)) = configuration_file(&matches) {
            let command = matches.subcommand_name();
            let from_file =
                file::arguments(&file, is_named, &Cli::command(), command.unwrap_or(file::DEFAULT_COMMAND))?;
            // Nothing stands before the name of a command.
            let place = if command.is_some() { 2 } else { 1 };
            arguments.splice(place.min(arguments.len())..place.min(arguments.len()), from_file);
        }
        Ok(Cli::from_arg_matches(&Cli::matches(&arguments)).unwrap_or_else(|error| error.exit()))
    }

    fn matches(arguments: &[OsString]) -> ArgMatches {
        // Of several values for one option the last one counts: that of the user.
        let matches = Cli::command().args_override_self(true).get_matches_from(arguments);
        let is_given = |id: &Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
        // What stands before a command would have no effect, and a command after a path may be meant
        // as one more path.
        if let Some(name) = matches.subcommand_name().filter(|_| matches.ids().any(is_given)) {
            let message = format!("the command `{name}` comes first; write ./{name} for a path of that name");
            Cli::command().error(ErrorKind::ArgumentConflict, message).exit();
        }
        matches
    }
}

/// The configuration file that `--config` names, or that governs the first path, and whether it is named.
fn configuration_file(matches: &ArgMatches) -> Option<(PathBuf, bool)> {
    let own = matches.subcommand().map_or(matches, |(_, own)| own);
    match own.try_get_one::<PathBuf>("config") {
        Ok(Some(file)) => Some((file.clone(), true)),
        Ok(None) => {
            let paths = own.try_get_many::<PathBuf>("paths").ok().flatten();
            let first = paths.into_iter().flatten().find(|path| *path != Path::new("-"));
            file::find(first.map_or(Path::new("."), PathBuf::as_path)).map(|file| (file, false))
        }
        // The command does not read code.
        Err(_) => None,
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Infer a policy (what is done without a command)
    #[command(after_help = EXAMPLES)]
    Infer(InferArgs),
    /// Show why each permission is there: statement, calls, lines, callers
    Explain(ExplainArgs),
    /// Show how permissions change between two states of the code
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(DiffArgs),
    /// Write what functions need into the templates that define them
    #[command(after_help = APPLY_EXAMPLES)]
    Apply(ApplyArgs),
    /// Does a policy cover the code, and what does it grant beyond it?
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Join reports of shards or repositories
    #[command(after_help = MERGE_EXAMPLES)]
    Merge(MergeArgs),
    /// Read a message about a denied request, say the cause, give the statement
    #[command(after_help = DIAGNOSE_EXAMPLES)]
    Diagnose(DiagnoseArgs),
    /// Ask the catalogue: what an operation, action or method is called, needs and works on
    #[command(after_help = LOOKUP_EXAMPLES)]
    Lookup(LookupArgs),
    /// Ask policies offline: is this action on this resource allowed, and by which statement?
    #[command(after_help = SIMULATE_EXAMPLES)]
    Simulate(SimulateArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, or that of a command
    Man {
        /// The command
        command: Option<String>,
    },
    /// Look into the tool itself
    #[command(hide = true, subcommand)]
    Debug(DebugCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum DebugCommand {
    /// Print what the analysis is told of a file
    Facts {
        /// The file
        file: PathBuf,
    },
    /// Print the JSON schema of perm-infer.toml
    ConfigSchema,
}

/// The principal of a service: `lambda` is `lambda.amazonaws.com`.
fn principal(service: &str) -> Result<String, String> {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !service.split('.').all(|name| !name.is_empty() && name.bytes().all(is_letter)) {
        return Err(
            "name a service such as lambda or ecs-tasks, or its principal, lambda.amazonaws.com".to_owned()
        );
    }
    Ok(if service.contains('.') { service.to_owned() } else { format!("{service}.amazonaws.com") })
}

#[derive(Debug, Args)]
pub(crate) struct InferArgs {
    /// The form of the result
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: Format,
    /// Show the trust policy of the role too, for the service that runs the code: lambda, ecs-tasks, ec2, ... (what
    /// a template defines is trusted to the service that runs it; formats json, yaml, cli and report)
    #[arg(long, value_name = "SERVICE", value_parser = principal, help_heading = "Output")]
    pub(crate) trust_policy: Option<String>,
    #[command(flatten)]
    pub(crate) baseline: BaselineArgs,
    #[command(flatten)]
    pub(crate) paths: Paths,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// Print the changes as a diff and write nothing
    #[arg(long, help_heading = "What is written")]
    pub(crate) dry_run: bool,
    /// Write nothing and exit with 1 when something would change
    #[arg(long, help_heading = "What is written")]
    pub(crate) check: bool,
    /// Write without asking
    #[arg(long, conflicts_with_all = ["dry_run", "check"], help_heading = "What is written")]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) paths: Paths,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Reports, as `--format report` writes them; NAME=FILE puts the paths of a report below a name
    #[arg(value_name = "[NAME=]FILE", required = true)]
    pub(crate) reports: Vec<String>,
    /// Write to this file, all or nothing, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: When,
}

/// Findings that are accepted.
#[derive(Debug, Default, Args)]
pub(crate) struct BaselineArgs {
    /// Leave out what this file accepts: report only what is new
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) baseline: Option<PathBuf>,
    /// Accept everything that is found now: write it to this file for --baseline
    #[arg(long, value_name = "FILE", conflicts_with = "baseline", help_heading = "Output")]
    pub(crate) write_baseline: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LookupArgs {
    /// An operation, action, method, command, paginator, waiter or service, as code or a policy names it
    pub(crate) query: String,
    /// The form of the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: When,
}

/// The forms of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The state before: a directory, a git revision or range (A..B, A...B), or a JSON document written
    /// earlier (a policy or a report)
    pub(crate) base: String,
    /// The state after, likewise; the present directory if left out
    pub(crate) head: Option<String>,
    /// The form of the result
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: DiffFormat,
    /// Exit with 1 when anything changes
    #[arg(long, help_heading = "Output")]
    pub(crate) exit_code: bool,
    /// Exit with 1 when there is a change of this kind (repeatable)
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',', help_heading = "Output")]
    pub(crate) fail_on: Vec<FailOn>,
    /// Show places as below this directory: where the compared one lies in its repository
    #[arg(long, value_name = "DIRECTORY", help_heading = "Output")]
    pub(crate) below: Option<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

/// What a comparison can be written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people at a terminal
    #[default]
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
    /// For code scanning
    Sarif,
}

/// What an explanation can be written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For people at a terminal
    #[default]
    Text,
    /// For documents and pull requests, with a graph of the calls
    Markdown,
    /// For programs: the report of what is explained
    Json,
}

/// Changes that a build can refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Something is allowed that was not
    Added,
    /// An action is allowed on more than before
    Widened,
    /// Something new that writes
    Write,
    /// Something new that manages permissions
    PermissionsManagement,
    /// Something new that deserves a second look
    Risk,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Explain only these actions; `*` and `?` as in a policy (repeatable)
    #[arg(long, value_name = "ACTION", help_heading = "What is explained")]
    pub(crate) action: Vec<String>,
    /// Explain only permissions for these ARNs; `*` and `?` as in a policy (repeatable)
    #[arg(long, value_name = "ARN", help_heading = "What is explained")]
    pub(crate) resource: Vec<String>,
    /// Explain each wildcard in a resource: why it is there and what takes it away
    #[arg(long, help_heading = "What is explained")]
    pub(crate) why_wildcard: bool,
    /// The form of the result
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: ExplainFormat,
    #[command(flatten)]
    pub(crate) paths: Paths,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

/// What a result can be written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The policy document
    #[default]
    Json,
    /// The policy document as YAML
    Yaml,
    /// Policies of the functions of an AWS SAM template, to be merged into it
    Sam,
    /// Managed policies, to be merged into an AWS CloudFormation template
    Cloudformation,
    /// Data sources of Terraform
    Terraform,
    /// Policy statements of AWS CDK in TypeScript
    Cdk,
    /// Policy statements of AWS CDK in Python
    CdkPython,
    /// Role statements of the Serverless Framework
    Serverless,
    /// A bash script that puts the policy on a role with the AWS CLI
    Cli,
    /// Everything that was found, with evidence, as JSON
    Report,
    /// Every statement with the calls that need it, for a pull request or a wiki
    Markdown,
    /// What stayed open, for code scanning
    Sarif,
}

/// What is read.
#[derive(Debug, Args)]
pub(crate) struct Paths {
    /// Files and directories to read; `-` is standard input (with --language)
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
}

/// Options of every command that reads code.
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// Read test files too
    #[arg(long, help_heading = "What is read")]
    pub(crate) include_tests: bool,
    /// Leave out what this glob names, as in a .gitignore file (repeatable)
    #[arg(long, value_name = "GLOB", help_heading = "What is read")]
    pub(crate) exclude: Vec<String>,
    /// Read only this language: python, javascript or typescript (repeatable)
    #[arg(long, value_name = "LANGUAGE", help_heading = "What is read")]
    pub(crate) language: Vec<String>,
    /// Analyse only what is reachable from this file, function or method (repeatable)
    #[arg(long, value_name = "FILE[:FUNCTION]", help_heading = "What is read")]
    pub(crate) entry: Vec<String>,
    /// Keep only calls of proven AWS clients (certain), or also those that look like one (likely)
    #[arg(long, value_enum, default_value_t, help_heading = "What is read")]
    pub(crate) confidence: Confidence,
    /// Parse every file, also those that cannot matter
    #[arg(long, hide = true)]
    pub(crate) no_prefilter: bool,

    /// Value of an environment variable that the code reads (repeatable)
    #[arg(long, value_name = "NAME=VALUE", help_heading = "What the deployment knows")]
    pub(crate) var: Vec<String>,
    /// File with values of environment variables, as .env (repeatable; later files win, --var always)
    #[arg(long, value_name = "FILE", help_heading = "What the deployment knows")]
    pub(crate) env_file: Vec<PathBuf>,
    /// Region of the resources; `*` is any
    #[arg(long, default_value = "*", help_heading = "What the deployment knows")]
    pub(crate) region: String,
    /// Account of the resources, 12 digits; `*` is any
    #[arg(long, default_value = "*", help_heading = "What the deployment knows")]
    pub(crate) account: String,
    /// Partition of the resources: aws, aws-cn, aws-us-gov, ...; `*` is any
    #[arg(long, default_value = "aws", help_heading = "What the deployment knows")]
    pub(crate) partition: String,

    /// Customer-managed KMS key that encrypts what the code uses: its ARN, its alias (alias/NAME), or none
    #[arg(long, value_name = "ARN|alias|none", help_heading = "What the deployment knows")]
    pub(crate) kms: Option<String>,

    /// The configuration file [default: perm-infer.toml in the directory of PATH or above]
    #[arg(long, value_name = "FILE", help_heading = "What is read")]
    pub(crate) config: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) deployment: DeploymentArgs,

    /// Write to this file, all or nothing, instead of standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 3 when anything stayed unresolved
    #[arg(long, help_heading = "Output")]
    pub(crate) strict: bool,
    /// Print only errors
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Print notes and the time taken too
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, help_heading = "Output")]
    pub(crate) color: When,
    /// When to show progress: on a terminal when it takes long (auto), at once (always), or never
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, help_heading = "Output")]
    pub(crate) progress: When,
    /// Threads to use; 0 is one for each core
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, help_heading = "Output")]
    #[arg(value_parser = clap::value_parser!(u16).range(..=1024))]
    pub(crate) threads: u16,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Confidence {
    /// Calls of what is proven to be an AWS client
    Certain,
    /// Also calls that fit an operation of a service in use
    #[default]
    Likely,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    #[default]
    Auto,
    Always,
    Never,
}
