import os

import boto3

ledger = boto3.resource("dynamodb").Table(os.environ["LEDGER"])


def handler(event, context):
    ledger.put_item(Item=event)
    boto3.client("s3").put_object(Bucket=os.environ["ARCHIVE"], Key="book.json")
