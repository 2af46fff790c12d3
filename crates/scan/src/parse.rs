//! Lowers one file and keeps whatever goes wrong with it inside: problems of the grammar become
//! diagnostics, and so does a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use perm_infer_diagnostics::{Diagnostic, LineIndex, Location, Severity, Span};
use perm_infer_facts::{FileFacts, Grammar, LowerProblem, Lowered};

use crate::prefilter::{Probe, load};
use crate::shared::SharedFiles;
use crate::source::SourceFile;

/// A lowered file.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    pub(crate) facts: Arc<FileFacts>,
    pub(crate) source: Arc<str>,
    pub(crate) lines: LineIndex,
}

/// What came of one file.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// Absent if nothing could be made of it.
    pub(crate) parsed: Option<Parsed>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Parses a file that was probed; its text is read again where the probe did not keep it.
pub(crate) fn parse_file(
    file: &SourceFile,
    probe: &Probe,
    grammar: &dyn Grammar,
    shared: Option<&SharedFiles>,
) -> Outcome {
    let source: Arc<str> = match &probe.text {
        Some(text) => text.clone(),
        None => match load(file) {
            Ok((text, _)) => text.into(),
            // It was readable a moment ago.
            Err((_, diagnostic)) => return Outcome { parsed: None, diagnostics: vec![diagnostic] },
        },
    };
    match shared {
        Some(shared) => {
            shared.outcome(&file.shown, file.grammar, &source, || lower(file, source.clone(), grammar))
        }
        None => lower(file, source, grammar),
    }
}

fn lower(file: &SourceFile, source: Arc<str>, grammar: &dyn Grammar) -> Outcome {
    // Only the panicking call's own data could be left broken, and it is dropped.
    let lowered = catch_unwind(AssertUnwindSafe(|| grammar.lower(&file.shown, &source)));
    let Ok(Lowered { facts, problems }) = lowered else {
        let diagnostic =
            Diagnostic::new(Severity::Error, "internal-error", "internal error while reading this file")
                .at(Location::file(&file.shown))
                .remedy("report it with the file; the result lacks whatever the file calls")
                .unresolved();
        return Outcome { parsed: None, diagnostics: vec![diagnostic] };
    };
    let lines = LineIndex::new(&source);
    let diagnostics = problem_diagnostics(&file.shown, &lines, &problems);
    Outcome { parsed: Some(Parsed { facts: Arc::new(facts), source, lines }), diagnostics }
}

/// One diagnostic for each kind of problem, at the first place: a broken file has many.
fn problem_diagnostics(path: &str, lines: &LineIndex, problems: &[LowerProblem]) -> Vec<Diagnostic> {
    let mut syntax = Vec::new();
    let mut deep = Vec::new();
    for problem in problems {
        match problem {
            LowerProblem::Syntax(span) => syntax.push(*span),
            LowerProblem::TooDeep(span) => deep.push(*span),
        }
    }
    let kinds = [
        (
            syntax,
            "syntax-error",
            "syntax error; read as far as possible",
            "check that calls near it are in the result",
        ),
        (
            deep,
            "nested-too-deep",
            "nested too deeply to be followed; the inner part was not read",
            "check whether the inner part calls an SDK",
        ),
    ];
    let reports = kinds.into_iter().filter_map(|(spans, code, message, remedy)| {
        let first = spans.iter().min()?;
        let more = match spans.len() {
            1 => String::new(),
            count => format!(" (and {} more in this file)", count - 1),
        };
        Some(
            Diagnostic::new(Severity::Warning, code, format!("{message}{more}"))
                .at(location(path, lines, *first))
                .remedy(remedy)
                .unresolved(),
        )
    });
    reports.collect()
}

fn location(path: &str, lines: &LineIndex, span: Span) -> Location {
    Location { path: path.to_owned(), line: lines.line(span.start), column: lines.column(span.start) }
}
