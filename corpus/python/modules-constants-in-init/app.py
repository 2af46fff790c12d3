import boto3

import conf
from conf import BUCKET


def handler(event, context):
    s3 = boto3.client("s3")
    s3.put_object(Bucket=BUCKET, Key=conf.KEY, Body=b"")
