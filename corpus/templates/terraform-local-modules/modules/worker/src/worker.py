import os

import boto3


def run(event, context):
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).delete_item(Key={"id": "1"})
