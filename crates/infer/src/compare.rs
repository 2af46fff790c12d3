//! How permissions change between two states of the code, or between documents written earlier, with
//! what a reviewer asks of each change: how far it reaches, why it deserves a second look, and which
//! lines caused it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use perm_infer_catalog::{AccessLevel, Action, Risk};
use perm_infer_diagnostics::Location;
use perm_infer_policy::{Arn, ChangeKind, Document, Effect, Grant, Pattern, diff, matches};

use crate::result::{Inference, RequirementEvidence};

/// One permission and the calls behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The permission.
    pub grant: Grant,
    /// Where the code asks for it; empty for permissions out of a document.
    pub evidence: Vec<Evidenced>,
}

/// A place that asks for a permission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidenced {
    /// Where.
    pub location: Location,
    /// The source line, or what the line of a template means; empty where the place is a comment.
    pub source_line: String,
}

/// One change of one or several actions on the same resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What happened.
    pub kind: ChangeKind,
    /// The actions, sorted.
    pub actions: Vec<String>,
    /// The highest access level of the actions; none when the catalogue knows none of them.
    pub access_level: Option<AccessLevel>,
    /// The resources and conditions before, sorted; empty for what was added.
    pub before: Vec<Grant>,
    /// The resources and conditions after, sorted; empty for what was removed.
    pub after: Vec<Grant>,
    /// Why the change deserves a second look.
    pub risks: BTreeSet<Risk>,
    /// Whether what is new reaches every resource of its type.
    pub any_resource: bool,
    /// The lines that cause it: after the change, or before it for what is gone.
    pub evidence: Vec<Evidenced>,
}

/// Everything that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The changes: what is newly allowed first.
    pub differences: Vec<Difference>,
}

/// Why a document cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentError {
    /// A statement, counted from 1, has an element with which no list of permissions can be made.
    Unsupported {
        /// Which one.
        statement: usize,
        /// The element.
        element: &'static str,
    },
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DocumentError::Unsupported { statement, element } = self;
        write!(f, "statement {statement} has {element}, which cannot be compared permission by permission")
    }
}

impl std::error::Error for DocumentError {}

impl Permission {
    /// The permissions that a run found.
    #[must_use]
    pub fn of_inference(inference: &Inference) -> Vec<Permission> {
        inference.requirements.iter().map(|requirement| of_requirement(requirement, inference)).collect()
    }

    /// The permissions that a document allows; wildcards in actions are expanded.
    ///
    /// # Errors
    /// When the document denies something or allows everything but something.
    pub fn of_document(document: &Document) -> Result<Vec<Permission>, DocumentError> {
        let mut permissions = Vec::new();
        for (statement, number) in document.statement.iter().zip(1..) {
            let unsupported = |element| DocumentError::Unsupported { statement: number, element };
            if statement.effect == Effect::Deny {
                return Err(unsupported("Effect Deny"));
            }
            let actions = statement.action.as_ref().ok_or_else(|| unsupported("no Action"))?;
            let resources = statement.resource.as_ref().ok_or_else(|| unsupported("no Resource"))?;
            for action in actions.iter().flat_map(|action| expanded(action)) {
                permissions.extend(resources.iter().map(|resource| Permission {
                    grant: Grant {
                        action: action.clone(),
                        resource: Pattern::from_policy_string(resource),
                        conditions: statement.condition.clone(),
                    },
                    evidence: Vec::new(),
                }));
            }
        }
        Ok(permissions)
    }
}

fn of_requirement(requirement: &RequirementEvidence, inference: &Inference) -> Permission {
    let calls = requirement
        .calls
        .iter()
        .map(|&call| &inference.calls[call])
        .map(|call| Evidenced { location: call.location.clone(), source_line: call.source_line.clone() });
    let causes = requirement.causes.iter().filter_map(|cause| {
        let location = cause.location.clone()?;
        Some(Evidenced { location, source_line: cause.reason.clone() })
    });
    let comment = |location: &Location| Evidenced { location: location.clone(), source_line: String::new() };
    Permission {
        grant: requirement.grant(),
        evidence: calls.chain(causes).chain(requirement.stated.iter().map(comment)).collect(),
    }
}

/// The actions that an action with wildcards stands for; itself if the catalogue knows none.
fn expanded(action: &str) -> Vec<String> {
    if !action.contains(['*', '?']) {
        return vec![
            Action::all()
                .find(|known| known.name().eq_ignore_ascii_case(action))
                .map_or_else(|| action.to_owned(), |known| known.name().to_owned()),
        ];
    }
    let pattern = action.to_ascii_lowercase();
    let fits = |known: &Action| matches(&pattern, &known.name().to_ascii_lowercase());
    let found: Vec<String> = Action::all().filter(fits).map(|known| known.name().to_owned()).collect();
    if found.is_empty() { vec![action.to_owned()] } else { found }
}

/// Compares two lists of permissions.
#[must_use]
pub fn compare(before: &[Permission], after: &[Permission]) -> Comparison {
    let grants = |side: &[Permission]| -> Vec<Grant> { side.iter().map(|one| one.grant.clone()).collect() };
    let (old, new) = (grants(before), grants(after));
    let creates = creates_compute(&new);
    let mut merged: BTreeMap<Key, Difference> = BTreeMap::new();
    for change in diff(&old, &new) {
        let of = |positions: &[usize], side: &[Grant]| -> Vec<Grant> {
            let mut grants: Vec<Grant> = positions.iter().map(|&at| side[at].clone()).collect();
            grants.sort();
            grants
        };
        let (was, is) = (of(&change.before, &old), of(&change.after, &new));
        let asked: Vec<&Permission> = match is.is_empty() || change.kind == ChangeKind::Narrowed {
            true => change.before.iter().map(|&at| &before[at]).collect(),
            false => change.after.iter().map(|&at| &after[at]).collect(),
        };
        let action = is.first().or(was.first()).map(|grant| grant.action.clone()).unwrap_or_default();
        let key = Key { kind: change.kind, before: resources(&was), after: resources(&is) };
        let difference = merged.entry(key).or_insert_with(|| Difference {
            kind: change.kind,
            actions: Vec::new(),
            access_level: None,
            before: was,
            after: is,
            risks: BTreeSet::new(),
            any_resource: false,
            evidence: Vec::new(),
        });
        difference.add(action, &asked, creates);
    }
    let mut differences: Vec<Difference> = merged.into_values().collect();
    for difference in &mut differences {
        difference.evidence.sort();
        difference.evidence.dedup();
    }
    Comparison { differences }
}

/// What changes have to share to be shown as one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    kind: ChangeKind,
    before: Vec<(Pattern, String)>,
    after: Vec<(Pattern, String)>,
}

/// Resources with their service and conditions.
fn resources(grants: &[Grant]) -> Vec<(Pattern, String)> {
    let service = |grant: &Grant| grant.action.split(':').next().unwrap_or_default().to_owned();
    grants
        .iter()
        .map(|grant| (grant.resource.clone(), format!("{} {:?}", service(grant), grant.conditions)))
        .collect()
}

impl Difference {
    fn add(&mut self, action: String, asked: &[&Permission], creates_compute: bool) {
        let known = Action::find(&action);
        let level = known.map(Action::access_level);
        self.access_level = self.access_level.max(level);
        if self.allows_more() {
            let risk = known.and_then(Action::risk);
            self.risks.extend(risk.filter(|&risk| risk != Risk::PassesRole || creates_compute));
            let is_limitable = known.is_some_and(Action::is_resource_level);
            self.any_resource |= is_limitable && self.after.iter().any(reaches_every_resource);
        }
        self.actions.push(action);
        self.evidence.extend(asked.iter().flat_map(|permission| permission.evidence.iter().cloned()));
    }

    /// Whether something is allowed now that was not before.
    #[must_use]
    pub fn allows_more(&self) -> bool {
        match self.kind {
            ChangeKind::Added | ChangeKind::Widened | ChangeKind::Renamed | ChangeKind::ConditionChanged => {
                true
            }
            ChangeKind::Narrowed | ChangeKind::Removed => false,
        }
    }

    /// Whether the change deserves a second look.
    #[must_use]
    pub fn is_risky(&self) -> bool {
        !self.risks.is_empty() || self.any_resource
    }
}

/// Whether nothing of the resource's name is known: `*`, `table/*`, `*/*`, `function:*`.
fn reaches_every_resource(grant: &Grant) -> bool {
    let text = grant.resource.to_policy_string();
    let Ok(arn) = text.parse::<Arn>() else { return text == "*" };
    let mut parts = arn.resource.split(['/', ':']);
    // Elsewhere the first of several parts is the type.
    if !matches!(arn.service.as_str(), "s3" | "sns" | "sqs") && arn.resource.contains(['/', ':']) {
        parts.next();
    }
    parts.all(|part| part == "*")
}

/// Whether some permission makes something that runs with a role, so that passing one matters.
fn creates_compute(grants: &[Grant]) -> bool {
    const MAKERS: [&str; 16] = [
        "autoscaling:CreateLaunchConfiguration",
        "batch:RegisterJobDefinition",
        "cloudformation:CreateStack",
        "codebuild:CreateProject",
        "ec2:RunInstances",
        "ecs:RegisterTaskDefinition",
        "ecs:RunTask",
        "glue:CreateDevEndpoint",
        "glue:CreateJob",
        "lambda:CreateFunction",
        "lambda:UpdateFunctionConfiguration",
        "sagemaker:CreateNotebookInstance",
        "sagemaker:CreateProcessingJob",
        "sagemaker:CreateTrainingJob",
        "scheduler:CreateSchedule",
        "states:CreateStateMachine",
    ];
    grants.iter().any(|grant| MAKERS.contains(&grant.action.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions(statements: &str) -> Vec<Permission> {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#);
        Permission::of_document(&Document::from_json(&text).expect("a document")).expect("permissions")
    }

    fn allow(actions: &str, resource: &str) -> String {
        format!(r#"[{{"Effect":"Allow","Action":{actions},"Resource":"{resource}"}}]"#)
    }

    #[test]
    fn actions_on_the_same_resource_change_together() {
        let table = "arn:aws:dynamodb:*:*:table/orders";
        let before = permissions(&allow(r#"["dynamodb:GetItem"]"#, table));
        let after = permissions(&allow(r#"["dynamodb:GetItem","dynamodb:PutItem","dynamodb:Scan"]"#, table));
        let comparison = compare(&before, &after);
        let [added] = comparison.differences.as_slice() else { panic!("{comparison:?}") };
        assert_eq!(added.kind, ChangeKind::Added);
        assert_eq!(added.actions, ["dynamodb:PutItem", "dynamodb:Scan"]);
        assert_eq!(added.access_level, Some(AccessLevel::Write));
        assert!(!added.is_risky());
    }

    #[test]
    fn wildcards_in_the_actions_of_a_document_are_expanded() {
        let wide = permissions(&allow(r#""sqs:Send*""#, "arn:aws:sqs:*:*:jobs"));
        let narrow = permissions(&allow(r#""SQS:sendmessage""#, "arn:aws:sqs:*:*:jobs"));
        assert!(compare(&wide, &narrow).differences.is_empty());
    }

    #[test]
    fn a_role_that_can_be_passed_to_new_compute_and_a_bare_wildcard_are_marked() {
        let role = r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/worker"}"#;
        let make = r#"{"Effect":"Allow","Action":"lambda:CreateFunction","Resource":"arn:aws:lambda:*:*:function:*"}"#;
        let alone = compare(&[], &permissions(&format!("[{role}]")));
        assert!(!alone.differences[0].is_risky());
        let both = compare(&[], &permissions(&format!("[{role},{make}]")));
        let risks: Vec<_> = both.differences.iter().map(|one| (one.risks.len(), one.any_resource)).collect();
        assert_eq!(risks.iter().map(|(count, _)| count).sum::<usize>(), 1);
        assert!(risks.iter().any(|(_, any)| *any));
    }

    #[test]
    fn names_with_some_text_are_not_every_resource() {
        let reaches = |resource: &str| {
            let conditions = perm_infer_policy::Condition::new();
            let resource = Pattern::from_policy_string(resource);
            reaches_every_resource(&Grant { action: String::new(), resource, conditions })
        };
        for wide in ["*", "arn:aws:s3:::*/*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:sqs:*:*:*"] {
            assert!(reaches(wide), "{wide}");
        }
        for narrow in ["arn:aws:s3:::b/*", "arn:aws:s3:::*/in/*", "arn:aws:dynamodb:*:*:table/a*"] {
            assert!(!reaches(narrow), "{narrow}");
        }
    }

    #[test]
    fn a_denial_cannot_be_compared() {
        let text = r#"{"Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;
        let document = Document::from_json(text).expect("a document");
        let error = Permission::of_document(&document).expect_err("no permissions");
        assert!(error.to_string().contains("Effect Deny"));
    }
}
