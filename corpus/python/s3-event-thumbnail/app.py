"""Answers an S3 event: reads the new object, writes a preview, remembers both."""

import os
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table("previews")
PREVIEWS = os.environ.get("PREVIEW_BUCKET", "previews")


def preview_of(data: bytes) -> bytes:
    return data[: len(data) // 2]


def handle_record(record):
    bucket = record["s3"]["bucket"]["name"]
    key = unquote_plus(record["s3"]["object"]["key"])
    picture = s3.get_object(Bucket=bucket, Key=key)
    target = f"previews/{os.path.splitext(key)[0]}.png"
    s3.put_object(Bucket=PREVIEWS, Key=target, Body=preview_of(picture["Body"].read()))
    table.put_item(Item={"id": key, "bucket": bucket, "preview": target})


def handler(event, context):
    for record in event["Records"]:
        handle_record(record)
