//! Why each permission is there: all of it or a selection, for people at a terminal, in Markdown, or as
//! JSON; and why each wildcard is there.

mod by_unit;
mod markdown;
mod origin;
mod text;
mod wildcards;

use perm_infer_infer::{CallOutcome, Inference, RequirementEvidence};
use perm_infer_policy::matches;

use crate::report::report;

pub use by_unit::{explain_by_unit, explain_markdown_by_unit, why_wildcards_by_unit};
pub use markdown::explain_markdown;
pub use text::explain;
pub use wildcards::why_wildcards;

/// Which permissions are explained.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Patterns of actions, such as `s3:*`; empty for all.
    pub actions: Vec<String>,
    /// ARNs, or patterns of the resources as the policy writes them; empty for all.
    pub resources: Vec<String>,
}

impl Selection {
    /// Whether nothing is left out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.actions.is_empty() && self.resources.is_empty()
    }

    fn takes(&self, requirement: &RequirementEvidence) -> bool {
        let action = requirement.action.to_ascii_lowercase();
        let resource = requirement.resource.to_policy_string();
        let fits = |wanted: &String| matches(wanted, &resource) || matches(&resource, wanted);
        (self.actions.is_empty()
            || self.actions.iter().any(|wanted| matches(&wanted.to_ascii_lowercase(), &action)))
            && (self.resources.is_empty() || self.resources.iter().any(fits))
    }

    /// The part of a result that is selected: the statements with a selected permission, these
    /// permissions, and the calls behind them.
    #[must_use]
    pub fn of(&self, inference: &Inference) -> Inference {
        let mut part = inference.clone();
        if self.is_everything() {
            return part;
        }
        let taken: Vec<bool> = inference.requirements.iter().map(|one| self.takes(one)).collect();
        for statement in &mut part.statements {
            statement.requirements.retain(|&at| taken.get(at).is_some_and(|&taken| taken));
        }
        let document = &inference.document.statement;
        let (statements, evidence) = document
            .iter()
            .cloned()
            .zip(part.statements)
            .filter(|(_, evidence)| !evidence.requirements.is_empty())
            .unzip();
        part.document.statement = perm_infer_policy::OneOrMany::Many(statements);
        part.statements = evidence;
        // Calls that add nothing to the policy have no permission that could be selected. Positions of
        // calls stay as they are.
        for call in &mut part.calls {
            if !matches!(call.outcome, CallOutcome::Requires(_)) {
                call.outcome = CallOutcome::Requires(Vec::new());
            }
        }
        for unit in &mut part.units {
            unit.inference = self.of(&unit.inference);
        }
        part
    }
}

/// The explanation as JSON: the report of the selected permissions.
#[must_use]
pub fn explain_json(inference: &Inference) -> String {
    report(inference)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::test_support::{orders, without_style};

    fn selected(actions: &[&str], resources: &[&str]) -> String {
        let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
        let selection = Selection { actions: owned(actions), resources: owned(resources) };
        without_style(&explain(&selection.of(&orders())))
    }

    #[test]
    fn actions_are_selected_by_pattern_whatever_their_case() {
        let text = selected(&["DynamoDB:Put*"], &[]);
        assert!(
            text.contains("dynamodb:PutItem (Write)") && !text.contains("dynamodb:GetItem (Read)"),
            "{text}"
        );
        assert!(!text.contains("Calls that need no permission"), "{text}");
        assert_eq!(selected(&["s3:*"], &[]), "");
    }

    #[test]
    fn resources_are_selected_by_arn_or_by_pattern() {
        for resource in ["arn:aws:dynamodb:eu-west-1:123456789012:table/orders", "*table/orders", "*orders"] {
            assert!(selected(&[], &[resource]).contains("dynamodb:GetItem (Read)"), "{resource}");
        }
        assert_eq!(selected(&[], &["arn:aws:s3:::orders"]), "");
    }

    #[test]
    fn markdown_shows_statements_lines_and_a_graph_of_calls() {
        let text = explain_markdown(&orders());
        assert!(text.contains("### DynamodbOrdersTable"), "{text}");
        assert!(text.contains("| `dynamodb:GetItem` | Read | `store.py:7:12` |"), "{text}");
        assert!(text.contains("```mermaid\nflowchart LR\n"), "{text}");
        assert!(text.contains("n0[\"handler\"] --> n1[\"load\"]"), "{text}");
        assert!(text.contains("n1[\"load\"] --> n2([\"dynamodb.GetItem\"])"), "{text}");
    }

    #[test]
    fn names_of_the_code_are_inert_in_markdown_and_in_the_graph() {
        let mut inference = orders();
        Arc::make_mut(&mut inference.calls[0].chain[0]).function =
            "x\"]; click n0 href \"javascript:1\"\n```".to_owned();
        inference.calls[0].source_line = "</details>| `x` |".to_owned();
        let text = explain_markdown(&inference);
        assert!(!text.contains("\"]; click") && !text.contains("\n```\""), "{text}");
        assert_eq!(text.matches("```").count() % 2, 0, "{text}");
    }

    #[test]
    fn every_wildcard_has_its_reason_and_a_remedy() {
        let mut inference = orders();
        inference.requirements[0].resource =
            perm_infer_policy::Pattern::from_policy_string("arn:aws:dynamodb:*:*:table/*");
        inference.requirements[0].parts[0][0].origin =
            perm_infer_infer::PartOrigin::Parameter("event".to_owned());
        inference.requirements.truncate(1);
        let text = without_style(&why_wildcards(&inference));
        assert!(text.contains("arn:aws:dynamodb:*:*:table/*\n"), "{text}");
        assert!(text.contains("parameter event at config.py:3"), "{text}");
        assert!(text.contains("--region"), "{text}");
    }
}
