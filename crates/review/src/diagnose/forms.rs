//! The forms of messages that services print, each as a function from text to a denial.
//!
//! Sources: "Troubleshoot access denied error messages" in the IAM User Guide; messages as services and SDKs
//! print them, see `crates/review/tests/messages`.

use perm_infer_catalog::{Action, Catalog, Needs, Service};

use super::{Denial, DenyingPolicy, Form};

/// Where messages of IAM's form turn from who to what.
pub(crate) const NOT_AUTHORIZED: &str = "not authorized to perform";

/// Every denial in one normal text, in order.
pub(crate) fn denials(text: &str) -> Vec<Denial> {
    let iam = iam_all(text);
    if !iam.is_empty() {
        return iam;
    }
    let forms = [
        encoded,
        execution_role,
        lambda_stream,
        key_of_environment,
        denied_by,
        ciphertext,
        assume_role,
        api_gateway,
        operation,
        queue,
        service,
    ];
    forms.into_iter().find_map(|form| form(text)).into_iter().collect()
}

/// `User: ARN is not authorized to perform: ACTION on resource: ARN because ...`, as often as it is there.
fn iam_all(text: &str) -> Vec<Denial> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(NOT_AUTHORIZED) {
        let start = from + at;
        let rest = &text[start + NOT_AUTHORIZED.len()..];
        // What comes after belongs to the next message.
        let end = rest.find(NOT_AUTHORIZED).and_then(|end| rest[..end].rfind("User:")).unwrap_or(rest.len());
        found.extend(iam(&text[from..start], &rest[..end]));
        from = start + NOT_AUTHORIZED.len();
    }
    found
}

fn iam(before: &str, after: &str) -> Option<Denial> {
    let after = after.trim_start_matches([':', ' ']);
    let (action, rest) = word(after)?;
    let action = clean(action);
    if !is_action(action) {
        return None;
    }
    let mut denial = Denial { principal: principal(before), form: Form::Iam, ..Denial::default() };
    set_action(&mut denial, action);
    let resource = rest.strip_prefix("on resource").map(|rest| rest.trim_start_matches([':', ' ']));
    let rest = match resource {
        Some(resource) => {
            let (name, rest) = resource_name(resource);
            denial.resource = name;
            rest
        }
        None => rest,
    };
    reason(rest, &mut denial);
    Some(denial)
}

/// Resources have spaces at times (parameters, queues); they end where the reason starts.
fn resource_name(text: &str) -> (Option<String>, &str) {
    const ENDS: [&str; 10] = [
        " because ",
        " with an explicit deny",
        " (Service",
        " (RequestToken",
        " status code",
        "\\",
        "\"",
        "; ",
        ", ",
        "</",
    ];
    let quoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.split_once(quote));
    let (name, rest) = match quoted {
        Some(halves) => halves,
        None => match ENDS.iter().filter_map(|end| text.find(end)).min() {
            Some(end) => text.split_at(end),
            // Without a reason behind it nobody knows where a name with spaces ends.
            None => (word(text).map_or(text, |(name, _)| name), ""),
        },
    };
    let name = if quoted.is_some() { name } else { clean(name) };
    let is_one = name == "*" || name.starts_with("arn:");
    (is_one.then(|| name.to_owned()), rest.trim_start_matches(['"', '\'', ' ']))
}

/// Which kind of policy denied, and how.
fn reason(text: &str, denial: &mut Denial) {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("with an explicit deny") || lower.starts_with("because it is explicitly denied") {
        denial.explicit = Some(true);
    } else if lower.starts_with("because no ") {
        denial.explicit = Some(false);
    } else if lower.starts_with("on the resource associated with this ciphertext")
        || lower.starts_with("because the resource does not exist in this region")
    {
        denial.policy = Some(DenyingPolicy::Resource);
        return;
    } else {
        return;
    }
    // Only what belongs to the reason: the next sentence may name anything.
    let head = &lower[..lower.len().min(160)];
    denial.policy = policy_kind(head);
    let named = text.find("arn:").filter(|_| denial.explicit == Some(true));
    denial.policy_arn = named.and_then(|at| word(&text[at..])).map(|(arn, _)| clean(arn).to_owned());
}

fn policy_kind(text: &str) -> Option<DenyingPolicy> {
    [
        ("identity-based polic", DenyingPolicy::Identity),
        ("resource-based polic", DenyingPolicy::Resource),
        ("permissions boundary", DenyingPolicy::Boundary),
        ("permission boundary", DenyingPolicy::Boundary),
        ("session polic", DenyingPolicy::Session),
        ("service control polic", DenyingPolicy::ServiceControl),
        ("resource control polic", DenyingPolicy::ResourceControl),
        ("vpc endpoint polic", DenyingPolicy::VpcEndpoint),
        ("role trust polic", DenyingPolicy::Trust),
        ("trust polic", DenyingPolicy::Trust),
    ]
    .into_iter()
    .filter_map(|(words, kind)| text.find(words).map(|at| (at, kind)))
    .min_by_key(|(at, _)| *at)
    .map(|(_, kind)| kind)
}

/// The principal before `is not authorized`: the last ARN, service or `anonymous`.
fn principal(before: &str) -> Option<String> {
    let before = before.trim_end().strip_suffix("is").unwrap_or(before).trim_end();
    if let Some(at) = before.rfind("User:") {
        let name = clean(before[at + "User:".len()..].trim_start());
        return (!name.is_empty()).then(|| name.to_owned());
    }
    let name = clean(before.rsplit(' ').next()?);
    (name.starts_with("arn:") || name.ends_with(".amazonaws.com")).then(|| name.to_owned())
}

/// EC2 and others put the details into an encoded message.
fn encoded(text: &str) -> Option<Denial> {
    let found = ["Encoded authorization failure message", "Encoded authorization message"];
    found.iter().any(|words| text.contains(words)).then(|| {
        let mut denial = Denial { encoded: true, form: Form::Encoded, ..Denial::default() };
        from_operation(text, &mut denial);
        denial
    })
}

/// `The provided execution role does not have permissions to call ReceiveMessage on SQS`
fn execution_role(text: &str) -> Option<Denial> {
    let (_, rest) = text.split_once("execution role does not have permissions to call ")?;
    let (operation, rest) = word(rest)?;
    let (service, _) = word(rest.strip_prefix("on ")?)?;
    let mut denial =
        Denial { form: Form::ExecutionRole, policy: Some(DenyingPolicy::Identity), ..Denial::default() };
    set_action(&mut denial, &format!("{}:{}", clean(service).to_ascii_lowercase(), clean(operation)));
    denial.explicit = Some(false);
    Some(denial)
}

/// `Cannot access stream ARN. Please ensure the role can perform the GetRecords, ... Actions on your stream`
fn lambda_stream(text: &str) -> Option<Denial> {
    let (_, rest) = text.split_once("Cannot access stream ")?;
    let (stream, rest) = word(rest)?;
    let (_, actions) = rest.split_once("role can perform the ")?;
    let (action, _) = word(actions)?;
    let stream = clean(stream);
    let service = stream.split(':').nth(2)?;
    let mut denial = Denial {
        form: Form::ExecutionRole,
        resource: Some(stream.to_owned()),
        policy: Some(DenyingPolicy::Identity),
        ..Denial::default()
    };
    set_action(&mut denial, &format!("{service}:{}", clean(action)));
    Some(denial)
}

/// `Lambda was unable to decrypt the environment variables because KMS access was denied`
fn key_of_environment(text: &str) -> Option<Denial> {
    text.contains("unable to decrypt the environment variables because KMS access was denied").then(|| {
        let mut denial = Denial { form: Form::ExecutionRole, ..Denial::default() };
        set_action(&mut denial, "kms:Decrypt");
        denial
    })
}

/// `Your access has been denied by EC2, please make sure ... have permission to CreateNetworkInterface`
fn denied_by(text: &str) -> Option<Denial> {
    let (_, rest) = text.split_once("Your access has been denied by ")?;
    let (service, rest) = word(rest)?;
    let (who, rest) = rest.split_once("permission to ")?;
    let (action, _) = word(rest)?;
    let form = if who.contains("execution role") { Form::ExecutionRole } else { Form::Operation };
    let mut denial = Denial { form, ..Denial::default() };
    set_action(&mut denial, &format!("{}:{}", clean(service).to_ascii_lowercase(), clean(action)));
    Some(denial)
}

/// KMS says of a key that is not accessible what it says of one that does not exist.
fn ciphertext(text: &str) -> Option<Denial> {
    let refers = text.contains("The ciphertext refers to a customer master key that does not exist");
    (refers || text.contains("Access to KMS is not allowed")).then(|| {
        let mut denial = Denial { form: Form::Service, ..Denial::default() };
        set_action(&mut denial, "kms:Decrypt");
        denial
    })
}

/// Roles that a service may not assume.
fn assume_role(text: &str) -> Option<Denial> {
    let service = if text.contains("cannot be assumed by Lambda") {
        Some("lambda.amazonaws.com".to_owned())
    } else if text.contains("API Gateway does not have permission to assume the provided role") {
        Some("apigateway.amazonaws.com".to_owned())
    } else if text.contains("authorized to assume the provided role") {
        let (_, rest) = text.split_once("service principal ")?;
        word(rest).map(|(service, _)| clean(service).to_owned())
    } else if text.contains("ECS was unable to assume the role") {
        Some("ecs-tasks.amazonaws.com".to_owned())
    } else {
        return None;
    };
    let mut denial = Denial {
        principal: service,
        form: Form::AssumeRole,
        policy: Some(DenyingPolicy::Trust),
        explicit: Some(false),
        ..Denial::default()
    };
    set_action(&mut denial, "sts:AssumeRole");
    denial.resource =
        text.find("arn:").and_then(|at| word(&text[at..])).map(|(arn, _)| clean(arn).to_owned());
    Some(denial)
}

/// `Execution failed due to configuration error: Invalid permissions on Lambda function`
fn api_gateway(text: &str) -> Option<Denial> {
    text.contains("Invalid permissions on Lambda function").then(|| {
        let mut denial = Denial {
            principal: Some("apigateway.amazonaws.com".to_owned()),
            form: Form::ApiGateway,
            policy: Some(DenyingPolicy::Resource),
            explicit: Some(false),
            ..Denial::default()
        };
        set_action(&mut denial, "lambda:InvokeFunction");
        denial
    })
}

/// What says that a request was denied, where no sentence does.
const DENIED: [&str; 10] = [
    "(AccessDenied",
    "(AuthorizationError",
    "(UnauthorizedOperation",
    "(403)",
    "AccessDenied:",
    "AccessDeniedException",
    "UnauthorizedOperation:",
    "StatusCode: 403",
    "status code: 403",
    "Status Code: 403",
];

fn is_denied(text: &str) -> bool {
    DENIED.iter().any(|words| text.contains(words)) || text.contains("Access Denied")
}

/// `An error occurred (AccessDenied) when calling the GetObject operation: Access Denied`, or
/// `operation error S3: PutObject, https response error StatusCode: 403`.
fn operation(text: &str) -> Option<Denial> {
    if !is_denied(text) {
        return None;
    }
    let mut denial = Denial { form: Form::Operation, ..Denial::default() };
    from_operation(text, &mut denial);
    denial.operation.is_some().then_some(denial)
}

/// Finds the operation that the text names, and the action that every call of it needs.
fn from_operation(text: &str, denial: &mut Denial) {
    let named = named_by_boto3(text).or_else(|| named_by_go(text)).or_else(|| named_by_cloudformation(text));
    let Some((service, name)) = named else { return };
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
fn named_by_boto3(text: &str) -> Option<(Option<Service>, &str)> {
    let (before, rest) = text.split_once("when calling the ")?;
    let (name, rest) = word(rest)?;
    if !rest.starts_with("operation") {
        return None;
    }
    let catalog = Catalog::embedded();
    let of_s3 = ["(AccessDenied)", "(403)"].iter().any(|code| before.contains(code));
    let s3 = catalog.service("s3").filter(|service| of_s3 && service.operation(name).is_some());
    let only = || {
        let mut services = catalog.services().filter(|service| service.operation(name).is_some());
        services.next().filter(|_| services.next().is_none())
    };
    Some((s3.or_else(only), name))
}

/// Go names the service by its id and the operation.
fn named_by_go(text: &str) -> Option<(Option<Service>, &str)> {
    let (_, rest) = text.split_once("operation error ")?;
    let (service, rest) = rest.split_once(": ")?;
    let name = clean(rest.split(',').next()?);
    let package = format!("@aws-sdk/client-{}", service.to_lowercase().replace(' ', "-"));
    Catalog::embedded().service_for_v3_package(&package).map(|service| (Some(service), name))
}

/// `API: ec2:runInstances You are not authorized`
fn named_by_cloudformation(text: &str) -> Option<(Option<Service>, &str)> {
    let (_, rest) = text.split_once("API: ")?;
    let (name, _) = word(rest)?;
    let (service, name) = name.split_once(':')?;
    let service = Catalog::embedded().service(service)?;
    let operation = service.operation(name).or_else(|| service.operation_for_camel(name))?;
    Some((Some(service), operation.name()))
}

fn queue(text: &str) -> Option<Denial> {
    let unreachable = text.contains("NonExistentQueue") || text.contains("QueueDoesNotExist");
    if let Some((_, rest)) = text.split_once("Access to the resource ")
        && let Some((url, _)) = word(rest)
    {
        return Some(Denial { form: Form::Queue, resource: queue_arn(clean(url)), ..Denial::default() });
    }
    unreachable.then(|| {
        let mut denial = Denial { form: Form::Queue, ..Denial::default() };
        from_operation(text, &mut denial);
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

/// `Access Denied (Service: Amazon S3; Status Code: 403; ...)`: no operation, so no action.
fn service(text: &str) -> Option<Denial> {
    // A status alone is the rest of another message.
    let says = ["AccessDenied", "Access Denied", "UnauthorizedOperation", "AuthorizationError"];
    says.iter().any(|words| text.contains(words)).then(|| Denial { form: Form::Service, ..Denial::default() })
}

/// The action in AWS's spelling; one that the catalogue does not know stays as it is written.
pub(crate) fn set_action(denial: &mut Denial, action: &str) {
    let known = Action::named(action).find(|known| known.name().eq_ignore_ascii_case(action));
    denial.known_action = known.is_some();
    denial.action = Some(known.map_or_else(|| action.to_owned(), |known| known.name().to_owned()));
}

/// `service:Name` and nothing else.
fn is_action(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, name)| {
        let plain = |text: &str, more: &str| {
            !text.is_empty()
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || more.contains(letter))
        };
        plain(service, "-") && plain(name, "*")
    })
}

/// The first word and what follows.
pub(crate) fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if text.is_empty() {
        return None;
    }
    Some(text.split_once(' ').unwrap_or((text, "")))
}

/// Without the quotes, brackets and stops around it.
fn clean(text: &str) -> &str {
    text.trim_matches(|letter: char| "\"'`,;.()[]{}<> ".contains(letter))
}
