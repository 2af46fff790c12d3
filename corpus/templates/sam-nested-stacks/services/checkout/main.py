import os

import boto3


def handler(event, context):
    boto3.client("dynamodb").delete_item(TableName=os.environ["CART"], Key={"id": {"S": "1"}})
