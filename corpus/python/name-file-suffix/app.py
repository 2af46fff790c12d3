from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")


def with_suffix(key):
    name, extension = key.rsplit(".", 1)
    return f"{name}_small.{extension}"


def handler(event, context):
    key = unquote_plus(event["key"])
    s3.put_object(Bucket="thumbnails", Key=with_suffix(key), Body=b"")
