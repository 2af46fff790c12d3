//! For a comment on a pull request: a short table first, the lines folded below it. Everything that
//! comes from the scanned code stands in code spans, where neither Markdown nor HTML means anything.

use perm_infer_infer::{Comparison, Difference};

use super::{KINDS, resource, risks, totals, word};
use crate::markdown::{cell, code};
use crate::report::access_level;

/// Bytes of a comment; GitHub takes 65,536 characters.
const MAX_BYTES: usize = 60_000;

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
    let named = comparison.differences.iter().any(|difference| !difference.functions.is_empty());
    let (heads, rule) = if named { ("| functions ", "| --- ") } else { ("", "") };
    out.push_str(&format!("{heads}| change | actions | access | resource | look at |\n"));
    out.push_str(&format!("{rule}| --- | --- | --- | --- | --- |\n"));
    let ordered: Vec<&Difference> = KINDS
        .iter()
        .flat_map(|kind| comparison.differences.iter().filter(move |difference| difference.kind == *kind))
        .collect();
    let left_out = append(&mut out, ordered.iter().map(|difference| row(difference, named)));
    if left_out > 0 {
        out.push_str(&format!("\n{left_out} more changes are left out here; see the other formats.\n"));
        return out;
    }
    let details: Vec<String> = ordered.iter().filter_map(|difference| lines(difference)).collect();
    if details.is_empty() {
        return out;
    }
    out.push_str("\n<details><summary>Lines that cause it</summary>\n\n");
    let left_out = append(&mut out, details.into_iter());
    if left_out > 0 {
        out.push_str(&format!("\nThe lines of {left_out} more changes are left out here.\n"));
    }
    out.push_str("\n</details>\n");
    out
}

/// Appends pieces while there is room; says how many did not fit.
fn append(out: &mut String, pieces: impl Iterator<Item = String>) -> usize {
    let mut left_out = 0;
    for piece in pieces {
        if left_out > 0 || out.len() + piece.len() > MAX_BYTES - END_BYTES {
            left_out += 1;
        } else {
            out.push_str(&piece);
        }
    }
    left_out
}

fn row(difference: &Difference, named: bool) -> String {
    let actions: Vec<String> = difference.actions.iter().map(|action| cell(action)).collect();
    let side = |grants: &[perm_infer_policy::Grant]| {
        grants.iter().map(|grant| cell(&resource(grant))).collect::<Vec<_>>().join("<br>")
    };
    let resources = match (difference.before.is_empty(), difference.after.is_empty()) {
        (false, false) => format!("{} → {}", side(&difference.before), side(&difference.after)),
        (false, true) => side(&difference.before),
        _ => side(&difference.after),
    };
    let risks = risks(difference);
    let mark = if risks.is_empty() { String::new() } else { format!("⚠️ {}", risks.join(", ")) };
    let level = difference.access_level.map_or("unknown", access_level);
    let functions: Vec<String> = difference.functions.iter().map(|function| cell(function)).collect();
    let functions = if named { format!("| {} ", functions.join(" ")) } else { String::new() };
    format!(
        "{functions}| {} | {} | {level} | {resources} | {mark} |\n",
        word(difference.kind),
        actions.join(" ")
    )
}

fn lines(difference: &Difference) -> Option<String> {
    let line = |evidence: &perm_infer_infer::Evidenced| {
        format!("- {} {}\n", code(&evidence.location.to_string()), code(&evidence.source_line))
    };
    let lines: String = difference.evidence.iter().map(line).collect();
    let actions: Vec<String> = difference.actions.iter().map(|action| code(action)).collect();
    (!lines.is_empty()).then(|| format!("{} {}\n\n{lines}\n", word(difference.kind), actions.join(" ")))
}
