//! What deployment tells about code: the names that code finds in environment variables, from options,
//! files and templates; and what functions of a template need besides their code.
//!
//! ```
//! use perm_infer_infra::Environment;
//! let mut environment = Environment::default();
//! environment.add_option("TABLE=orders")?;
//! let table = environment.get("TABLE").expect("just added");
//! assert_eq!(table.values[0].as_literal(), Some("orders"));
//! assert_eq!(table.source.to_string(), "--var");
//! # Ok::<(), perm_infer_infra::InfraError>(())
//! ```

mod cdk;
mod cfn;
mod code;
mod container;
mod deployment;
mod dotenv;
mod environment;
mod error;
mod model;
mod needs;
mod references;
mod role;
mod serverless;
mod shell;
mod terraform;
mod tree;
mod value;

pub use cdk::{Construct, Tree, program_of_application, read_constructs};
pub use container::is_dockerfile_name;
pub use deployment::{applications_without_output, is_deployment_name, is_template_name, read_templates};
pub use environment::{Environment, Source, Variable};
pub use error::InfraError;
pub use model::{
    Argument, Call, Code, Deployment, Language, Limit, Need, Program, Receiver, Settings, Unit, UnitKind,
};
pub use needs::runtime_needs;
pub use references::{ArnOf, Reference, References};
pub use role::{Placed, PolicyCondition, PolicySource, PolicyStatement, Role, RolePolicy};
pub use serverless::{is_program_name, programs_of_configuration, read_configuration};
pub use tree::{Failure, Indented, read_leniently, strict_json};

/// The expression of Terraform for a name of a reference, without what stands before it for its module:
/// `aws_sqs_queue.jobs.name` for `aws_sqs_queue:jobs.QueueName`; none where there is none.
#[must_use]
pub fn terraform_expression(name: &str) -> Option<String> {
    terraform::expression(name)
}

/// The logical id of a function by its name in a configuration of the Serverless Framework.
#[must_use]
pub fn serverless_logical_id(name: &str) -> String {
    serverless::logical_id(name)
}
