//! `merge`: joins reports of shards, or of repositories.

use std::path::Path;

use perm_infer_infer::Diagnostic;
use perm_infer_report::Shard;

use crate::args::MergeArgs;
use crate::config::usage_error;
use crate::output;
use crate::policies::{read, shown};
use crate::run::{Exit, fail};
use crate::terminal::{self, Terminal};

/// Joins the reports.
pub(crate) fn run(args: &MergeArgs) -> Exit {
    terminal::set_color(args.color);
    let mut shards = Vec::new();
    let mut errors = Vec::new();
    for argument in &args.reports {
        match shard(argument) {
            Ok(shard) => shards.push(shard),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return fail(&errors);
    }
    let merged = match perm_infer_report::merge(&shards) {
        Ok(merged) => merged,
        Err(errors) => return fail(&errors),
    };
    Terminal::default().diagnostics(&merged.conflicts);
    if let Err(error) = output::write(args.output.as_deref(), &merged.text) {
        return fail(&[error]);
    }
    if merged.conflicts.is_empty() { Exit::Done } else { Exit::No }
}

/// A file, with a name before it where no file is called like the whole.
fn shard(argument: &str) -> Result<Shard, Diagnostic> {
    let (name, file) = match argument.split_once('=') {
        Some((name, file)) if !Path::new(argument).exists() => (name, file),
        _ => ("", argument),
    };
    let is_name = |text: &str| text.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    if argument.contains('=') && file != argument && !is_name(name) {
        return Err(usage_error(format!("`{name}` is no name for paths"), "write it as in shop=shop.json"));
    }
    let path = Path::new(file);
    let text = read(path).map_err(|error| *error)?;
    Ok(Shard { name: name.to_owned(), path: shown(path), text })
}
