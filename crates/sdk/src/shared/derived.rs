//! Names of resources that come out of responses: the URL of a queue that was asked for by name, the
//! ARN of a topic that was just made, the keys under a prefix. The forms are those of the pages on
//! "Resource types" in the Service Authorization Reference and, for queue URLs, of "Queue and message
//! identifiers" in the Amazon SQS Developer Guide.

use perm_infer_analysis::{Atom, Cx, HoleReason, Text, Value};
use perm_infer_catalog::Operation;

use super::{computed, concat_all, entry};

/// Alternatives of one derived name.
const MAX_NAMES: usize = 32;

/// Service, operation, path in the response, and the text there: `{}` is unknown, `{Name}` the request
/// parameter, `{Name?}` the parameter or nothing when it is not given.
const NAMES: &[(&str, &str, &str, &str)] = &[
    ("sqs", "GetQueueUrl", "QueueUrl", "https://sqs.{}.amazonaws.com/{}/{QueueName}"),
    ("sqs", "CreateQueue", "QueueUrl", "https://sqs.{}.amazonaws.com/{}/{QueueName}"),
    ("sns", "CreateTopic", "TopicArn", "arn:aws:sns:{}:{}:{Name}"),
    ("dynamodb", "DescribeTable", "Table.TableName", "{TableName}"),
    ("dynamodb", "DescribeTable", "Table.TableArn", "arn:aws:dynamodb:{}:{}:table/{TableName}"),
    (
        "dynamodb",
        "DescribeTable",
        "Table.LatestStreamArn",
        "arn:aws:dynamodb:{}:{}:table/{TableName}/stream/{}",
    ),
    ("dynamodb", "CreateTable", "TableDescription.TableName", "{TableName}"),
    ("dynamodb", "CreateTable", "TableDescription.TableArn", "arn:aws:dynamodb:{}:{}:table/{TableName}"),
    (
        "dynamodb",
        "CreateTable",
        "TableDescription.LatestStreamArn",
        "arn:aws:dynamodb:{}:{}:table/{TableName}/stream/{}",
    ),
    ("s3", "ListObjects", "Contents[].Key", "{Prefix?}{}"),
    ("s3", "ListObjectsV2", "Contents[].Key", "{Prefix?}{}"),
    ("s3", "ListObjectVersions", "Versions[].Key", "{Prefix?}{}"),
    ("s3", "ListObjectVersions", "DeleteMarkers[].Key", "{Prefix?}{}"),
    ("s3", "ListMultipartUploads", "Uploads[].Key", "{Prefix?}{}"),
    ("kinesis", "DescribeStream", "StreamDescription.StreamARN", "arn:aws:kinesis:{}:{}:stream/{StreamName}"),
    (
        "kinesis",
        "DescribeStreamSummary",
        "StreamDescriptionSummary.StreamARN",
        "arn:aws:kinesis:{}:{}:stream/{StreamName}",
    ),
    // An iterator stands for its stream, whose ARN is all that matters of it.
    ("dynamodbstreams", "GetShardIterator", "ShardIterator", "{StreamArn}"),
    ("dynamodbstreams", "GetRecords", "NextShardIterator", "{ShardIterator}"),
    ("kinesis", "GetShardIterator", "ShardIterator", "{StreamARN}"),
    ("kinesis", "GetShardIterator", "ShardIterator", "arn:aws:kinesis:{}:{}:stream/{StreamName}"),
    ("kinesis", "GetRecords", "NextShardIterator", "{ShardIterator}"),
    ("stepfunctions", "CreateStateMachine", "stateMachineArn", "arn:aws:states:{}:{}:stateMachine:{name}"),
    ("secretsmanager", "CreateSecret", "ARN", "arn:aws:secretsmanager:{}:{}:secret:{Name}-{}"),
    // A role's path stands before its name.
    ("iam", "GetRole", "Role.Arn", "arn:aws:iam::{}:role/{}{RoleName}"),
    ("iam", "CreateRole", "Role.Arn", "arn:aws:iam::{}:role/{}{RoleName}"),
];

/// What is known of one place in a response.
pub(crate) enum Derived {
    /// Its text.
    Text(Value),
    /// Nothing itself, but something inside of it.
    Inside,
    /// Nothing.
    Nothing,
}

/// What is known of the place `path` in the response to an operation with these parameters. Path
/// segments are separated by dots; `[]` behind one stands for any element.
pub(crate) fn derived(cx: &mut Cx<'_, '_>, operation: Operation, path: &str, params: &Value) -> Derived {
    let of_operation = |entry: &&(&str, &str, &str, &str)| {
        entry.0 == operation.service().name() && entry.1 == operation.name()
    };
    let mut inside = false;
    for (_, _, place, template) in NAMES.iter().filter(of_operation) {
        if *place == path && is_given(cx, template, params) {
            return Derived::Text(fill(cx, template, params));
        }
        inside |= place
            .strip_prefix(path)
            .is_some_and(|rest| path.is_empty() || rest.starts_with('.') || rest.starts_with("[]"));
    }
    if inside { Derived::Inside } else { Derived::Nothing }
}

/// The identifying text that the response to an operation consists of, such as a new queue's URL.
pub(crate) fn identifier(
    cx: &mut Cx<'_, '_>,
    operation: Operation,
    member: Option<&str>,
    params: &Value,
) -> Option<Value> {
    let found = NAMES.iter().find(|(service, name, place, template)| {
        *service == operation.service().name()
            && *name == operation.name()
            && match member {
                Some(member) => place.rsplit('.').next() == Some(member),
                None => true,
            }
            && is_given(cx, template, params)
    });
    found.map(|(_, _, _, template)| fill(cx, template, params))
}

/// Whether the parameters that a template needs are given; of several templates for one place the first
/// such one counts.
fn is_given(cx: &mut Cx<'_, '_>, template: &str, params: &Value) -> bool {
    let names = template.split('{').skip(1).filter_map(|piece| Some(piece.split_once('}')?.0));
    names
        .filter(|name| !name.is_empty() && !name.ends_with('?'))
        .all(|name| !entry(cx, params, name).is_bottom())
}

fn fill(cx: &mut Cx<'_, '_>, template: &str, params: &Value) -> Value {
    let mut pieces = Vec::new();
    for (position, piece) in template.split('{').enumerate() {
        let literal = match piece.split_once('}') {
            Some((name, literal)) if position > 0 => {
                pieces.push(parameter(cx, name, params));
                literal
            }
            _ => piece,
        };
        pieces.push(Value::text(literal, Some(cx.site())));
    }
    concat_all(&pieces, MAX_NAMES)
}

fn parameter(cx: &mut Cx<'_, '_>, name: &str, params: &Value) -> Value {
    if name.is_empty() {
        return Atom::Text(computed()).into();
    }
    let value = entry(cx, params, name.trim_end_matches('?'));
    if !value.is_bottom() {
        return cx.to_text(&value);
    }
    if name.ends_with('?') { Atom::Text(Text::default()).into() } else { cx.unknown(HoleReason::Computed) }
}
