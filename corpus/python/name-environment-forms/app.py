import os
from os import environ, getenv

import boto3

s3 = boto3.client("s3")
ENV = os.environ
settings = dict(os.environ)


def handler(event, context):
    s3.put_object(Bucket=os.environ["ONE"], Key="1", Body=b"")
    s3.put_object(Bucket=environ.get("TWO", "two-default"), Key="2", Body=b"")
    s3.put_object(Bucket=getenv("THREE", default="three-default"), Key="3", Body=b"")
    s3.put_object(Bucket=ENV["ONE"], Key="4", Body=b"")
    s3.put_object(Bucket=settings["ONE"], Key="5", Body=b"")
    s3.put_object(Bucket=os.environ.get("FOUR") or "four-default", Key="6", Body=b"")
    s3.put_object(Bucket=f"{os.environ['STAGE']}-files", Key="7", Body=b"")
    s3.put_object(Bucket=os.environ.get("ONE", "").strip(), Key="8", Body=b"")
