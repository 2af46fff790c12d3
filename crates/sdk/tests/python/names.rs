//! Names of resources: string operations, environment variables, configuration, responses.

use crate::harness::{assert_calls, calls, project};

/// The key that the models see when the code says `expression`.
fn key(expression: &str) -> String {
    let source = format!(
        r"
import boto3, os, json, pathlib, enum
from os import environ, getenv
from pathlib import Path
class Color(str, enum.Enum):
    RED = 'red'
def handler(event, context):
    boto3.client('s3').delete_object(Bucket='b', Key={expression})
"
    );
    let calls = calls(&source);
    assert_eq!(calls.len(), 1, "{expression}: {calls:?}");
    let call = &calls[0];
    let key = call.strip_prefix("s3:DeleteObject(Bucket=b, Key=").and_then(|rest| rest.strip_suffix(')'));
    key.unwrap_or_default().to_owned()
}

#[test]
fn strings_are_computed_as_far_as_they_are_known() {
    for (expression, expected) in [
        ("f\"in/{event['id']}.csv\"", "in/{?}.csv"),
        ("'in/{}/{name}.csv'.format(event['id'], name='x')", "in/{?}/x.csv"),
        ("'in/%s/%s' % (event['id'], 'x')", "in/{?}/x"),
        ("'in/%(id)s' % {'id': 'x'}", "in/x"),
        ("'in/%s' % 'x'", "in/x"),
        ("'in/{:05d}.csv'.format(3)", "in/{?}.csv"),
        ("'/'.join(['in', event['id'], 'x'])", "in/{?}/x"),
        ("'in/' + str(event['id'])", "in/{?}"),
        ("'IN/x'.lower()", "in/x"),
        ("'/in/x/'.strip('/')", "in/x"),
        ("'in-x'.replace('-', '/')", "in/x"),
        ("'s3://bucket/in/x'.split('/', 3)[3]", "in/x"),
        ("'in/x'.rsplit('/', 1)[-1]", "x"),
        ("'a:b'.partition(':')[2]", "b"),
        ("'pre-x'.removeprefix('pre-')", "x"),
        ("os.path.join('in', event['id'], 'x')", "in/{?}/x"),
        ("os.path.basename('in/x')", "x"),
        ("str(Path('in') / event['id'] / 'x')", "in/{?}/x"),
        ("str(pathlib.Path('in', 'x'))", "in/x"),
        ("Path('in/x').name", "x"),
        ("Color.RED.value", "red"),
        ("json.loads('{\"a\": [\"x\"]}')['a'][0]", "x"),
        ("{'a': 'x'}.get('a', 'y')", "x"),
        ("{'a': 'x'}.get('b', 'y')", "y"),
        ("dict(a='x')['a']", "x"),
        ("event.get('name') or 'x'", "x|?"),
        ("sorted(['x'])[0]", "x"),
    ] {
        assert_eq!(key(expression), expected, "{expression}");
    }
}

#[test]
fn environment_variables_keep_their_name() {
    for expression in [
        "os.environ['KEY']",
        "environ['KEY']",
        "os.environ.get('KEY')",
        "os.getenv('KEY')",
        "getenv('KEY')",
        "os.environ.get('KEY', '')",
        "os.environ.get('KEY', None)",
    ] {
        assert_eq!(key(expression), "{$KEY}", "{expression}");
    }
    assert_eq!(key("f\"{os.environ['STAGE']}/x\""), "{$STAGE}/x");
}

#[test]
fn stated_environment_variables_win_over_defaults() {
    let source = r"
import boto3, os
boto3.client('s3').delete_object(Bucket=os.environ.get('BUCKET', 'default'), Key=os.environ['KEY'])
";
    let found = project(&[("app.py", source)], &[("BUCKET", "stated"), ("KEY", "k")]);
    assert_eq!(found.calls, ["s3:DeleteObject(Bucket=stated, Key=k)"]);
    assert!(found.notes.is_empty());
    let found = project(&[("app.py", source)], &[]);
    assert_eq!(found.calls, ["s3:DeleteObject(Bucket=default, Key={$KEY})"]);
    assert_eq!(found.notes, ["environment-default"]);
}

#[test]
fn names_flow_out_of_responses() {
    assert_calls(
        r"
import boto3
sqs = boto3.client('sqs')
url = sqs.get_queue_url(QueueName='jobs')['QueueUrl']
sqs.send_message(QueueUrl=url, MessageBody='m')
sns = boto3.client('sns')
sns.publish(TopicArn=sns.create_topic(Name='alerts').get('TopicArn'), Message='m')
",
        &[
            "sqs:GetQueueUrl(QueueName=jobs)",
            "sqs:SendMessage(MessageBody=m, QueueUrl=https://sqs.{?}.amazonaws.com/{?}/jobs)",
            "sns:CreateTopic(Name=alerts)",
            "sns:Publish(Message=m, TopicArn=arn:aws:sns:{?}:{?}:alerts)",
        ],
    );
}

#[test]
fn what_else_is_in_responses_is_unknown() {
    assert_calls(
        r"
import boto3
s3 = boto3.client('s3')
for bucket in s3.list_buckets()['Buckets']:
    s3.delete_bucket(Bucket=bucket['Name'])
",
        &["s3:ListBuckets()", "s3:DeleteBucket(Bucket=?)"],
    );
}

#[test]
fn constants_come_from_other_modules_and_classes() {
    let settings = "import os\nPREFIX = 'app'\nclass Settings:\n    table = f'{PREFIX}-orders'\n";
    let app = r"
import boto3
from settings import Settings
def handler(event, context):
    boto3.resource('dynamodb').Table(Settings.table).scan()
";
    let found = project(&[("settings.py", settings), ("app.py", app)], &[]);
    assert_eq!(found.calls, ["dynamodb:Scan(TableName=app-orders)"]);
}

#[test]
fn dictionaries_are_built_step_by_step() {
    assert_calls(
        r"
import boto3
params = dict(TableName='t')
params.update({'IndexName': 'i'}, Limit=1)
params.setdefault('Select', 'COUNT')
params.pop('Limit')
boto3.client('dynamodb').query(**params)
",
        &["dynamodb:Query(IndexName=i, Select=COUNT, TableName=t)"],
    );
}

#[test]
fn loops_over_constants_give_every_element() {
    assert_calls(
        r"
import boto3
sns = boto3.client('sns')
for index, name in enumerate(['a', 'b']):
    sns.create_topic(Name=name)
for left, right in zip(['c'], ['d']):
    sns.create_topic(Name=left + right)
for name, size in {'e': 1}.items():
    sns.create_topic(Name=name)
",
        &[
            "sns:CreateTopic(Name=a)",
            "sns:CreateTopic(Name=b)",
            "sns:CreateTopic(Name=cd)",
            "sns:CreateTopic(Name=e)",
        ],
    );
}
