//! The events of a function: those that Lambda polls with what they need; the others need nothing on the role.
//!
//! Source: "Serverless Framework - AWS Lambda Events", the pages of each kind.

use super::functions::entry;
use crate::tree::make::{map, scalar};
use crate::tree::{Entry, Kind, Mark, Node};

/// Kinds of credentials by the names that the framework has for them.
const ACCESS: &[(&str, &str)] = &[
    ("basicAuth", "BASIC_AUTH"),
    ("basicAuthArn", "BASIC_AUTH"),
    ("clientCertificateTlsAuth", "CLIENT_CERTIFICATE_TLS_AUTH"),
    ("saslPlainAuth", "BASIC_AUTH"),
    ("saslScram256", "SASL_SCRAM_256_AUTH"),
    ("saslScram256Auth", "SASL_SCRAM_256_AUTH"),
    ("saslScram512", "SASL_SCRAM_512_AUTH"),
    ("saslScram512Auth", "SASL_SCRAM_512_AUTH"),
    ("serverRootCaCertificate", "SERVER_ROOT_CA_CERTIFICATE"),
    ("vpcSecurityGroup", "VPC_SECURITY_GROUP"),
    ("vpcSubnet", "VPC_SUBNET"),
];

/// The events as those of a function of AWS SAM.
pub(super) fn of_function(events: Option<&Node>) -> Vec<Entry> {
    let events = events.map(Node::items).unwrap_or_default().iter().enumerate();
    let one = |(position, event): (usize, &Node)| {
        let polled = event.entries().first().and_then(|stated| polled(position, stated));
        polled.unwrap_or_else(|| pushed(position, event))
    };
    events.map(one).collect()
}

/// An event that needs nothing on the role, under its name; it may be anything.
fn pushed(position: usize, event: &Node) -> Entry {
    let at = event.at;
    let stated = event.entries().first();
    let name = stated.map_or_else(|| event.text().unwrap_or_default(), |stated| &stated.key);
    let (kind, properties) = match (name, stated) {
        ("s3", Some(stated)) => {
            let bucket = stated.value.get("bucket").unwrap_or(&stated.value);
            ("S3", vec![entry("Bucket", bucket.at, bucket.clone())])
        }
        (name, _) => (name, Vec::new()),
    };
    let inner = vec![entry("Type", at, scalar(kind, at)), entry("Properties", at, map(at, properties))];
    entry(&format!("event{position}"), at, map(at, inner))
}

fn polled(position: usize, event: &Entry) -> Option<Entry> {
    let (at, stated) = (event.at, &event.value);
    let arn = stated.get("arn").unwrap_or(stated);
    let (kind, key) = match event.key.as_str() {
        "sqs" => ("SQS", "Queue"),
        "stream" => stream_kind(stated, arn),
        "msk" => ("MSK", "Stream"),
        "kafka" => ("SelfManagedKafka", ""),
        "activemq" | "rabbitmq" => ("MQ", "Broker"),
        _ => return None,
    };
    let mut properties = Vec::new();
    if !key.is_empty() {
        properties.push(entry(key, arn.at, source(stated, arn)));
    }
    properties.extend(stated.get("enabled").map(|node| entry("Enabled", node.at, node.clone())));
    let accesses: Vec<Node> = accesses(stated, at);
    if !accesses.is_empty() {
        let list = Node { at, kind: Kind::List(accesses) };
        properties.push(entry("SourceAccessConfigurations", at, list));
    }
    properties.extend(stated.at_path(&["destinations", "onFailure"]).map(|target| {
        let arn = target.get("arn").unwrap_or(target);
        let side = map(target.at, vec![entry("Destination", arn.at, arn.clone())]);
        entry("DestinationConfig", target.at, map(target.at, vec![entry("OnFailure", target.at, side)]))
    }));
    let event = vec![entry("Type", at, scalar(kind, at)), entry("Properties", at, map(at, properties))];
    Some(entry(&format!("event{position}"), at, map(at, event)))
}

/// The source that is polled: with `consumer`, a consumer that is made for the function, else the one that
/// is named, else the stream.
fn source(stated: &Node, arn: &Node) -> Node {
    let at = arn.at;
    match stated.get("consumer") {
        Some(consumer) if consumer.text() == Some("true") => {
            let made = map(at, vec![entry("Fn::Transform", at, scalar("", at))]);
            let parts = vec![arn.clone(), scalar("/consumer/", at), made];
            let parts = vec![scalar("", at), Node { at, kind: Kind::List(parts) }];
            map(at, vec![entry("Fn::Join", at, Node { at, kind: Kind::List(parts) })])
        }
        Some(consumer) if consumer.text() != Some("false") => consumer.clone(),
        _ => arn.clone(),
    }
}

fn accesses(stated: &Node, at: Mark) -> Vec<Node> {
    let configurations = stated.get("accessConfigurations");
    let mut accesses = Vec::new();
    for (name, kind) in ACCESS {
        let Some(value) = configurations.and_then(|all| all.get(name)).or_else(|| stated.get(name)) else {
            continue;
        };
        let values: Vec<&Node> = match value.items() {
            [] => vec![value],
            items => items.iter().collect(),
        };
        for value in values {
            let access = vec![entry("Type", at, scalar(kind, at)), entry("URI", value.at, value.clone())];
            accesses.push(map(at, access));
        }
    }
    accesses
}

/// What kind of stream an event is about: as stated, else by its ARN; of another stack's stream, that stack knows.
fn stream_kind(stated: &Node, arn: &Node) -> (&'static str, &'static str) {
    let kind = match stated.get("type").and_then(Node::text) {
        Some("dynamodb") => "DynamoDB",
        Some(_) => "Kinesis",
        None => match arn.intrinsic() {
            Some(("Fn::GetAtt", parts)) => {
                let is_table = parts.items().iter().any(|part| part.text() == Some("StreamArn"));
                if is_table { "DynamoDB" } else { "Kinesis" }
            }
            Some(("Fn::ImportValue", _)) => "Stream",
            intrinsic => {
                let text = intrinsic.map_or(arn.text(), |(_, argument)| argument.text());
                if text.is_some_and(|text| text.contains(":dynamodb:")) { "DynamoDB" } else { "Kinesis" }
            }
        },
    };
    (kind, "Stream")
}
