import boto3

BASE = "Team_Data"


def handler(event, context):
    boto3.client("s3").put_object(Bucket=BASE.lower().replace("_", "-"), Key=BASE.upper(), Body=b"")
