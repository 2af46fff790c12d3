import boto3

a = b = boto3.client("s3")


def handler(event, context):
    a.put_object(Bucket="walrus", Key="a", Body=b"")
    if client := boto3.client("s3"):
        client.put_object(Bucket="walrus", Key="c", Body=b"")
    b.put_object(Bucket="walrus", Key="b", Body=b"")
