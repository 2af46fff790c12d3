//! Arguments of the commands that are about policies somebody wrote.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::args::{BaselineArgs, Paths, ReadArgs, TextOrJson, When};

pub(crate) const SIMULATE_EXAMPLES: &str = "\
Examples:
  perm-infer simulate --policy policy.json --action s3:GetObject --resource arn:aws:s3:::reports/a.csv
      Whether a policy allows a request, and by which statement

  perm-infer simulate --policy role.json --boundary boundary.json --scp root.json --scp account.json \\
      --action s3:PutObject --resource arn:aws:s3:::reports/a.csv --context aws:SourceIp=203.0.113.7
      With everything that limits it

  perm-infer simulate --assume trust.json --principal lambda.amazonaws.com
      Whether a role may be assumed

Exit codes: 0 everything is allowed; 1 something is denied; 2 wrong usage or a policy that cannot be used.";

/// The policies that decide about requests.
#[derive(Debug, Default, Args)]
pub(crate) struct PolicyOptions {
    /// Policy of the principal (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub(crate) policy: Vec<PathBuf>,
    /// Policy of the resource
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub(crate) resource_policy: Option<PathBuf>,
    /// Permissions boundary (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub(crate) boundary: Vec<PathBuf>,
    /// Session policy (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub(crate) session_policy: Vec<PathBuf>,
    /// Service control policies of one level, separated by commas (repeatable, one for each level)
    #[arg(long, value_name = "FILE[,FILE]", help_heading = "Policies")]
    pub(crate) scp: Vec<String>,
    /// Resource control policies of one level, separated by commas (repeatable, one for each level)
    #[arg(long, value_name = "FILE[,FILE]", help_heading = "Policies")]
    pub(crate) rcp: Vec<String>,
    /// Policy of the VPC endpoint that the request goes through
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub(crate) endpoint_policy: Option<PathBuf>,
    /// Management account of the organisation, which its service and resource control policies do not limit
    #[arg(long, value_name = "ACCOUNT", help_heading = "Policies")]
    pub(crate) management_account: Option<String>,
}

impl PolicyOptions {
    /// Whether none is given.
    pub(crate) fn is_empty(&self) -> bool {
        self.policy.is_empty()
            && self.resource_policy.is_none()
            && self.boundary.is_empty()
            && self.session_policy.is_empty()
            && self.scp.is_empty()
            && self.rcp.is_empty()
            && self.endpoint_policy.is_none()
    }
}

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    #[command(flatten)]
    pub(crate) policies: PolicyOptions,
    /// Trust policy of a role: asks whether the principal may assume it
    #[arg(long, value_name = "FILE", help_heading = "Policies", conflicts_with = "resource_policy")]
    pub(crate) assume: Option<PathBuf>,

    /// Who asks: an ARN, a service, an account, or `*` for anonymous; a role in the resource's account by default
    #[arg(long, value_name = "PRINCIPAL", help_heading = "Request")]
    pub(crate) principal: Option<String>,
    /// What is asked (repeatable)
    #[arg(long, value_name = "ACTION", help_heading = "Request")]
    pub(crate) action: Vec<String>,
    /// On what (repeatable); `*` by default
    #[arg(long, value_name = "ARN", help_heading = "Request")]
    pub(crate) resource: Vec<String>,
    /// Account of the resource, when its ARN does not tell
    #[arg(long, value_name = "ACCOUNT", help_heading = "Request")]
    pub(crate) resource_account: Option<String>,
    /// Condition key of the request (repeatable; the same key again is one more value)
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Request")]
    pub(crate) context: Vec<String>,
    /// Requests as a JSON array: action, resource, principal, resource_account, context; `-` is standard input
    #[arg(long, value_name = "FILE", help_heading = "Request", conflicts_with_all = ["action", "resource", "context"])]
    pub(crate) batch: Option<PathBuf>,

    /// The form of the result
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: TextOrJson,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, help_heading = "Output")]
    pub(crate) color: When,
}

pub(crate) const CHECK_EXAMPLES: &str = "\
Examples:
  perm-infer check .
      Whether each function of the template has a role that allows what it does, and what the role allows beyond that

  perm-infer check src/ --policy policy.json
      Whether the policy allows what the code does, and what it allows beyond that

  perm-infer check src/ --policy policy.json --keep 'logs:*' --fix > tighter.json
      Write the policy that allows what the code does and no more

  aws iam get-account-authorization-details --filter Role > roles.json
  perm-infer check src/ --role-json roles.json --role my-function
      Check a role as it is deployed

Exit codes: 0 the policy fits; 1 something is missing or not needed; 2 wrong usage or a policy that cannot be used;
3 --strict and something could not be decided.";

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Policy of the role (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub(crate) policy: Vec<PathBuf>,
    /// Permissions boundary of the role (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub(crate) boundary: Vec<PathBuf>,
    /// Role with its policies, as `aws iam get-account-authorization-details` prints it (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub(crate) role_json: Vec<PathBuf>,
    /// Which role of --role-json; needed when there are several
    #[arg(long, value_name = "NAME", help_heading = "Policies", requires = "role_json")]
    pub(crate) role: Option<String>,
    /// Actions that may be granted although no code needs them, as a glob such as logs:* (repeatable)
    #[arg(long, value_name = "GLOB", help_heading = "Policies")]
    pub(crate) keep: Vec<String>,
    /// Print the tightened policy, or that of each role of the template under its name, instead of the findings, which
    /// go to standard error
    #[arg(long, help_heading = "Output")]
    pub(crate) fix: bool,
    /// The form of the findings
    #[arg(long, value_enum, default_value_t, help_heading = "Output", conflicts_with = "fix")]
    pub(crate) format: CheckFormat,
    #[command(flatten)]
    pub(crate) baseline: BaselineArgs,
    #[command(flatten)]
    pub(crate) paths: Paths,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

/// What findings can be written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// One line for each, as linters write it
    #[default]
    Text,
    /// For programs
    Json,
    /// For code scanning
    Sarif,
}

pub(crate) const DIAGNOSE_EXAMPLES: &str = "\
Examples:
  perm-infer diagnose 'User: arn:aws:sts::123456789012:assumed-role/app/f is not authorized to perform: ...'
      What is missing, and the statement that allows it

  perm-infer diagnose --log lambda.log --code src/ --policy policy.json
      Every distinct denial of a log, the lines of code, and what the policies lack

  perm-infer diagnose --log lambda.log --code . --role-json roles.json
      The same with the role that each message names, as `aws iam get-account-authorization-details` prints roles

  perm-infer diagnose --log lambda.log --code . --template template.yaml --apply
      Add what the role of the function lacks to the template

Exit codes: 0 done; 1 no denial was found; 2 wrong usage, unreadable input or a policy that cannot be used.";

#[derive(Debug, Args)]
pub(crate) struct DiagnoseArgs {
    /// The message; `-` or nothing is standard input
    pub(crate) message: Option<String>,
    /// A log with messages, or events of CloudTrail
    #[arg(long, value_name = "FILE", conflicts_with = "message")]
    pub(crate) log: Option<PathBuf>,
    /// Code that made the request (repeatable)
    #[arg(long, value_name = "PATH")]
    pub(crate) code: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) policies: PolicyOptions,
    /// Trust policy of the role that could not be assumed
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub(crate) trust_policy: Option<PathBuf>,
    /// Roles with their policies, as `aws iam get-account-authorization-details` prints them: the one that a message
    /// names is asked
    #[arg(long, value_name = "FILE", help_heading = "Policies", conflicts_with_all = ["policy", "boundary"])]
    pub(crate) role_json: Option<PathBuf>,
    /// Name of the role that the policies are of, when the message may come from another one
    #[arg(long, value_name = "NAME", help_heading = "Policies")]
    pub(crate) role: Option<String>,
    /// Add the statements to the role in the template
    #[arg(long, help_heading = "Templates")]
    pub(crate) apply: bool,
    /// The form of the result
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}
