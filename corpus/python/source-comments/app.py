import boto3

import plugins

s3 = boto3.client("s3")
dynamodb = boto3.client("dynamodb")


def handler(event, context):
    # Tenants have a bucket each.
    # perm-infer: resource arn:aws:s3:::tenant-*/*
    body = s3.get_object(
        Bucket=event["bucket"],
        Key=event["key"],
    )["Body"].read()
    if event.get("reset"):
        dynamodb.delete_table(TableName="scratch")  # perm-infer: ignore
    # perm-infer: allow sqs:SendMessage on arn:aws:sqs:*:*:audit
    plugins.run(event, body)
