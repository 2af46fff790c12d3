//! Source text in, calls out: lowers files, analyses them with the models, and writes every call as
//! one line, `service:Operation(Param=text, ...)`, sorted. `~` before a line marks a call that only
//! its names give away; `{?}` is an unknown part of a text, `{$NAME}` an environment variable without a
//! known value; `?` is a value of which nothing is known.

use std::collections::BTreeMap;

use perm_infer_analysis::{Atom, Hole, HoleReason, Project, SourceFile, Text, TextKind, Value, analyze};
use perm_infer_catalog::Catalog;
use perm_infer_facts::{FileIndex, Grammar};
use perm_infer_grammar_python::Python;
use perm_infer_sdk::Models;

/// What the models found in a project.
pub(crate) struct Found {
    /// The calls, each once, sorted.
    pub(crate) calls: Vec<String>,
    /// Services of which clients or resources are made, sorted.
    pub(crate) services: Vec<String>,
    /// Codes of the messages, each once, sorted.
    pub(crate) notes: Vec<String>,
}

/// The calls of one file.
#[track_caller]
pub(crate) fn calls(source: &str) -> Vec<String> {
    project(&[("app.py", source)], &[]).calls
}

/// Asserts the calls of one file, given in any order.
#[track_caller]
pub(crate) fn assert_calls(source: &str, expected: &[&str]) {
    let mut expected: Vec<String> = expected.iter().map(|&line| line.to_owned()).collect();
    expected.sort();
    assert_eq!(calls(source), expected);
}

/// Analyses files with stated environment variables.
#[track_caller]
#[expect(clippy::expect_used, reason = "a helper of tests")]
pub(crate) fn project(files: &[(&str, &str)], environment: &[(&str, &str)]) -> Found {
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let lowered: Vec<_> = files.iter().map(|(path, source)| Python.lower(path, source)).collect();
    for ((path, _), lowered) in files.iter().zip(&lowered) {
        assert!(lowered.problems.is_empty(), "{path} does not parse: {:?}", lowered.problems);
    }
    let sources = files
        .iter()
        .zip(&lowered)
        .map(|((path, _), lowered)| SourceFile {
            path,
            facts: &lowered.facts,
            grammar: &Python,
            names_library: true,
        })
        .collect();
    let index = FileIndex::new(files.iter().map(|(path, _)| *path));
    let models = Models::new(Catalog::embedded(), &environment);
    let analyses = analyze(&Project { files: sources, index: &index, entries: Vec::new() }, &models, 1)
        .expect("threads");
    let mut found = Found { calls: Vec::new(), services: Vec::new(), notes: Vec::new() };
    for analysis in analyses {
        for call in analysis.calls {
            if call.effect.operation.is_empty() {
                found.services.push(call.effect.service.to_string());
                continue;
            }
            let mark = if call.effect.certain { "" } else { "~" };
            let params = show_params(&call.effect.params);
            found.calls.push(format!("{mark}{}:{}({params})", call.effect.service, call.effect.operation));
        }
        found.notes.extend(analysis.notes.iter().map(|note| note.code.to_owned()));
    }
    for list in [&mut found.calls, &mut found.services, &mut found.notes] {
        list.sort();
        list.dedup();
    }
    found
}

/// The parameters without braces.
fn show_params(params: &Value) -> String {
    match params.single() {
        Some(Atom::Dict(_)) => {
            let shown = show(params);
            shown[1..shown.len() - 1].to_owned()
        }
        _ => show(params),
    }
}

/// A value on one line; alternatives are sorted and joined by `|`.
fn show(value: &Value) -> String {
    let mut shown: Vec<String> = value.atoms().iter().map(show_atom).collect();
    shown.sort();
    if let Some(hole) = value.rest() {
        shown.push(show_hole(hole));
    }
    shown.join("|")
}

fn show_hole(hole: &Hole) -> String {
    match &hole.reason {
        HoleReason::Environment(name) => format!("{{${name}}}"),
        HoleReason::Reference(reference) => reference.to_string(),
        _ => "?".to_owned(),
    }
}

fn show_atom(atom: &Atom) -> String {
    match atom {
        Atom::Null => "None".to_owned(),
        Atom::Bool(value) => value.to_string(),
        Atom::Int(value) => value.to_string(),
        Atom::Text(text) => show_text(text),
        Atom::List(list) => {
            let mut items: Vec<String> = list.items.iter().map(show).collect();
            items.extend(list.rest.iter().map(|rest| format!("*{}", show(rest))));
            format!("[{}]", items.join(", "))
        }
        Atom::Dict(dict) => {
            let mut entries: Vec<String> = dict
                .entries
                .iter()
                .map(|entry| {
                    let maybe = if entry.maybe { "?" } else { "" };
                    format!("{}{maybe}={}", show_text(&entry.key), show(&entry.value))
                })
                .collect();
            entries.sort();
            entries.extend(dict.rest.iter().map(|rest| format!("**{}", show(rest))));
            format!("{{{}}}", entries.join(", "))
        }
        Atom::Library(value) => format!("<{}>", value.kind),
        _ => "<code>".to_owned(),
    }
}

fn show_text(text: &Text) -> String {
    let whole_hole = matches!(text.parts(), [part] if part.literal().is_none());
    text.parts()
        .iter()
        .map(|part| match &part.kind {
            TextKind::Literal(literal) => literal.to_string(),
            TextKind::Hole(hole) => match &hole.reason {
                HoleReason::Environment(name) => format!("{{${name}}}"),
                HoleReason::Reference(reference) => reference.to_string(),
                _ if whole_hole => "?".to_owned(),
                _ => "{?}".to_owned(),
            },
        })
        .collect()
}
