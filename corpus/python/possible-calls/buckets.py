import boto3


def names():
    return [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]]
