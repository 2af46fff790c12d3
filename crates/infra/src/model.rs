//! What a template says about functions and other things that have a role, the same for every template
//! language. Plain data.

use std::collections::BTreeMap;
use std::path::PathBuf;

use perm_infer_diagnostics::{Diagnostic, Location};
use perm_infer_policy::Pattern;

use crate::cdk::Tree;
use crate::environment::Environment;
use crate::references::References;
use crate::role::Role;

/// What the user says about a deployment besides the template.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Values of parameters.
    pub parameters: BTreeMap<String, String>,
    /// The name of the stack.
    pub stack_name: Option<String>,
    /// Partition, region and account, unknown unless stated.
    pub partition: Pattern,
    /// The region.
    pub region: Pattern,
    /// The account.
    pub account: Pattern,
    /// Directories and files that may be read.
    pub roots: Vec<PathBuf>,
    /// Whether code outside of them is read too.
    pub allow_outside: bool,
    /// Dockerfiles of the project.
    pub dockerfiles: Vec<PathBuf>,
    /// What programs export that configurations of the Serverless Framework take values from, by path.
    pub programs: BTreeMap<String, Tree>,
}

/// Everything that the templates of a project say.
#[derive(Clone, Debug, Default)]
pub struct Deployment {
    /// What runs with a role of its own, by template, then in the order of the template.
    pub units: Vec<Unit>,
    /// What the references in their values stand for.
    pub references: References,
    /// ARNs of encrypted resources and the customer-managed keys they are encrypted with.
    pub keys: Vec<(Pattern, Pattern)>,
    /// What could not be read or understood.
    pub diagnostics: Vec<Diagnostic>,
}

/// The template language that a function is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// AWS CloudFormation, and AWS SAM.
    CloudFormation,
    /// The Serverless Framework.
    Serverless,
    /// Terraform or OpenTofu.
    Terraform,
}

/// What a unit is, which says who assumes its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnitKind {
    /// A function of AWS Lambda.
    Function,
    /// A state machine of AWS Step Functions.
    StateMachine,
    /// A rule of Amazon EventBridge with targets.
    Rule,
    /// A schedule of Amazon EventBridge Scheduler.
    Schedule,
    /// A pipe of Amazon EventBridge Pipes.
    Pipe,
    /// A data source of AWS AppSync.
    DataSource,
    /// An API of Amazon API Gateway, or one method or integration of it.
    Api,
    /// A task of Amazon ECS, whose containers run code.
    Task,
    /// What starts the containers of a task of Amazon ECS.
    TaskExecution,
    /// Instances of Amazon EC2 with an instance profile.
    Instance,
    /// A delivery stream of Amazon Data Firehose.
    DeliveryStream,
    /// A rule of AWS IoT.
    TopicRule,
}

impl UnitKind {
    /// The service that assumes the role.
    #[must_use]
    pub fn principal(self) -> &'static str {
        match self {
            UnitKind::Function => "lambda.amazonaws.com",
            UnitKind::StateMachine => "states.amazonaws.com",
            UnitKind::Rule => "events.amazonaws.com",
            UnitKind::Schedule => "scheduler.amazonaws.com",
            UnitKind::Pipe => "pipes.amazonaws.com",
            UnitKind::DataSource => "appsync.amazonaws.com",
            UnitKind::Api => "apigateway.amazonaws.com",
            UnitKind::Task | UnitKind::TaskExecution => "ecs-tasks.amazonaws.com",
            UnitKind::Instance => "ec2.amazonaws.com",
            UnitKind::DeliveryStream => "firehose.amazonaws.com",
            UnitKind::TopicRule => "iot.amazonaws.com",
        }
    }

    /// Whether it runs code of the project, so that its role is one of the application's.
    #[must_use]
    pub fn runs_code(self) -> bool {
        matches!(self, UnitKind::Function | UnitKind::Task | UnitKind::Instance)
    }

    /// What it is called in messages and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            UnitKind::Function => "function",
            UnitKind::StateMachine => "state machine",
            UnitKind::Rule => "rule",
            UnitKind::Schedule => "schedule",
            UnitKind::Pipe => "pipe",
            UnitKind::DataSource => "data source",
            UnitKind::Api => "API",
            UnitKind::Task | UnitKind::TaskExecution => "task",
            UnitKind::Instance => "instance",
            UnitKind::DeliveryStream => "delivery stream",
            UnitKind::TopicRule => "topic rule",
        }
    }
}

/// Something of a template that runs with a role of its own: a function, a state machine.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its name in the template, after the names of the nested stacks around it: `Orders/Worker`.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Where it is defined.
    pub location: Location,
    /// What stands before the names of references of its template.
    pub scope: String,
    /// The language of the template.
    pub language: Language,
    /// Where its code is.
    pub code: Code,
    /// Environment variables that it is deployed with.
    pub environment: Environment,
    /// What it runs in place of `code`, where that is more than one program or none that others call.
    pub programs: Vec<Program>,
    /// Permissions that it needs for something else than calls in its code.
    pub needs: Vec<Need>,
    /// What its managed policies give already of what it needs for something else than calls.
    pub covered: Vec<Need>,
    /// Its role, where the template states it.
    pub role: Option<Role>,
    /// What it is called once deployed, with references; nothing where that is not known.
    pub deployed: Vec<Pattern>,
    /// Calls that AWS makes with its role because the template says so.
    pub calls: Vec<Call>,
    /// What is known of the event that its code is given, of those fields that it certainly has if any.
    pub event: Option<Argument>,
    /// Facts for the reader, such as permissions that others need on the function.
    pub notes: Vec<Diagnostic>,
}

impl Unit {
    /// Everything that it runs, each with its environment and what its result is handed to.
    pub fn parts(&self) -> impl Iterator<Item = (&Code, &Environment, Option<&Receiver>)> {
        let own = self.programs.is_empty().then_some((&self.code, &self.environment, None));
        let programs = self.programs.iter();
        own.into_iter()
            .chain(programs.map(|program| (&program.code, &program.environment, program.receiver.as_ref())))
    }

    /// All of its code.
    pub fn codes(&self) -> impl Iterator<Item = &Code> {
        self.parts().map(|(code, ..)| code)
    }
}

/// A program with the environment that it is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What it is called in the template.
    pub name: String,
    /// Where its code is.
    pub code: Code,
    /// Its environment variables.
    pub environment: Environment,
    /// What its result is handed to.
    pub receiver: Option<Receiver>,
}

/// A function of a library that the platform hands the result of code to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// The module of the library.
    pub module: &'static str,
    /// The name of the function in it.
    pub function: &'static str,
    /// What it is given behind the result.
    pub arguments: Vec<Argument>,
}

/// A call of an operation that is written down in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service as AWS's integrations name it: its id in the SDKs in small letters, without spaces and dashes
    /// (`sfn`, `cloudwatchlogs`).
    pub service: String,
    /// The operation, with or without a capital letter.
    pub operation: String,
    /// What is passed: a map of arguments, or nothing that is known.
    pub arguments: Argument,
    /// The line that is the reason.
    pub location: Location,
    /// What makes the call, for people.
    pub reason: String,
}

/// What is passed to an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Known only when the call is made; the expression that gives it.
    Given(String),
    /// One of these texts, with references.
    Text(Vec<Pattern>),
    /// A list.
    List(Vec<Argument>),
    /// A map.
    Map(Vec<(String, Argument)>),
}

/// Where the code of a function is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// A function in a file.
    Handler {
        /// The file.
        file: PathBuf,
        /// The function in it, by its dotted name.
        function: String,
        /// Where the template says so.
        location: Location,
    },
    /// A file that is started as a program.
    Script(PathBuf),
    /// A directory; which function of it runs is not known.
    Directory(PathBuf),
    /// Text in the template.
    Inline {
        /// The name to show for it.
        name: String,
        /// The text, preceded by line feeds so that lines are those of the template.
        text: String,
        /// The function in it.
        function: String,
        /// Where the template says so.
        location: Location,
    },
    /// In an archive, a bucket or an image; the file of its handler may still be in the project.
    Packed {
        /// The handler as the template names it.
        handler: String,
        /// File names that the module of the handler may have, without directories above its own.
        files: Vec<String>,
        /// The function in the file.
        function: String,
        /// The directory that the archive is written beside, where its module may have another name.
        directory: Option<PathBuf>,
        /// What the directory of the code may be called: names of the archive and of the function.
        names: Vec<String>,
        /// What to say where no file or several fit.
        problem: Diagnostic,
    },
    /// In a language that is not read, or not named at all; a diagnostic says which. Or there is none.
    Elsewhere,
}

/// A permission that the template is the reason for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The action.
    pub action: &'static str,
    /// The resource with references, or [`Pattern::any`] for an action without resource-level permissions.
    pub resource: Pattern,
    /// What the permission is limited to.
    pub limits: Vec<Limit>,
    /// The line that is the reason; none when the user asked for it.
    pub location: Option<Location>,
    /// The reason, for people.
    pub reason: String,
    /// What it depends on that only other templates can tell; nothing once all templates are read.
    pub open: Option<Open>,
}

/// A reference to another stack that a need depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The reference, which is an ARN. Of one of another service than the action's, nothing is needed.
    pub reference: Pattern,
    /// The resource where no template tells what it is; nothing where there is no need then.
    pub unknown: Option<Pattern>,
    /// What to say then.
    pub said: Diagnostic,
}

/// What a permission is limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// A key is used through this service only.
    Via(&'static str),
    /// A condition key has this value.
    Equals(&'static str, Pattern),
}
