import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")


def load(key):
    try:
        return s3.get_object(Bucket="primary", Key=key)
    except s3.exceptions.NoSuchKey:
        return s3.get_object(Bucket="secondary", Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDenied":
            raise
        s3.put_object(Bucket="errors", Key="last", Body=str(error).encode())
    finally:
        s3.put_object(Bucket="audit", Key="load", Body=b"")


def handler(event, context):
    load("x")
