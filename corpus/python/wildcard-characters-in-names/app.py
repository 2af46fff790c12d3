import boto3

s3 = boto3.client("s3")


def handler(event, context):
    s3.put_object(Bucket="templates", Key="mail/*/what?.txt", Body=b"")
    s3.put_object(Bucket="templates", Key="price/$list.txt", Body=b"")
