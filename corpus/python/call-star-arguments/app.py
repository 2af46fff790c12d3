import boto3

s3 = boto3.client("s3")


def outer(*args, **kwargs):
    return middle(*args, **kwargs)


def middle(operation, bucket, **kwargs):
    return inner(operation, Bucket=bucket, **kwargs)


def inner(operation, **params):
    return getattr(s3, operation)(**params)


def handler(event, context):
    outer("put_object", "spread-far", Key="a", Body=b"")
    outer("get_object", "spread-far", Key="a")
