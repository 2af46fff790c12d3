import json
import os

import boto3

settings = json.loads(os.environ["SETTINGS"])


def handler(event, context):
    boto3.resource("dynamodb").Table(settings["table"]).put_item(Item=event)
    boto3.client("s3").put_object(Bucket=settings["bucket"], Key=f"items/{event['id']}", Body=b"")
