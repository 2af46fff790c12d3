//! What the resource of a task calls: the optimised integrations and those with the SDK, and what running a
//! job to its end takes besides starting it.
//!
//! Source: "Integrating services with Step Functions" and, for each service, "IAM policies for ..." in the AWS
//! Step Functions Developer Guide.

use perm_infer_policy::Pattern;

use crate::cfn::pseudo;
use crate::model::Argument;

/// What a task calls.
pub(super) enum Integration {
    /// The function that the resource names.
    Function,
    /// A worker that asks for tasks: the role needs nothing.
    Activity,
    /// An operation of a service.
    Operation(Operation),
    /// An HTTPS endpoint of somebody else.
    Http,
    /// An API of Amazon API Gateway.
    Api,
    /// An operation of Kubernetes on a cluster, which has its own permissions.
    Cluster,
    /// No resource that the language knows.
    Unknown,
}

/// An operation that a task calls.
pub(super) struct Operation {
    /// The service as integrations with the SDK name it.
    pub(super) service: String,
    pub(super) operation: String,
    /// What follows it to its end, where the task waits for that.
    pub(super) job: Option<&'static Job>,
    /// Whether the task waits for a job of which nothing is known here.
    pub(super) is_unknown_job: bool,
}

/// What waiting for a job takes besides starting it.
pub(super) struct Job {
    integration: &'static str,
    /// Actions to watch and to stop it.
    pub(super) actions: &'static [(&'static str, On)],
    /// Operations with the same arguments.
    pub(super) operations: &'static [&'static str],
    /// The rule with which Step Functions is told of its end.
    pub(super) rule: Option<&'static str>,
}

/// What an action of a job is on.
pub(super) enum On {
    /// No resource.
    Everything,
    /// Resources whose names are not known before: the fields of an ARN.
    Any(&'static str),
    /// A resource that is named by an argument: the fields of its ARN and the argument.
    Named(&'static str, &'static str),
    /// Executions of the state machine that an argument names.
    Executions(&'static str),
}

use On::{Any, Everything, Executions, Named};

const fn job(
    integration: &'static str,
    actions: &'static [(&'static str, On)],
    operations: &'static [&'static str],
    rule: Option<&'static str>,
) -> Job {
    Job { integration, actions, operations, rule }
}

/// Source: "IAM policies for Amazon ECS/AWS Fargate", "... AWS CodeBuild", "... Amazon EKS", "... Amazon EMR", "... Amazon EMR
/// Serverless", "... AWS Elemental MediaConvert", "... Amazon SageMaker AI", "... AWS Step Functions" and the others; Amazon EMR
/// and Amazon EKS are polled, so that they need no rule. Jobs of SageMaker that are waited for get a tag
/// (`MANAGED_BY_AWS`), for which the role needs `sagemaker:AddTags`.
const JOBS: &[Job] = &[
    job(
        "athena:startQueryExecution",
        &[
            ("athena:GetQueryExecution", Named("athena:R:A:workgroup/{}", "WorkGroup")),
            ("athena:StopQueryExecution", Named("athena:R:A:workgroup/{}", "WorkGroup")),
        ],
        &[],
        None,
    ),
    job(
        "batch:submitJob",
        &[("batch:DescribeJobs", Everything), ("batch:TerminateJob", Any("batch:R:A:job/*"))],
        &[],
        Some("StepFunctionsGetEventsForBatchJobsRule"),
    ),
    job(
        "codebuild:startBuild",
        &[
            ("codebuild:BatchGetBuilds", Named("codebuild:R:A:project/{}", "ProjectName")),
            ("codebuild:StopBuild", Named("codebuild:R:A:project/{}", "ProjectName")),
        ],
        &[],
        Some("StepFunctionsGetEventForCodeBuildStartBuildRule"),
    ),
    job(
        "codebuild:startBuildBatch",
        &[
            ("codebuild:BatchGetBuildBatches", Named("codebuild:R:A:project/{}", "ProjectName")),
            ("codebuild:StopBuildBatch", Named("codebuild:R:A:project/{}", "ProjectName")),
        ],
        &[],
        Some("StepFunctionsGetEventForCodeBuildStartBuildBatchRule"),
    ),
    job(
        "databrew:startJobRun",
        &[
            ("databrew:ListJobRuns", Named("databrew:R:A:job/{}", "Name")),
            ("databrew:StopJobRun", Named("databrew:R:A:job/{}", "Name")),
        ],
        &[],
        None,
    ),
    job(
        "ecs:runTask",
        &[("ecs:DescribeTasks", Any("ecs:R:A:task/*")), ("ecs:StopTask", Any("ecs:R:A:task/*"))],
        &[],
        Some("StepFunctionsGetEventsForECSTaskRule"),
    ),
    job(
        "eks:createCluster",
        &[
            ("eks:DeleteCluster", Named("eks:R:A:cluster/{}", "Name")),
            ("eks:DescribeCluster", Named("eks:R:A:cluster/{}", "Name")),
        ],
        &[],
        None,
    ),
    job(
        "eks:createNodegroup",
        &[
            ("ec2:DescribeSubnets", Everything),
            ("eks:DeleteNodegroup", Named("eks:R:A:nodegroup/{}/*", "ClusterName")),
            ("eks:DescribeNodegroup", Named("eks:R:A:nodegroup/{}/*", "ClusterName")),
            ("iam:GetRole", Named("iam::A:role/{}", "NodeRole")),
            ("iam:ListAttachedRolePolicies", Named("iam::A:role/{}", "NodeRole")),
        ],
        &[],
        None,
    ),
    job("eks:deleteCluster", &[("eks:DescribeCluster", Named("eks:R:A:cluster/{}", "Name"))], &[], None),
    job(
        "elasticmapreduce:addStep",
        &[
            ("elasticmapreduce:CancelSteps", Named("elasticmapreduce:R:A:cluster/{}", "ClusterId")),
            ("elasticmapreduce:DescribeStep", Named("elasticmapreduce:R:A:cluster/{}", "ClusterId")),
        ],
        &[],
        None,
    ),
    job(
        "elasticmapreduce:createCluster",
        &[
            ("elasticmapreduce:DescribeCluster", Any("elasticmapreduce:R:A:cluster/*")),
            ("elasticmapreduce:TerminateJobFlows", Any("elasticmapreduce:R:A:cluster/*")),
        ],
        &[],
        None,
    ),
    job(
        "elasticmapreduce:terminateCluster",
        &[("elasticmapreduce:DescribeCluster", Named("elasticmapreduce:R:A:cluster/{}", "ClusterId"))],
        &[],
        None,
    ),
    job(
        "emr-containers:startJobRun",
        &[
            (
                "emr-containers:CancelJobRun",
                Named("emr-containers:R:A:/virtualclusters/{}/jobruns/*", "VirtualClusterId"),
            ),
            (
                "emr-containers:DescribeJobRun",
                Named("emr-containers:R:A:/virtualclusters/{}/jobruns/*", "VirtualClusterId"),
            ),
        ],
        &[],
        None,
    ),
    job(
        "emr-serverless:createApplication",
        &[
            ("emr-serverless:DeleteApplication", Any("emr-serverless:R:A:/applications/*")),
            ("emr-serverless:GetApplication", Any("emr-serverless:R:A:/applications/*")),
        ],
        &[],
        Some("StepFunctionsGetEventsForEMRServerlessApplicationRule"),
    ),
    job(
        "emr-serverless:startJobRun",
        &[
            (
                "emr-serverless:CancelJobRun",
                Named("emr-serverless:R:A:/applications/{}/jobruns/*", "ApplicationId"),
            ),
            (
                "emr-serverless:GetJobRun",
                Named("emr-serverless:R:A:/applications/{}/jobruns/*", "ApplicationId"),
            ),
        ],
        &[],
        Some("StepFunctionsGetEventsForEMRServerlessJobRule"),
    ),
    job(
        "glue:startJobRun",
        &[
            ("glue:BatchStopJobRun", Named("glue:R:A:job/{}", "JobName")),
            ("glue:GetJobRun", Named("glue:R:A:job/{}", "JobName")),
            ("glue:GetJobRuns", Named("glue:R:A:job/{}", "JobName")),
        ],
        &[],
        None,
    ),
    job(
        "mediaconvert:createJob",
        &[
            ("mediaconvert:CancelJob", Any("mediaconvert:R:A:jobs/*")),
            ("mediaconvert:GetJob", Any("mediaconvert:R:A:jobs/*")),
        ],
        &[],
        Some("StepFunctionsGetEventsForMediaConvertJobRule"),
    ),
    job(
        "sagemaker:createHyperParameterTuningJob",
        &[
            (
                "sagemaker:AddTags",
                Named("sagemaker:R:A:hyper-parameter-tuning-job/{}", "HyperParameterTuningJobName"),
            ),
            ("sagemaker:ListTags", Any("sagemaker:R:A:*")),
        ],
        &["DescribeHyperParameterTuningJob", "StopHyperParameterTuningJob"],
        Some("StepFunctionsGetEventsForSageMakerTuningJobsRule"),
    ),
    job(
        "sagemaker:createProcessingJob",
        &[
            ("sagemaker:AddTags", Named("sagemaker:R:A:processing-job/{}", "ProcessingJobName")),
            ("sagemaker:ListTags", Any("sagemaker:R:A:*")),
        ],
        &["DescribeProcessingJob", "StopProcessingJob"],
        Some("StepFunctionsGetEventsForSageMakerProcessingJobsRule"),
    ),
    job(
        "sagemaker:createTrainingJob",
        &[
            ("sagemaker:AddTags", Named("sagemaker:R:A:training-job/{}", "TrainingJobName")),
            ("sagemaker:ListTags", Any("sagemaker:R:A:*")),
        ],
        &["DescribeTrainingJob", "StopTrainingJob"],
        Some("StepFunctionsGetEventsForSageMakerTrainingJobsRule"),
    ),
    job(
        "sagemaker:createTransformJob",
        &[
            ("sagemaker:AddTags", Named("sagemaker:R:A:transform-job/{}", "TransformJobName")),
            ("sagemaker:ListTags", Any("sagemaker:R:A:*")),
        ],
        &["DescribeTransformJob", "StopTransformJob"],
        Some("StepFunctionsGetEventsForSageMakerTransformJobsRule"),
    ),
    job(
        "states:startExecution",
        &[
            ("states:DescribeExecution", Executions("StateMachineArn")),
            ("states:StopExecution", Executions("StateMachineArn")),
        ],
        &[],
        Some("StepFunctionsGetEventsForStepFunctionsExecutionRule"),
    ),
];

/// Services that optimised integrations call otherwise than those with the SDK do.
const SERVICES: [(&str, &str); 5] = [
    ("elasticmapreduce", "emr"),
    ("emr-containers", "emrcontainers"),
    ("emr-serverless", "emrserverless"),
    ("events", "eventbridge"),
    ("states", "sfn"),
];

/// Operations that optimised integrations name otherwise than the API.
/// Source: "Create and manage Amazon EMR clusters with Step Functions", "Invoke and customize Amazon Bedrock
/// models with Step Functions".
const OPERATIONS: [(&str, &str, &str); 8] = [
    ("bedrock:invokeModel", "bedrockruntime", "InvokeModel"),
    ("elasticmapreduce:addStep", "emr", "AddJobFlowSteps"),
    ("elasticmapreduce:cancelStep", "emr", "CancelSteps"),
    ("elasticmapreduce:createCluster", "emr", "RunJobFlow"),
    ("elasticmapreduce:modifyInstanceFleetByName", "emr", "ModifyInstanceFleet"),
    ("elasticmapreduce:modifyInstanceGroupByName", "emr", "ModifyInstanceGroups"),
    ("elasticmapreduce:setClusterTerminationProtection", "emr", "SetTerminationProtection"),
    ("elasticmapreduce:terminateCluster", "emr", "TerminateJobFlows"),
];

/// Gives members of an optimised integration the names that the API has for them: clusters of Amazon EMR are job
/// flows there.
pub(super) fn name_as_the_api(operation: &Operation, arguments: &mut [(String, Argument)]) {
    if operation.service != "emr" {
        return;
    }
    let is_list = match operation.operation.as_str() {
        "AddJobFlowSteps" => false,
        "SetTerminationProtection" | "TerminateJobFlows" => true,
        _ => return,
    };
    for (name, value) in arguments.iter_mut().filter(|(name, _)| name == "ClusterId") {
        *name = if is_list { "JobFlowIds" } else { "JobFlowId" }.to_owned();
        if is_list {
            *value = Argument::List(vec![value.clone()]);
        }
    }
}

impl Integration {
    /// What a resource calls.
    pub(super) fn of(resource: &Pattern) -> Integration {
        let Some([_, service, _, _, called]) = pseudo::fields(resource) else { return Integration::Unknown };
        match service.as_literal() {
            Some("lambda") => return Integration::Function,
            Some("states") => {}
            _ => return Integration::Unknown,
        }
        // Only a part of it may be known, such as the name of an activity.
        let integration = called.as_literal().unwrap_or_else(|| called.literal_prefix());
        if integration.starts_with("activity:") {
            return Integration::Activity;
        }
        if let Some(called) = integration.strip_prefix("aws-sdk:") {
            let called = called.strip_suffix(".waitForTaskToken").unwrap_or(called);
            return match called.split_once(':') {
                Some((service, operation)) => Integration::Operation(Operation {
                    service: service.to_owned(),
                    operation: operation.to_owned(),
                    job: None,
                    is_unknown_job: false,
                }),
                None => Integration::Unknown,
            };
        }
        let (called, pattern) = integration.split_once('.').unwrap_or((integration, ""));
        match called {
            "http:invoke" => return Integration::Http,
            "apigateway:invoke" => return Integration::Api,
            "eks:call" | "eks:runJob" => return Integration::Cluster,
            _ => {}
        }
        let Some((service, operation)) = called.split_once(':') else { return Integration::Unknown };
        let waits = pattern.starts_with("sync");
        let job = JOBS.iter().find(|job| waits && job.integration == called);
        let is_unknown_job = waits && job.is_none();
        if let Some((_, service, operation)) = OPERATIONS.iter().find(|(name, ..)| *name == called) {
            let (service, operation) = ((*service).to_owned(), (*operation).to_owned());
            return Integration::Operation(Operation { service, operation, job, is_unknown_job });
        }
        let name = SERVICES.iter().find(|(name, _)| *name == service).map_or(service, |(_, name)| name);
        Integration::Operation(Operation {
            service: name.to_owned(),
            operation: operation.to_owned(),
            job,
            is_unknown_job,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn operation(resource: &str) -> (String, String, Option<&'static str>, bool) {
        match Integration::of(&Pattern::literal(resource)) {
            Integration::Operation(called) => {
                let rule = called.job.and_then(|job| job.rule);
                (called.service, called.operation, rule, called.is_unknown_job)
            }
            _ => panic!("{resource} is no operation"),
        }
    }

    #[test]
    fn resources_name_operations_as_the_sdks_do() {
        let expected = |service: &str, operation: &str| (service.into(), operation.into(), None, false);
        assert_eq!(operation("arn:aws:states:::dynamodb:putItem"), expected("dynamodb", "putItem"));
        assert_eq!(operation("arn:aws:states:::events:putEvents"), expected("eventbridge", "putEvents"));
        assert_eq!(
            operation("arn:aws:states:::elasticmapreduce:addStep"),
            expected("emr", "AddJobFlowSteps")
        );
        assert_eq!(
            operation("arn:aws-cn:states:::aws-sdk:sqs:sendMessage.waitForTaskToken"),
            expected("sqs", "sendMessage")
        );
        let rule = Some("StepFunctionsGetEventsForECSTaskRule");
        assert_eq!(
            operation("arn:aws:states:::ecs:runTask.sync"),
            ("ecs".into(), "runTask".into(), rule, false)
        );
        assert!(operation("arn:aws:states:::eks:createFargateProfile.sync").3);
        // Region and account may stand there.
        let with_place = "arn:aws:states:eu-west-1:123456789012:aws-sdk:s3:getObject";
        assert_eq!(operation(with_place), expected("s3", "getObject"));
    }

    #[test]
    fn other_resources_are_told_apart() {
        let of = |text: &str| Integration::of(&Pattern::literal(text));
        assert!(matches!(of("arn:aws:lambda:eu-west-1:123456789012:function:f"), Integration::Function));
        assert!(matches!(of("arn:aws:states:eu-west-1:123456789012:activity:a"), Integration::Activity));
        assert!(matches!(of("arn:aws:states:::http:invoke"), Integration::Http));
        assert!(matches!(of("arn:aws:states:::nothing"), Integration::Unknown));
        assert!(matches!(of("*"), Integration::Unknown));
    }

    #[test]
    fn the_table_of_jobs_is_sorted() {
        assert!(JOBS.is_sorted_by(|a, b| a.integration < b.integration));
    }
}
