//! What a reviewer should look at twice: actions with which whoever holds them can give themselves or
//! others more than they have, or open data to outsiders. A small hand-made table; an action that is
//! not in it may be dangerous all the same.
//!
//! Sources: "Security best practices in IAM", "Granting a user permissions to pass a role to an AWS
//! service", the access level "Permissions management" of the Service Authorization Reference, and the
//! pages "Identity and access management" of the services about their resource-based policies.

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
            "iam:AddRoleToInstanceProfile",
            "iam:AddUserToGroup",
            "iam:AttachGroupPolicy",
            "iam:AttachRolePolicy",
            "iam:AttachUserPolicy",
            "iam:CreatePolicyVersion",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteUserPermissionsBoundary",
            "iam:PutGroupPolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:PutUserPermissionsBoundary",
            "iam:PutUserPolicy",
            "iam:SetDefaultPolicyVersion",
            "iam:UpdateAssumeRolePolicy",
            "sso:AttachManagedPolicyToPermissionSet",
            "sso:PutInlinePolicyToPermissionSet",
        ],
    ),
    (
        Risk::MakesCredentials,
        &[
            "iam:CreateAccessKey",
            "iam:CreateLoginProfile",
            "iam:CreateServiceSpecificCredential",
            "iam:UpdateLoginProfile",
            "redshift:GetClusterCredentials",
            "sts:GetFederationToken",
        ],
    ),
    (Risk::AssumesRole, &["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]),
    (
        Risk::ChangesResourceAccess,
        &[
            "ec2:ModifyImageAttribute",
            "ec2:ModifySnapshotAttribute",
            "ecr:SetRepositoryPolicy",
            "events:PutPermission",
            "lambda:AddPermission",
            "lambda:CreateFunctionUrlConfig",
            "lambda:UpdateFunctionUrlConfig",
            "rds:ModifyDBSnapshotAttribute",
            "s3:DeleteBucketPolicy",
            "s3:PutAccountPublicAccessBlock",
            "s3:PutBucketAcl",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutObjectAcl",
            "secretsmanager:PutResourcePolicy",
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
            "cloudformation:CreateStack",
            "cloudformation:UpdateStack",
            "codebuild:StartBuild",
            "glue:UpdateDevEndpoint",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
            "ssm:SendCommand",
            "ssm:StartSession",
        ],
    ),
];

impl Action {
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
        for action in RISKS.iter().flat_map(|(_, actions)| actions.iter()) {
            assert!(Action::find(action).is_some(), "{action}");
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
