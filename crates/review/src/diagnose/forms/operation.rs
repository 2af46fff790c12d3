//! Errors of operations as SDKs and services print them, without IAM's details.

use perm_infer_catalog::{AccessLevel, Action, Catalog, Needs, Service};

use super::text::{arn, clean, sender, service, set_action, word};
use super::{is_denied, lambda};
use crate::diagnose::{Denial, DenyingPolicy, Form};

/// EC2 and others put the details into an encoded message.
pub(super) fn encoded(text: &str) -> Option<Denial> {
    let found = ["Encoded authorization failure message", "Encoded authorization message"];
    found.iter().any(|words| text.contains(words)).then(|| {
        let mut denial = Denial { encoded: true, form: Form::Encoded, ..Denial::default() };
        named(text, &mut denial);
        denial
    })
}

/// `An error occurred (AccessDenied) when calling the GetObject operation: Access Denied`, or
/// `operation error S3: PutObject, https response error StatusCode: 403`.
pub(super) fn operation(text: &str) -> Option<Denial> {
    let not_denied = !is_denied(text);
    let output = athena_output(text);
    if not_denied && output.is_none() {
        return None;
    }
    let mut denial = Denial { form: Form::Operation, ..Denial::default() };
    named(text, &mut denial);
    denial.operation.as_ref()?;
    if output.is_some() {
        // It may not exist, be in another region, or not be seen: no permission is certain.
        (denial.action, denial.known_action, denial.resource) = (None, false, output);
    } else if let Some(kind) = grant(text) {
        (denial.action, denial.known_action) = (None, false);
        (denial.policy, denial.explicit) = (Some(kind), Some(false));
    } else if let Some(role) = passed_role(text) {
        denial.resource = Some(role.to_owned());
        set_action(&mut denial, "iam:PassRole");
    }
    Some(denial)
}

/// What is granted elsewhere than in policies.
pub(super) fn grant(text: &str) -> Option<DenyingPolicy> {
    let of_account =
        ["access to the model with the specified model ID", "Your account is not authorized to invoke"];
    if of_account.iter().any(|words| text.contains(words)) {
        return Some(DenyingPolicy::ModelAccess);
    }
    text.contains("Insufficient Lake Formation permission").then_some(DenyingPolicy::LakeFormation)
}

/// `Access to Role 'ARN' is forbidden`, which Amazon Cognito says of a role that the caller may not pass.
fn passed_role(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("Access to Role '")?;
    let (role, rest) = rest.split_once('\'')?;
    (role.starts_with("arn:") && rest.starts_with(" is forbidden")).then_some(role)
}

fn athena_output(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("Unable to verify/create output bucket ")?;
    word(rest).map(|(bucket, _)| format!("arn:aws:s3:::{}", clean(bucket)))
}

/// The operation that a text names beside its action: `when calling the PutItem operation: User: ...`.
pub(super) fn named_beside(text: &str) -> Option<String> {
    let (service, name) = by_boto3(text).or_else(|| by_go(text))?;
    Some(match service {
        Some(service) => format!("{}:{name}", service.name()),
        None => name.to_owned(),
    })
}

/// Finds the operation that the text names, and the action that every call of it needs.
pub(super) fn named(text: &str, denial: &mut Denial) {
    if let Some((service, name, resource)) = by_php(text) {
        denial.resource = resource;
        return set(denial, service, name);
    }
    let named = by_boto3(text)
        .or_else(|| by_go(text))
        .or_else(|| by_javascript(text))
        .or_else(|| by_cloudformation(text))
        .or_else(|| by_custom_resource(text));
    if let Some((service, name)) = named {
        set(denial, service, name);
    }
}

fn set(denial: &mut Denial, service: Option<Service>, name: &str) {
    denial.operation = Some(match service {
        Some(service) => format!("{}:{name}", service.name()),
        None => name.to_owned(),
    });
    let Some(operation) = service.and_then(|service| service.operation(name)) else { return };
    if let Needs::Actions(needs) = operation.needs()
        && let Some(need) = needs.iter().find(|need| need.when.iter().all(|when| when.unless))
    {
        set_action(denial, need.action.name());
    }
}

/// boto3 names the operation and not the service: only S3 says `AccessDenied` or 403 for it.
fn by_boto3(text: &str) -> Option<(Option<Service>, &str)> {
    let (before, rest) = text.split_once("when calling the ")?;
    let (name, rest) = word(rest)?;
    if !rest.starts_with("operation") {
        return None;
    }
    let catalog = Catalog::embedded();
    let of_s3 = ["(AccessDenied)", "(403)"].iter().any(|code| before.contains(code));
    let s3 = catalog.service("s3").filter(|service| of_s3 && service.operation(name).is_some());
    // EC2 alone has this code.
    let of_ec2 = before.contains("(UnauthorizedOperation)");
    let ec2 = catalog.service("ec2").filter(|service| of_ec2 && service.operation(name).is_some());
    Some((s3.or(ec2).or_else(|| only(name)), name))
}

/// The only service that has the operation.
fn only(name: &str) -> Option<Service> {
    let mut services = Catalog::embedded().services().filter(|service| service.operation(name).is_some());
    services.next().filter(|_| services.next().is_none())
}

/// Go names the service by its id and the operation.
fn by_go(text: &str) -> Option<(Option<Service>, &str)> {
    let (_, rest) = text.split_once("operation error ")?;
    let (service, rest) = rest.split_once(": ")?;
    let name = clean(rest.split(',').next()?);
    let package = format!("@aws-sdk/client-{}", service.to_lowercase().replace(' ', "-"));
    Catalog::embedded().service_for_v3_package(&package).map(|service| (Some(service), name))
}

/// The stack of the SDK for JavaScript names the function that read the error: `de_PutItemCommandError`, and in older
/// versions `deserializeAws_json1_0PutItemCommandError`, in a file of `@aws-sdk/client-dynamodb`.
fn by_javascript(text: &str) -> Option<(Option<Service>, &str)> {
    let (before, _) = text.split_once("CommandError")?;
    let start = before
        .rfind(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
        .map_or(0, |at| at + 1);
    let function = &before[start..];
    if let Some(name) = function.strip_prefix("de_") {
        let service = package(text).or_else(|| only(name));
        return Some((service, name));
    }
    function.strip_prefix("deserializeAws_")?;
    let service = package(text)?;
    let operations = service.operations().map(|operation| operation.name());
    let name = operations.filter(|name| function.ends_with(name)).max_by_key(|name| name.len())?;
    Some((Some(service), name))
}

/// The package of the SDK for JavaScript that a stack names first.
fn package(text: &str) -> Option<Service> {
    let at = text.find("@aws-sdk/client-")?;
    let rest = &text[at..];
    let end =
        rest["@aws-sdk/".len()..].find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'))?;
    Catalog::embedded().service_for_v3_package(&rest[..end + "@aws-sdk/".len()])
}

/// `API: ec2:runInstances You are not authorized`
fn by_cloudformation(text: &str) -> Option<(Option<Service>, &str)> {
    let (_, rest) = text.split_once("API: ")?;
    let (name, _) = word(rest)?;
    let (service, name) = name.split_once(':')?;
    let service = Catalog::embedded().service(service)?;
    let operation = service.operation(name).or_else(|| service.operation_for_camel(name))?;
    Some((Some(service), operation.name()))
}

/// `Access denied when calling CreateServiceLinkedRole operation`
fn by_custom_resource(text: &str) -> Option<(Option<Service>, &str)> {
    let (_, rest) = text.split_once("ccess denied when calling ")?;
    let (name, rest) = word(rest)?;
    rest.starts_with("operation").then(|| (only(name), name))
}

/// `Error executing "PutObject" on "https://bucket.s3.eu-west-1.amazonaws.com/key"`: PHP names operation and URL.
fn by_php(text: &str) -> Option<(Option<Service>, &str, Option<String>)> {
    let (_, rest) = text.split_once("Error executing \"")?;
    let (name, rest) = rest.split_once("\" on \"")?;
    let (url, _) = rest.split_once('"')?;
    let (host, path) = url.strip_prefix("https://")?.split_once('/').unwrap_or((url, ""));
    let Some(host) = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))
    else {
        // Another provider's service with the same interface.
        return Some((None, name, None));
    };
    let labels: Vec<&str> = host.split('.').collect();
    let s3 = labels.iter().position(|label| *label == "s3" || label.starts_with("s3-"));
    let Some(position) = s3 else {
        let found = service(labels[0]).filter(|service| service.operation(name).is_some());
        return Some((found.or_else(|| only(name)), name, None));
    };
    let path = decoded(path.split('?').next().unwrap_or_default());
    let bucket = labels[..position].join(".");
    let within = if bucket.is_empty() { path } else { format!("{bucket}/{path}") };
    let resource = format!("arn:aws:s3:::{}", within.trim_end_matches('/'));
    Some((Catalog::embedded().service("s3"), name, (!within.is_empty()).then_some(resource)))
}

/// Undoes `%41`.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, others @ ..] = rest {
        let digits = others.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &others[2..];
            }
            _ => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// SQS says the same of queues that do not exist and of those that may not be seen.
pub(super) fn queue(text: &str) -> Option<Denial> {
    let unreachable = text.contains("NonExistentQueue") || text.contains("QueueDoesNotExist");
    if let Some((_, rest)) = text.split_once("Access to the resource ")
        && let Some((url, _)) = word(rest)
    {
        let service = url.starts_with("https://sqs.").then(|| "sqs".to_owned());
        let resource = queue_arn(clean(url));
        return Some(Denial { form: Form::Queue, resource, service, ..Denial::default() });
    }
    unreachable.then(|| {
        let mut denial = Denial { form: Form::Queue, service: Some("sqs".to_owned()), ..Denial::default() };
        named(text, &mut denial);
        denial
    })
}

/// `https://sqs.eu-west-1.amazonaws.com/123456789012/jobs`
fn queue_arn(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://sqs.")?;
    let (host, path) = rest.split_once('/')?;
    let (region, _) = host.split_once('.')?;
    let (account, name) = path.trim_end_matches('/').split_once('/')?;
    Some(format!("arn:aws:sqs:{region}:{account}:{name}"))
}

/// KMS says of a key that is not accessible what it says of one that does not exist.
pub(super) fn ciphertext(text: &str) -> Option<Denial> {
    let refers = text.contains("The ciphertext refers to a customer master key that does not exist");
    (refers || text.contains("Access to KMS is not allowed")).then(|| {
        let mut denial = Denial { form: Form::Service, ..Denial::default() };
        set_action(&mut denial, "kms:Decrypt");
        // To write takes both, and the message does not say which was refused.
        denial.operation = named_beside(text);
        let writes = |action: &Action| action.access_level() == AccessLevel::Write;
        let mut named = Denial::default();
        self::named(text, &mut named);
        if named.action.as_deref().and_then(Action::find).is_some_and(|action| writes(&action)) {
            denial.more_actions = vec!["kms:GenerateDataKey".to_owned()];
        }
        denial
    })
}

/// `User doesn't have permission to call ssm:GetParameters`, `... is not authorized to perform the required AWS
/// Marketplace actions (aws-marketplace:Subscribe, ...)`
pub(super) fn permission_to_call(text: &str) -> Option<Denial> {
    let mut denial = Denial { form: Form::Service, ..Denial::default() };
    if let Some((_, rest)) = text.split_once("have permission to call ")
        && let Some((action, _)) = word(rest)
        && super::text::is_action(clean(action))
    {
        set_action(&mut denial, clean(action));
        return Some(denial);
    }
    let (_, rest) = text.split_once("authorized to perform the required ")?;
    let (_, rest) = rest.split_once(" actions (")?;
    let (list, _) = rest.split_once(')')?;
    let actions: Vec<String> = list.split(',').map(|action| clean(action).to_owned()).collect();
    if !actions.iter().all(|action| super::text::is_action(action)) {
        return None;
    }
    lambda::set_actions(&mut denial, &actions);
    Some(denial)
}

/// `Access Denied (Service: Amazon S3; Status Code: 403; ...)`: no operation, so no action.
pub(super) fn of_service(text: &str) -> Option<Denial> {
    let sender = sender(text);
    // A status alone is the rest of another message.
    let says = [
        "AccessDenied",
        "Access Denied",
        "UnauthorizedOperation",
        "AuthorizationError",
        "Error Code Forbidden",
        "Insufficient permissions to execute the query",
        "You are not authorized to perform this operation",
        "Permission denied on S3 path",
        "Not allowed to invoke arn:",
    ];
    let status =
        sender.is_some() && (text.contains("Code: 403") || text.contains("Insufficient Lake Formation"));
    (status || says.iter().any(|words| text.contains(words))).then(|| {
        let policy = grant(text);
        if let Some(denial) = invoked(text) {
            return denial;
        }
        let sender = sender
            .or_else(|| text.contains("on S3 path").then(|| Catalog::embedded().service("s3")).flatten());
        Denial {
            form: Form::Service,
            service: sender.map(|service| service.name().to_owned()),
            explicit: policy.map(|_| false),
            policy,
            ..Denial::default()
        }
    })
}

/// `Target invocation failed with error from Lambda. Not allowed to invoke ARN.`, which Amazon EventBridge says of the
/// role of a pipe or a schedule. What it calls a state machine with depends on how it invokes it.
fn invoked(text: &str) -> Option<Denial> {
    let (_, rest) = text.split_once("Not allowed to invoke ")?;
    let resource = arn(rest)?;
    let mut denial = Denial { form: Form::Service, resource: Some(resource.to_owned()), ..Denial::default() };
    match resource.split(':').nth(2)? {
        "lambda" => set_action(&mut denial, "lambda:InvokeFunction"),
        other => denial.service = service(other).map(|service| service.name().to_owned()),
    }
    Some(denial)
}
