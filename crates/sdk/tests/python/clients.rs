//! Sessions, clients, paginators, waiters, transfers, signed URLs.

use crate::harness::{assert_calls, project};

#[test]
fn a_client_performs_the_operation_with_its_keywords() {
    assert_calls(
        "import boto3\ns3 = boto3.client('s3')\ns3.put_object(Bucket='b', Key='k', Body=b'x')\n",
        &["s3:PutObject(Body=x, Bucket=b, Key=k)"],
    );
}

#[test]
fn clients_come_from_every_kind_of_session() {
    for make in [
        "boto3.client('sqs')",
        "boto3.client(service_name='sqs', region_name='eu-west-1')",
        "boto3.Session(profile_name='p').client('sqs')",
        "boto3.session.Session().client('sqs')",
        "boto3.DEFAULT_SESSION.client('sqs')",
        "botocore.session.get_session().create_client('sqs')",
        "botocore.session.Session().create_client('sqs')",
        "boto3.resource('sqs').meta.client",
        "getattr(boto3, 'client')('sqs')",
        "functools.partial(boto3.client, 'sqs')()",
        "functools.partial(boto3.client, region_name='us-east-1')('sqs')",
    ] {
        let source = format!(
            "import boto3, botocore.session, functools\nclient = {make}\nclient.purge_queue(QueueUrl='u')\n"
        );
        let found = project(&[("app.py", &source)], &[]);
        assert_eq!(found.calls, ["sqs:PurgeQueue(QueueUrl=u)"], "{make}");
        assert_eq!(found.services, ["sqs"], "{make}");
        assert!(found.notes.is_empty(), "{make}: {:?}", found.notes);
    }
}

#[test]
fn imports_may_name_the_function() {
    assert_calls(
        "from boto3 import client as make\nmake('sns').publish(TopicArn='t', Message='m')\n",
        &["sns:Publish(Message=m, TopicArn=t)"],
    );
    assert_calls(
        "from boto3.session import Session\nSession().client('sns').publish(TopicArn='t', Message='m')\n",
        &["sns:Publish(Message=m, TopicArn=t)"],
    );
    assert_calls(
        "import boto3 as b\nb.client('sns').publish(TopicArn='t', Message='m')\n",
        &["sns:Publish(Message=m, TopicArn=t)"],
    );
}

#[test]
fn asynchronous_clients_are_context_managers() {
    assert_calls(
        r"
import aioboto3
async def handler(event, context):
    session = aioboto3.Session()
    async with session.client('s3') as s3:
        response = await s3.get_object(Bucket='b', Key='k')
        return await response['Body'].read()
",
        &["s3:GetObject(Bucket=b, Key=k)"],
    );
    assert_calls(
        r"
from aiobotocore.session import get_session
from contextlib import AsyncExitStack
async def main():
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(get_session().create_client('sqs'))
        await client.purge_queue(QueueUrl='u')
",
        &["sqs:PurgeQueue(QueueUrl=u)"],
    );
}

#[test]
fn a_service_chosen_among_constants_is_all_of_them() {
    assert_calls(
        r"
import boto3
def handler(event, context):
    for name in ['sns', 'sqs']:
        client = boto3.client(name)
        if name == 'sns':
            client.list_topics()
        else:
            client.list_queues()
",
        &["sns:ListTopics()", "sqs:ListQueues()"],
    );
}

#[test]
fn an_unknown_service_is_reported() {
    let source = "import boto3\ndef make(service):\n    return boto3.client(service)\n";
    assert_eq!(project(&[("app.py", source)], &[]).notes, ["unresolved-client"]);
    let source = "import boto3\nboto3.client('no-such-service').do_it(A=1)\n";
    let found = project(&[("app.py", source)], &[]);
    assert_eq!(found.notes, ["unknown-service"]);
    assert!(found.calls.is_empty());
}

#[test]
fn a_client_of_unknown_service_calls_what_only_one_service_has() {
    assert_calls(
        r"
import boto3
def make(service):
    boto3.client(service).put_object(Bucket='b', Key='k')
    boto3.client(service).tag_resource(ResourceArn='a', Tags=[])
",
        &["s3:PutObject(Bucket=b, Key=k)"],
    );
}

#[test]
fn what_is_no_operation_of_a_known_client_is_reported() {
    let found = project(&[("app.py", "import boto3\nboto3.client('s3').put_objekt(Bucket='b')\n")], &[]);
    assert_eq!(found.notes, ["unresolved-operation"]);
    assert!(found.calls.is_empty());
}

#[test]
fn a_method_name_that_is_not_known_is_reported() {
    let source = "import boto3\ndef run(name):\n    getattr(boto3.client('s3'), name)(Bucket='b')\n";
    assert_eq!(project(&[("app.py", source)], &[]).notes, ["unresolved-operation"]);
}

#[test]
fn methods_that_send_nothing_are_no_calls() {
    let source = r"
import boto3
s3 = boto3.client('s3')
s3.can_paginate('list_objects')
print(s3.meta.region_name)
try:
    s3.close()
except s3.exceptions.NoSuchKey as error:
    print(error.response['Error'])
";
    let found = project(&[("app.py", source)], &[]);
    assert!(found.calls.is_empty() && found.notes.is_empty(), "{:?} {:?}", found.calls, found.notes);
}

#[test]
fn paginators_repeat_their_operation() {
    assert_calls(
        r"
import boto3
s3 = boto3.client('s3')
paginator = s3.get_paginator('list_objects_v2')
for page in paginator.paginate(Bucket='b', Prefix='in/', PaginationConfig={'PageSize': 10}):
    for item in page.get('Contents', []):
        s3.delete_object(Bucket='b', Key=item['Key'])
",
        &["s3:DeleteObject(Bucket=b, Key=in/{?})", "s3:ListObjectsV2(Bucket=b, Prefix=in/)"],
    );
    assert_calls(
        "import boto3\nboto3.client('iam').get_paginator('list_roles').paginate().build_full_result()\n",
        &["iam:ListRoles()"],
    );
}

#[test]
fn waiters_poll_their_operation() {
    assert_calls(
        "import boto3\nboto3.client('s3').get_waiter('object_exists').wait(Bucket='b', Key='k', WaiterConfig={'Delay': 1})\n",
        &["s3:HeadObject(Bucket=b, Key=k)"],
    );
}

#[test]
fn signing_needs_the_permission_of_the_signed_operation() {
    assert_calls(
        r"
import boto3
s3 = boto3.client('s3')
s3.generate_presigned_url('get_object', Params={'Bucket': 'b', 'Key': 'k'}, ExpiresIn=60)
s3.generate_presigned_url(ClientMethod='put_object', Params={'Bucket': 'b', 'Key': 'up'})
s3.generate_presigned_post('b', 'posted/${filename}', ExpiresIn=60)
",
        &[
            "s3:GetObject(Bucket=b, Key=k)",
            "s3:PutObject(Bucket=b, Key=up)",
            "s3:PutObject(Bucket=b, Key=posted/{?})",
        ],
    );
}

#[test]
fn transfers_of_the_client_are_their_requests() {
    assert_calls(
        r"
import boto3
s3 = boto3.client('s3')
s3.upload_file('/tmp/a', 'b', 'up', ExtraArgs={'ACL': 'public-read'})
s3.upload_fileobj(Fileobj=open('/tmp/a', 'rb'), Bucket='b', Key='obj')
s3.download_file('b', 'down', '/tmp/a')
s3.copy({'Bucket': 'src', 'Key': 'from'}, 'b', 'to')
",
        &[
            "s3:PutObject(ACL=public-read, Bucket=b, Key=up)",
            "s3:AbortMultipartUpload(Bucket=b, Key=up)",
            "s3:PutObject(Bucket=b, Key=obj)",
            "s3:AbortMultipartUpload(Bucket=b, Key=obj)",
            "s3:AbortMultipartUpload(Bucket=b, Key=to)",
            "s3:HeadObject(Bucket=b, Key=down)",
            "s3:GetObject(Bucket=b, Key=down)",
            "s3:HeadObject(Bucket=src, Key=from)",
            "s3:CopyObject(Bucket=b, CopySource={Bucket=src, Key=from}, Key=to)",
        ],
    );
}

#[test]
fn a_spread_dictionary_is_the_parameters() {
    assert_calls(
        r"
import boto3
client = boto3.client('dynamodb')
params = {'TableName': 'orders', 'Key': {'id': {'S': '1'}}}
params['ConsistentRead'] = True
client.get_item(**params)
",
        &["dynamodb:GetItem(ConsistentRead=true, Key={id={S=1}}, TableName=orders)"],
    );
}

#[test]
fn parameters_of_an_unknown_dictionary_stay_open() {
    assert_calls(
        "import boto3\ndef run(options):\n    boto3.client('s3').put_object(Bucket='b', **options)\n",
        &["s3:PutObject(Bucket=b, **?)"],
    );
}

#[test]
fn annotations_tell_what_a_parameter_is() {
    assert_calls(
        r#"
from __future__ import annotations
from typing import TYPE_CHECKING, Optional
if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.client import S3Client as Other
    from mypy_boto3_dynamodb.service_resource import Table, DynamoDBServiceResource
    from types_boto3_sqs import SQSClient
    from mypy_boto3_s3.paginator import ListObjectsV2Paginator

def a(s3: S3Client): s3.put_object(Bucket="a", Key="k")
def b(s3: "Other"): s3.put_object(Bucket="b", Key="k")
def c(s3: Optional[S3Client] = None): s3.put_object(Bucket="c", Key="k")
def d(sqs: SQSClient | None): sqs.purge_queue(QueueUrl="u")
def e(table: Table): table.put_item(Item={})
def f(dynamodb: DynamoDBServiceResource): dynamodb.Table("t").scan()
def g(pages: ListObjectsV2Paginator): pages.paginate(Bucket="g")
def h(clients: list[S3Client]):
    for s3 in clients:
        s3.put_object(Bucket="h", Key="k")
"#,
        &[
            "s3:PutObject(Bucket=a, Key=k)",
            "s3:PutObject(Bucket=b, Key=k)",
            "s3:PutObject(Bucket=c, Key=k)",
            "sqs:PurgeQueue(QueueUrl=u)",
            "dynamodb:PutItem(Item={}, TableName=?)",
            "dynamodb:Scan(TableName=t)",
            "s3:ListObjectsV2(Bucket=g)",
            "s3:PutObject(Bucket=h, Key=k)",
        ],
    );
}

#[test]
fn parameters_of_powertools_are_requests() {
    assert_calls(
        r#"
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parameters import get_secret, SSMProvider
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer
layer = DynamoDBPersistenceLayer(table_name="idempotency")
def handler(event, context):
    parameters.get_parameter("/app/url", decrypt=True)
    parameters.get_parameters("/app/")
    get_secret("db")
    SSMProvider().get("/other")
"#,
        &[
            "ssm:GetParameter(Name=/app/url, WithDecryption=true)",
            "ssm:GetParametersByPath(Path=/app/)",
            "secretsmanager:GetSecretValue(SecretId=db)",
            "ssm:GetParameter(Name=/other)",
            "dynamodb:GetItem(TableName=idempotency)",
            "dynamodb:PutItem(TableName=idempotency)",
            "dynamodb:UpdateItem(TableName=idempotency)",
            "dynamodb:DeleteItem(TableName=idempotency)",
        ],
    );
}

#[test]
fn streams_and_masks_of_powertools_are_requests() {
    assert_calls(
        r#"
from aws_lambda_powertools.utilities.streaming.s3_object import S3Object
from aws_lambda_powertools.utilities.data_masking import DataMasking
from aws_lambda_powertools.utilities.data_masking.provider.kms.aws_encryption_sdk import AWSEncryptionSDKProvider
masker = DataMasking(provider=AWSEncryptionSDKProvider(keys=["first", "second"]))
def handler(event, context):
    for line in S3Object(bucket="b", key="k"):
        masker.encrypt(line)
    masker.decrypt(event["data"])
    masker.erase(event["data"])
"#,
        &[
            "s3:HeadObject(Bucket=b, Key=k)",
            "s3:GetObject(Bucket=b, Key=k)",
            "kms:GenerateDataKey(KeyId=first)",
            "kms:Encrypt(KeyId=second)",
            "kms:Decrypt(KeyId=first)",
            "kms:Decrypt(KeyId=second)",
        ],
    );
}

#[test]
fn models_of_pynamodb_are_tables() {
    assert_calls(
        r"
from pynamodb.models import Model
from pynamodb.indexes import GlobalSecondaryIndex, AllProjection
class ByDate(GlobalSecondaryIndex):
    class Meta:
        index_name = 'by-date'
        projection = AllProjection()
class Order(Model):
    class Meta:
        table_name = 'orders'
        region = 'eu-west-1'
    by_date = ByDate()
    def save(self, **expected):
        super().save(**expected)
def handler(event, context):
    order = Order('1', total=3)
    order.save()
    found = Order.get('1')
    found.delete()
    for item in Order.scan():
        item.update(actions=[])
    Order.by_date.query('2026')
    with Order.batch_write() as batch:
        batch.save(order)
",
        &[
            "dynamodb:PutItem(TableName=orders)",
            "dynamodb:GetItem(TableName=orders)",
            "dynamodb:DeleteItem(TableName=orders)",
            "dynamodb:Scan(TableName=orders)",
            "dynamodb:UpdateItem(TableName=orders)",
            "dynamodb:Query(IndexName=by-date, TableName=orders)",
            "dynamodb:BatchWriteItem(RequestItems={orders=?})",
        ],
    );
}
