//! The policy in the forms that deployment tools take: AWS SAM, CloudFormation, Serverless Framework,
//! Terraform, AWS CDK, and a script for the AWS CLI.
//!
//! Where a template defines the functions, each of them has a document of its own, and output in the
//! template's language refers to resources instead of naming them.

mod cdk;
mod cli;
mod cloudformation;
mod expression;
mod terraform;

use perm_infer_infer::Inference;
use perm_infer_policy::Document;

pub use cdk::{cdk, cdk_python};
pub use cli::{cli, cli_by_function};
pub use cloudformation::{cloudformation, sam, serverless, serverless_by_function};
pub use expression::{sam_policies, template_statements};
pub use terraform::{terraform, terraform_by_function};

/// A document with the name that output gives it.
struct Named<'a> {
    name: String,
    document: &'a Document,
    trust_policy: Option<&'a Document>,
}

/// The documents of the functions, or the one document.
fn documents(inference: &Inference, by_function: bool) -> Vec<Named<'_>> {
    if !by_function || inference.units.is_empty() {
        let trust_policy = inference.trust_policy.as_ref();
        return vec![Named { name: "perm-infer".to_owned(), document: &inference.document, trust_policy }];
    }
    let functions = inference.units.iter();
    functions
        .map(|function| Named {
            name: function.name.clone(),
            document: &function.inference.document,
            trust_policy: function.inference.trust_policy.as_ref(),
        })
        .collect()
}

/// A name as an identifier: words of letters and digits with `separator` between them.
fn identifier(name: &str, separator: char) -> String {
    let mut out = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            out.push(character);
        } else if !out.is_empty() && !out.ends_with(separator) {
            out.push(separator);
        }
    }
    let trimmed = out.trim_end_matches(separator);
    match trimmed.starts_with(|first: char| first.is_ascii_alphabetic()) {
        true => trimmed.to_owned(),
        false => format!("f{separator}{trimmed}"),
    }
}

/// A string literal of JSON, which is one of JavaScript and Python too, with active characters as escapes.
fn quoted(text: &str) -> String {
    perm_infer_policy::inert::in_json(&serde_json::Value::from(text).to_string())
}
