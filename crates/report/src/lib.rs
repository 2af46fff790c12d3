//! Renders what a run found: the policy as JSON and YAML, the full report, the explanation for
//! people, code scanning results, messages and the summary line; and how permissions change.
//!
//! Every renderer takes the [`Inference`] and gives text; nothing is printed and nothing is looked up
//! here. Names and lines of the scanned code are shown with their control characters made inert.

mod aligned;
mod baseline;
mod check;
mod diagnosis;
mod diff;
mod explain;
mod formats;
mod functions;
mod lookup;
mod markdown;
mod merge;
mod message;
mod page;
mod read;
mod report;
mod sarif;
mod simulation;
mod style;
mod summary;
mod template_diff;

#[cfg(test)]
mod test_support;

use perm_infer_infer::Inference;
use perm_infer_policy::{inert, to_pretty_json, to_yaml};

pub use baseline::{Baseline, Finding};
pub use check::{Checked, check_diagnostics, check_json, check_sarif, check_summary, check_text};
pub use diagnosis::{DiagnosedDenial, ShownNeed, ShownUnit, diagnosis, diagnosis_json};
pub use diff::{diff_json, diff_markdown, diff_sarif, diff_text};
pub use explain::{
    Selection, explain, explain_by_unit, explain_json, explain_markdown, explain_markdown_by_unit,
    why_wildcards, why_wildcards_by_unit,
};
pub use formats::{
    cdk, cdk_python, cli, cli_by_function, cloudformation, sam, sam_policies, serverless,
    serverless_by_function, template_statements, terraform, terraform_by_function,
};
pub use functions::{json_by_function, yaml_by_function};
pub use lookup::{lookup, lookup_json};
pub use merge::{Merged, Shard, merge};
pub use message::message;
pub use read::read_state;
pub use report::report;
pub use sarif::sarif;
pub use simulation::{simulation, simulation_json};
pub use summary::Summary;
pub use template_diff::template_diff;

/// The policy as JSON, two spaces deep, with a final newline; under its name beside the trust policy where that is
/// asked for.
#[must_use]
pub fn json(inference: &Inference) -> String {
    inert::in_json(&to_pretty_json(&functions::shown(inference)))
}

/// The policy as YAML in block style, with a final newline.
#[must_use]
pub fn yaml(inference: &Inference) -> String {
    to_yaml(&functions::shown(inference))
}
