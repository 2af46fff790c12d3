import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def read(event, context):
    return table.get_item(Key={"id": event["id"]})


def join(event, context):
    table.put_item(Item={"id": event["id"]})


def unused():
    table.delete_item(Key={"id": "1"})
