//! Resource types of the AWS provider by the CloudFormation type that they are.

use super::{call, list, scalar};
use crate::tree::{Mark, Node};

/// One type: the provider's name, CloudFormation's, the arguments that name it there and here.
pub(super) struct Type {
    pub(super) terraform: &'static str,
    pub(super) cloudformation: &'static str,
    /// The argument with the name, and the property; both empty where AWS makes an id.
    pub(super) name: (&'static str, &'static str),
    /// The attribute with the ARN in CloudFormation; empty where `Ref` gives it.
    arn: &'static str,
    /// The attribute with the name in CloudFormation; empty where `Ref` gives it.
    named: &'static str,
    /// Whether `id` is the ARN.
    id_is_arn: bool,
    /// The argument with the customer-managed key, and the path of the property.
    pub(super) key: Option<(&'static str, &'static [&'static str])>,
}

const fn of(
    terraform: &'static str,
    cloudformation: &'static str,
    name: (&'static str, &'static str),
    (arn, named): (&'static str, &'static str),
) -> Type {
    Type { terraform, cloudformation, name, arn, named, id_is_arn: false, key: None }
}

const fn by_arn(
    terraform: &'static str,
    cloudformation: &'static str,
    name: (&'static str, &'static str),
    named: &'static str,
) -> Type {
    Type { terraform, cloudformation, name, arn: "", named, id_is_arn: true, key: None }
}

const TYPES: &[Type] = &[
    by_arn("aws_appsync_graphql_api", "AWS::AppSync::GraphQLApi", ("", ""), "ApiId"),
    of("aws_athena_workgroup", "AWS::Athena::WorkGroup", ("name", "Name"), ("Arn", "")),
    of("aws_batch_job_queue", "AWS::Batch::JobQueue", ("name", "JobQueueName"), ("Arn", "")),
    of("aws_cloudwatch_event_bus", "AWS::Events::EventBus", ("name", "Name"), ("Arn", "Name")),
    of("aws_cloudwatch_event_rule", "AWS::Events::Rule", ("name", "Name"), ("Arn", "")),
    of("aws_cloudwatch_log_group", "AWS::Logs::LogGroup", ("name", "LogGroupName"), ("Arn", "")),
    of("aws_codebuild_project", "AWS::CodeBuild::Project", ("name", "Name"), ("Arn", "")),
    of("aws_codepipeline", "AWS::CodePipeline::Pipeline", ("name", "Name"), ("Arn", "")),
    of("aws_cognito_identity_pool", "AWS::Cognito::IdentityPool", ("", ""), ("Arn", "")),
    of("aws_cognito_user_pool", "AWS::Cognito::UserPool", ("", ""), ("Arn", "")),
    of(
        "aws_docdb_cluster",
        "AWS::DocDB::DBCluster",
        ("cluster_identifier", "DBClusterIdentifier"),
        ("Arn", ""),
    ),
    Type {
        key: Some(("server_side_encryption.kms_key_arn", &["SSESpecification", "KMSMasterKeyId"])),
        ..of("aws_dynamodb_table", "AWS::DynamoDB::Table", ("name", "TableName"), ("Arn", ""))
    },
    of("aws_ecr_repository", "AWS::ECR::Repository", ("name", "RepositoryName"), ("Arn", "")),
    of("aws_ecs_cluster", "AWS::ECS::Cluster", ("name", "ClusterName"), ("Arn", "")),
    of("aws_efs_access_point", "AWS::EFS::AccessPoint", ("", ""), ("Arn", "AccessPointId")),
    of("aws_efs_file_system", "AWS::EFS::FileSystem", ("", ""), ("Arn", "FileSystemId")),
    of("aws_glue_catalog_database", "AWS::Glue::Database", ("name", "DatabaseName"), ("Arn", "")),
    of("aws_glue_crawler", "AWS::Glue::Crawler", ("name", "Name"), ("Arn", "")),
    of("aws_glue_job", "AWS::Glue::Job", ("name", "Name"), ("Arn", "")),
    of("aws_iam_role", "AWS::IAM::Role", ("name", "RoleName"), ("Arn", "")),
    of(
        "aws_kinesis_firehose_delivery_stream",
        "AWS::KinesisFirehose::DeliveryStream",
        ("name", "DeliveryStreamName"),
        ("Arn", ""),
    ),
    Type {
        key: Some(("kms_key_id", &["StreamEncryption", "KeyId"])),
        ..of("aws_kinesis_stream", "AWS::Kinesis::Stream", ("name", "Name"), ("Arn", ""))
    },
    of("aws_kms_alias", "AWS::KMS::Alias", ("name", "AliasName"), ("Arn", "")),
    of("aws_kms_key", "AWS::KMS::Key", ("", ""), ("Arn", "KeyId")),
    of("aws_lambda_function", "AWS::Serverless::Function", ("function_name", "FunctionName"), ("Arn", "")),
    of("aws_opensearch_domain", "AWS::OpenSearchService::Domain", ("domain_name", "DomainName"), ("Arn", "")),
    of(
        "aws_rds_cluster",
        "AWS::RDS::DBCluster",
        ("cluster_identifier", "DBClusterIdentifier"),
        ("DBClusterArn", ""),
    ),
    of("aws_s3_bucket", "AWS::S3::Bucket", ("bucket", "BucketName"), ("Arn", "")),
    of("aws_scheduler_schedule_group", "AWS::Scheduler::ScheduleGroup", ("name", "Name"), ("Arn", "")),
    Type {
        key: Some(("kms_key_id", &["KmsKeyId"])),
        ..by_arn("aws_secretsmanager_secret", "AWS::SecretsManager::Secret", ("name", "Name"), "Name")
    },
    of("aws_ses_email_identity", "AWS::SES::EmailIdentity", ("email", "EmailIdentity"), ("", "")),
    by_arn("aws_sfn_state_machine", "AWS::StepFunctions::StateMachine", ("name", "StateMachineName"), "Name"),
    Type {
        key: Some(("kms_master_key_id", &["KmsMasterKeyId"])),
        ..by_arn("aws_sns_topic", "AWS::SNS::Topic", ("name", "TopicName"), "TopicName")
    },
    Type {
        key: Some(("kms_master_key_id", &["KmsMasterKeyId"])),
        ..of("aws_sqs_queue", "AWS::SQS::Queue", ("name", "QueueName"), ("Arn", "QueueName"))
    },
    of("aws_ssm_parameter", "AWS::SSM::Parameter", ("name", "Name"), ("", "")),
];

/// What is known of a type of the provider.
pub(super) fn find(kind: &str) -> Option<&'static Type> {
    TYPES.binary_search_by(|known| known.terraform.cmp(kind)).ok().map(|position| &TYPES[position])
}

/// Types that CloudFormation has no names for and that others refer to as themselves.
const REFERRED: &[&str] = &[
    "archive_file",
    "aws_iam_policy",
    "aws_lambda_alias",
    "aws_s3_bucket_object",
    "aws_s3_object",
    "docker_image",
    "docker_registry_image",
];

/// An attribute of a resource as CloudFormation gives it; none where the resource's own arguments may say
/// what it is.
pub(super) fn attribute(kind: &str, id: &str, attribute: &str, at: Mark) -> Option<Node> {
    let reference = || call("Ref", scalar(id, at));
    let get = |attribute: &str| call("Fn::GetAtt", list(at, vec![scalar(id, at), scalar(attribute, at)]));
    if REFERRED.contains(&kind) {
        return Some(get(attribute));
    }
    let known = find(kind)?;
    let arn = || if known.arn.is_empty() { reference() } else { get(known.arn) };
    let node = match attribute {
        "arn" | "qualified_arn" if known.arn.is_empty() && !known.id_is_arn => get("Arn"),
        "arn" | "qualified_arn" => arn(),
        "id" if known.id_is_arn => arn(),
        "stream_arn" => get("StreamArn"),
        "repository_url" => get("RepositoryUri"),
        // `Ref` of a queue is its URL.
        "id" | "url" if kind == "aws_sqs_queue" => reference(),
        "bucket_domain_name" => get("DomainName"),
        "bucket_regional_domain_name" => get("RegionalDomainName"),
        name if name == known.name.0 || ["id", "name", "key_id", "bucket"].contains(&name) => {
            if known.named.is_empty() { reference() } else { get(known.named) }
        }
        _ => return None,
    };
    Some(node)
}

/// Any other attribute of a type that is known.
pub(super) fn unknown_attribute(kind: &str, id: &str, attribute: &str, at: Mark) -> Option<Node> {
    find(kind).map(|_| call("Fn::GetAtt", list(at, vec![scalar(id, at), scalar(attribute, at)])))
}

/// The expression of Terraform for what the converted template calls `aws_sqs_queue:jobs.QueueName`, in the
/// module that the resource is of; none where it has no such attribute.
pub(crate) fn expression(name: &str) -> Option<String> {
    let Some((address, rest)) = name.split_once(':') else {
        let is_variable = !name.contains('.') && name != "workspace";
        return is_variable.then(|| format!("var.{name}"));
    };
    let kind = address.strip_prefix("data.").unwrap_or(address);
    // A copy has its key behind the label, which may have dots in it.
    let from = rest.rfind(']').unwrap_or(0);
    let (label, attribute) = match rest[from..].find('.') {
        Some(dot) => (&rest[..from + dot], Some(&rest[from + dot + 1..])),
        None => (rest, None),
    };
    // The key of such a copy is not known.
    if label.contains('#') {
        return None;
    }
    let known = find(kind)?;
    let named = if known.name.0.is_empty() { "id" } else { known.name.0 };
    let own = match attribute {
        None if known.arn.is_empty() && !known.named.is_empty() => "arn",
        None if known.named.is_empty() => named,
        None => return None,
        Some(attribute) if attribute == known.arn || attribute == "Arn" => "arn",
        Some(attribute) if attribute == known.named => named,
        Some("StreamArn") => "stream_arn",
        Some("RepositoryUri") => "repository_url",
        Some(attribute) if attribute.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => {
            attribute
        }
        Some(_) => return None,
    };
    Some(format!("{address}.{label}.{own}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_converted_template_lead_back_to_expressions() {
        for (name, wanted) in [
            ("aws_sqs_queue:jobs.QueueName", Some("aws_sqs_queue.jobs.name")),
            ("aws_dynamodb_table:orders", Some("aws_dynamodb_table.orders.name")),
            ("aws_dynamodb_table:orders.StreamArn", Some("aws_dynamodb_table.orders.stream_arn")),
            ("data.aws_s3_bucket:files.Arn", Some("data.aws_s3_bucket.files.arn")),
            ("aws_sns_topic:news.TopicName", Some("aws_sns_topic.news.name")),
            ("aws_sns_topic:news", Some("aws_sns_topic.news.arn")),
            ("stage", Some("var.stage")),
            ("workspace", None),
            ("aws_sqs_queue:jobs[\"a.b\"].Arn", Some("aws_sqs_queue.jobs[\"a.b\"].arn")),
            ("aws_sqs_queue:jobs[#1].Arn", None),
            ("aws_made_up:x", None),
        ] {
            assert_eq!(expression(name).as_deref(), wanted, "{name}");
        }
    }

    #[test]
    fn types_are_sorted_so_that_they_are_found() {
        assert!(TYPES.is_sorted_by(|a, b| a.terraform < b.terraform));
        assert!(find("aws_sqs_queue").is_some());
    }
}
