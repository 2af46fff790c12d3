//! For people at a terminal.

use anstyle::Style;
use perm_infer_infer::{ChangeKind, Comparison, Difference};

use super::{KINDS, resource, risks, totals, word};
use crate::report::access_level;
use crate::style::{ACTION, ERROR, FAINT, HEADING, NOTE, PLACE, WARNING, paint};
use perm_infer_policy::inert::inert;

/// The comparison, with styles.
#[must_use]
pub fn diff_text(comparison: &Comparison) -> String {
    if comparison.differences.is_empty() {
        return "No permission changes.\n".to_owned();
    }
    let mut out = format!("{}\n", paint(HEADING, &totals(comparison)));
    for kind in KINDS {
        for difference in comparison.differences.iter().filter(|difference| difference.kind == kind) {
            tell(difference, &mut out);
        }
    }
    out
}

fn sign(kind: ChangeKind) -> (char, Style) {
    match kind {
        ChangeKind::Added => ('+', ACTION),
        ChangeKind::Removed => ('-', ERROR),
        ChangeKind::Widened | ChangeKind::Renamed | ChangeKind::ConditionChanged => ('~', WARNING),
        ChangeKind::Narrowed => ('~', NOTE),
    }
}

fn tell(difference: &Difference, out: &mut String) {
    let (sign, style) = sign(difference.kind);
    let what = match difference.kind {
        ChangeKind::Added | ChangeKind::Removed => String::new(),
        kind => format!("{}: ", word(kind)),
    };
    let actions = inert(&difference.actions.join(", ")).into_owned();
    let level = difference.access_level.map_or("unknown to the catalogue", access_level);
    out.push_str(&format!(
        "\n{} {what}{} {}\n",
        paint(style, &sign.to_string()),
        paint(style, &actions),
        paint(FAINT, &format!("({level})"))
    ));
    if !difference.functions.is_empty() {
        out.push_str(&format!("    in {}\n", inert(&difference.functions.join(", "))));
    }
    let both = !difference.before.is_empty() && !difference.after.is_empty();
    let sides = [("from", &difference.before), ("to", &difference.after)];
    for (label, grants) in sides {
        let label = if both { label } else { "on" };
        for grant in grants {
            out.push_str(&format!("    {label} {}\n", inert(&resource(grant))));
        }
    }
    for risk in risks(difference) {
        out.push_str(&format!("    {}\n", paint(WARNING, &format!("risk: {risk}"))));
    }
    for evidence in &difference.evidence {
        let place = paint(PLACE, &inert(&evidence.location.to_string()));
        out.push_str(format!("    {place} {}", inert(&evidence.source_line)).trim_end());
        out.push('\n');
    }
}
