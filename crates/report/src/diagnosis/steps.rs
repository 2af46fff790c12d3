//! What to do about a denial, and what to run to see that it helped.

use perm_infer_policy::Document;
use perm_infer_review::diagnose::{Cause, DenyingPolicy, Form};

use super::DiagnosedDenial;
use perm_infer_policy::inert::inert;

/// The steps, each a sentence or a command.
pub(super) fn steps(diagnosed: &DiagnosedDenial) -> Vec<String> {
    let mut steps = missing_details(diagnosed);
    steps.extend(elsewhere(diagnosed));
    steps.extend(put_policy(diagnosed));
    steps.extend(put_elsewhere(diagnosed));
    steps.extend(verify(diagnosed));
    steps
}

/// How to learn what the message does not say.
fn missing_details(diagnosed: &DiagnosedDenial) -> Vec<String> {
    let DiagnosedDenial { denial, diagnosis, .. } = diagnosed;
    let mut steps = Vec::new();
    if denial.encoded {
        steps.push(
            "decode it with `aws sts decode-authorization-message --encoded-message MESSAGE`, which needs \
             sts:DecodeAuthorizationMessage, and diagnose the result"
                .to_owned(),
        );
    }
    if denial.form == Form::Queue && denial.action.is_none() {
        steps.push(
            "check region, account and name of the queue: a queue that is not accessible looks as if it did not exist"
                .to_owned(),
        );
    }
    if denial.form == Form::Image && denial.action.is_none() {
        steps.push(
            "check the name of the repository: one that may not be pulled from looks as if it did not exist. Pulling takes \
             ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on it, and ecr:GetAuthorizationToken on *"
                .to_owned(),
        );
    }
    let hidden = |arn: &str| arn.split(':').nth(4).is_some_and(|account| account.contains('*'));
    if denial.resource.as_deref().is_some_and(hidden) && !diagnosis.additions.is_empty() {
        steps.push("the message hides the account of the resource: write it into the statement".to_owned());
    }
    if diagnosis.cause == Cause::Unknown && denial.form == Form::Service {
        steps.push(
            "the message names no operation: pass the code with --code and the policies with --policy, or look for the \
             event in CloudTrail and diagnose that"
                .to_owned(),
        );
    }
    let unnamed = denial.action.is_some() && denial.resource.is_none() && diagnosis.additions.is_empty();
    if unnamed && diagnosis.cause == Cause::NotAllowed {
        steps.push(
            "the message does not name the resource: --code finds it where the code names it, and `perm-infer lookup` \
             shows which resources the action works on"
                .to_owned(),
        );
    }
    steps
}

/// What policies of the principal cannot do.
fn elsewhere(diagnosed: &DiagnosedDenial) -> Vec<String> {
    let DiagnosedDenial { denial, diagnosis, .. } = diagnosed;
    let mut steps = Vec::new();
    match diagnosis.cause {
        Cause::NotAllowedBy(DenyingPolicy::LakeFormation) => steps.push(
            "grant it: `aws lakeformation grant-permissions --principal DataLakePrincipalIdentifier=ARN --permissions SELECT \
             --resource ...`"
                .to_owned(),
        ),
        Cause::NotAllowedBy(DenyingPolicy::ModelAccess) => steps.push(
            "ask for the model under \"Model access\" in the console of Amazon Bedrock, in the region of the call".to_owned(),
        ),
        Cause::NotAllowedBy(DenyingPolicy::ServiceControl | DenyingPolicy::ResourceControl)
        | Cause::Denied(DenyingPolicy::ServiceControl | DenyingPolicy::ResourceControl) => {
            steps.push("whoever administers the organisation has to change it".to_owned());
        }
        Cause::Denied(_) => {
            steps.push("change the statement that denies, or meet the condition under which it does not".to_owned());
        }
        Cause::Condition => steps.push("let the request meet the condition, or change the condition".to_owned()),
        Cause::AllowedByPolicies if denial.policy == Some(DenyingPolicy::Identity) => steps.push(
            "the message says that no policy of the principal allows it, so those in force are others: deploy the template or the \
             policies, or pass what is in force, which `aws iam get-account-authorization-details --filter Role LocalManagedPolicy \
             AWSManagedPolicy` prints, with --role-json"
                .to_owned(),
        ),
        Cause::WrongRole => {
            steps.push(
                "let the code run as the role that has the policies, or diagnose with the policies of the role of the message"
                    .to_owned(),
            );
            let function = denial.session().filter(|name| diagnosed.unit.is_some() && plain(name));
            steps.extend(function.map(|name| {
                format!("its role is: aws lambda get-function-configuration --function-name {name} --query Role")
            }));
        }
        _ => {}
    }
    if denial.form == Form::ApiGateway {
        steps.push(
            "let API Gateway invoke the function: `aws lambda add-permission --function-name NAME --statement-id apigateway \
             --action lambda:InvokeFunction --principal apigateway.amazonaws.com --source-arn ARN`"
                .to_owned(),
        );
    }
    steps
}

/// The command that adds the statements to the principal.
fn put_policy(diagnosed: &DiagnosedDenial) -> Option<String> {
    let DiagnosedDenial { denial, diagnosis, .. } = diagnosed;
    let policy = one_line(&diagnosis.document(DenyingPolicy::Identity)?)?;
    let principal = denial.principal.as_deref()?;
    let user = || principal.split_once(":user/").map(|(_, path)| path.rsplit('/').next().unwrap_or(path));
    let (kind, name) = match denial.role() {
        Some(role) => ("role", role),
        None => ("user", user()?),
    };
    plain(name).then(|| {
        format!("or: aws iam put-{kind}-policy --{kind}-name {name} --policy-name perm-infer --policy-document '{policy}'")
    })
}

/// The command that writes the policy of a resource, or the trust policy of a role: always all of it.
fn put_elsewhere(diagnosed: &DiagnosedDenial) -> Option<String> {
    let DiagnosedDenial { denial, diagnosis, .. } = diagnosed;
    let arn = denial.resource.as_deref().filter(|arn| plain(arn))?;
    let has = |kind: DenyingPolicy| diagnosis.additions.iter().any(|addition| addition.to == kind);
    let (service, name) = (arn.split(':').nth(2)?, arn.splitn(6, ':').nth(5)?);
    let last = name.rsplit(['/', ':']).next()?;
    let command = if has(DenyingPolicy::Trust) {
        format!("aws iam update-assume-role-policy --role-name {last} --policy-document file://POLICY.json")
    } else if has(DenyingPolicy::Resource) {
        match service {
            "s3" => format!(
                "aws s3api put-bucket-policy --bucket {} --policy file://POLICY.json",
                name.split('/').next()?
            ),
            "kms" => format!("aws kms put-key-policy --key-id {arn} --policy file://POLICY.json"),
            "sns" => format!(
                "aws sns set-topic-attributes --topic-arn {arn} --attribute-name Policy --attribute-value file://POLICY.json"
            ),
            "sqs" => {
                "aws sqs set-queue-attributes --queue-url URL --attributes file://ATTRIBUTES.json".to_owned()
            }
            "secretsmanager" => {
                format!(
                    "aws secretsmanager put-resource-policy --secret-id {arn} --resource-policy file://POLICY.json"
                )
            }
            "dynamodb" => {
                format!("aws dynamodb put-resource-policy --resource-arn {arn} --policy file://POLICY.json")
            }
            "ecr" => format!(
                "aws ecr set-repository-policy --repository-name {} --policy-text file://POLICY.json",
                name.strip_prefix("repository/")?
            ),
            _ => return None,
        }
    } else {
        return None;
    };
    Some(format!("write the policy with the statement and what it has now: {command}"))
}

/// The policy on one line, when it can stand in single quotes of a shell.
fn one_line(document: &Document) -> Option<String> {
    let policy = serde_json::to_string(document).ok()?;
    plain(&policy.replace(['"', '{', '}', '[', ']', ',', ' ', '*', '?', '$'], "")).then_some(policy)
}

/// What to run to see that it helped.
fn verify(diagnosed: &DiagnosedDenial) -> Vec<String> {
    let denial = &diagnosed.denial;
    let (Some(action), true) = (&denial.action, denial.known_action) else { return Vec::new() };
    let action = inert(action);
    if diagnosed.diagnosis.cause == Cause::WrongRole {
        return Vec::new();
    }
    if diagnosed.diagnosis.cause == Cause::NotTrusted {
        let principal = denial.principal.as_deref().filter(|principal| plain(principal));
        return principal
            .map(|principal| {
                format!("verify: perm-infer simulate --assume TRUST.json --principal {principal}")
            })
            .into_iter()
            .collect();
    }
    let Some(resource) = denial.resource.as_deref().filter(|resource| plain(&resource.replace('*', "")))
    else {
        return Vec::new();
    };
    let mut steps =
        vec![format!("verify: perm-infer simulate --policy FILE --action {action} --resource '{resource}'")];
    let source = denial.principal.as_deref().and_then(|principal| {
        let account = principal.split(':').nth(4)?;
        let partition = principal.split(':').nth(1)?;
        match denial.role() {
            Some(role) => Some(format!("arn:{partition}:iam::{account}:role/{role}")),
            None => principal.contains(":user/").then(|| principal.to_owned()),
        }
    });
    if let Some(source) = source.filter(|source| plain(source)) {
        steps.push(format!(
            "verify in the account: aws iam simulate-principal-policy --policy-source-arn {source} --action-names {action} \
             --resource-arns '{resource}'"
        ));
    }
    steps
}

/// Whether a text can stand in single quotes of a shell and means nothing there.
fn plain(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./:@+=".contains(letter))
}
