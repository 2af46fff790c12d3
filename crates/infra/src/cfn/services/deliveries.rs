//! What it takes to hand an event to a target, and rules of Amazon EventBridge, which do that.
//!
//! Source: "Amazon EventBridge event bus targets: permissions" and "Using IAM roles to access resources in
//! Amazon EventBridge".

use perm_infer_policy::Pattern;

use super::Reader;
use crate::cfn::function::Subject;
use crate::cfn::needs::Found;
use crate::cfn::pseudo;
use crate::model::Argument;
use crate::tree::Mark;
use crate::value::Value;

/// What handing over takes: service, what its ARN contains, the action, what is appended to the ARN.
const DELIVERIES: &[(&str, &str, &[&str])] = &[
    ("appsync", "", &["appsync:GraphQL"]),
    ("codebuild", "", &["codebuild:StartBuild"]),
    ("codepipeline", "", &["codepipeline:StartPipelineExecution"]),
    ("events", ":api-destination/", &["events:InvokeApiDestination"]),
    ("events", "", &["events:PutEvents"]),
    ("execute-api", "", &["execute-api:Invoke"]),
    ("firehose", "", &["firehose:PutRecord"]),
    ("glue", "", &["glue:NotifyEvent"]),
    ("inspector", "", &["inspector:StartAssessmentRun"]),
    ("kinesis", "", &["kinesis:PutRecord"]),
    ("lambda", "", &["lambda:InvokeFunction"]),
    ("sagemaker", ":pipeline/", &["sagemaker:StartPipelineExecution"]),
    ("sns", "", &["sns:Publish"]),
    ("sqs", "", &["sqs:SendMessage"]),
    ("ssm", ":automation-definition/", &["ssm:StartAutomationExecution"]),
    ("states", "", &["states:StartExecution"]),
];

/// What writing into a stream takes where records are written together.
/// Source: "Amazon EventBridge Pipes permissions".
const TOGETHER: &[(&str, &str)] =
    &[("firehose", "firehose:PutRecordBatch"), ("kinesis", "kinesis:PutRecords")];

/// How an event is handed over.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// One event at a time.
    Single,
    /// Several events together.
    Together,
    /// The answer is waited for.
    Synchronous,
}

impl Reader<'_> {
    /// A rule: its targets that are reached with a role.
    pub(super) fn rule(
        &mut self,
        subject: &Subject<'_>,
        rule: &Value,
        found: &mut Found,
    ) -> Option<&'static [&'static str]> {
        let targets = rule.get("Targets").map(Value::items).unwrap_or_default();
        let with_role: Vec<&Value> =
            targets.iter().filter(|target| target.get("RoleArn").is_some()).collect();
        for target in &with_role {
            self.target(subject, target, "the target of the rule", How::Single, found);
        }
        (!with_role.is_empty()).then_some(&["RoleArn"])
    }

    /// A target in the form that rules and schedules share.
    pub(super) fn target(
        &mut self,
        subject: &Subject<'_>,
        target: &Value,
        what: &str,
        how: How,
        found: &mut Found,
    ) {
        let Some(place) = target.get("Arn") else { return };
        if let Some(task) = target.get("EcsParameters") {
            return self.run_task(subject, place, task, what, found);
        }
        if let Some(job) = target.get("BatchParameters") {
            let queue = ("JobQueue".to_owned(), Argument::Text(place.texts().to_vec()));
            let arguments = std::iter::once(queue).chain(given(job, "JobDefinition")).collect();
            found.calls.push(self.call("batch", "SubmitJob", arguments, place.at, what));
            return;
        }
        for value in place.texts() {
            if !self.hand_over(value, place.at, what, how, found) {
                self.unknown_target(place.at, what);
            }
        }
    }

    pub(super) fn unknown_target(&mut self, at: Mark, what: &str) {
        let message = format!("what {what} is, is not known; the policy does not allow to reach it");
        let remedy = "define it in the template, or pass --parameter with its ARN";
        self.warn("unresolved-resource", at, message, remedy);
    }

    /// Adds what handing an event to an ARN takes; false where the ARN says too little.
    pub(super) fn hand_over(
        &mut self,
        target: &Pattern,
        at: Mark,
        what: &str,
        how: How,
        found: &mut Found,
    ) -> bool {
        let Some(service) = pseudo::service_of(target) else { return false };
        let text = target.to_policy_string();
        let fits = |(known, part, _): &&(&str, &str, &[&str])| *known == service && text.contains(part);
        let Some((_, _, actions)) = DELIVERIES.iter().find(fits) else { return false };
        let actions = match (how, service.as_str()) {
            (How::Synchronous, "states") => &["states:StartSyncExecution"],
            _ => *actions,
        };
        let target = pseudo::as_written(target);
        self.add(found, actions, std::slice::from_ref(&target), at, what);
        if let (How::Together, Some((_, action))) =
            (how, TOGETHER.iter().find(|(known, _)| *known == service))
        {
            self.add(found, &[action], &[target], at, what);
        }
        true
    }

    /// A task of Amazon ECS that is run in a cluster.
    pub(super) fn run_task(
        &mut self,
        subject: &Subject<'_>,
        cluster: &Value,
        task: &Value,
        what: &str,
        found: &mut Found,
    ) {
        let definition = ["TaskDefinitionArn", "TaskDefinition"].iter().find_map(|name| task.get(name));
        let mut arguments = vec![("Cluster".to_owned(), Argument::Text(cluster.texts().to_vec()))];
        if let Some(definition) = definition {
            arguments.push(("TaskDefinition".to_owned(), Argument::Text(definition.texts().to_vec())));
        }
        self.add_roles_of_task(subject, &mut arguments);
        let at = definition.map_or(cluster.at, |definition| definition.at);
        found.calls.push(self.call("ecs", "RunTask", arguments, at, what));
    }
}

/// A member of a value as an argument.
pub(super) fn given(value: &Value, name: &str) -> Option<(String, Argument)> {
    Some((name.to_owned(), value.get(name)?.argument()?))
}
