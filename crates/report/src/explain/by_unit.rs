//! Explanations of what templates give roles of their own, each under its name.

use perm_infer_infer::{Inference, UnitInference};

use super::{explain, explain_markdown, why_wildcards};
use crate::inert::inert;
use crate::markdown::code;
use crate::page::{Page, WIDTH};

/// [`explain`] for each unit.
#[must_use]
pub fn explain_by_unit(inference: &Inference) -> String {
    as_text(inference, explain)
}

/// [`why_wildcards`] for each unit.
#[must_use]
pub fn why_wildcards_by_unit(inference: &Inference) -> String {
    as_text(inference, why_wildcards)
}

/// [`explain_markdown`] for each unit.
#[must_use]
pub fn explain_markdown_by_unit(inference: &Inference) -> String {
    let section = |unit: &UnitInference| {
        let place = code(&unit.location.to_string());
        format!("# {}\n\n{place}\n\n{}", code(&unit.name), explain_markdown(&unit.inference))
    };
    inference.units.iter().map(section).collect::<Vec<_>>().join("\n")
}

fn as_text(inference: &Inference, render: fn(&Inference) -> String) -> String {
    let section = |unit: &UnitInference| {
        let mut page = Page::default();
        let place = unit.location.to_string();
        let heading = format!("=== {} ({place}) ===", unit.name);
        if heading.chars().count() <= WIDTH {
            page.heading(&heading);
        } else {
            page.heading(&format!("=== {} ===", unit.name));
            page.line(4, &inert(&place));
        }
        page.blank();
        page.text + render(&unit.inference).trim_end() + "\n"
    };
    inference.units.iter().map(section).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Selection;
    use crate::test_support::{with_functions, without_style};

    #[test]
    fn each_unit_has_a_heading_and_its_own_explanation() {
        let whole = with_functions(&["B", "Nested/A"]);
        let text = without_style(&explain_by_unit(&whole));
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("===")).collect();
        assert_eq!(headings, ["=== B (template.yaml:3:3) ===", "=== Nested/A (template.yaml:3:3) ==="]);
        assert_eq!(text.matches("DynamodbOrdersTable\n").count(), 2, "{text}");
        let markdown = explain_markdown_by_unit(&whole);
        assert!(markdown.contains("# `Nested/A`\n\n`template.yaml:3:3`\n\n## Permissions"), "{markdown}");
    }

    #[test]
    fn a_selection_holds_for_each_unit() {
        let selection = Selection { actions: vec!["s3:*".to_owned()], resources: Vec::new() };
        let text = without_style(&explain_by_unit(&selection.of(&with_functions(&["B"]))));
        assert!(!text.contains("dynamodb:"), "{text}");
    }
}
