import boto3

QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:from-arn"
LOCATION = "s3://from-url/path/to/file.txt"


def handler(event, context):
    boto3.client("sqs").get_queue_url(QueueName=QUEUE_ARN.split(":")[-1])
    bucket, _, key = LOCATION.removeprefix("s3://").partition("/")
    boto3.client("s3").get_object(Bucket=bucket, Key=key)
    *_, last = LOCATION.split("/")
    boto3.client("s3").put_object(Bucket=bucket, Key=f"copies/{last}", Body=b"")
