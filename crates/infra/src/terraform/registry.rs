//! Modules of the registry that are known by their documented inputs and outputs. Their source is never
//! read.
//!
//! Source: the pages of `terraform-aws-modules` in the Terraform Registry.

use hcl_edit::structure::Block;

use super::{call, list, scalar};
use crate::tree::{Mark, Node};

/// A module that makes one resource.
pub(super) struct KnownModule {
    source: &'static str,
    pub(super) cloudformation: &'static str,
    /// The input with the name and the property; both empty where AWS makes an id.
    pub(super) name: (&'static str, &'static str),
    /// Outputs that give what `Ref` gives.
    references: &'static [&'static str],
    /// Outputs and the attributes they give.
    attributes: &'static [(&'static str, &'static str)],
}

/// The module for functions.
pub(super) const FUNCTION: &str = "terraform-aws-modules/lambda/aws";

/// The part of it that builds images.
pub(super) const IMAGE_BUILD: &str = "terraform-aws-modules/lambda/aws//modules/docker-build";

const MODULES: &[KnownModule] = &[
    KnownModule {
        source: FUNCTION,
        cloudformation: "AWS::Serverless::Function",
        name: ("function_name", "FunctionName"),
        references: &["lambda_function_name"],
        attributes: &[("lambda_function_arn", "Arn"), ("lambda_function_qualified_arn", "Arn")],
    },
    KnownModule {
        source: IMAGE_BUILD,
        cloudformation: "",
        name: ("", ""),
        references: &[],
        attributes: &[("image_uri", "image_uri")],
    },
    KnownModule {
        source: "terraform-aws-modules/dynamodb-table/aws",
        cloudformation: "AWS::DynamoDB::Table",
        name: ("name", "TableName"),
        references: &["dynamodb_table_id"],
        attributes: &[("dynamodb_table_arn", "Arn"), ("dynamodb_table_stream_arn", "StreamArn")],
    },
    KnownModule {
        source: "terraform-aws-modules/eventbridge/aws",
        cloudformation: "AWS::Events::EventBus",
        name: ("bus_name", "Name"),
        references: &["eventbridge_bus_name"],
        attributes: &[("eventbridge_bus_arn", "Arn")],
    },
    KnownModule {
        source: "terraform-aws-modules/kms/aws",
        cloudformation: "AWS::KMS::Key",
        name: ("", ""),
        references: &["key_id"],
        attributes: &[("key_arn", "Arn")],
    },
    KnownModule {
        source: "terraform-aws-modules/s3-bucket/aws",
        cloudformation: "AWS::S3::Bucket",
        name: ("bucket", "BucketName"),
        references: &["s3_bucket_id"],
        attributes: &[
            ("s3_bucket_arn", "Arn"),
            ("s3_bucket_bucket_domain_name", "DomainName"),
            ("s3_bucket_bucket_regional_domain_name", "RegionalDomainName"),
        ],
    },
    KnownModule {
        source: "terraform-aws-modules/secrets-manager/aws",
        cloudformation: "AWS::SecretsManager::Secret",
        name: ("name", "Name"),
        references: &["secret_arn", "secret_id"],
        attributes: &[("secret_name", "Name")],
    },
    KnownModule {
        source: "terraform-aws-modules/sns/aws",
        cloudformation: "AWS::SNS::Topic",
        name: ("name", "TopicName"),
        references: &["topic_arn", "topic_id", "sns_topic_arn", "sns_topic_id"],
        attributes: &[("topic_name", "TopicName"), ("sns_topic_name", "TopicName")],
    },
    KnownModule {
        source: "terraform-aws-modules/sqs/aws",
        cloudformation: "AWS::SQS::Queue",
        name: ("name", "QueueName"),
        references: &["queue_id", "queue_url", "sqs_queue_id"],
        attributes: &[
            ("queue_arn", "Arn"),
            ("sqs_queue_arn", "Arn"),
            ("queue_name", "QueueName"),
            ("sqs_queue_name", "QueueName"),
        ],
    },
    KnownModule {
        source: "terraform-aws-modules/ssm-parameter/aws",
        cloudformation: "AWS::SSM::Parameter",
        name: ("name", "Name"),
        references: &["ssm_parameter_name"],
        attributes: &[("ssm_parameter_arn", "Arn")],
    },
    KnownModule {
        source: "terraform-aws-modules/step-functions/aws",
        cloudformation: "AWS::StepFunctions::StateMachine",
        name: ("name", "StateMachineName"),
        references: &["state_machine_arn", "state_machine_id"],
        attributes: &[("state_machine_name", "Name")],
    },
];

/// Where a module comes from, without the address of the registry.
pub(super) fn source(block: &Block) -> Option<String> {
    let source = block.body.get_attribute("source")?.value.as_str()?;
    let source = source.strip_prefix("registry.terraform.io/").unwrap_or(source);
    Some(source.strip_prefix("registry.opentofu.org/").unwrap_or(source).to_owned())
}

/// What is known of a module by its source.
pub(super) fn find(source: &str) -> Option<&'static KnownModule> {
    MODULES.iter().find(|known| known.source == source)
}

/// Whether the arguments of a call say what it makes.
pub(super) fn is_known(block: &Block) -> bool {
    source(block).is_some_and(|source| find(&source).is_some())
}

/// Whether the type of a resource is the source of a module.
pub(super) fn is_module(kind: &str) -> bool {
    find(kind).is_some()
}

impl KnownModule {
    /// An output; none where it is not known.
    pub(super) fn output(&self, id: &str, output: &str, at: Mark) -> Option<Node> {
        if self.references.contains(&output) {
            return Some(call("Ref", scalar(id, at)));
        }
        let (_, attribute) = self.attributes.iter().find(|(name, _)| *name == output)?;
        Some(call("Fn::GetAtt", list(at, vec![scalar(id, at), scalar(attribute, at)])))
    }
}
