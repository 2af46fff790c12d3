import os

import boto3


def save(event, context):
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item=event)


def watch(event, context):
    boto3.client("sns").publish(TopicArn="arn:aws:sns:eu-west-1:123456789012:changes", Message="changed")


def count(event, context):
    return len(event["Records"])
