//! Options about templates and about what code needs where it runs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use perm_infer_infer::{ArnContext, DeploymentRequest, Diagnostic, Need, RuntimeNeeds};

use crate::config::usage_error;

const HEADING: &str = "Templates";
const RUNTIME: &str = "What the deployment knows";

#[derive(Debug, Args)]
pub(crate) struct DeploymentArgs {
    /// Template with the functions: AWS SAM, CloudFormation, Serverless Framework, or a directory of Terraform
    /// (repeatable; found below PATH otherwise)
    #[arg(long, value_name = "FILE", help_heading = HEADING)]
    pub(crate) template: Vec<PathBuf>,
    /// Read no template
    #[arg(long, conflicts_with = "template", help_heading = HEADING)]
    pub(crate) no_template: bool,
    /// Only this function of the templates, by its logical id (repeatable)
    #[arg(long, value_name = "NAME", conflicts_with = "no_template", help_heading = HEADING)]
    pub(crate) function: Vec<String>,
    /// One document for each function: keyed by name, or one file each below a directory given by --output
    #[arg(long, conflicts_with = "no_template", help_heading = HEADING)]
    pub(crate) per_function: bool,
    /// Value of a parameter of the templates (repeatable; the default of the template otherwise)
    #[arg(long, value_name = "NAME=VALUE", help_heading = HEADING)]
    pub(crate) parameter: Vec<String>,
    /// Name of the stack, which names of unnamed resources start with
    #[arg(long, value_name = "NAME", help_heading = HEADING)]
    pub(crate) stack_name: Option<String>,
    /// Read code that a template names outside of PATH
    #[arg(long, help_heading = HEADING)]
    pub(crate) allow_outside: bool,

    /// Prefer policy templates of AWS SAM to statements: the fewest that cover the needs; with -v what they grant beyond
    /// them (with --format sam, and apply)
    #[arg(long, conflicts_with = "no_template", help_heading = HEADING)]
    pub(crate) sam_templates: bool,

    /// Add what functions in a VPC need, where no template says it
    #[arg(long, help_heading = RUNTIME)]
    pub(crate) vpc: bool,
    /// Add what functions need to write logs, where no template says it
    #[arg(long, help_heading = RUNTIME)]
    pub(crate) lambda_logs: bool,
    /// Add what functions with active tracing need, where no template says it
    #[arg(long, help_heading = RUNTIME)]
    pub(crate) xray: bool,
}

impl DeploymentArgs {
    /// The request; wrong values are added to `errors`.
    pub(crate) fn request(&self, errors: &mut Vec<Diagnostic>) -> DeploymentRequest {
        let mut parameters = BTreeMap::new();
        for option in &self.parameter {
            match option.split_once('=') {
                Some((name, value)) if is_parameter_name(name) => {
                    parameters.insert(name.to_owned(), value.to_owned());
                }
                _ => errors.push(usage_error(
                    "--parameter takes the name of a parameter, `=` and its value",
                    "write it as in --parameter Stage=prod",
                )),
            }
        }
        if let Some(name) = &self.stack_name
            && !is_stack_name(name)
        {
            errors.push(usage_error(
                format!("--stack-name cannot be `{name}`"),
                "use letters, digits and dashes, starting with a letter",
            ));
        }
        DeploymentRequest {
            templates: self.template.clone(),
            discover: !self.no_template && self.template.is_empty(),
            functions: self.function.clone(),
            parameters,
            stack_name: self.stack_name.clone(),
            allow_outside: self.allow_outside,
            with_covered: false,
            sam_templates: self.sam_templates,
        }
    }

    /// What the options ask for.
    pub(crate) fn runtime_needs(&self, arn: &ArnContext) -> Vec<Need> {
        RuntimeNeeds { vpc: self.vpc, logs: self.lambda_logs, xray: self.xray }.needs(arn)
    }
}

fn is_parameter_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

fn is_stack_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.len() <= 128
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
