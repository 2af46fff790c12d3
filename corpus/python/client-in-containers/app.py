from collections import namedtuple
from types import SimpleNamespace
from typing import NamedTuple

import boto3


class Aws(NamedTuple):
    s3: object
    bucket: str


Pair = namedtuple("Pair", ["queue", "topic"])

aws = Aws(boto3.client("s3"), "boxes")
pair = Pair(queue=boto3.client("sqs"), topic=boto3.client("sns"))
clients = {"kms": boto3.client("kms"), "db": boto3.resource("dynamodb")}
space = SimpleNamespace(events=boto3.client("events"))


def handler(event, context):
    aws.s3.put_object(Bucket=aws.bucket, Key="x", Body=b"")
    first, second = pair
    first.get_queue_url(QueueName="boxes")
    second.publish(TopicArn="arn:aws:sns:us-east-1:123456789012:boxes", Message="m")
    clients["db"].Table("boxes").delete_item(Key={"id": "1"})
    space.events.put_events(Entries=[{"Source": "s", "DetailType": "d", "Detail": "{}", "EventBusName": "boxes"}])
