//! Rules of AWS IoT: each action with its role.
//!
//! Source: "AWS IoT rule actions" in the AWS IoT Core Developer Guide.

use perm_infer_policy::Pattern;

use super::{Reader, named};
use crate::cfn::needs::Found;
use crate::cfn::pseudo::arn;
use crate::value::Value;

/// Kinds of actions: the member that names the resource, the fields of its ARN, the IAM actions.
const ACTIONS: &[(&str, &[&str], &str, &[&str])] = &[
    (
        "CloudwatchLogs",
        &["LogGroupName"],
        "logs:R:A:log-group:{}:*",
        &["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    ),
    ("DynamoDB", &["TableName"], "dynamodb:R:A:table/{}", &["dynamodb:PutItem"]),
    ("DynamoDBv2", &["PutItem", "TableName"], "dynamodb:R:A:table/{}", &["dynamodb:PutItem"]),
    ("Firehose", &["DeliveryStreamName"], "firehose:R:A:deliverystream/{}", &["firehose:PutRecord"]),
    ("Kinesis", &["StreamName"], "kinesis:R:A:stream/{}", &["kinesis:PutRecord"]),
    ("Republish", &["Topic"], "iot:R:A:topic/{}", &["iot:Publish"]),
    ("Sns", &["TargetArn"], "sns:R:A:{}", &["sns:Publish"]),
    ("StepFunctions", &["StateMachineName"], "states:R:A:stateMachine:{}", &["states:StartExecution"]),
];

impl Reader<'_> {
    /// A topic rule whose actions have roles.
    pub(super) fn topic_rule(&mut self, rule: &Value, found: &mut Found) -> Option<&'static [&'static str]> {
        let payload = rule.get("TopicRulePayload")?;
        let actions = payload.get("Actions").map(Value::items).unwrap_or_default();
        let mut has_role = false;
        for (kind, action) in actions.iter().chain(payload.get("ErrorAction")).flat_map(Value::entries) {
            if action.get("RoleArn").is_some() {
                has_role = true;
                self.topic_action(kind, action, found);
            }
        }
        has_role.then_some(&["RoleArn"])
    }

    fn topic_action(&mut self, kind: &str, action: &Value, found: &mut Found) {
        let what = "an action of the topic rule";
        match kind {
            "CloudwatchMetric" => {
                return self.add(found, &["cloudwatch:PutMetricData"], &[Pattern::any()], action.at, what);
            }
            "S3" => {
                let Some(bucket) = action.get("BucketName") else { return };
                let key = action.get("Key").map(Value::texts).unwrap_or_default();
                for bucket in named(bucket, "s3:::{}") {
                    for key in key {
                        let mut object = bucket.clone();
                        object.push_literal("/");
                        object.push_pattern(&filled(key));
                        self.add(found, &["s3:PutObject"], &[object], action.at, what);
                    }
                }
                return;
            }
            "Sqs" => {
                let Some(queue) = action.get("QueueUrl") else { return };
                let name = ("QueueUrl".to_owned(), crate::model::Argument::Text(queue.texts().to_vec()));
                found.calls.push(self.call("sqs", "SendMessage", vec![name], queue.at, what));
                return;
            }
            _ => {}
        }
        let Some((_, path, fields, actions)) = ACTIONS.iter().find(|(known, ..)| *known == kind) else {
            let message = format!("what the action {kind} of a topic rule takes is not known");
            let remedy = "add what the AWS IoT Core Developer Guide says for it";
            return self.warn("unknown-permission", action.at, message, remedy);
        };
        let Some(name) = action.at_path(path) else { return };
        let resources: Vec<Pattern> = name
            .texts()
            .iter()
            .map(filled)
            .map(|name| match name.literal_prefix() {
                prefix if prefix.starts_with("arn:") => name,
                _ => arn(fields, &name),
            })
            .collect();
        self.add(found, actions, &resources, name.at, what);
    }
}

/// A text with its substitution templates (`${topic()}`) open.
/// Source: "Substitution templates" in the AWS IoT Core Developer Guide.
fn filled(text: &Pattern) -> Pattern {
    let Some(literal) = text.as_literal() else { return text.clone() };
    let mut filled = Pattern::default();
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_literal(before);
        filled.push_pattern(&Pattern::any());
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    filled.push_literal(rest);
    filled
}
