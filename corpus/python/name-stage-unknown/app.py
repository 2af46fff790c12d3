import os

import boto3

STAGE = os.environ["STAGE"]
TABLES = {"dev": "dev-items", "prod": "prod-items"}


def handler(event, context):
    boto3.resource("dynamodb").Table(TABLES[STAGE]).scan()
