//! Messages of AWS services about denied requests: what they say, and what follows from it.
//!
//! A message is text that people paste: escaped, wrapped, in the middle of a log. What is read from it is only
//! what it says; an action is named only when the message or the operation that it names is known to the
//! catalogue.

mod addition;
mod cause;
mod cloudtrail;
mod encoding;
mod forms;
mod known;
mod normal;
mod stream;
mod structured;
mod window;

pub use addition::Addition;
pub use cause::{Cause, Diagnosis, diagnose};
pub use known::{CodeNeed, Known};
pub use stream::{Denials, read_denials};

use std::fmt;

use perm_infer_policy::Arn;

/// One denied request as a message tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Denial {
    /// Who asked: an ARN, a service, or `anonymous`.
    pub principal: Option<String>,
    /// `s3:GetObject`, in AWS's spelling when the catalogue knows it.
    pub action: Option<String>,
    /// Whether the catalogue knows the action.
    pub known_action: bool,
    /// Actions that the message asks for along with it.
    pub more_actions: Vec<String>,
    /// The operation, when the message names one: `s3:HeadObject`.
    pub operation: Option<String>,
    /// The service that refused, by its name in the SDKs, when the message names it and no operation.
    pub service: Option<String>,
    /// The ARN, or `*`.
    pub resource: Option<String>,
    /// How the message names the resource, when that is no ARN: `role app`.
    pub name: Option<String>,
    /// The kind of policy that denied, when the message says it.
    pub policy: Option<DenyingPolicy>,
    /// Whether a statement denied it; `None` when the message does not say.
    pub explicit: Option<bool>,
    /// The ARN of the policy that denied, which newer messages name.
    pub policy_arn: Option<String>,
    /// Whether the details are in an encoded message, which `sts:DecodeAuthorizationMessage` reads.
    pub encoded: bool,
    /// The region of an event.
    pub event_region: Option<String>,
    /// The form of the message.
    pub form: Form,
}

/// The kinds of policies that messages name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DenyingPolicy {
    /// Policies of the principal.
    Identity,
    /// The policy of the resource.
    Resource,
    /// The trust policy of a role.
    Trust,
    /// A permissions boundary.
    Boundary,
    /// A session policy.
    Session,
    /// A service control policy.
    ServiceControl,
    /// A resource control policy.
    ResourceControl,
    /// A VPC endpoint policy.
    VpcEndpoint,
    /// Grants of AWS Lake Formation, which no policy replaces.
    LakeFormation,
    /// Models of Amazon Bedrock that an account has enabled.
    ModelAccess,
}

impl DenyingPolicy {
    /// The kind as messages and documents name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DenyingPolicy::Identity => "identity-based policy",
            DenyingPolicy::Resource => "resource-based policy",
            DenyingPolicy::Trust => "trust policy",
            DenyingPolicy::Boundary => "permissions boundary",
            DenyingPolicy::Session => "session policy",
            DenyingPolicy::ServiceControl => "service control policy",
            DenyingPolicy::ResourceControl => "resource control policy",
            DenyingPolicy::VpcEndpoint => "VPC endpoint policy",
            DenyingPolicy::LakeFormation => "Lake Formation grant",
            DenyingPolicy::ModelAccess => "model access",
        }
    }
}

/// What kind of message it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// `User: ... is not authorized to perform: ...`
    #[default]
    Iam,
    /// An encoded authorization failure message.
    Encoded,
    /// An error of an operation without details: `(AccessDenied) when calling the GetObject operation`.
    Operation,
    /// An error of a service without an operation: `Access Denied (Service: Amazon S3; ...)`.
    Service,
    /// A message of AWS Lambda about the execution role.
    ExecutionRole,
    /// A role that cannot be assumed.
    AssumeRole,
    /// A role of a state machine.
    StateMachine,
    /// An image that may not be pulled.
    Image,
    /// API Gateway that may not invoke a function.
    ApiGateway,
    /// A queue that does not exist or is not accessible.
    Queue,
    /// An event of AWS CloudTrail.
    CloudTrail,
    /// What `sts:DecodeAuthorizationMessage` makes of an encoded message.
    Decoded,
}

/// Whether a denial says nothing but that there was one.
fn is_bare(denial: &Denial) -> bool {
    denial.form == Form::Service && denial.action.is_none() && denial.policy.is_none()
}

impl Denial {
    /// The name of the role, when the principal is one or a session of one.
    #[must_use]
    pub fn role(&self) -> Option<&str> {
        let resource = self.principal.as_deref()?.splitn(6, ':').nth(5)?;
        let (kind, rest) = resource.split_once('/')?;
        match kind {
            "assumed-role" => rest.split('/').next(),
            "role" => rest.rsplit('/').next(),
            _ => None,
        }
    }

    /// The name of the Lambda function, when the principal is its session: sessions are named after it.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        let resource = self.principal.as_deref()?.splitn(6, ':').nth(5)?;
        resource.strip_prefix("assumed-role/")?.split_once('/').map(|(_, session)| session)
    }

    /// The account of the principal, or else of the resource.
    #[must_use]
    pub fn account(&self) -> Option<String> {
        let of = |text: &Option<String>| match text.as_deref()? {
            account if account.bytes().all(|byte| byte.is_ascii_digit()) => Some(account.to_owned()),
            arn => arn.parse::<Arn>().ok().map(|arn| arn.account),
        };
        // Some logs hide it.
        let known = |account: &String| !account.is_empty() && !account.contains('*');
        of(&self.principal).or_else(|| of(&self.resource)).filter(known)
    }

    /// The region of the resource, or else of the event.
    #[must_use]
    pub fn region(&self) -> Option<String> {
        let arn = self.resource.as_deref().and_then(|resource| resource.parse::<Arn>().ok());
        let named = arn.map(|arn| arn.region).filter(|region| !region.is_empty() && region != "*");
        named.or_else(|| self.event_region.clone())
    }

    /// Whether principal and resource are in different accounts, as far as both are named.
    #[must_use]
    pub fn is_cross_account(&self) -> bool {
        let of = |arn: &Option<String>| {
            let account = arn.as_deref()?.parse::<Arn>().ok()?.account;
            (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
        };
        matches!((of(&self.principal), of(&self.resource)), (Some(one), Some(other)) if one != other)
    }

    /// All actions that the message asks for.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.action.as_deref().into_iter().chain(self.more_actions.iter().map(String::as_str))
    }
}

impl fmt::Display for Form {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Form::Iam => "iam",
            Form::Encoded => "encoded",
            Form::Operation => "operation",
            Form::Service => "service",
            Form::ExecutionRole => "execution-role",
            Form::AssumeRole => "assume-role",
            Form::StateMachine => "state-machine",
            Form::Image => "image",
            Form::ApiGateway => "api-gateway",
            Form::Queue => "queue",
            Form::CloudTrail => "cloudtrail",
            Form::Decoded => "decoded",
        })
    }
}
