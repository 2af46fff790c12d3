//! Terraform: a data source `aws_iam_policy_document` for each document.

use perm_infer_edit::TemplateStatement;
use perm_infer_infer::Inference;

use super::{Named, documents, identifier};

/// The one document.
#[must_use]
pub fn terraform(inference: &Inference) -> String {
    data_sources(&documents(inference, false))
}

/// The document of each function.
#[must_use]
pub fn terraform_by_function(inference: &Inference) -> String {
    data_sources(&documents(inference, true))
}

fn data_sources(documents: &[Named<'_>]) -> String {
    let mut out = String::new();
    for (position, Named { name, document, .. }) in documents.iter().enumerate() {
        if position > 0 {
            out.push('\n');
        }
        let label = identifier(name, '_').to_ascii_lowercase();
        out.push_str(&format!("data \"aws_iam_policy_document\" \"{label}\" {{\n"));
        for (position, statement) in document.statement.iter().enumerate() {
            if position > 0 {
                out.push('\n');
            }
            out.push_str(&TemplateStatement::from(statement).to_hcl(&|_| false));
        }
        out.push_str("}\n");
    }
    out
}
