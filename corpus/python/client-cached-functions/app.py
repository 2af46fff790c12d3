import functools
from functools import lru_cache

import boto3


@functools.cache
def topics():
    return boto3.client("sns")


@lru_cache(maxsize=None)
def table(name):
    return boto3.resource("dynamodb").Table(name)


def handler(event, context):
    table("orders").put_item(Item={"id": "1"})
    table("order-log").delete_item(Key={"id": "1"})
    topics().publish(TopicArn="arn:aws:sns:us-east-1:123456789012:orders", Message="new")
