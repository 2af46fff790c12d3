//! Terraform: a data source `aws_iam_policy_document` for each document.

use perm_infer_infer::{Inference, Statement};

use super::{Named, documents, identifier, quoted};

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
    for (position, Named { name, document }) in documents.iter().enumerate() {
        if position > 0 {
            out.push('\n');
        }
        let label = identifier(name, '_').to_ascii_lowercase();
        out.push_str(&format!("data \"aws_iam_policy_document\" \"{label}\" {{\n"));
        for (position, statement) in document.statement.iter().enumerate() {
            if position > 0 {
                out.push('\n');
            }
            push_statement(statement, &mut out);
        }
        out.push_str("}\n");
    }
    out
}

fn push_statement(statement: &Statement, out: &mut String) {
    out.push_str("  statement {\n");
    if let Some(sid) = &statement.sid {
        out.push_str(&format!("    sid       = {}\n", text(sid)));
    }
    push_list("    actions  ", statement.action.iter().flatten(), out);
    push_list("    resources", statement.resource.iter().flatten(), out);
    for (operator, keys) in &statement.condition {
        for (key, values) in keys {
            out.push_str("\n    condition {\n");
            out.push_str(&format!("      test     = {}\n", text(operator)));
            out.push_str(&format!("      variable = {}\n", text(key)));
            push_list("      values  ", values.iter(), out);
            out.push_str("    }\n");
        }
    }
    out.push_str("  }\n");
}

fn push_list<'v>(label: &str, values: impl Iterator<Item = &'v String>, out: &mut String) {
    let values: Vec<String> = values.map(|value| text(value)).collect();
    if let [only] = values.as_slice() {
        out.push_str(&format!("{label} = [{only}]\n"));
        return;
    }
    let indent = " ".repeat(label.len() - label.trim_start().len());
    out.push_str(&format!("{label} = [\n"));
    for value in values {
        out.push_str(&format!("{indent}  {value},\n"));
    }
    out.push_str(&format!("{indent}]\n"));
}

/// A string of HCL. The data source writes policy variables as `&{...}`, so that they are no
/// interpolation of Terraform. Source: "aws_iam_policy_document", Context Variable Interpolation.
fn text(value: &str) -> String {
    quoted(&value.replace("${", "&{")).replace("%{", "%%{")
}
