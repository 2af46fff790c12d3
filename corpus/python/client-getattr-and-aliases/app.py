import boto3 as aws
from boto3 import client as make_client, resource
from boto3.session import Session

factory = getattr(aws, "client")


def handler(event, context):
    factory("s3").put_object(Bucket="alias-one", Key="k", Body=b"")
    make_client("s3").get_object(Bucket="alias-one", Key="k")
    resource("dynamodb").Table("alias-two").get_item(Key={"id": "1"})
    Session().client("sqs").get_queue_url(QueueName="alias-three")
    aws.DEFAULT_SESSION.client("s3").delete_object(Bucket="alias-one", Key="k")
