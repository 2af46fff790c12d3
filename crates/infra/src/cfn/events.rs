//! What invokes a function. Sources that Lambda polls are read with the function's role; those that
//! push need a permission on the function instead, which is told as a note.

use perm_infer_diagnostics::Diagnostic;
use perm_infer_policy::{Part, Pattern};

use super::Reader;
use super::function::Subject;
use super::needs::{Found, Target};
use crate::needs::{POLL_DOCUMENTDB, POLL_DYNAMODB, POLL_KINESIS, POLL_MQ, POLL_MSK, POLL_SQS, POLLER_VPC};
use crate::tree::{Mark, Node};

/// A source that Lambda polls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Sqs,
    Kinesis,
    DynamoDb,
    Msk,
    Kafka,
    Mq,
    DocumentDb,
}

impl Reader<'_> {
    /// The events that the function itself states.
    pub(super) fn events(&mut self, subject: &Subject<'_>, found: &mut Found, notes: &mut Vec<Diagnostic>) {
        for events in subject.all(&["Events"]) {
            for event in events.entries() {
                for value in self.present(subject.stack, Some(&event.value)) {
                    self.sam_event(subject, &event.key, event.at, value, found, notes);
                }
            }
        }
    }

    /// Resources of their own that invoke the function.
    pub(super) fn event_resources(
        &mut self,
        subject: &Subject<'_>,
        found: &mut Found,
        notes: &mut Vec<Diagnostic>,
    ) {
        let template = self.template(subject.stack);
        for entry in template.of_types(&["AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"]) {
            let Some(properties) = entry.value.get("Properties") else { continue };
            match entry.value.get("Type").and_then(Node::text) {
                Some("AWS::Lambda::EventSourceMapping") => {
                    let is_own = properties
                        .get("FunctionName")
                        .is_some_and(|function| self.is_function(subject, function));
                    if is_own && self.may_exist(subject.stack, &entry.value) {
                        self.mapping(subject, entry.at, properties, found, notes);
                    }
                }
                Some("AWS::Lambda::Permission") => {
                    let principal =
                        properties.get("Principal").and_then(|node| self.known_text(subject.stack, node));
                    let is_own = properties
                        .get("FunctionName")
                        .is_some_and(|function| self.is_function(subject, function));
                    if let (true, Some(principal)) = (is_own, principal) {
                        let message = format!(
                            "{principal} may invoke {} by a permission on the function; its role needs none",
                            subject.id
                        );
                        notes.push(self.fact("invoke-permission", entry.at, message));
                    }
                }
                _ => {}
            }
        }
    }

    /// One of the `Events` of a SAM function.
    fn sam_event(
        &mut self,
        subject: &Subject<'_>,
        name: &str,
        at: Mark,
        event: &Node,
        found: &mut Found,
        notes: &mut Vec<Diagnostic>,
    ) {
        let kind = event.get("Type").and_then(Node::text).unwrap_or_default();
        let Some(properties) = event.get("Properties") else { return };
        let (source, key) = match kind {
            "SQS" => (Source::Sqs, "Queue"),
            "Kinesis" => (Source::Kinesis, "Stream"),
            "DynamoDB" => (Source::DynamoDb, "Stream"),
            // A stream of another stack, as configurations of the Serverless Framework name it.
            "Stream" => {
                let stream = properties.get("Stream");
                let is_import = stream.is_some_and(|stream| self.is_import(subject, stream));
                for source in [Source::Kinesis, Source::DynamoDb] {
                    self.polled(subject, source, stream, is_import, at, found);
                }
                self.failed_batches(subject, properties, found);
                return;
            }
            "MSK" => (Source::Msk, "Stream"),
            "SelfManagedKafka" => (Source::Kafka, ""),
            "MQ" => (Source::Mq, "Broker"),
            "DocumentDB" => (Source::DocumentDb, "Cluster"),
            "" => return,
            kind => {
                let message = format!(
                    "{kind} event {name} invokes {} by a permission on the function; its role needs none",
                    subject.id
                );
                notes.push(self.fact("invoke-permission", at, message));
                return;
            }
        };
        if self.is_disabled(subject, properties, notes) {
            return;
        }
        self.polled(subject, source, properties.get(key), false, at, found);
        self.source_access(subject, properties, found);
        self.failed_batches(subject, properties, found);
    }

    /// Whether an event source is switched off, which is said.
    fn is_disabled(&self, subject: &Subject<'_>, properties: &Node, notes: &mut Vec<Diagnostic>) -> bool {
        let Some(enabled) = properties.get("Enabled").filter(|node| node.text() == Some("false")) else {
            return false;
        };
        let message =
            format!("an event source of {} is disabled; the policy does not allow to read it", subject.id);
        let remedy = "let the template enable it if it is ever enabled";
        notes.push(self.fact("disabled-event-source", enabled.at, message).remedy(remedy));
        true
    }

    /// An event source mapping of CloudFormation.
    fn mapping(
        &mut self,
        subject: &Subject<'_>,
        at: Mark,
        properties: &Node,
        found: &mut Found,
        notes: &mut Vec<Diagnostic>,
    ) {
        if self.is_disabled(subject, properties, notes) {
            return;
        }
        let source = properties.get("EventSourceArn");
        let kind = match source {
            Some(node) => self.kind_of(subject, node, properties),
            None => properties.get("SelfManagedEventSource").map(|_| Source::Kafka),
        };
        match kind {
            Some(kind) => self.polled(subject, kind, source, false, at, found),
            None if source.is_some_and(|source| self.is_import(subject, source)) => {
                for kind in [Source::Sqs, Source::Kinesis, Source::DynamoDb] {
                    self.polled(subject, kind, source, true, at, found);
                }
            }
            None => {
                let at = source.map_or(at, |source| source.at);
                let message = format!(
                    "the kind of an event source of {} is not known; the policy does not allow to read it",
                    subject.id
                );
                self.warn(
                    "unresolved-resource",
                    at,
                    message,
                    "define the source in the template, or pass --parameter with its ARN",
                );
            }
        }
        self.source_access(subject, properties, found);
        self.failed_batches(subject, properties, found);
    }

    /// Where records go that a function fails on.
    fn failed_batches(&mut self, subject: &Subject<'_>, properties: &Node, found: &mut Found) {
        for target in self.below(subject.stack, properties, &["DestinationConfig", "OnFailure"]) {
            if let Some(destination) = target.get("Destination") {
                let kind = target.get("Type").and_then(Node::text);
                self.sent_to(subject, found, kind, destination, "on-failure destination of the event source");
            }
        }
    }

    fn kind_of(&mut self, subject: &Subject<'_>, node: &Node, properties: &Node) -> Option<Source> {
        let values = self.texts(subject.stack, node);
        let text = values.first().map(Pattern::to_policy_string).unwrap_or_default();
        let has = |service: &str| text.contains(&format!(":{service}:"));
        let kinds = [
            ("sqs", Source::Sqs),
            ("kinesis", Source::Kinesis),
            ("dynamodb", Source::DynamoDb),
            ("kafka", Source::Msk),
            ("mq", Source::Mq),
            ("rds", Source::DocumentDb),
        ];
        let by_arn = kinds.into_iter().find(|(service, _)| has(service)).map(|(_, kind)| kind);
        by_arn.or_else(|| properties.get("DocumentDBEventSourceConfig").map(|_| Source::DocumentDb))
    }

    /// What Lambda needs to poll a source: one of this kind, or of one of several where only another stack knows.
    fn polled(
        &mut self,
        subject: &Subject<'_>,
        source: Source,
        node: Option<&Node>,
        of_several: bool,
        at: Mark,
        found: &mut Found,
    ) {
        let place = node.map_or(at, |node| node.at);
        let (fields, what, actions) = match source {
            Source::Sqs => ("sqs:R:A:{}", "the queue that the function polls", POLL_SQS),
            Source::Kinesis => ("kinesis:R:A:stream/{}", "the stream that the function polls", POLL_KINESIS),
            Source::DynamoDb => {
                ("dynamodb:R:A:table/*/stream/{}", "the table stream that the function polls", POLL_DYNAMODB)
            }
            Source::Msk => ("kafka:R:A:cluster/{}", "the Kafka cluster that the function polls", POLL_MSK),
            Source::Mq => ("mq:R:A:broker:{}", "the broker that the function polls", POLL_MQ),
            Source::DocumentDb => {
                ("rds:R:A:cluster:{}", "the cluster that the function polls", POLL_DOCUMENTDB)
            }
            Source::Kafka => ("", "the Kafka cluster that the function polls", &[][..]),
        };
        if let Some(node) = node.filter(|_| !actions.is_empty()) {
            let arns = match of_several {
                true => self.targets_of_kind(subject, node, "an event source of the function"),
                false => self.arns_of(subject, node, fields, what),
            };
            if source == Source::DynamoDb {
                let all = arns.iter().map(|target| Target { arn: Pattern::any(), ..target.clone() });
                let all: Vec<Target> = if of_several { all.collect() } else { vec![Pattern::any().into()] };
                self.add(found, &["dynamodb:ListStreams"], &all, place, what);
            }
            match source {
                Source::DocumentDb => self.add(found, actions, &[Pattern::any()], place, what),
                Source::Kinesis => self.add_stream(found, actions, &arns, place, what),
                _ => self.add(found, actions, &arns, place, what),
            }
        }
        if matches!(source, Source::Msk | Source::Mq | Source::DocumentDb) {
            self.add(found, POLLER_VPC, &[Pattern::any()], place, what);
        }
    }

    /// A consumer with enhanced fan-out is subscribed to itself; everything else is asked of the stream.
    fn add_stream(
        &self,
        found: &mut Found,
        actions: &[&'static str],
        arns: &[Target],
        at: Mark,
        reason: &str,
    ) {
        for target in arns {
            let Some(stream) = consumer_stream(&target.arn) else {
                self.add(found, actions, std::slice::from_ref(target), at, reason);
                continue;
            };
            self.add(found, actions, &[stream], at, reason);
            let of_consumer = ["kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"];
            self.add(found, &of_consumer, std::slice::from_ref(target), at, reason);
        }
    }

    /// Credentials and network of an event source.
    /// Source: "Source access configurations" of `CreateEventSourceMapping` in the AWS Lambda API Reference.
    fn source_access(&mut self, subject: &Subject<'_>, properties: &Node, found: &mut Found) {
        let configurations = properties.get("SourceAccessConfigurations");
        for configuration in configurations.map(Node::items).unwrap_or_default() {
            let kind = configuration.get("Type").and_then(Node::text).unwrap_or_default();
            let Some(uri) = configuration.get("URI") else { continue };
            match kind {
                "VPC_SUBNET" | "VPC_SECURITY_GROUP" => {
                    self.add(found, POLLER_VPC, &[Pattern::any()], uri.at, "the event source is in a VPC");
                }
                "VIRTUAL_HOST" => {}
                _ => {
                    let what = "the secret with the credentials of the event source";
                    let arns = self.arns_of(subject, uri, "secretsmanager:R:A:secret:{}", what);
                    self.add(found, &["secretsmanager:GetSecretValue"], &arns, uri.at, what);
                }
            }
        }
        if let Some(key) = properties.get("SecretsManagerKmsKeyId") {
            let what = "the key of the secret of the event source";
            let arns = self.arns_of(subject, key, "kms:R:A:key/{}", what);
            self.add(found, &["kms:Decrypt"], &arns, key.at, what);
        }
    }
}

/// The stream of a consumer's ARN: `stream/name/consumer/name:1234`.
fn consumer_stream(arn: &Pattern) -> Option<Pattern> {
    let mut stream = Pattern::default();
    for part in arn.parts() {
        match part {
            Part::Literal(text) => match text.split_once("/consumer/") {
                Some((before, _)) => {
                    stream.push_literal(before);
                    return Some(stream);
                }
                None => stream.push_literal(text),
            },
            other => stream.push(other.clone()),
        }
    }
    None
}
