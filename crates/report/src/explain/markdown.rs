//! As Markdown, for documents and pull requests: a table for each statement, the lines folded below it,
//! and a graph of the calls that lead to AWS, drawn by Mermaid.

use std::collections::BTreeMap;

use perm_infer_infer::{Inference, Location, RequirementEvidence, SdkCall};

use super::origin::origins;
use crate::markdown::{cell, code};
use crate::report::access_level;
use perm_infer_policy::inert::inert;

/// Edges of the graph; more than this nobody can read.
const MAX_EDGES: usize = 200;

/// The explanation as GitHub-flavoured Markdown.
#[must_use]
pub fn explain_markdown(inference: &Inference) -> String {
    let mut out = String::from("## Permissions (perm-infer)\n");
    if inference.statements.is_empty() {
        out.push_str("\nThe code needs no permissions.\n");
        return out;
    }
    let mut calls = Vec::new();
    for (statement, evidence) in inference.document.statement.iter().zip(&inference.statements) {
        out.push_str(&format!("\n### {}\n\n", statement.sid.as_deref().unwrap_or("(without Sid)")));
        for resource in statement.resource.iter().flatten() {
            out.push_str(&format!("- {}\n", code(resource)));
        }
        out.push_str("\n| action | access | needed by | resource |\n| --- | --- | --- | --- |\n");
        for requirement in evidence.requirements.iter().filter_map(|&at| inference.requirements.get(at)) {
            out.push_str(&rows(requirement, inference));
            calls.extend(requirement.calls.iter().copied());
        }
    }
    calls.sort_unstable();
    calls.dedup();
    let calls: Vec<&SdkCall> = calls.into_iter().filter_map(|at| inference.calls.get(at)).collect();
    out.push_str(&lines(&calls));
    out.push_str(&graph(&calls));
    out
}

/// One row for each place that needs the permission.
fn rows(requirement: &RequirementEvidence, inference: &Inference) -> String {
    let start = format!("| {} | {} |", cell(requirement.action), access_level(requirement.access_level));
    let row = |place: Option<&Location>, why: &str| {
        let place = place.map_or_else(String::new, |place| cell(&place.to_string()));
        format!("{start} {place} | {} |\n", cell(why))
    };
    let of_calls = requirement.calls.iter().zip(&requirement.parts).filter_map(|(&call, parts)| {
        let call = inference.calls.get(call)?;
        Some(row(Some(&call.location), &origins(parts, call, &inference.references).join("; ")))
    });
    let of_causes = requirement.causes.iter().map(|cause| row(cause.location.as_ref(), &cause.reason));
    let of_comments = requirement.stated.iter().map(|place| row(Some(place), "stated by a comment"));
    of_calls.chain(of_causes).chain(of_comments).collect()
}

fn lines(calls: &[&SdkCall]) -> String {
    if calls.is_empty() {
        return String::new();
    }
    let line =
        |call: &&SdkCall| format!("- {} {}\n", code(&call.location.to_string()), code(&call.source_line));
    let lines: String = calls.iter().map(line).collect();
    format!("\n<details><summary>Lines</summary>\n\n{lines}\n</details>\n")
}

/// Functions as boxes, operations as rounded ones.
fn graph(calls: &[&SdkCall]) -> String {
    let mut nodes = Nodes::default();
    let mut edges: Vec<(String, String)> = Vec::new();
    for call in calls {
        let functions = call.chain.iter().map(|step| format!("[\"{}\"]", label(&step.function)));
        let operation = format!("([\"{}.{}\"])", label(&call.service), label(&call.operation));
        let way: Vec<String> = functions.chain([operation]).map(|shape| nodes.name(&shape)).collect();
        for pair in way.windows(2) {
            let edge = (pair[0].clone(), pair[1].clone());
            if !edges.contains(&edge) {
                edges.push(edge);
            }
        }
        if edges.len() >= MAX_EDGES {
            break;
        }
    }
    if edges.is_empty() {
        return String::new();
    }
    let edges: String = edges.iter().map(|(from, to)| format!("  {from} --> {to}\n")).collect();
    format!("\n```mermaid\nflowchart LR\n{edges}```\n")
}

/// The nodes of a graph by their shape and label.
#[derive(Default)]
struct Nodes {
    names: BTreeMap<String, usize>,
}

impl Nodes {
    fn name(&mut self, shape: &str) -> String {
        let next = self.names.len();
        let number = *self.names.entry(shape.to_owned()).or_insert(next);
        format!("n{number}{shape}")
    }
}

/// Text in a label: what is neither a letter, a digit nor harmless becomes an entity code.
fn label(text: &str) -> String {
    let mut out = String::new();
    for character in inert(text).chars() {
        if character.is_alphanumeric() || "._-/ ".contains(character) {
            out.push(character);
        } else {
            out.push_str(&format!("#{};", u32::from(character)));
        }
    }
    out
}
