"""Makes a function and a nightly rule for a new tenant."""

import boto3

lambda_ = boto3.client("lambda")
ROLE = "arn:aws:iam::123456789012:role/tenant-worker"


def handler(event, context):
    tenant = event["tenant"]
    lambda_.create_function(
        FunctionName=f"tenant-{tenant}-worker",
        Runtime="python3.12",
        Role=ROLE,
        Handler="worker.handler",
        Code={"S3Bucket": "tenant-code", "S3Key": "worker.zip"},
    )
