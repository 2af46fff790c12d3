import boto3

s3 = boto3.client("s3")


def put(key, *, bucket="defaulted", suffix=".json"):
    s3.put_object(Bucket=bucket, Key=key + suffix, Body=b"")


def get(key, bucket="defaulted", /, version=None):
    return s3.get_object(Bucket=bucket, Key=key)


def handler(event, context):
    put("a")
    put("b", suffix=".csv")
    put("c", bucket="given")
    get("a.json")
    get("c.json", "given")
