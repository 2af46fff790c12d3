import os

import boto3


def handler(event, context):
    boto3.client("s3").get_object(Bucket=os.environ["PREFIX"], Key=os.environ["PLAIN"])
