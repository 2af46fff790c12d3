import os

import boto3


def handler(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["SEALED"], Key="a", Body=b"")
    boto3.client("s3").put_object(Bucket=os.environ["PLAIN"], Key="b", Body=b"")
