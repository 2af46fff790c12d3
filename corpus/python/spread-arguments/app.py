import boto3


def object_of(bucket, key):
    return boto3.resource("s3").Object(bucket, key)


def call(method, *args, **kwargs):
    return method(*args, **kwargs)


PLACE = ("licences", "current.txt")
COMMON = {"Bucket": "licences"}


def handler(event, context):
    s3 = boto3.client("s3")
    object_of(*PLACE).put(Body=event["licence"].encode())
    call(s3.get_object_tagging, **COMMON, Key="current.txt")
    return call(s3.list_objects_v2, **{**COMMON, "Prefix": "old/"})["KeyCount"]
