import boto3


def put(key, body):
    boto3.client("s3").put_object(Bucket="conditional", Key=key, Body=body.encode())
