import argparse
import os

import boto3

s3 = boto3.client("s3")
sns = boto3.client("sns")
dynamodb = boto3.resource("dynamodb")

NOTIFY = os.environ.get("NOTIFY", "false").lower() == "true"
TABLE = os.environ.get("TABLE", "orders")
STAGE = os.environ.get("STAGE", "dev")
BUCKETS = {"dev": "reports-dev", "prod": "reports-prod"}

parser = argparse.ArgumentParser()
parser.add_argument("--region", default="us-east-1")


def handler(event, context):
    dynamodb.Table(f"{TABLE}-v2").put_item(Item=event)
    s3.put_object(Bucket=BUCKETS[STAGE], Key="last", Body=b"")
    if NOTIFY:
        sns.publish(TopicArn="arn:aws:sns:us-east-1:123456789012:orders", Message="new")
    if int(os.environ.get("KEEP_DAYS", "0")) == 0:
        return
    s3.delete_object(Bucket="archive", Key="old")


def create(bucket="artifacts"):
    options = parser.parse_args()
    if options.region == "us-east-1":
        s3.create_bucket(Bucket=bucket)
    else:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def purge(prefix=None, dry_run=True):
    s3.list_objects_v2(Bucket="artifacts", Prefix=prefix or "tmp/")
    if not dry_run:
        s3.delete_object(Bucket="artifacts", Key="tmp/x")
    (restore if os.environ.get("MODE", "keep") == "restore" else keep)()


def restore():
    s3.restore_object(Bucket="glacier", Key="x")


def keep():
    s3.head_object(Bucket="glacier", Key="x")
