import boto3

from ..config import BUCKET


def save(name):
    boto3.client("s3").put_object(Bucket=BUCKET, Key=name, Body=b"")
