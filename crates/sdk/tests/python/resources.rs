//! Resource objects: methods, sub-resources, collections, data that load, added methods.

use crate::harness::{assert_calls, project};

#[test]
fn methods_of_a_table_name_it() {
    assert_calls(
        r"
import boto3
dynamodb = boto3.resource('dynamodb')
table = dynamodb.Table('orders')
table.put_item(Item={'id': '1'})
table.query(IndexName='by-date')
",
        &[
            "dynamodb:PutItem(Item={id=1}, TableName=orders)",
            "dynamodb:Query(IndexName=by-date, TableName=orders)",
        ],
    );
}

#[test]
fn sub_resources_keep_the_identifiers_of_their_parent() {
    assert_calls(
        r"
import boto3
s3 = boto3.resource('s3')
bucket = s3.Bucket('b')
bucket.Object('k').put(Body='x')
bucket.Object(key='l').delete()
s3.Object('b', 'm').Acl().put(ACL='private')
s3.Object(bucket_name='b', key='n').get()['Body'].read()
bucket.Versioning().enable()
",
        &[
            "s3:PutObject(Body=x, Bucket=b, Key=k)",
            "s3:DeleteObject(Bucket=b, Key=l)",
            "s3:PutObjectAcl(ACL=private, Bucket=b, Key=m)",
            "s3:GetObject(Bucket=b, Key=n)",
            "s3:PutBucketVersioning(Bucket=b, VersioningConfiguration={Status=Enabled})",
        ],
    );
}

#[test]
fn collections_ask_for_their_list_when_they_are_read() {
    assert_calls(
        r"
import boto3
bucket = boto3.resource('s3').Bucket('b')
unused = bucket.multipart_uploads.all()
for item in bucket.objects.filter(Prefix='in/').limit(5):
    item.delete()
    print(item.size)
",
        &["s3:ListObjects(Bucket=b, Prefix=in/)", "s3:DeleteObject(Bucket=b, Key=in/{?})"],
    );
}

#[test]
fn batch_methods_of_collections_list_and_act() {
    assert_calls(
        "import boto3\nboto3.resource('s3').Bucket('b').objects.filter(Prefix='p/').delete()\n",
        &[
            "s3:ListObjects(Bucket=b, Prefix=p/)",
            "s3:DeleteObjects(Bucket=b, Delete={Objects=[{Key=p/{?}}]})",
        ],
    );
}

#[test]
fn data_attributes_load_and_identifiers_do_not() {
    assert_calls(
        r"
import boto3
table = boto3.resource('dynamodb').Table('orders')
print(table.name, table.table_name)
print(table.item_count)
",
        &["dynamodb:DescribeTable(TableName=orders)"],
    );
    assert_calls(
        "import boto3\nprint(boto3.resource('s3').Bucket('b').creation_date)\n",
        &["s3:ListBuckets()"],
    );
    assert_calls(
        "import boto3\nobject = boto3.resource('s3').Object('b', 'k')\nobject.load()\n",
        &["s3:HeadObject(Bucket=b, Key=k)"],
    );
}

#[test]
fn waiters_of_resources_poll() {
    assert_calls(
        "import boto3\nboto3.resource('dynamodb').Table('t').wait_until_exists()\n",
        &["dynamodb:DescribeTable(TableName=t)"],
    );
}

#[test]
fn a_batch_writer_writes_to_its_table() {
    assert_calls(
        r"
import boto3
table = boto3.resource('dynamodb').Table('orders')
with table.batch_writer() as batch:
    for i in range(10):
        batch.put_item(Item={'id': i})
    batch.delete_item(Key={'id': 1})
",
        &["dynamodb:BatchWriteItem(RequestItems={orders=[*?]})"],
    );
}

#[test]
fn what_a_method_makes_is_a_resource_again() {
    assert_calls(
        r"
import boto3
sqs = boto3.resource('sqs')
queue = sqs.get_queue_by_name(QueueName='jobs')
for message in queue.receive_messages(MaxNumberOfMessages=10):
    message.delete()
topic = boto3.resource('sns').create_topic(Name='alerts')
topic.publish(Message='m')
table = boto3.resource('dynamodb').create_table(TableName='new')
table.put_item(Item={})
boto3.resource('s3').create_bucket(Bucket='made').upload_file('a', 'k')
",
        &[
            "sqs:GetQueueUrl(QueueName=jobs)",
            "sqs:ReceiveMessage(MaxNumberOfMessages=10, QueueUrl=https://sqs.{?}.amazonaws.com/{?}/jobs)",
            "sqs:DeleteMessage(QueueUrl=https://sqs.{?}.amazonaws.com/{?}/jobs, ReceiptHandle=?)",
            "sns:CreateTopic(Name=alerts)",
            "sns:Publish(Message=m, TopicArn=arn:aws:sns:{?}:{?}:alerts)",
            "dynamodb:CreateTable(TableName=new)",
            "dynamodb:PutItem(Item={}, TableName=new)",
            "s3:CreateBucket(Bucket=made)",
            "s3:PutObject(Bucket=made, Key=k)",
            "s3:AbortMultipartUpload(Bucket=made, Key=k)",
        ],
    );
}

#[test]
fn transfers_of_resources_are_their_requests() {
    assert_calls(
        r"
import boto3
s3 = boto3.resource('s3')
s3.Bucket('b').upload_file('/tmp/x', 'up')
s3.Bucket('b').download_file('down', '/tmp/x')
s3.Object('b', 'k').upload_fileobj(open('/tmp/x', 'rb'))
s3.meta.client.upload_file('/tmp/x', 'b', 'client')
s3.Object('b', 'to').copy({'Bucket': 'src', 'Key': 'from'})
s3.Object('b', 'to').copy_from(CopySource='src/from')
",
        &[
            "s3:PutObject(Bucket=b, Key=up)",
            "s3:AbortMultipartUpload(Bucket=b, Key=up)",
            "s3:AbortMultipartUpload(Bucket=b, Key=k)",
            "s3:AbortMultipartUpload(Bucket=b, Key=client)",
            "s3:AbortMultipartUpload(Bucket=b, Key=to)",
            "s3:HeadObject(Bucket=b, Key=down)",
            "s3:GetObject(Bucket=b, Key=down)",
            "s3:PutObject(Bucket=b, Key=k)",
            "s3:PutObject(Bucket=b, Key=client)",
            "s3:HeadObject(Bucket=src, Key=from)",
            "s3:CopyObject(Bucket=b, CopySource={Bucket=src, Key=from}, Key=to)",
            "s3:CopyObject(Bucket=b, CopySource=src/from, Key=to)",
        ],
    );
}

#[test]
fn what_no_method_is_of_a_resource_is_reported() {
    let found = project(&[("app.py", "import boto3\nboto3.resource('s3').Bucket('b').explode()\n")], &[]);
    assert_eq!(found.notes, ["unresolved-operation"]);
}

#[test]
fn asynchronous_resources_are_awaited() {
    assert_calls(
        r"
import aioboto3
async def main():
    async with aioboto3.Session().resource('dynamodb') as dynamodb:
        table = await dynamodb.Table('t')
        await table.put_item(Item={})
    async with aioboto3.Session().resource('s3') as s3:
        bucket = await s3.Bucket('b')
        async for item in bucket.objects.all():
            await item.delete()
",
        &[
            "dynamodb:PutItem(Item={}, TableName=t)",
            "s3:ListObjects(Bucket=b)",
            "s3:DeleteObject(Bucket=b, Key=?)",
        ],
    );
}
