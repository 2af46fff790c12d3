//! For a comment on a pull request: what deserves a second look, then a short table, and the lines folded below it.
//! The table is narrow, because what does not fit the width of a comment is not seen. Everything that comes from the
//! scanned code stands in code spans, where neither Markdown nor HTML means anything.

use std::collections::BTreeMap;

use perm_infer_infer::{Comparison, Difference, Evidenced};
use perm_infer_policy::Grant;

use super::{KINDS, resource, risks, totals, word};
use crate::markdown::{cell, code};
use crate::report::access_level;

/// Bytes of a comment; GitHub takes 65,536 characters.
const MAX_BYTES: usize = 60_000;

/// Risky changes that are listed before the table, and functions that are named in one row.
const MAX_RISKS: usize = 10;
const MAX_FUNCTIONS: usize = 4;

/// Lines of one row, so that a part of many changes still fits into a comment.
const MAX_LINES: usize = 20;

/// Room that is kept for the end.
const END_BYTES: usize = 500;

/// The comparison as GitHub-flavoured Markdown.
#[must_use]
pub fn diff_markdown(comparison: &Comparison) -> String {
    let mut out = String::from("### Permissions (perm-infer)\n\n");
    if comparison.differences.is_empty() {
        out.push_str("No permission changes.\n");
        return out;
    }
    out.push_str(&format!("{}\n\n", totals(comparison)));
    let ordered: Vec<&Difference> = KINDS
        .iter()
        .flat_map(|kind| comparison.differences.iter().filter(move |difference| difference.kind == *kind))
        .collect();
    let rows = rows(&ordered);
    out.push_str(&second_looks(&rows));
    out.push_str("| change | actions | access | resource |\n| --- | --- | --- | --- |\n");
    let mut left_out = 0;
    append(&mut out, rows.iter().map(|row| row.text()), |position| left_out += rows[position].changes.len());
    if left_out > 0 {
        out.push_str(&format!("\n{left_out} more changes are left out here; see the other formats.\n"));
        return out;
    }
    let details: Vec<String> = ordered.iter().filter_map(|difference| lines(difference)).collect();
    if details.is_empty() {
        return out;
    }
    out.push_str("\n<details><summary>Lines that cause it</summary>\n\n");
    append(&mut out, details.into_iter(), |_| left_out += 1);
    if left_out > 0 {
        out.push_str(&format!("\nThe lines of {left_out} more changes are left out here.\n"));
    }
    out.push_str("\n</details>\n");
    out
}

/// The changes that deserve a second look, as a list with the reasons.
fn second_looks(rows: &[Row<'_>]) -> String {
    let firsts = rows.iter().filter_map(|row| row.changes.first());
    let risky: Vec<&&Difference> = firsts.filter(|difference| difference.is_risky()).collect();
    if risky.is_empty() {
        return String::new();
    }
    let mut out = String::from("⚠️ **Look at these first**\n\n");
    for difference in risky.iter().take(MAX_RISKS) {
        let actions: Vec<String> = difference.actions.iter().map(|action| code(action)).collect();
        let reasons = risks(difference).join(", ");
        out.push_str(&format!("- {} {}: {reasons}\n", word(difference.kind), actions.join(", ")));
    }
    if risky.len() > MAX_RISKS {
        out.push_str(&format!("- {} more are marked in the table\n", risky.len() - MAX_RISKS));
    }
    out + "\n"
}

/// Appends pieces while there is room; tells the positions of those that did not fit.
fn append(out: &mut String, pieces: impl Iterator<Item = String>, mut left_out: impl FnMut(usize)) {
    let mut is_full = false;
    for (position, piece) in pieces.enumerate() {
        is_full |= out.len() + piece.len() > MAX_BYTES - END_BYTES;
        if is_full {
            left_out(position);
        } else {
            out.push_str(&piece);
        }
    }
}

/// A row of the table: changes that differ in their resources only.
struct Row<'d> {
    changes: Vec<&'d Difference>,
}

fn rows<'d>(ordered: &[&'d Difference]) -> Vec<Row<'d>> {
    let key = |one: &'d Difference| (one.kind, &one.actions, &one.risks, one.any_resource);
    let mut positions = BTreeMap::new();
    let mut rows: Vec<Row<'d>> = Vec::new();
    for &difference in ordered {
        let known = positions.get(&key(difference)).copied();
        match known.and_then(|position: usize| rows.get_mut(position)) {
            Some(row) if row.changes.len() < MAX_LINES => row.changes.push(difference),
            _ => {
                positions.insert(key(difference), rows.len());
                rows.push(Row { changes: vec![difference] });
            }
        }
    }
    rows
}

impl Row<'_> {
    fn text(&self) -> String {
        let Some(first) = self.changes.first() else { return String::new() };
        let mark = if first.is_risky() { "⚠️\u{a0}" } else { "" };
        let actions: Vec<String> = first.actions.iter().map(|action| cell(action)).collect();
        let level = first.access_level.map_or("unknown", access_level);
        let resources: Vec<String> = self.changes.iter().map(|change| resources(change)).collect();
        format!(
            "| {mark}{} | {} | {level} | {} |\n",
            word(first.kind),
            actions.join("<br>"),
            resources.join("<br>")
        )
    }
}

/// The resources before and after, and the functions that it concerns.
fn resources(difference: &Difference) -> String {
    let side =
        |grants: &[Grant]| grants.iter().map(|grant| cell(&resource(grant))).collect::<Vec<_>>().join("<br>");
    let resources = match (difference.before.is_empty(), difference.after.is_empty()) {
        (false, false) => format!("{}<br>→ {}", side(&difference.before), side(&difference.after)),
        (false, true) => side(&difference.before),
        _ => side(&difference.after),
    };
    let shown = difference.functions.iter().take(MAX_FUNCTIONS);
    let functions: Vec<String> = shown.map(|function| cell(function)).collect();
    match (functions.len(), difference.functions.len().saturating_sub(MAX_FUNCTIONS)) {
        (0, _) => resources,
        (_, 0) => format!("{resources} for {}", functions.join(", ")),
        (_, more) => format!("{resources} for {} and {more} more", functions.join(", ")),
    }
}

fn lines(difference: &Difference) -> Option<String> {
    let line = |evidence: &Evidenced| {
        format!("- {} {}\n", code(&evidence.location.to_string()), code(&evidence.source_line))
    };
    let lines: String = difference.evidence.iter().map(line).collect();
    let actions: Vec<String> = difference.actions.iter().map(|action| code(action)).collect();
    (!lines.is_empty()).then(|| format!("**{}** {}\n\n{lines}\n", word(difference.kind), actions.join(" ")))
}
