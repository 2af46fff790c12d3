import boto3

BUCKET = "before"


def configure():
    global BUCKET
    BUCKET = "after"


def handler(event, context):
    configure()
    boto3.client("s3").put_object(Bucket=BUCKET, Key="x", Body=b"")
