//! What the template knows of the event that a function gets: the bucket of an event of Amazon S3, the queue or
//! stream behind records, what the pattern of a rule asks for.
//!
//! Only where every invocation is known: all events of the function are of such kinds, and nothing else in the
//! template mentions the function that could invoke it. What is not known of the event stays open.
//!
//! Source: the example events in "Lambda integrations" of the AWS Lambda Developer Guide, and "Event message
//! structure" in the Amazon S3 User Guide.

use perm_infer_policy::{Part, Pattern};

use super::Reader;
use super::function::Subject;
use super::index::mentions;
use crate::model::Argument;
use crate::tree::{Entry, Kind, Node};

/// Types that may mention a function without invoking it, or whose events are known here.
const HARMLESS: &[&str] = &[
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::Logs::MetricFilter",
    "AWS::S3::Bucket",
];

/// Services that invoke functions with the events that are known here.
const PRINCIPALS: [&str; 2] = ["events.amazonaws.com", "s3.amazonaws.com"];

impl Reader<'_> {
    /// The event of a function as far as it is known; none where it may be anything.
    pub(super) fn event(&mut self, subject: &Subject<'_>) -> Option<Argument> {
        if subject.get(&["FunctionUrlConfig"]).is_some() || subject.get(&["AutoPublishAlias"]).is_some() {
            return None;
        }
        let mut events = Vec::new();
        for declared in subject.all(&["Events"]) {
            for event in declared.entries() {
                events.push(self.sam_event_shape(subject, event)?);
            }
        }
        let template = self.template(subject.stack);
        for entry in template.index.mentioning(&template.root, subject.id) {
            if entry.key == subject.id {
                continue;
            }
            let kind = entry.value.get("Type").and_then(Node::text).filter(|kind| HARMLESS.contains(kind))?;
            let properties = entry.value.get("Properties")?;
            match kind {
                "AWS::Lambda::EventSourceMapping" => {
                    events.push(self.record_shape(subject, properties.get("EventSourceArn")?)?);
                }
                "AWS::Lambda::Permission" => {
                    let principal = self.known_text(subject.stack, properties.get("Principal")?)?;
                    PRINCIPALS.contains(&principal.as_str()).then_some(())?;
                }
                "AWS::S3::Bucket" => {
                    let notifications =
                        properties.at_path(&["NotificationConfiguration", "LambdaConfigurations"])?;
                    for configuration in notifications.items() {
                        if mentions(configuration, subject.id) {
                            let names = self.resource_reference(subject.stack, &entry.key, entry.at);
                            let filter = configuration.get("Filter");
                            events.push(self.bucket_shape(subject, names, &[&entry.key], filter));
                        }
                    }
                }
                _ => {}
            }
        }
        if template.index.is_exported(subject.id) {
            return None;
        }
        events.into_iter().reduce(either)
    }

    fn sam_event_shape(&mut self, subject: &Subject<'_>, event: &Entry) -> Option<Argument> {
        let kind = event.value.get("Type").and_then(Node::text)?;
        let properties = event.value.get("Properties")?;
        match kind {
            "S3" => {
                let bucket = properties.get("Bucket")?;
                let names = self.texts(subject.stack, bucket);
                let id = bucket.intrinsic().and_then(|(_, name)| name.text());
                Some(self.bucket_shape(subject, names, id.as_slice(), properties.get("Filter")))
            }
            "SQS" => self.record_shape(subject, properties.get("Queue")?),
            "Kinesis" | "DynamoDB" => self.record_shape(subject, properties.get("Stream")?),
            "EventBridgeRule" | "CloudWatchEvent" => {
                let is_changed = ["Input", "InputPath", "InputTransformer"]
                    .iter()
                    .any(|name| properties.get(name).is_some());
                let detail = properties.at_path(&["Pattern", "detail"]).filter(|_| !is_changed)?;
                let detail = self.asked_for(subject, detail, 0)?;
                Some(Argument::Map(vec![("detail".to_owned(), detail)]))
            }
            _ => None,
        }
    }

    /// Records of a queue or stream.
    fn record_shape(&mut self, subject: &Subject<'_>, source: &Node) -> Option<Argument> {
        let arns = self.texts(subject.stack, source);
        let is_known = |arn: &Pattern| arn.literal_prefix().starts_with("arn:");
        arns.iter().all(is_known).then(|| records(vec![("eventSourceARN".to_owned(), Argument::Text(arns))]))
    }

    /// Records of objects in a bucket.
    fn bucket_shape(
        &mut self,
        subject: &Subject<'_>,
        names: Vec<Pattern>,
        ids: &[&str],
        filter: Option<&Node>,
    ) -> Argument {
        let mut bucket = vec![("name".to_owned(), Argument::Text(names))];
        let arns: Vec<Pattern> = ids.iter().flat_map(|id| self.resource_arns(subject.stack, id)).collect();
        if !arns.is_empty() {
            bucket.push(("arn".to_owned(), Argument::Text(arns)));
        }
        let mut of_s3 = vec![("bucket".to_owned(), Argument::Map(bucket))];
        if let Some(key) = filter.and_then(|filter| self.key_of_filter(subject, filter)) {
            of_s3.push((
                "object".to_owned(),
                Argument::Map(vec![("key".to_owned(), Argument::Text(vec![key]))]),
            ));
        }
        records(vec![("s3".to_owned(), Argument::Map(of_s3))])
    }

    /// The keys that a filter lets through. In events keys are encoded for URLs, so that only characters that
    /// stay what they are say something.
    fn key_of_filter(&mut self, subject: &Subject<'_>, filter: &Node) -> Option<Pattern> {
        let rules = filter.at_path(&["S3Key", "Rules"])?;
        let (mut prefix, mut suffix) = (Pattern::default(), Pattern::default());
        for rule in rules.items() {
            let value = self.known_text(subject.stack, rule.get("Value")?)?;
            let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
            match (is_plain, rule.get("Name").and_then(Node::text)?.to_ascii_lowercase().as_str()) {
                (true, "prefix") => prefix = Pattern::literal(value),
                (true, "suffix") => suffix = Pattern::literal(value),
                _ => {}
            }
        }
        prefix.push(Part::Any);
        prefix.push_pattern(&suffix);
        (!prefix.is_any()).then_some(prefix)
    }

    /// What a pattern asks for: exact values, prefixes and suffixes of texts.
    /// Source: "Creating Amazon EventBridge event patterns".
    fn asked_for(&mut self, subject: &Subject<'_>, pattern: &Node, depth: usize) -> Option<Argument> {
        if depth > 16 {
            return None;
        }
        if let Kind::List(items) = &pattern.kind {
            let mut texts = Vec::new();
            for item in items {
                texts.extend(self.asked_text(subject, item)?);
            }
            return (!texts.is_empty()).then_some(Argument::Text(texts));
        }
        // `$or` and whatever else is no name of a field.
        if pattern.intrinsic().is_some() || pattern.entries().iter().any(|entry| entry.key.starts_with('$')) {
            return None;
        }
        let entries = pattern.entries().iter();
        let known: Vec<(String, Argument)> = entries
            .filter_map(|entry| Some((entry.key.clone(), self.asked_for(subject, &entry.value, depth + 1)?)))
            .collect();
        (!known.is_empty()).then_some(Argument::Map(known))
    }

    fn asked_text(&mut self, subject: &Subject<'_>, item: &Node) -> Option<Vec<Pattern>> {
        let [entry] = item.entries() else { return item.text().map(|_| self.texts(subject.stack, item)) };
        let with = |start: bool, text: Pattern| {
            let mut whole = Pattern::default();
            if !start {
                whole.push(Part::Any);
            }
            whole.push_pattern(&text);
            if start {
                whole.push(Part::Any);
            }
            whole
        };
        match entry.key.as_str() {
            "prefix" | "suffix" if entry.value.text().is_some() || entry.value.intrinsic().is_some() => {
                let start = entry.key == "prefix";
                let texts = self.texts(subject.stack, &entry.value);
                Some(texts.into_iter().map(|text| with(start, text)).collect())
            }
            _ if item.intrinsic().is_some() => Some(self.texts(subject.stack, item)),
            _ => None,
        }
    }
}

fn records(record: Vec<(String, Argument)>) -> Argument {
    Argument::Map(vec![("Records".to_owned(), Argument::List(vec![Argument::Map(record)]))])
}

/// One of two events: a field that only one of them tells of may be anything, or not be there, in the other.
fn either(one: Argument, other: Argument) -> Argument {
    match (one, other) {
        (Argument::Map(entries), Argument::Map(mut more)) => {
            let known = entries.into_iter().filter_map(|(key, value)| {
                let at = more.iter().position(|(name, _)| *name == key)?;
                Some((key, either(value, more.swap_remove(at).1)))
            });
            Argument::Map(known.collect())
        }
        (Argument::List(items), Argument::List(more)) => {
            Argument::List(items.into_iter().chain(more).reduce(either).into_iter().collect())
        }
        (Argument::Text(mut texts), Argument::Text(more)) => {
            let new: Vec<Pattern> = more.into_iter().filter(|text| !texts.contains(text)).collect();
            texts.extend(new);
            Argument::Text(texts)
        }
        _ => open(),
    }
}

fn open() -> Argument {
    Argument::Given("event".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(texts: &[&str]) -> Argument {
        Argument::Text(texts.iter().map(|&text| Pattern::literal(text)).collect())
    }

    fn map(entries: &[(&str, Argument)]) -> Argument {
        Argument::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    fn of_bucket(name: &str, key: Option<&str>) -> Argument {
        let mut parts = vec![("bucket", map(&[("name", text(&[name]))]))];
        parts.extend(key.map(|key| ("object", map(&[("key", text(&[key]))]))));
        records(vec![("s3".to_owned(), map(&parts))])
    }

    #[test]
    fn what_only_one_event_of_a_kind_knows_is_open() {
        let event = either(of_bucket("a", Some("in/1")), of_bucket("b", None));
        let bucket = map(&[("bucket", map(&[("name", text(&["a", "b"]))]))]);
        assert_eq!(event, records(vec![("s3".to_owned(), bucket)]));
    }

    #[test]
    fn events_of_different_kinds_tell_nothing_together() {
        let queue = records(vec![("eventSourceARN".to_owned(), text(&["arn:q"]))]);
        assert_eq!(either(of_bucket("a", None), queue), records(Vec::new()));
        let rule = map(&[("detail", map(&[("id", text(&["1"]))]))]);
        assert_eq!(either(of_bucket("a", None), rule), Argument::Map(Vec::new()));
    }
}
