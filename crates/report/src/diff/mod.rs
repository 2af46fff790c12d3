//! How permissions change, in the forms that reviewers and programs read.

mod json;
mod markdown;
mod sarif;
mod text;

use std::collections::BTreeMap;

use perm_infer_infer::{ChangeKind, Comparison, Condition, Difference};
use perm_infer_policy::Grant;

pub use json::diff_json;
pub use markdown::diff_markdown;
pub use sarif::diff_sarif;
pub use text::diff_text;

/// The kinds in the order in which they are told, what is newly allowed first.
const KINDS: [ChangeKind; 6] = [
    ChangeKind::Added,
    ChangeKind::Widened,
    ChangeKind::Renamed,
    ChangeKind::ConditionChanged,
    ChangeKind::Narrowed,
    ChangeKind::Removed,
];

/// What a kind is called.
fn word(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "added",
        ChangeKind::Widened => "widened",
        ChangeKind::Renamed => "another resource",
        ChangeKind::ConditionChanged => "condition changed",
        ChangeKind::Narrowed => "narrowed",
        ChangeKind::Removed => "removed",
    }
}

/// `2 added, 1 removed`, counted in permissions.
fn totals(comparison: &Comparison) -> String {
    let mut counts: BTreeMap<ChangeKind, usize> = BTreeMap::new();
    for difference in &comparison.differences {
        *counts.entry(difference.kind).or_default() += difference.actions.len();
    }
    let counted = KINDS.iter().filter_map(|kind| {
        let count = counts.get(kind)?;
        let on = if *kind == ChangeKind::Renamed { "on " } else { "" };
        Some(format!("{count} {on}{}", word(*kind)))
    });
    counted.collect::<Vec<_>>().join(", ")
}

/// Why a change deserves a second look, in words.
fn risks(difference: &Difference) -> Vec<&'static str> {
    let every = difference.any_resource.then_some("reaches every resource of its type");
    difference.risks.iter().map(|risk| risk.text()).chain(every).collect()
}

/// A resource with its conditions: `arn:... if StringEquals kms:ViaService = s3.amazonaws.com`.
fn resource(grant: &Grant) -> String {
    let conditions = conditions(&grant.conditions);
    let resource = grant.resource.to_policy_string();
    if conditions.is_empty() { resource } else { format!("{resource} if {conditions}") }
}

fn conditions(condition: &Condition) -> String {
    let each = condition.iter().flat_map(|(operator, keys)| {
        keys.iter().map(move |(key, values)| format!("{operator} {key} = {}", values.join(" or ")))
    });
    each.collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use perm_infer_infer::{Permission, State, compare};
    use perm_infer_policy::Document;

    use super::*;
    use crate::test_support::{orders, without_style};

    fn state(statements: &str) -> State {
        let text = format!(r#"{{"Statement":{statements}}}"#);
        let document = Document::from_json(&text).expect("document");
        State { whole: Permission::of_document(&document).expect("permissions"), ..State::default() }
    }

    /// Two calls on a table appear; a role that can be passed on becomes any role.
    fn comparison() -> Comparison {
        let role = |name: &str| {
            state(&format!(
                r#"[{{"Effect":"Allow","Action":["iam:PassRole","lambda:CreateFunction"],"Resource":"arn:aws:iam::*:role/{name}"}}]"#
            ))
        };
        let mut after = role("*");
        after.whole.extend(Permission::of_inference(&orders()));
        compare(&role("worker"), &after)
    }

    #[test]
    fn the_text_leads_to_lines_and_marks_risks() {
        let text = without_style(&diff_text(&comparison()));
        assert!(text.starts_with("2 added, 2 widened\n"), "{text}");
        assert!(
            text.contains(
                "+ dynamodb:GetItem, dynamodb:PutItem (Write)\n    on arn:aws:dynamodb:*:*:table/orders\n"
            ),
            "{text}"
        );
        assert!(text.contains("    store.py:7:12 return table.get_item"), "{text}");
        assert!(text.contains("    risk: passes a role\n"), "{text}");
        assert!(text.contains("    risk: reaches every resource of its type\n"), "{text}");
    }

    #[test]
    fn nothing_to_tell_is_said_in_every_form() {
        let same = Comparison::default();
        assert_eq!(diff_text(&same), "No permission changes.\n");
        assert!(diff_markdown(&same).contains("No permission changes."));
        let json: serde_json::Value = serde_json::from_str(&diff_json(&same)).expect("JSON");
        assert_eq!(json["differences"], serde_json::json!([]));
    }

    #[test]
    fn markdown_has_a_short_table_and_folded_lines() {
        let text = diff_markdown(&comparison());
        assert!(text.contains("| added | `dynamodb:GetItem`<br>`dynamodb:PutItem` | Write | `arn:aws:dynamodb:*:*:table/orders` |"), "{text}");
        assert!(text.contains("<details>"), "{text}");
        // What deserves a second look comes before the table.
        let (before, _) = text.split_once("| change |").expect("a table");
        assert!(
            before.contains("- widened `iam:PassRole`: passes a role, reaches every resource of its type\n"),
            "{text}"
        );
    }

    #[test]
    fn changes_of_the_same_actions_share_a_row_with_a_line_for_each_function() {
        let of = |name: &str| {
            let table = format!("arn:aws:dynamodb:*:*:table/{name}");
            state(&format!(r#"[{{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"{table}"}}]"#))
                .whole
        };
        let names = ["a", "b", "c", "d", "e", "f"];
        let functions: Vec<(String, Vec<Permission>)> = names
            .iter()
            .map(|name| (name.to_uppercase(), of(if *name == "a" { "x" } else { "y" })))
            .collect();
        let none = names.iter().map(|name| (name.to_uppercase(), Vec::new())).collect();
        let after = State { whole: [of("x"), of("y")].concat(), functions: functions.into_iter().collect() };
        let text = diff_markdown(&compare(&State { functions: none, ..State::default() }, &after));
        let expected = "| added | `dynamodb:GetItem` | Read | `arn:aws:dynamodb:*:*:table/x` for `A`<br>\
            `arn:aws:dynamodb:*:*:table/y` for `B`, `C`, `D`, `E` and 1 more |\n";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn hostile_names_stay_inert_in_markdown() {
        let evil = r#"[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/`|</details><img src=x>\n::error::x"}]"#;
        let text = diff_markdown(&compare(&State::default(), &state(evil)));
        let row = text.lines().find(|line| line.starts_with("| added")).expect("a row");
        assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
        assert!(!text.lines().any(|line| line.starts_with("::")), "{text}");
        assert!(row.contains("``"), "{row}");
    }

    #[test]
    fn a_comment_stays_within_its_limit() {
        let many: Vec<String> = (0..2000)
            .map(|number| format!(r#"{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket-{number}/*"}}"#))
            .collect();
        let text = diff_markdown(&compare(&State::default(), &state(&format!("[{}]", many.join(",")))));
        assert!(text.len() < 65_536, "{}", text.len());
        assert!(text.contains("more changes"), "says what is left out");
        assert!(text.matches("<br>").count() > 500, "{}", text.matches("<br>").count());
    }

    #[test]
    fn json_tells_each_change_with_its_evidence() {
        let json: serde_json::Value = serde_json::from_str(&diff_json(&comparison())).expect("JSON");
        let added = &json["differences"][0];
        assert_eq!(added["kind"], "added");
        assert_eq!(added["actions"], serde_json::json!(["dynamodb:GetItem", "dynamodb:PutItem"]));
        assert_eq!(added["access_level"], "Write");
        assert_eq!(added["after"][0]["resource"], "arn:aws:dynamodb:*:*:table/orders");
        assert_eq!(added["evidence"][0]["location"]["line"], 7);
    }

    #[test]
    fn sarif_has_a_result_for_what_is_newly_allowed_and_steady_fingerprints() {
        let sarif = |comparison: &Comparison| -> serde_json::Value {
            serde_json::from_str(&diff_sarif(comparison)).expect("JSON")
        };
        let first = sarif(&comparison());
        assert_eq!(first["version"], "2.1.0");
        let results = first["runs"][0]["results"].as_array().expect("results");
        assert_eq!(results.len(), 4);
        let located = results.iter().find(|result| result["locations"][0].is_object()).expect("a place");
        let place = &located["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "store.py");
        let mut moved = comparison();
        for evidence in moved.differences.iter_mut().flat_map(|difference| &mut difference.evidence) {
            evidence.location.line += 100;
        }
        let fingerprint =
            |value: &serde_json::Value| value["runs"][0]["results"][0]["partialFingerprints"].clone();
        assert_eq!(fingerprint(&first), fingerprint(&sarif(&moved)));
    }
}
