//! Pipes of Amazon EventBridge Pipes: the source that is polled, the enrichment, the target.
//!
//! Source: "Amazon EventBridge Pipes permissions".

use perm_infer_policy::{Part, Pattern};

use super::Reader;
use super::deliveries::How;
use crate::cfn::function::Subject;
use crate::cfn::needs::Found;
use crate::cfn::pseudo;
use crate::needs::{POLL_DYNAMODB, POLL_KINESIS, POLL_MQ, POLL_MSK, POLL_SQS, POLLER_VPC};
use crate::value::Value;

impl Reader<'_> {
    /// A pipe.
    pub(super) fn pipe(
        &mut self,
        subject: &Subject<'_>,
        pipe: &Value,
        found: &mut Found,
    ) -> Option<&'static [&'static str]> {
        let parameters = pipe.get("SourceParameters");
        if let Some(source) = pipe.get("Source") {
            for value in source.texts() {
                self.pipe_source(value, source, found);
            }
        }
        for (_, of_source) in parameters.map(Value::entries).unwrap_or_default() {
            if let Some(queue) = of_source.at_path(&["DeadLetterConfig", "Arn"]) {
                self.all_handed_over(queue, "the dead-letter target of the pipe", How::Single, found);
            }
            for (_, secret) in of_source.get("Credentials").map(Value::entries).unwrap_or_default() {
                let what = "the secret with the credentials of the source";
                let arns = self.arns_in(secret, "secretsmanager:R:A:secret:*", what);
                self.add(found, &["secretsmanager:GetSecretValue"], &arns, secret.at, what);
            }
        }
        if let Some(enrichment) = pipe.get("Enrichment") {
            self.all_handed_over(enrichment, "the enrichment of the pipe", How::Synchronous, found);
        }
        if let Some(target) = pipe.get("Target") {
            self.pipe_target(subject, pipe, target, found);
        }
        Some(&["RoleArn"])
    }

    fn pipe_target(&mut self, subject: &Subject<'_>, pipe: &Value, target: &Value, found: &mut Found) {
        let what = "the target of the pipe";
        if let Some(task) = pipe.at_path(&["TargetParameters", "EcsTaskParameters"]) {
            return self.run_task(subject, target, task, what, found);
        }
        let invocation =
            pipe.at_path(&["TargetParameters", "StepFunctionStateMachineParameters", "InvocationType"]);
        let how = match invocation.and_then(Value::text) {
            Some("REQUEST_RESPONSE") => How::Synchronous,
            _ => How::Together,
        };
        for value in target.texts() {
            if pseudo::service_of(value).as_deref() == Some("logs") {
                let mut streams = value.clone();
                if !streams.literal_suffix().ends_with(":*") && streams.parts().last() != Some(&Part::Any) {
                    streams.push_literal(":");
                    streams.push(Part::Any);
                }
                let actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
                self.add(found, &actions, &[streams], target.at, what);
            } else if !self.hand_over(value, target.at, what, how, found) {
                self.unknown_target(target.at, what);
            }
        }
    }

    fn all_handed_over(&mut self, place: &Value, what: &str, how: How, found: &mut Found) {
        for value in place.texts() {
            if !self.hand_over(value, place.at, what, how, found) {
                self.unknown_target(place.at, what);
            }
        }
    }

    fn pipe_source(&mut self, source: &Pattern, place: &Value, found: &mut Found) {
        let what = "the source of the pipe";
        let arn_of = pseudo::as_written(source);
        let resources = std::slice::from_ref(&arn_of);
        let any = [Pattern::any()];
        match pseudo::service_of(source).as_deref() {
            Some("sqs") => self.add(found, POLL_SQS, resources, place.at, what),
            Some("kinesis") => self.add(found, POLL_KINESIS, resources, place.at, what),
            Some("dynamodb") => {
                self.add(found, POLL_DYNAMODB, resources, place.at, what);
                self.add(found, &["dynamodb:ListStreams"], &any, place.at, what);
            }
            Some("kafka") => {
                self.add(found, POLL_MSK, resources, place.at, what);
                self.add(found, POLLER_VPC, &any, place.at, what);
            }
            Some("mq") => {
                self.add(found, POLL_MQ, resources, place.at, what);
                self.add(found, POLLER_VPC, &any, place.at, what);
            }
            _ => self.unknown_target(place.at, what),
        }
    }
}
