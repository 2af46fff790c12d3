import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")


def handler(event, context):
    table.put_item(Item={"id": event["id"]})
    s3.put_object(
        Bucket=os.environ["BUCKET"],
        Key=f"items/{event['id']}.json",
        Body=b"{}",
    )
