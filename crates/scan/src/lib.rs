//! Walks a tree, decides which files matter and parses them in parallel.
//!
//! [`scan`] is the one way in: from paths (or a text) to the facts of every file that can matter.
//! It walks the paths, reads and decodes each file once, decides with a [`Prefilter`]
//! and the imports which files are worth parsing, and lowers those with the [`Grammar`]s handed in.
//! Whatever is left out is counted, and reported where it could cost the policy something.
//!
//! The work runs in the caller's rayon pool; use [`worker_pool`] for one whose threads have stacks
//! that deep sources need. The result does not depend on the number of threads.
//!
//! This crate knows no language by name and nothing of AWS.

mod bundle;
mod closure;
mod configuration;
mod exclude;
mod installed;
mod parse;
mod prefilter;
mod read;
mod request;
mod revision;
mod shared;
mod skip;
mod source;
mod tracked;
mod walk;
mod words;

#[cfg(test)]
mod test_support;

use perm_infer_diagnostics::{Diagnostic, Severity};
use perm_infer_facts::{FileIndex, Grammar};
use rayon::prelude::*;

use crate::closure::Closure;
use crate::exclude::Excludes;
use crate::prefilter::Probe;
use crate::request::Progressing;
use crate::source::SourceFile;
use crate::walk::Walked;
use crate::words::WordTable;

pub use crate::bundle::BundleKind;
pub use crate::prefilter::Prefilter;
pub use crate::read::MAX_FILE_BYTES;
pub use crate::request::{Counts, Progress, Root, ScanRequest, ScanResult, ScannedFile};
pub use crate::revision::{Revision, RevisionError, range, read_revision};
pub use crate::shared::SharedFiles;

/// Stack of one worker thread, in bytes: room for the deepest nesting that grammars and analysis
/// follow. It is reserved, not used, until something nests that deep.
pub const WORKER_STACK_BYTES: usize = 64 << 20;

/// Threads to scan and analyse with; 0 means one for each core.
///
/// # Errors
/// When the system does not give the threads.
pub fn worker_pool(threads: usize) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(WORKER_STACK_BYTES).build()
}

/// Finds, reads, selects and parses. Never fails: what goes wrong is a diagnostic of the result, and
/// one bad file costs nothing of another.
#[must_use]
pub fn scan(request: &ScanRequest<'_>, grammars: &[&dyn Grammar], prefilter: &Prefilter<'_>) -> ScanResult {
    let mut diagnostics = Vec::new();
    let allowed = allowed_grammars(request, grammars, &mut diagnostics);
    let excludes = Excludes::new(&request.exclude, &mut diagnostics);
    let Walked { mut files, data, beside, configurations, links, mut counts, diagnostics: of_walk } =
        walk::walk(request, grammars, &allowed, &excludes);
    let sources = files.len();
    files.extend(data);
    diagnostics.extend(of_walk);
    let paths: Vec<&str> = files.iter().map(|file| file.shown.as_str()).collect();
    let index = FileIndex::new(paths).with_links(links.iter().map(|(link, target)| (link, target)));
    let index = configuration::with_aliases(index, grammars, &configurations);

    let progressing = Progressing::new(request.progress, sources);
    let (probes, words) = probe_all(request, grammars, prefilter, (&files, &index), &progressing);
    for probe in &probes {
        counts.add(probe.skipped);
        diagnostics.extend(probe.diagnostic.clone());
    }
    let closure =
        Closure::new(&files, &index, grammars, &probes, &words, &progressing, request.shared.as_deref());
    let parsed = if request.prefilter { closure.run() } else { closure.run_all() };

    let mut found = Vec::with_capacity(parsed.len());
    for ((file, probe), outcome) in files.iter().zip(&probes).zip(parsed) {
        let Some(outcome) = outcome else {
            counts.irrelevant += usize::from(probe.skipped.is_none() && !file.is_data);
            continue;
        };
        counts.parsed += usize::from(outcome.parsed.is_some() && !file.is_data);
        diagnostics.extend(outcome.diagnostics);
        found.extend(outcome.parsed.map(|parsed| ScannedFile {
            path: file.shown.clone(),
            facts: parsed.facts,
            source: parsed.source,
            lines: parsed.lines,
            grammar: file.grammar,
            names_sdk: probe.seed,
        }));
    }
    report_nothing_found(request, sources, &counts, &mut diagnostics);
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    diagnostics.dedup();
    let index = FileIndex::new(found.iter().map(|file| &file.path)).with_links(links).with_aliases_of(&index);
    let mut walked: Vec<String> = files.into_iter().map(|file| file.shown).collect();
    walked.sort();
    ScanResult { files: found, index, walked, beside, counts, diagnostics }
}

/// Reads every file once and notes what decides whether it is parsed.
fn probe_all(
    request: &ScanRequest<'_>,
    grammars: &[&dyn Grammar],
    prefilter: &Prefilter<'_>,
    (files, index): (&[SourceFile], &FileIndex),
    progressing: &Progressing<'_>,
) -> (Vec<Probe>, WordTable) {
    let words = WordTable::new(files, index, grammars);
    let filter = request.prefilter.then_some(prefilter);
    let probes = files
        .par_iter()
        .map(|file| {
            if file.is_data {
                return Probe::default();
            }
            let probe = Probe::of(file, filter, &words);
            progressing.file_read();
            probe
        })
        .collect();
    (probes, words)
}

/// For each grammar, whether the request lets it read files.
fn allowed_grammars(
    request: &ScanRequest<'_>,
    grammars: &[&dyn Grammar],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<bool> {
    for language in &request.languages {
        if !grammars.iter().any(|grammar| source::is_called(*grammar, language)) {
            let known: Vec<&str> = grammars.iter().map(|grammar| grammar.name()).collect();
            diagnostics.push(
                Diagnostic::new(
                    Severity::Error,
                    "unknown-language",
                    format!("no language is called `{language}`"),
                )
                .remedy(format!("use one of: {}", known.join(", "))),
            );
        }
    }
    let is_allowed = |grammar: &dyn Grammar| {
        request.languages.is_empty()
            || request.languages.iter().any(|language| source::is_called(grammar, language))
    };
    grammars.iter().map(|grammar| is_allowed(*grammar)).collect()
}

fn report_nothing_found(
    request: &ScanRequest<'_>,
    sources: usize,
    counts: &Counts,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if sources > 0 || request.roots.is_empty() {
        return;
    }
    let (message, remedy) = if counts.tests > 0 {
        ("all source files under the given paths are tests", "pass --include-tests to read them")
    } else {
        (
            "no source file of a supported language under the given paths",
            "pass a directory or file with source code; ignored and vendored files are read when named themselves",
        )
    };
    diagnostics.push(Diagnostic::new(Severity::Error, "no-source-files", message).remedy(remedy));
}

#[cfg(test)]
mod tests;
