//! What CloudFormation resource types are called once deployed: the property with the name, what `Ref`
//! gives, the ARN.
//!
//! Source: "AWS resource and property types reference" in the AWS CloudFormation User Guide, section
//! "Return values" of each type; ARNs from the Service Authorization Reference.

/// One resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ResourceType {
    pub(super) name: &'static str,
    /// The property that names the resource; empty when it has an id of AWS's making.
    pub(super) name_property: &'static str,
    /// What `Ref` gives.
    pub(super) reference: Gives,
    /// The attribute that gives the name, where `Ref` does not.
    pub(super) name_attribute: &'static str,
    /// Service, region, account and resource of the ARN; `R` and `A` for the region and the account,
    /// `{}` for the name.
    pub(super) arn: &'static str,
    /// The attribute that gives the ARN; empty where `Ref` does.
    pub(super) arn_attribute: &'static str,
    /// How CloudFormation names one without a name.
    pub(super) unnamed: Unnamed,
}

/// What a reference gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    Name,
    Arn,
    QueueUrl,
}

/// How CloudFormation names a resource that the template gives no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unnamed {
    /// `<stack>-<logical id>-<random>`, at most this long; what does not fit is cut out of the middle.
    /// Source: "Name type" in the AWS CloudFormation User Guide.
    Stack(usize),
    /// The same in small letters.
    StackLower(usize),
    /// Something that contains the logical id.
    Contains,
    /// An id of AWS's making.
    Id,
}

use Gives::{Arn, Name, QueueUrl};
use Unnamed::{Contains, Id, Stack, StackLower};

const fn row(
    name: &'static str,
    name_property: &'static str,
    (reference, name_attribute): (Gives, &'static str),
    (arn, arn_attribute): (&'static str, &'static str),
    unnamed: Unnamed,
) -> ResourceType {
    ResourceType { name, name_property, reference, name_attribute, arn, arn_attribute, unnamed }
}

const TYPES: &[ResourceType] = &[
    row("AWS::ApiGateway::RestApi", "", (Name, ""), ("execute-api:R:A:{}", ""), Id),
    row("AWS::ApiGatewayV2::Api", "", (Name, ""), ("execute-api:R:A:{}", ""), Id),
    row("AWS::AppSync::GraphQLApi", "", (Arn, "ApiId"), ("appsync:R:A:apis/{}", "Arn"), Id),
    row("AWS::Athena::WorkGroup", "Name", (Name, ""), ("athena:R:A:workgroup/{}", ""), Contains),
    row(
        "AWS::Batch::JobDefinition",
        "JobDefinitionName",
        (Arn, ""),
        ("batch:R:A:job-definition/{}:*", "JobDefinitionArn"),
        Contains,
    ),
    row(
        "AWS::Batch::JobQueue",
        "JobQueueName",
        (Arn, ""),
        ("batch:R:A:job-queue/{}", "JobQueueArn"),
        Contains,
    ),
    row("AWS::CloudFront::Distribution", "", (Name, ""), ("cloudfront::A:distribution/{}", ""), Id),
    row("AWS::CodeBuild::Project", "Name", (Name, ""), ("codebuild:R:A:project/{}", "Arn"), Contains),
    row("AWS::CodePipeline::Pipeline", "Name", (Name, ""), ("codepipeline:R:A:{}", ""), Contains),
    row("AWS::Cognito::IdentityPool", "", (Name, ""), ("cognito-identity:R:A:identitypool/{}", ""), Id),
    row("AWS::Cognito::UserPool", "", (Name, ""), ("cognito-idp:R:A:userpool/{}", "Arn"), Id),
    row("AWS::DocDB::DBCluster", "DBClusterIdentifier", (Name, ""), ("rds:R:A:cluster:{}", ""), Contains),
    row("AWS::DynamoDB::GlobalTable", "TableName", (Name, ""), ("dynamodb:R:A:table/{}", "Arn"), Stack(255)),
    row("AWS::DynamoDB::Table", "TableName", (Name, ""), ("dynamodb:R:A:table/{}", "Arn"), Stack(255)),
    row(
        "AWS::ECR::Repository",
        "RepositoryName",
        (Name, ""),
        ("ecr:R:A:repository/{}", "Arn"),
        StackLower(256),
    ),
    row("AWS::ECS::Cluster", "ClusterName", (Name, ""), ("ecs:R:A:cluster/{}", "Arn"), Stack(255)),
    row(
        "AWS::ECS::TaskDefinition",
        "Family",
        (Arn, "Family"),
        ("ecs:R:A:task-definition/{}:*", "TaskDefinitionArn"),
        Contains,
    ),
    row(
        "AWS::EFS::AccessPoint",
        "",
        (Name, "AccessPointId"),
        ("elasticfilesystem:R:A:access-point/{}", "Arn"),
        Id,
    ),
    row(
        "AWS::EFS::FileSystem",
        "",
        (Name, "FileSystemId"),
        ("elasticfilesystem:R:A:file-system/{}", "Arn"),
        Id,
    ),
    row(
        "AWS::Events::ApiDestination",
        "Name",
        (Name, ""),
        ("events:R:A:api-destination/{}/*", "Arn"),
        Contains,
    ),
    row("AWS::Events::Connection", "Name", (Name, ""), ("events:R:A:connection/{}/*", "Arn"), Contains),
    row("AWS::Events::EventBus", "Name", (Name, "Name"), ("events:R:A:event-bus/{}", "Arn"), Contains),
    row("AWS::Events::Rule", "Name", (Name, ""), ("events:R:A:rule/{}", "Arn"), Stack(64)),
    row("AWS::Glue::Crawler", "Name", (Name, ""), ("glue:R:A:crawler/{}", ""), Contains),
    row("AWS::Glue::Database", "DatabaseName", (Name, ""), ("glue:R:A:database/{}", ""), Contains),
    row("AWS::Glue::Job", "Name", (Name, ""), ("glue:R:A:job/{}", ""), Contains),
    row("AWS::IAM::Role", "RoleName", (Name, ""), ("iam::A:role/{}", "Arn"), Stack(64)),
    row("AWS::IAM::User", "UserName", (Name, ""), ("iam::A:user/{}", "Arn"), Stack(64)),
    row("AWS::IoT::Thing", "ThingName", (Name, ""), ("iot:R:A:thing/{}", "Arn"), Contains),
    row("AWS::KMS::Alias", "AliasName", (Name, ""), ("kms:R:A:{}", ""), Contains),
    row("AWS::KMS::Key", "", (Name, "KeyId"), ("kms:R:A:key/{}", "Arn"), Id),
    row("AWS::Kinesis::Stream", "Name", (Name, ""), ("kinesis:R:A:stream/{}", "Arn"), Stack(128)),
    row(
        "AWS::KinesisFirehose::DeliveryStream",
        "DeliveryStreamName",
        (Name, ""),
        ("firehose:R:A:deliverystream/{}", "Arn"),
        Stack(64),
    ),
    row("AWS::Lambda::Function", "FunctionName", (Name, ""), ("lambda:R:A:function:{}", "Arn"), Stack(64)),
    row("AWS::Logs::LogGroup", "LogGroupName", (Name, ""), ("logs:R:A:log-group:{}:*", "Arn"), Stack(512)),
    row("AWS::OpenSearchService::Domain", "DomainName", (Name, ""), ("es:R:A:domain/{}", "Arn"), Contains),
    row(
        "AWS::RDS::DBCluster",
        "DBClusterIdentifier",
        (Name, ""),
        ("rds:R:A:cluster:{}", "DBClusterArn"),
        StackLower(63),
    ),
    row(
        "AWS::RDS::DBInstance",
        "DBInstanceIdentifier",
        (Name, ""),
        ("rds:R:A:db:{}", "DBInstanceArn"),
        StackLower(63),
    ),
    row("AWS::S3::Bucket", "BucketName", (Name, ""), ("s3:::{}", "Arn"), StackLower(63)),
    row("AWS::SES::ConfigurationSet", "Name", (Name, ""), ("ses:R:A:configuration-set/{}", ""), Contains),
    row("AWS::SES::EmailIdentity", "EmailIdentity", (Name, ""), ("ses:R:A:identity/{}", ""), Contains),
    row("AWS::SNS::Topic", "TopicName", (Arn, "TopicName"), ("sns:R:A:{}", "TopicArn"), Stack(256)),
    row("AWS::SQS::Queue", "QueueName", (QueueUrl, "QueueName"), ("sqs:R:A:{}", "Arn"), Stack(80)),
    row("AWS::SSM::Parameter", "Name", (Name, ""), ("ssm:R:A:parameter/{}", ""), Contains),
    row(
        "AWS::Scheduler::ScheduleGroup",
        "Name",
        (Name, ""),
        ("scheduler:R:A:schedule-group/{}", "Arn"),
        Contains,
    ),
    row(
        "AWS::SecretsManager::Secret",
        "Name",
        (Arn, "Name"),
        ("secretsmanager:R:A:secret:{}-??????", "Id"),
        Contains,
    ),
    row("AWS::Serverless::Api", "", (Name, ""), ("execute-api:R:A:{}", ""), Id),
    row(
        "AWS::Serverless::Function",
        "FunctionName",
        (Name, ""),
        ("lambda:R:A:function:{}", "Arn"),
        Stack(64),
    ),
    row("AWS::Serverless::HttpApi", "", (Name, ""), ("execute-api:R:A:{}", ""), Id),
    row(
        "AWS::Serverless::SimpleTable",
        "TableName",
        (Name, ""),
        ("dynamodb:R:A:table/{}", "Arn"),
        Stack(255),
    ),
    row(
        "AWS::Serverless::StateMachine",
        "Name",
        (Arn, "Name"),
        ("states:R:A:stateMachine:{}", "Arn"),
        Contains,
    ),
    row("AWS::StepFunctions::Activity", "Name", (Arn, "Name"), ("states:R:A:activity:{}", ""), Contains),
    row(
        "AWS::StepFunctions::StateMachine",
        "StateMachineName",
        (Arn, "Name"),
        ("states:R:A:stateMachine:{}", "Arn"),
        Contains,
    ),
];

/// What is known of a resource type.
pub(super) fn find(name: &str) -> Option<&'static ResourceType> {
    TYPES.binary_search_by(|known| known.name.cmp(name)).ok().map(|position| &TYPES[position])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_arn_has_its_four_fields() {
        assert!(TYPES.is_sorted_by(|a, b| a.name < b.name));
        for known in TYPES {
            assert!(known.arn.splitn(4, ':').count() == 4 && known.arn.contains("{}"), "{}", known.name);
            assert_eq!(find(known.name), Some(known));
        }
    }
}
