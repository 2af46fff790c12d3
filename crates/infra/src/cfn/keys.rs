//! Customer-managed keys of resources, and what Lambda itself needs of them for sources and targets.

use perm_infer_policy::Pattern;

use super::{Reader, StackId, pseudo};
use crate::model::{Limit, Need};
use crate::tree::Node;

/// The property with the key of each resource type; a list of alternatives by its first element.
const PROPERTIES: &[(&str, &[&str])] = &[
    ("AWS::DynamoDB::Table", &["SSESpecification", "KMSMasterKeyId"]),
    ("AWS::Kinesis::Stream", &["StreamEncryption", "KeyId"]),
    ("AWS::KinesisFirehose::DeliveryStream", &["DeliveryStreamEncryptionConfigurationInput", "KeyARN"]),
    ("AWS::SNS::Topic", &["KmsMasterKeyId"]),
    ("AWS::SQS::Queue", &["KmsMasterKeyId"]),
    ("AWS::SecretsManager::Secret", &["KmsKeyId"]),
    ("AWS::Serverless::SimpleTable", &["SSESpecification", "KMSMasterKeyId"]),
];

/// What using an action on an encrypted resource takes, and the service through which the key is used.
/// Source: the pages on encryption at rest of each service's developer guide.
const USES: &[(&str, &[&str], &str)] = &[
    ("dynamodb:GetRecords", &["kms:Decrypt"], "dynamodb"),
    ("kinesis:GetRecords", &["kms:Decrypt"], "kinesis"),
    ("s3:PutObject", &["kms:GenerateDataKey"], "s3"),
    ("secretsmanager:GetSecretValue", &["kms:Decrypt"], "secretsmanager"),
    ("sns:Publish", &["kms:Decrypt", "kms:GenerateDataKey"], "sns"),
    ("sqs:ReceiveMessage", &["kms:Decrypt"], "sqs"),
    ("sqs:SendMessage", &["kms:Decrypt", "kms:GenerateDataKey"], "sqs"),
];

impl Reader<'_> {
    /// The ARNs of encrypted resources of a stack with their keys.
    pub(super) fn keys(&mut self, stack: StackId) -> Vec<(Pattern, Pattern)> {
        let template = self.template(stack);
        let mut keys = Vec::new();
        for entry in template.root.get("Resources").map(Node::entries).unwrap_or_default() {
            let Some(kind) = entry.value.get("Type").and_then(Node::text) else { continue };
            let Some(properties) = entry.value.get("Properties") else { continue };
            let key = match kind {
                "AWS::S3::Bucket" => bucket_key(properties),
                _ => {
                    let path = PROPERTIES.iter().find(|(known, _)| *known == kind).map(|(_, path)| *path);
                    path.and_then(|path| properties.at_path(path))
                }
            };
            let Some(key) = key else { continue };
            let arns = self.resource_arns(stack, &entry.key);
            for key in self.texts(stack, key).into_iter().filter(|key| !is_of_aws(key)) {
                keys.extend(arns.iter().map(|arn| (pseudo::as_written(arn), key.clone())));
            }
        }
        keys
    }

    /// Adds what the needs of a function take of the keys of their resources.
    pub(super) fn add_key_needs(&self, needs: &mut Vec<Need>, keys: &[(Pattern, Pattern)]) {
        let mut added = Vec::new();
        for need in needs.iter() {
            let Some((_, actions, via)) = USES.iter().find(|(action, ..)| *action == need.action) else {
                continue;
            };
            let resource = need.resource.to_policy_string();
            let key = keys.iter().find(|(arn, _)| resource.starts_with(&arn.to_policy_string()));
            let Some((_, key)) = key else { continue };
            added.extend(actions.iter().map(|&action| Need {
                action,
                resource: key_arn(key),
                limits: vec![Limit::Via(via)],
                open: None,
                reason: format!("{}, which is encrypted with a key", need.reason),
                ..need.clone()
            }));
        }
        needs.extend(added);
    }
}

/// The key of a bucket's default encryption.
fn bucket_key(properties: &Node) -> Option<&Node> {
    let rules = properties.at_path(&["BucketEncryption", "ServerSideEncryptionConfiguration"])?;
    rules.items().iter().find_map(|rule| rule.at_path(&["ServerSideEncryptionByDefault", "KMSMasterKeyID"]))
}

/// Keys of AWS need no permission.
fn is_of_aws(key: &Pattern) -> bool {
    let text = key.to_policy_string();
    text.starts_with("alias/aws/") || text.contains(":alias/aws/")
}

/// The ARN of a key that is named by ARN or id; any key for one that is named by alias.
fn key_arn(key: &Pattern) -> Pattern {
    let is_alias = key.to_policy_string().contains("alias/");
    match key.literal_prefix() {
        prefix if prefix.starts_with("arn:") && !is_alias => key.clone(),
        _ if is_alias => pseudo::arn("kms:R:A:key/{}", &Pattern::any()),
        _ => pseudo::arn("kms:R:A:key/{}", key),
    }
}
