//! Words of messages, and what they name.

use perm_infer_catalog::{Action, Catalog, Service};

use super::super::Denial;

/// The first word and what follows.
pub(crate) fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if text.is_empty() {
        return None;
    }
    Some(text.split_once(' ').unwrap_or((text, "")))
}

/// Without the quotes, brackets and stops around it.
pub(super) fn clean(text: &str) -> &str {
    text.trim_matches(|letter: char| "\"'`,;.()[]{}<> ".contains(letter))
}

/// The first ARN of a text.
pub(super) fn arn(text: &str) -> Option<&str> {
    let (word, _) = word(&text[text.find("arn:")?..])?;
    let end = word.find(['"', '\'', '`', ')', '<', ',']).unwrap_or(word.len());
    Some(clean(&word[..end]))
}

/// `service:Name` and nothing else.
pub(super) fn is_action(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, name)| {
        let plain = |text: &str, more: &str| {
            !text.is_empty()
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || more.contains(letter))
        };
        plain(service, "-") && plain(name, "*")
    })
}

/// The action in AWS's spelling; one that the catalogue does not know stays as it is written.
pub(crate) fn set_action(denial: &mut Denial, action: &str) {
    let (known, action) = spelled(action);
    denial.known_action = known;
    denial.action = Some(action);
}

/// Whether the catalogue knows an action, and how AWS writes it.
pub(super) fn spelled(action: &str) -> (bool, String) {
    let in_any_case = || Action::named(action).find(|known| known.name().eq_ignore_ascii_case(action));
    let known = Action::find(action).or_else(in_any_case);
    (known.is_some(), known.map_or_else(|| action.to_owned(), |known| known.name().to_owned()))
}

/// A service as messages name it: `Amazon S3`, `AWSKMS`, `AmazonDynamoDBv2`, `Ec2`, `SecretsManager`.
pub(super) fn service(name: &str) -> Option<Service> {
    let name: String = name.chars().filter(|letter| !letter.is_whitespace()).collect();
    let lower = name.to_ascii_lowercase();
    let short = ["amazon", "aws"].into_iter().find_map(|owner| lower.strip_prefix(owner)).unwrap_or(&lower);
    let catalog = Catalog::embedded();
    // Names of services that none of their SDKs has.
    let known = match short {
        "securitytoken" | "securitytokenservice" => "sts",
        "dynamodbv2" => "dynamodb",
        "lambdainternal" => "lambda",
        "cloudwatchlogs" => "logs",
        "datacatalog" => "glue",
        "identitymanagement" => "iam",
        "simplesystemsmanagement" => "ssm",
        "elasticmapreduce" => "emr",
        "iotdata" => "iot-data",
        other => other,
    };
    let find = |name: &str| {
        let package = || catalog.service_for_v3_package(&format!("@aws-sdk/client-{name}"));
        catalog.service(name).or_else(package)
    };
    find(known).or_else(|| catalog.service_for_v2_class(&name)).or_else(|| find(known.strip_suffix("v2")?))
}

/// The service that a text names as the sender of the error: in brackets of the SDK for Java, or by the class of the
/// exception.
pub(super) fn sender(text: &str) -> Option<Service> {
    let bracket = text.split_once("(Service: ").and_then(|(_, rest)| {
        let end = rest.find([';', ',', ')'])?;
        service(&rest[..end])
    });
    let class = |start: &str, end: &str| {
        text.match_indices(start).find_map(|(at, _)| {
            let rest = &text[at + start.len()..];
            service(&rest[..rest.find(end)?])
        })
    };
    // Amazon Redshift, and old versions of the SDK for Java.
    let redshift =
        || text.contains("S3ServiceException:").then(|| Catalog::embedded().service("s3")).flatten();
    let old = || {
        let (_, rest) = text.split_once("AWS Service: ")?;
        service(rest.split_once(',')?.0)
    };
    bracket
        .or_else(redshift)
        .or_else(old)
        .or_else(|| class("awssdk.services.", "."))
        .or_else(|| class("amazonaws.services.", "."))
        .or_else(|| class("Aws::", "::Errors"))
        .or_else(|| class("AWS::", "::Errors"))
        .or_else(|| class("Aws\\", "\\Exception"))
        .or_else(|| class("Amazon.", "."))
}
