//! The complete result of a run. Plain data in a stable order, ready for any renderer.

use std::sync::Arc;

use perm_infer_analysis::Setting;
use perm_infer_catalog::AccessLevel;
use perm_infer_diagnostics::{Diagnostic, Location};
use perm_infer_infra::{Language, References, Role, UnitKind};
use perm_infer_policy::{Condition, Document, Grant, Pattern};
use perm_infer_scan::Counts;

use crate::request::InferError;
use crate::sam_templates::SamTemplateUse;

/// Everything a run found.
#[derive(Clone, Debug)]
pub struct Inference {
    /// The policy.
    pub document: Document,
    /// The trust policy of the role, where it is asked for.
    pub trust_policy: Option<Document>,
    /// What is behind each statement of the policy, in the same order.
    pub statements: Vec<StatementEvidence>,
    /// Every permission that some call needs, by action, then resource.
    pub requirements: Vec<RequirementEvidence>,
    /// Every SDK call, by place.
    pub calls: Vec<SdkCall>,
    /// Messages, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// Files read and left out.
    pub counts: Counts,
    /// What the templates give roles of their own, each with what it needs; none without a template.
    pub units: Vec<UnitInference>,
    /// What references of the templates stand for.
    pub references: Arc<References>,
}

/// What is behind one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementEvidence {
    /// Positions in [`Inference::requirements`].
    pub requirements: Vec<usize>,
}

/// One permission: an action on a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementEvidence {
    /// `s3:GetObject`.
    pub action: &'static str,
    /// The access level of the action.
    pub access_level: AccessLevel,
    /// The whole ARN, or any.
    pub resource: Pattern,
    /// The type of the resource.
    pub resource_type: Option<&'static str>,
    /// Whether the action can be limited to resources.
    pub resource_level: bool,
    /// Conditions.
    pub conditions: Condition,
    /// The calls that need it: positions in [`Inference::calls`], ascending.
    pub calls: Vec<usize>,
    /// For each of the calls, where the parts of the resource came from.
    pub parts: Vec<Vec<ResourcePart>>,
    /// The comments in the source that state it.
    pub stated: Vec<Location>,
    /// What of the deployment needs it besides calls.
    pub causes: Vec<Cause>,
    /// The resource as the template refers to it; the same as `resource` without a template.
    pub symbolic: Pattern,
    /// Why the catalogue's rule is as it is, where that is not obvious.
    pub note: Option<&'static str>,
}

impl RequirementEvidence {
    /// The permission without its evidence.
    #[must_use]
    pub fn grant(&self) -> Grant {
        Grant {
            action: self.action.to_owned(),
            resource: self.resource.clone(),
            conditions: self.conditions.clone(),
        }
    }
}

/// Something of a deployment that needs a permission.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cause {
    /// The line of the template; none when the user asked for it.
    pub location: Option<Location>,
    /// What it is, for people.
    pub reason: String,
}

/// What one function, or something else with a role, of a template needs.
#[derive(Clone, Debug)]
pub struct UnitInference {
    /// Its name in the template.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Where it is defined.
    pub location: Location,
    /// What stands before the names of references of its template.
    pub scope: String,
    /// The language of the template.
    pub language: Language,
    /// What it is called once deployed, with references; nothing where that is not known.
    pub deployed: Vec<Pattern>,
    /// Its role, where the template states it.
    pub role: Option<Role>,
    /// The source that was found for it.
    pub code: Option<SourceOfUnit>,
    /// Whether the code that runs in it was read, so that what no call needs is not needed.
    pub is_read: bool,
    /// Policy templates of AWS SAM that cover what it needs, where they are asked for.
    pub sam_templates: Vec<SamTemplateUse>,
    /// What was found for it.
    pub inference: Inference,
}

/// The source of a unit that runs code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceOfUnit {
    /// A file, or a directory where any file in it may run.
    pub path: String,
    /// The function in the file that runs, where only one does.
    pub function: Option<String>,
}

impl UnitInference {
    /// Whether a name that somebody gave means it: its whole name, or what stands behind the names of the
    /// stacks and templates around it.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        crate::deployment::is_called(&self.name, name)
    }
}

impl Inference {
    /// Whether each of the names means something of the templates.
    ///
    /// # Errors
    /// When one of them means nothing.
    pub fn check_names(&self, names: &[String]) -> Result<(), InferError> {
        match names.iter().find(|name| !self.units.iter().any(|unit| unit.is_called(name))) {
            Some(name) => {
                let known = self.units.iter().map(|unit| unit.name.clone()).collect();
                Err(InferError::NoSuchFunction { name: name.clone(), known })
            }
            None => Ok(()),
        }
    }
}

/// One part of a name and where it was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourcePart {
    /// What it is.
    pub origin: PartOrigin,
    /// Where the source says so.
    pub location: Option<Location>,
    /// The environment variable that has it as its value or in it, where that is stated outside of the code.
    pub setting: Option<Arc<Setting>>,
}

/// What a part of a name is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartOrigin {
    /// A constant.
    Constant(String),
    /// An environment variable without a known value.
    Environment(String),
    /// A name of the deployment, as its template refers to it: `${Orders}`.
    Reference(String),
    /// A parameter of an entry point.
    Parameter(String),
    /// The result of a call that is not followed; the callee.
    Result(String),
    /// More alternatives than are kept apart.
    TooMany,
    /// Something that nothing sets; its name.
    Undefined(String),
    /// A computation that is not followed.
    Computed,
    /// A comment in the source that states the whole resource.
    Stated,
}

/// One SDK call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdkCall {
    /// The service by its boto3 name.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// Where.
    pub location: Location,
    /// The source line, for people.
    pub source_line: String,
    /// Characters of the source line before the call.
    pub source_offset: usize,
    /// Whether the receiver is proven to be a client.
    pub certain: bool,
    /// The way from an entry point to the call: each function and where it calls the next; the last
    /// one is the function that makes the call. Calls share the steps that their ways have in common.
    pub chain: Vec<Arc<Step>>,
    /// What the call needs.
    pub outcome: CallOutcome,
}

/// What the catalogue says of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// These requirements: positions in [`Inference::requirements`], ascending.
    Requires(Vec<usize>),
    /// No permission, for this reason.
    NoPermission(&'static str),
    /// Made with the credentials of this role (its ARN, `*` for unknown parts): the permission is that
    /// role's to have.
    OtherRole(String),
    /// The catalogue does not know.
    Unknown,
}

/// One function on the way to a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// The function's dotted name.
    pub function: String,
    /// Where it calls the next function or the SDK.
    pub location: Location,
}
