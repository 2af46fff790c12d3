//! Terraform: a data source `aws_iam_policy_document` for each document.

use perm_infer_edit::TemplateStatement;
use perm_infer_infer::{Document, Inference, Language};

use super::expression::template_statements;
use super::{Named, documents, identifier};

/// The one document.
#[must_use]
pub fn terraform(inference: &Inference) -> String {
    data_sources(&documents(inference, false))
}

/// The document of each function; those of modules of Terraform refer to what their module defines.
#[must_use]
pub fn terraform_by_function(inference: &Inference) -> String {
    let sources = inference.units.iter().map(|unit| match unit.language {
        Language::Terraform => data_source(&unit.name, &template_statements(&[unit]), true),
        _ => data_source(&unit.name, &statements(&unit.inference.document), false),
    });
    sources.collect::<Vec<_>>().join("\n")
}

fn data_sources(documents: &[Named<'_>]) -> String {
    let sources = documents.iter().map(|one| data_source(&one.name, &statements(one.document), false));
    sources.collect::<Vec<_>>().join("\n")
}

fn statements(document: &Document) -> Vec<TemplateStatement> {
    document.statement.iter().map(TemplateStatement::from).collect()
}

fn data_source(name: &str, statements: &[TemplateStatement], refers: bool) -> String {
    let label = identifier(name, '_').to_ascii_lowercase();
    let statements: Vec<String> = statements.iter().map(|one| one.to_hcl(&|_| refers)).collect();
    format!("data \"aws_iam_policy_document\" \"{label}\" {{\n{}}}\n", statements.join("\n"))
}
