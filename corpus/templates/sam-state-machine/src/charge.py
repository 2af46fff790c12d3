import os

import boto3

payments = boto3.resource("dynamodb").Table(os.environ["PAYMENTS"])


def handler(event, context):
    payments.put_item(Item={"id": event["id"]})
