import os

import boto3


def handler(event, context):
    boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["SECRET"])
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item=event)
