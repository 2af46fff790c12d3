//! What AWS Lambda and other services say of the role that they work with.
//!
//! Sources: messages, see `crates/review/tests/messages`; "How Step Functions generates IAM policies for integrated
//! services" and "Using CloudWatch Logs to log execution history in Step Functions" for what its roles need.

use super::text::{arn, clean, is_action, set_action, spelled, word};
use crate::diagnose::{Denial, DenyingPolicy, Form};

/// `The provided execution role does not have permissions to call ReceiveMessage on SQS`
pub(super) fn execution_role(text: &str) -> Option<Denial> {
    let (_, rest) = text.split_once("execution role does not have permissions to call ")?;
    let (operation, rest) = word(rest)?;
    let (target, _) = word(rest.strip_prefix("on ")?)?;
    let mut denial = of_role();
    let service = match target.strip_prefix("arn:") {
        Some(rest) => {
            denial.resource = Some(clean(target).to_owned());
            rest.split(':').nth(1)?
        }
        None => clean(target).trim_end_matches(':'),
    };
    set_action(&mut denial, &format!("{}:{}", service.to_ascii_lowercase(), clean(operation)));
    Some(denial)
}

/// `Cannot access stream ARN. Please ensure the role can perform the GetRecords, ... Actions on your stream`,
/// `Please ensure the role can perform the 'secretsmanager:GetSecretValue' action`
pub(super) fn role_can_perform(text: &str) -> Option<Denial> {
    let (before, rest) = text.split_once("ensure the role can perform the ")?;
    let end = rest.find(" Action").or_else(|| rest.find(" action"))?;
    let named = before.find("Cannot access ").and_then(|at| arn(&before[at..]));
    let mut denial = of_role();
    denial.resource = named.map(str::to_owned);
    let service = named.and_then(|arn| arn.split(':').nth(2));
    let actions: Vec<String> = rest[..end]
        .split([',', ' '])
        .map(clean)
        .filter(|name| !name.is_empty() && *name != "and")
        .filter_map(|name| match (name.contains(':'), service) {
            (true, _) => Some(name.to_owned()),
            (false, Some(service)) => Some(format!("{service}:{name}")),
            // The names alone are those of several services.
            (false, None) => None,
        })
        .collect();
    set_actions(&mut denial, &actions);
    Some(denial)
}

/// `The execution role requires permissions for ecr:BatchGetImage, and ecr:GetDownloadUrlForLayer operations.`, and
/// `ensure that the role "ARN" exists ... ensure that the role has "s3:GetObject" permissions`
pub(super) fn role_needs(text: &str) -> Option<Denial> {
    let mut denial = Denial { form: Form::ExecutionRole, ..Denial::default() };
    let list = match text.split_once("execution role requires permissions for ") {
        Some((_, rest)) => rest.split_once(" operations")?.0,
        None => {
            let (_, rest) = text.split_once("nsure that the role has \"")?;
            rest.split_once("\" permission")?.0
        }
    };
    let named = text.find("ensure that the role \"arn:").and_then(|at| arn(&text[at..]));
    denial.principal = named.map(str::to_owned);
    let actions: Vec<String> =
        list.split([',', ' ']).map(clean).filter(|name| is_action(name)).map(str::to_owned).collect();
    set_actions(&mut denial, &actions);
    denial.action.is_some().then_some(denial)
}

/// `Lambda was unable to decrypt the environment variables because KMS access was denied`
pub(super) fn key_of_environment(text: &str) -> Option<Denial> {
    text.contains("unable to decrypt the environment variables because KMS access was denied").then(|| {
        let mut denial = Denial { form: Form::ExecutionRole, ..Denial::default() };
        set_action(&mut denial, "kms:Decrypt");
        denial
    })
}

/// `EFSMountFailureException: The function couldn't mount the Amazon EFS file system with access point ARN`: the
/// network or the role.
pub(super) fn file_system(text: &str) -> Option<Denial> {
    text.contains("EFSMountFailureException").then(|| Denial {
        form: Form::ExecutionRole,
        name: arn(text).map(str::to_owned),
        ..Denial::default()
    })
}

/// `Your access has been denied by EC2, please make sure ... have permission to CreateNetworkInterface`
pub(super) fn denied_by(text: &str) -> Option<Denial> {
    let (_, rest) = text.split_once("Your access has been denied by ")?;
    let (service, rest) = word(rest)?;
    let (who, rest) = rest.split_once("permission to ")?;
    let (action, _) = word(rest)?;
    let form = if who.contains("execution role") { Form::ExecutionRole } else { Form::Operation };
    let mut denial = Denial { form, ..Denial::default() };
    set_action(&mut denial, &format!("{}:{}", clean(service).to_ascii_lowercase(), clean(action)));
    Some(denial)
}

/// Images that Lambda may not pull, which the policy of the repository decides; and those that Amazon ECS may not.
pub(super) fn image(text: &str) -> Option<Denial> {
    let of_lambda =
        ["does not have permission to access the ECR image", "permission to access the specified image"];
    let mut denial = Denial { form: Form::Image, ..Denial::default() };
    if of_lambda.iter().any(|words| text.contains(words)) {
        denial.principal = Some("lambda.amazonaws.com".to_owned());
        denial.policy = Some(DenyingPolicy::Resource);
        denial.explicit = Some(false);
        set_actions(&mut denial, &["ecr:BatchGetImage".to_owned(), "ecr:GetDownloadUrlForLayer".to_owned()]);
        return Some(denial);
    }
    let (_, rest) = text.split_once("CannotPull")?;
    // Docker says the same of a repository that does not exist, and of a registry that it is not logged in to.
    if let Some((_, named)) = rest.split_once("pull access denied for ") {
        denial.resource = repository(named.split([',', ' ']).next()?);
        return Some(denial);
    }
    // The manifest of an image is what `BatchGetImage` gives.
    let (before, _) = rest.split_once("/manifests/")?;
    if !rest.contains("403 Forbidden") {
        return None;
    }
    let named = before.rsplit_once("https://")?.1.replacen("/v2/", "/", 1);
    denial.resource = Some(repository(&named)?);
    set_action(&mut denial, "ecr:BatchGetImage");
    Some(denial)
}

/// `111122223333.dkr.ecr.eu-west-1.amazonaws.com/app`
fn repository(named: &str) -> Option<String> {
    let (host, path) = named.split_once('/')?;
    let (account, host) = host.split_once(".dkr.ecr.")?;
    let (region, _) = host.split_once('.')?;
    let path = path.split([':', '@']).next()?;
    Some(format!("arn:aws:ecr:{region}:{account}:repository/{path}"))
}

/// Roles of state machines that lack what AWS Step Functions itself does with them.
pub(super) fn state_machine(text: &str) -> Option<Denial> {
    let mut denial = Denial { form: Form::StateMachine, ..of_role() };
    if let Some((before, _)) = text.split_once("is not authorized to create managed-rule") {
        let role = before.rfind("arn:").and_then(|at| arn(&before[at..]));
        denial.principal = role.map(str::to_owned);
        let actions = ["events:PutRule", "events:PutTargets", "events:DescribeRule"];
        set_actions(&mut denial, &actions.map(str::to_owned));
        return Some(denial);
    }
    text.contains("is not authorized to access the Log Destination").then(|| {
        // None of these is limited to resources.
        denial.resource = Some("*".to_owned());
        let actions = [
            "logs:CreateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:DescribeLogGroups",
            "logs:DescribeResourcePolicies",
            "logs:GetLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:UpdateLogDelivery",
        ];
        set_actions(&mut denial, &actions.map(str::to_owned));
        denial
    })
}

fn of_role() -> Denial {
    Denial {
        form: Form::ExecutionRole,
        policy: Some(DenyingPolicy::Identity),
        explicit: Some(false),
        ..Denial::default()
    }
}

/// The first is what was asked for, the others come with it.
pub(super) fn set_actions(denial: &mut Denial, actions: &[String]) {
    if let Some((first, others)) = actions.split_first() {
        set_action(denial, first);
        denial.more_actions = others.iter().map(|action| spelled(action).1).collect();
    }
}
