import os

import boto3

s3 = boto3.client("s3")
bucket = "reports-live"


def load():
    return s3.get_object(Bucket=bucket, Key="latest.json")


load()
if os.environ.get("REPLAY") == os.environ.get("STAGE"):
    bucket = "reports-replay"
load()
