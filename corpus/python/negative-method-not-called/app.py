import boto3

s3 = boto3.client("s3")


def handler(event, context):
    name = s3.delete_object.__name__
    has = hasattr(s3, "delete_bucket")
    return name, has
