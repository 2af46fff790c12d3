//! Permissions that the Lambda service uses the role of a function for, whatever the code does: the facts,
//! the same for every template language.

use perm_infer_policy::Pattern;

use crate::model::Need;

/// What code in AWS Lambda needs from its role where no template says it, for any function name; the last
/// argument is the partition, the region and the account.
#[must_use]
pub fn runtime_needs(logs: bool, vpc: bool, xray: bool, place: [&Pattern; 3]) -> Vec<Need> {
    let arn = |service: &str, resource: &[&str]| {
        let [partition, region, account] = place;
        let mut arn = Pattern::literal("arn:");
        arn.push_pattern(partition);
        arn.push_literal(&format!(":{service}:"));
        arn.push_pattern(region);
        arn.push_literal(":");
        arn.push_pattern(account);
        arn.push_literal(":");
        for (position, text) in resource.iter().enumerate() {
            if position > 0 {
                arn.push_pattern(&Pattern::any());
            }
            arn.push_literal(text);
        }
        arn
    };
    let all = Pattern::any();
    let wanted = [
        (logs, LOGS, arn("logs", &["log-group:/aws/lambda/", ":", ""]), "--lambda-logs"),
        (vpc, VPC, all.clone(), "--vpc"),
        (vpc, VPC_INTERFACES, arn("ec2", &["network-interface/", ""]), "--vpc"),
        (xray, XRAY, all, "--xray"),
    ];
    let mut needs = Vec::new();
    for (_, actions, resource, option) in wanted.into_iter().filter(|(is_wanted, ..)| *is_wanted) {
        needs.extend(actions.iter().map(|&action| Need {
            action,
            resource: resource.clone(),
            limits: Vec::new(),
            location: None,
            reason: format!("asked for with {option}"),
        }));
    }
    needs
}

/// Write to the function's own log group, which is made when it is missing.
/// Source: "Monitoring, debugging, and troubleshooting Lambda functions: Log group permissions" in the AWS
/// Lambda Developer Guide; managed policy AWSLambdaBasicExecutionRole.
pub(crate) const LOGS: &[&str] = &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

/// Network interfaces in a VPC, on all resources: Lambda checks them that way.
/// Source: "Giving Lambda functions access to resources in an Amazon VPC: Required IAM permissions".
pub(crate) const VPC: &[&str] =
    &["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];

/// The same, for the interfaces that were made: any, because their ids are not known before.
pub(crate) const VPC_INTERFACES: &[&str] =
    &["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"];

/// Active tracing. Source: "Visualize Lambda function invocations using AWS X-Ray: Execution role permissions".
pub(crate) const XRAY: &[&str] = &["xray:PutTelemetryRecords", "xray:PutTraceSegments"];

/// The daemon of AWS X-Ray, which also asks how much to sample: managed policy AWSXRayDaemonWriteAccess.
pub(crate) const XRAY_DAEMON: &[&str] = &[
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
];

/// Commands that people run in containers.
/// Source: "Amazon ECS task IAM role", section "ECS Exec permissions", in the Amazon ECS Developer Guide.
pub(crate) const EXEC: &[&str] = &[
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
];

/// Checkpoints of a durable function, on the executions of its versions.
/// Source: "Security and permissions for Lambda durable functions: Execution role permissions".
pub(crate) const DURABLE: &[&str] = &["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"];

/// A mounted file system. Source: "Configuring file system access for Lambda functions: Execution role and
/// user permissions".
pub(crate) const EFS: &[&str] = &["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"];

/// Source: "Using Lambda with Amazon SQS: Execution role permissions".
pub(crate) const POLL_SQS: &[&str] = &["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];

/// Source: "Process Amazon Kinesis Data Streams records with Lambda"; `SubscribeToShard` is authorized on
/// consumers only (Service Authorization Reference).
pub(crate) const POLL_KINESIS: &[&str] = &[
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
];

/// Source: "Process DynamoDB records with Lambda"; `ListStreams` cannot be limited to a stream.
pub(crate) const POLL_DYNAMODB: &[&str] =
    &["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];

/// Source: "Configuring Amazon MSK event sources for Lambda: IAM permissions"; managed policy
/// AWSLambdaMSKExecutionRole.
pub(crate) const POLL_MSK: &[&str] =
    &["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"];

/// Network interfaces of the poller of MSK, Kafka, MQ and DocumentDB.
pub(crate) const POLLER_VPC: &[&str] = &[
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
];

/// Source: "Using Lambda with Amazon MQ: Configure the execution role".
pub(crate) const POLL_MQ: &[&str] = &["mq:DescribeBroker"];

/// Source: "Using AWS Lambda with Amazon DocumentDB: Permissions".
pub(crate) const POLL_DOCUMENTDB: &[&str] =
    &["rds:DescribeDBClusterParameters", "rds:DescribeDBClusters", "rds:DescribeDBSubnetGroups"];

/// What a managed policy of AWS gives of the above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    Logs,
    Vpc,
    Xray,
    Sqs,
    Kinesis,
    DynamoDb,
    Msk,
    Insights,
    Durable,
}

/// What a managed policy gives, by its name. Source: "AWS Managed Policy Reference Guide".
pub(crate) fn given_by(policy: &str) -> &'static [Given] {
    use Given::{Durable, DynamoDb, Insights, Kinesis, Logs, Msk, Sqs, Vpc, Xray};
    match policy {
        "AWSLambdaBasicExecutionRole" | "CloudWatchLogsFullAccess" => &[Logs],
        "AWSLambdaBasicDurableExecutionRolePolicy" => &[Logs, Durable],
        "AWSLambdaVPCAccessExecutionRole" => &[Logs, Vpc],
        "AWSLambdaENIManagementAccess" => &[Vpc],
        "AWSLambdaSQSQueueExecutionRole" => &[Logs, Sqs],
        "AWSLambdaKinesisExecutionRole" => &[Logs, Kinesis],
        "AWSLambdaDynamoDBExecutionRole" | "AWSLambdaInvocation-DynamoDB" => &[Logs, DynamoDb],
        "AWSLambdaMSKExecutionRole" => &[Logs, Msk],
        "AWSXRayDaemonWriteAccess" | "AWSXrayWriteOnlyAccess" | "AWSXrayFullAccess" => &[Xray],
        "CloudWatchLambdaInsightsExecutionRolePolicy" => &[Insights],
        "AdministratorAccess" => &[Logs, Vpc, Xray, Sqs, Kinesis, DynamoDb, Msk, Insights, Durable],
        _ => &[],
    }
}
