//! Schedules of Amazon EventBridge Scheduler: templated targets, and universal ones, which call any operation.
//!
//! Source: "Managing targets in EventBridge Scheduler" and "Setting up: Set up the execution role".

use perm_infer_policy::Pattern;

use super::deliveries::How;
use super::{Reader, named};
use crate::cfn::function::Subject;
use crate::cfn::needs::Found;
use crate::cfn::pseudo;
use crate::model::{Argument, Unit, UnitKind};
use crate::tree::Node;
use crate::value::Value;

impl Reader<'_> {
    /// A schedule: its target, its dead-letter queue and its key.
    pub(super) fn schedule(
        &mut self,
        subject: &Subject<'_>,
        schedule: &Value,
        found: &mut Found,
    ) -> Option<&'static [&'static str]> {
        let target = schedule.get("Target")?;
        let universal = target.get("Arn").and_then(|arn| arn.texts().iter().find_map(operation_of));
        match universal {
            Some((service, operation)) => {
                let input = subject.get(&["Target", "Input"]);
                let arguments = self.input(subject, input);
                let at = target.get("Arn").map_or(target.at, |arn| arn.at);
                let reason = "the schedule calls it";
                found.calls.push(self.call(&service, &operation, arguments, at, reason));
            }
            None => self.target(subject, target, "the target of the schedule", How::Single, found),
        }
        if let Some(queue) = target.at_path(&["DeadLetterConfig", "Arn"]) {
            let arns = self.arns_in(queue, "sqs:R:A:*", "the dead-letter queue of the schedule");
            self.add(found, &["sqs:SendMessage"], &arns, queue.at, "the dead-letter queue of the schedule");
        }
        if let Some(key) = schedule.get("KmsKeyArn") {
            let keys = named(key, "kms:R:A:key/{}");
            self.add(found, &["kms:Decrypt"], &keys, key.at, "the schedule is encrypted with the key");
        }
        Some(&["Target", "RoleArn"])
    }

    /// The input of a universal target: the request as JSON.
    fn input(&mut self, subject: &Subject<'_>, input: Option<&Node>) -> Vec<(String, Argument)> {
        let Some(input) = input else { return Vec::new() };
        let Some(document) = self.document_text(subject.stack, input, None) else { return Vec::new() };
        match self.value_of_document(subject.stack, &document).argument() {
            Some(Argument::Map(entries)) => entries,
            _ => Vec::new(),
        }
    }

    /// Schedules among the events of a SAM resource that have a role of their own; SAM makes the others
    /// together with what they need.
    /// Source: "ScheduleV2" in the AWS SAM Developer Guide.
    pub(super) fn sam_schedules(&mut self, subject: &Subject<'_>) -> Vec<Unit> {
        let mut units = Vec::new();
        for event in subject.get(&["Events"]).map(Node::entries).unwrap_or_default() {
            let Some(properties) = event.value.get("Properties") else { continue };
            let is_schedule = event.value.get("Type").and_then(Node::text) == Some("ScheduleV2");
            let Some(role) = properties.get("RoleArn").filter(|_| is_schedule) else { continue };
            let mut found = Found::default();
            let own = self.resource_arns(subject.stack, subject.id);
            let is_function =
                subject.resource.get("Type").and_then(Node::text) == Some("AWS::Serverless::Function");
            let action = if is_function { "lambda:InvokeFunction" } else { "states:StartExecution" };
            self.add(&mut found, &[action], &own, event.at, "the target of the schedule");
            if let Some(queue) = properties.at_path(&["DeadLetterConfig", "Arn"]) {
                let arns =
                    self.arns_of(subject, queue, "sqs:R:A:{}", "the dead-letter queue of the schedule");
                self.add(
                    &mut found,
                    &["sqs:SendMessage"],
                    &arns,
                    queue.at,
                    "the dead-letter queue of the schedule",
                );
            }
            self.check_trust(subject, Some(role), UnitKind::Schedule);
            let unit = self.unit(subject, UnitKind::Schedule, found);
            // SAM calls the schedule that.
            let name = format!("{}{}", unit.name, event.key);
            units.push(Unit { name, location: self.location(event.at), ..unit });
        }
        units
    }
}

/// The operation of a universal target: `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`.
fn operation_of(arn: &Pattern) -> Option<(String, String)> {
    let [_, scheduler, _, _, called] = pseudo::fields(arn)?;
    (scheduler.as_literal() == Some("scheduler")).then_some(())?;
    let (service, operation) = called.as_literal()?.strip_prefix("aws-sdk:")?.split_once(':')?;
    Some((service.to_owned(), operation.to_owned()))
}
