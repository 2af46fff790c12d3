import boto3
from botocore.exceptions import ClientError

s3 = boto3.resource("s3")


def bucket_exists(name):
    try:
        s3.meta.client.head_bucket(Bucket=name)
    except ClientError:
        return False
    return True


def handler(event, context):
    bucket = s3.Bucket("thumbnails")
    if not bucket_exists("thumbnails"):
        return None
    return bucket.meta.client.get_bucket_location(Bucket="thumbnails")["LocationConstraint"]
