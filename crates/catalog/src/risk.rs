//! What a reviewer should look at twice: actions with which whoever holds them can give themselves or
//! others more than they have, or open data to outsiders. A small hand-made table; an action that is
//! not in it may be dangerous all the same.
//!
//! Sources: "Security best practices in IAM", "Granting a user permissions to pass a role to an AWS
//! service", the access level "Permissions management" of the Service Authorization Reference, the
//! pages "Identity and access management" of the services about their resource-based policies, and the published
//! lists of ways in which permissions escalate ("AWS IAM Privilege Escalation: Methods and Mitigation",
//! "pathfinding.cloud").

use crate::action::Action;
use crate::requirement::AccessLevel;

/// Why a permission deserves a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Risk {
    /// It can give a service a role, and with it what the role may do.
    PassesRole,
    /// It changes what identities may do.
    ChangesIdentityPolicies,
    /// It makes or changes credentials.
    MakesCredentials,
    /// It takes on another role.
    AssumesRole,
    /// It changes who may use a resource, possibly outside the account.
    ChangesResourceAccess,
    /// It changes who may use a key.
    ChangesKeyAccess,
    /// It changes or runs code that has a role of its own.
    RunsCode,
}

impl Risk {
    /// The risk in a few words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Risk::PassesRole => "passes a role",
            Risk::ChangesIdentityPolicies => "changes what identities may do",
            Risk::MakesCredentials => "makes credentials",
            Risk::AssumesRole => "assumes another role",
            Risk::ChangesResourceAccess => "changes who may use a resource",
            Risk::ChangesKeyAccess => "changes who may use a key",
            Risk::RunsCode => "runs code under another role",
        }
    }
}

const RISKS: &[(Risk, &[&str])] = &[
    (Risk::PassesRole, &["iam:PassRole"]),
    (
        Risk::ChangesIdentityPolicies,
        &[
            "cognito-identity:SetIdentityPoolRoles",
            "cognito-identity:UpdateIdentityPool",
            "eks:AssociateAccessPolicy",
            "eks:CreateAccessEntry",
            "eks:CreatePodIdentityAssociation",
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:AddRoleToInstanceProfile",
            "iam:AddUserToGroup",
            "iam:AttachGroupPolicy",
            "iam:AttachRolePolicy",
            "iam:AttachUserPolicy",
            "iam:CreateOpenIDConnectProvider",
            "iam:CreatePolicyVersion",
            "iam:CreateSAMLProvider",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteUserPermissionsBoundary",
            "iam:PutGroupPolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:PutUserPermissionsBoundary",
            "iam:PutUserPolicy",
            "iam:SetDefaultPolicyVersion",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateOpenIDConnectProviderThumbprint",
            "iam:UpdateSAMLProvider",
            "identitystore:CreateGroupMembership",
            "organizations:AttachPolicy",
            "organizations:DetachPolicy",
            "organizations:UpdatePolicy",
            "rolesanywhere:CreateProfile",
            "rolesanywhere:CreateTrustAnchor",
            "sso:AttachManagedPolicyToPermissionSet",
            "sso:CreateAccountAssignment",
            "sso:PutInlinePolicyToPermissionSet",
        ],
    ),
    (
        Risk::MakesCredentials,
        &[
            "cognito-identity:GetCredentialsForIdentity",
            "iam:CreateAccessKey",
            "iam:CreateLoginProfile",
            "iam:CreateServiceSpecificCredential",
            "iam:DeactivateMFADevice",
            "iam:ResetServiceSpecificCredential",
            "iam:UpdateAccessKey",
            "iam:UpdateLoginProfile",
            "iam:UploadSSHPublicKey",
            "iam:UploadSigningCertificate",
            "lightsail:DownloadDefaultKeyPair",
            "lightsail:GetInstanceAccessDetails",
            "rds-db:connect",
            "redshift-serverless:GetCredentials",
            "redshift:GetClusterCredentials",
            "redshift:GetClusterCredentialsWithIAM",
            "sagemaker:CreatePresignedDomainUrl",
            "sagemaker:CreatePresignedNotebookInstanceUrl",
            "sts:GetFederationToken",
            "transfer:ImportSshPublicKey",
        ],
    ),
    (
        Risk::AssumesRole,
        &["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoot"],
    ),
    (
        Risk::ChangesResourceAccess,
        &[
            "codeartifact:PutDomainPermissionsPolicy",
            "codeartifact:PutRepositoryPermissionsPolicy",
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:ModifyImageAttribute",
            "ec2:ModifySnapshotAttribute",
            "ecr:SetRepositoryPolicy",
            "es:UpdateDomainConfig",
            "es:UpdateElasticsearchDomainConfig",
            "events:PutPermission",
            "kinesis:PutResourcePolicy",
            "lambda:AddPermission",
            "lambda:CreateFunctionUrlConfig",
            "lambda:UpdateFunctionUrlConfig",
            "ram:AssociateResourceShare",
            "ram:CreateResourceShare",
            "rds:ModifyDBClusterSnapshotAttribute",
            "rds:ModifyDBSnapshotAttribute",
            "s3:DeleteBucketPolicy",
            "s3:PutAccountPublicAccessBlock",
            "s3:PutBucketAcl",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketWebsite",
            "s3:PutObjectAcl",
            "s3:PutObjectVersionAcl",
            "s3:PutReplicationConfiguration",
            "secretsmanager:PutResourcePolicy",
            "serverlessrepo:PutApplicationPolicy",
            "sns:AddPermission",
            "sns:SetTopicAttributes",
            "sqs:AddPermission",
            "sqs:SetQueueAttributes",
        ],
    ),
    (Risk::ChangesKeyAccess, &["kms:CreateGrant", "kms:PutKeyPolicy"]),
    (
        Risk::RunsCode,
        &[
            "airflow:CreateCliToken",
            "apprunner:UpdateService",
            "bedrock-agentcore:InvokeCodeInterpreter",
            "cloudformation:CreateStack",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:UpdateStack",
            "cloudformation:UpdateStackSet",
            "codebuild:StartBuild",
            "codebuild:StartBuildBatch",
            "codebuild:UpdateProject",
            "codepipeline:UpdatePipeline",
            "ec2-instance-connect:SendSSHPublicKey",
            "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
            "ec2:CreateLaunchTemplateVersion",
            "ec2:ModifyInstanceAttribute",
            "ecs:ExecuteCommand",
            "elasticmapreduce:AddJobFlowSteps",
            "glue:RunStatement",
            "glue:UpdateDevEndpoint",
            "glue:UpdateJob",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
            "sagemaker:CreateNotebookInstanceLifecycleConfig",
            "sagemaker:UpdateNotebookInstance",
            "ssm:CreateAssociation",
            "ssm:ResumeSession",
            "ssm:SendCommand",
            "ssm:StartAutomationExecution",
            "ssm:StartSession",
            "ssm:UpdateAssociation",
            "states:UpdateStateMachine",
        ],
    ),
];

/// Actions that start or change something which runs what the caller says under a role that the caller passes. With
/// `iam:PassRole` whoever holds one of them has what the role may do.
const RUNS_UNDER_PASSED_ROLE: &[&str] = &[
    "airflow:CreateEnvironment",
    "amplify:CreateApp",
    "apprunner:CreateService",
    "autoscaling:CreateAutoScalingGroup",
    "autoscaling:CreateLaunchConfiguration",
    "batch:RegisterJobDefinition",
    "bedrock-agentcore:CreateAgentRuntime",
    "bedrock-agentcore:CreateCodeInterpreter",
    "bedrock:CreateAgent",
    "braket:CreateJob",
    "cloudformation:CreateChangeSet",
    "cloudformation:CreateStack",
    "cloudformation:CreateStackInstances",
    "cloudformation:CreateStackSet",
    "cloudformation:UpdateStack",
    "codebuild:CreateProject",
    "codebuild:UpdateProject",
    "codepipeline:CreatePipeline",
    "datapipeline:CreatePipeline",
    "datapipeline:PutPipelineDefinition",
    "ec2:AssociateIamInstanceProfile",
    "ec2:CreateFleet",
    "ec2:CreateLaunchTemplate",
    "ec2:ReplaceIamInstanceProfileAssociation",
    "ec2:RequestSpotFleet",
    "ec2:RequestSpotInstances",
    "ec2:RunInstances",
    "ecs:CreateService",
    "ecs:RegisterTaskDefinition",
    "ecs:RunTask",
    "ecs:StartTask",
    "elasticmapreduce:RunJobFlow",
    "emr-containers:StartJobRun",
    "emr-serverless:StartJobRun",
    "events:PutTargets",
    "gamelift:CreateBuild",
    "gamelift:CreateFleet",
    "glue:CreateDevEndpoint",
    "glue:CreateJob",
    "glue:CreateSession",
    "glue:UpdateJob",
    "imagebuilder:CreateInfrastructureConfiguration",
    "kinesisanalytics:CreateApplication",
    "lambda:CreateFunction",
    "lambda:UpdateFunctionConfiguration",
    "pipes:CreatePipe",
    "pipes:UpdatePipe",
    "sagemaker:CreateAutoMLJob",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateModel",
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreatePipeline",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    "scheduler:CreateSchedule",
    "scheduler:UpdateSchedule",
    "ssm:StartAutomationExecution",
    "states:CreateStateMachine",
    "states:UpdateStateMachine",
];

impl Action {
    /// Whether it starts something under a role that the caller passes, so that passing a role matters.
    #[must_use]
    pub fn runs_under_passed_role(self) -> bool {
        RUNS_UNDER_PASSED_ROLE.contains(&self.name())
    }

    /// Why permission for this action deserves a second look, if it does.
    #[must_use]
    pub fn risk(self) -> Option<Risk> {
        let known = RISKS.iter().find(|(_, actions)| actions.contains(&self.name())).map(|(risk, _)| *risk);
        known.or_else(|| {
            let manages = self.access_level() == AccessLevel::PermissionsManagement;
            manages.then_some(match self.name().split(':').next() {
                Some("iam") => Risk::ChangesIdentityPolicies,
                Some("kms") => Risk::ChangesKeyAccess,
                _ => Risk::ChangesResourceAccess,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_the_table_exists() {
        for action in RISKS.iter().flat_map(|(_, actions)| *actions).chain(RUNS_UNDER_PASSED_ROLE) {
            assert!(Action::find(action).is_some(), "{action}");
        }
    }

    /// The known ways to more permissions than somebody was given, and the ways to open data to outsiders.
    #[test]
    fn the_known_ways_to_escalate_and_to_expose_are_marked() {
        let cases: &[(Risk, &str)] = &[
            (
                Risk::ChangesIdentityPolicies,
                "iam:CreatePolicyVersion iam:SetDefaultPolicyVersion iam:AttachUserPolicy iam:AttachGroupPolicy iam:AttachRolePolicy \
                 iam:PutUserPolicy iam:PutGroupPolicy iam:PutRolePolicy iam:AddUserToGroup iam:UpdateAssumeRolePolicy \
                 iam:DeleteRolePermissionsBoundary iam:PutUserPermissionsBoundary iam:DeleteRolePolicy iam:DetachRolePolicy \
                 iam:UpdateSAMLProvider cognito-identity:SetIdentityPoolRoles sso:PutInlinePolicyToPermissionSet",
            ),
            (
                Risk::MakesCredentials,
                "iam:CreateAccessKey iam:CreateLoginProfile iam:UpdateLoginProfile iam:CreateServiceSpecificCredential \
                 sts:GetFederationToken redshift:GetClusterCredentials sagemaker:CreatePresignedNotebookInstanceUrl rds-db:connect",
            ),
            (Risk::AssumesRole, "sts:AssumeRole sts:AssumeRoleWithWebIdentity sts:AssumeRoot"),
            (
                Risk::ChangesResourceAccess,
                "s3:PutBucketPolicy s3:DeleteBucketPolicy s3:PutBucketAcl s3:PutObjectAcl s3:PutBucketPublicAccessBlock \
                 s3:PutAccountPublicAccessBlock s3:PutAccessPointPolicy s3:PutBucketOwnershipControls sqs:SetQueueAttributes \
                 sqs:AddPermission sns:SetTopicAttributes sns:AddPermission lambda:AddPermission lambda:CreateFunctionUrlConfig \
                 lambda:AddLayerVersionPermission ecr:SetRepositoryPolicy secretsmanager:PutResourcePolicy dynamodb:PutResourcePolicy \
                 kinesis:PutResourcePolicy events:PutPermission ec2:ModifySnapshotAttribute ec2:ModifyImageAttribute \
                 rds:ModifyDBSnapshotAttribute rds:ModifyDBClusterSnapshotAttribute ssm:ModifyDocumentPermission \
                 logs:PutResourcePolicy elasticfilesystem:PutFileSystemPolicy backup:PutBackupVaultAccessPolicy \
                 glacier:SetVaultAccessPolicy ses:PutIdentityPolicy apigateway:UpdateRestApiPolicy ram:CreateResourceShare \
                 ec2:AuthorizeSecurityGroupIngress es:UpdateDomainConfig",
            ),
            (Risk::ChangesKeyAccess, "kms:PutKeyPolicy kms:CreateGrant"),
            (
                Risk::RunsCode,
                "lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration cloudformation:UpdateStack cloudformation:ExecuteChangeSet \
                 codebuild:StartBuild codebuild:UpdateProject glue:UpdateDevEndpoint glue:UpdateJob ssm:SendCommand ssm:StartSession \
                 ssm:StartAutomationExecution ecs:ExecuteCommand ec2-instance-connect:SendSSHPublicKey ec2:ModifyInstanceAttribute \
                 sagemaker:UpdateNotebookInstance states:UpdateStateMachine apprunner:UpdateService",
            ),
            (Risk::PassesRole, "iam:PassRole"),
        ];
        for (risk, actions) in cases {
            for action in actions.split_whitespace() {
                assert_eq!(Action::find(action).and_then(Action::risk), Some(*risk), "{action}");
            }
        }
        // With `iam:PassRole` each of these runs what its caller says as another role.
        for maker in "ec2:RunInstances lambda:CreateFunction glue:CreateDevEndpoint glue:CreateJob cloudformation:CreateStack \
                      datapipeline:PutPipelineDefinition sagemaker:CreateNotebookInstance sagemaker:CreateTrainingJob \
                      sagemaker:CreateProcessingJob codebuild:CreateProject ecs:RunTask ecs:RegisterTaskDefinition ecs:CreateService \
                      apprunner:CreateService autoscaling:CreateLaunchConfiguration ec2:AssociateIamInstanceProfile \
                      ec2:RequestSpotInstances states:CreateStateMachine scheduler:CreateSchedule events:PutTargets \
                      elasticmapreduce:RunJobFlow emr-serverless:StartJobRun batch:RegisterJobDefinition \
                      bedrock-agentcore:CreateCodeInterpreter imagebuilder:CreateInfrastructureConfiguration gamelift:CreateFleet"
            .split_whitespace()
        {
            assert!(Action::find(maker).is_some_and(Action::runs_under_passed_role), "{maker}");
        }
        for harmless in ["s3:PutObject", "sqs:SendMessage", "lambda:InvokeFunction", "dynamodb:DeleteTable"] {
            let action = Action::find(harmless).expect("an action");
            assert!(action.risk().is_none() && !action.runs_under_passed_role(), "{harmless}");
        }
    }

    #[test]
    fn reading_and_writing_data_is_no_risk_and_managing_permissions_is_one() {
        let risk = |name: &str| Action::find(name).and_then(Action::risk);
        assert_eq!(risk("s3:PutObject"), None);
        assert_eq!(risk("dynamodb:GetItem"), None);
        assert_eq!(risk("iam:PassRole"), Some(Risk::PassesRole));
        assert_eq!(risk("dynamodb:PutResourcePolicy"), Some(Risk::ChangesResourceAccess));
    }
}
