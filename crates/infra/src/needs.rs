//! Permissions that the Lambda service uses the role of a function for, whatever the code does: the facts,
//! the same for every template language.

use perm_infer_catalog::ManagedPolicy;
use perm_infer_policy::{Document, Effect, Pattern, Statement, matches};

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
            open: None,
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

/// What managed policies of AWS give a role already, as their documents say. Only those count that AWS made for
/// execution roles: wider ones are what a policy with just the needs stands in for.
#[derive(Debug, Default)]
pub(crate) struct Given {
    statements: Vec<Statement>,
}

impl Given {
    /// Adds a policy by its name or ARN; one that is not known gives nothing.
    pub(crate) fn add(&mut self, policy: &str) {
        let name = match policy.starts_with("arn:") {
            true => policy,
            false => policy.rsplit('/').next().unwrap_or_default(),
        };
        let Some(known) = ManagedPolicy::find(name).filter(|known| known.is_for_services()) else { return };
        let statements: Vec<&str> = known.statements().collect();
        let document = Document::from_json(&format!("{{\"Statement\":[{}]}}", statements.join(",")));
        let statements = document.map(|document| document.statement.iter().cloned().collect::<Vec<_>>());
        self.statements.extend(statements.unwrap_or_default());
    }

    /// Whether a role with these policies has what is needed.
    pub(crate) fn covers(&self, need: &Need) -> bool {
        self.statements.iter().any(|statement| {
            let action = need.action.to_ascii_lowercase();
            let mut actions = statement.action.iter().flatten();
            let mut resources = statement.resource.iter().flatten();
            statement.effect == Effect::Allow
                && statement.condition.is_empty()
                && actions.any(|text| matches(&text.to_ascii_lowercase(), &action))
                && resources.any(|text| is_within(&need.resource, text))
        })
    }
}

/// Whether a resource is one of those of a managed policy, which is the same in every partition.
fn is_within(resource: &Pattern, text: &str) -> bool {
    let text = text.strip_prefix("arn:aws:").map_or_else(|| text.to_owned(), |rest| format!("arn:*:{rest}"));
    Pattern::from_policy_string(&text).contains(resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The actions, on any resource or on this one, that a policy does not give.
    fn missing<'a>(policy: &str, actions: &[&'a str], resource: &Pattern) -> Vec<&'a str> {
        let mut given = Given::default();
        given.add(policy);
        let need = |action: &str| Need {
            action: known(action),
            resource: resource.clone(),
            limits: Vec::new(),
            location: None,
            reason: String::new(),
            open: None,
        };
        actions.iter().copied().filter(|action| !given.covers(&need(action))).collect()
    }

    fn known(action: &str) -> &'static str {
        perm_infer_catalog::Action::find(action).expect("an action").name()
    }

    #[test]
    fn policies_for_execution_roles_give_what_their_documents_say() {
        let any = Pattern::any();
        let queue = Pattern::literal("arn:aws:sqs:eu-west-1:123456789012:jobs");
        assert!(missing("AWSLambdaBasicExecutionRole", LOGS, &any).is_empty());
        assert!(missing("AWSLambdaSQSQueueExecutionRole", POLL_SQS, &queue).is_empty());
        assert_eq!(missing("AWSLambdaSQSQueueExecutionRole", XRAY, &any), XRAY);
        assert!(missing("arn:aws-cn:iam::aws:policy/AWSXRayDaemonWriteAccess", XRAY, &any).is_empty());
        assert!(missing("AWSLambdaVPCAccessExecutionRole", VPC, &any).is_empty());
        // It lacks what AWSLambdaVPCAccessExecutionRole has.
        assert_eq!(missing("AWSLambdaENIManagementAccess", VPC, &any), ["ec2:DescribeSubnets"]);
    }

    #[test]
    fn resources_of_a_policy_count_in_every_partition() {
        let group = |name: &str| {
            let mut arn = Pattern::literal("arn:");
            arn.push(perm_infer_policy::Part::Raw("${AWS::Partition}".to_owned()));
            arn.push_literal(&format!(":logs:eu-west-1:123456789012:log-group:{name}:x"));
            arn
        };
        let insights = "CloudWatchLambdaInsightsExecutionRolePolicy";
        assert!(missing(insights, LOGS, &group("/aws/lambda-insights")).is_empty());
        assert_eq!(
            missing(insights, LOGS, &group("/aws/lambda/f")),
            ["logs:CreateLogStream", "logs:PutLogEvents"]
        );
    }

    #[test]
    fn wide_policies_and_those_of_others_give_nothing() {
        for policy in [
            "AdministratorAccess",
            "CloudWatchLogsFullAccess",
            "NoSuchPolicy",
            "arn:aws:iam::123456789012:policy/service-role/AWSLambdaBasicExecutionRole",
        ] {
            assert_eq!(missing(policy, LOGS, &Pattern::any()), LOGS, "{policy}");
        }
    }
}
