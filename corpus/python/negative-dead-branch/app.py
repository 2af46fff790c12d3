import boto3

s3 = boto3.client("s3")
DEBUG = False


def handler(event, context):
    if DEBUG:
        s3.delete_bucket(Bucket="dead")
    if "a" == "b":
        s3.delete_object(Bucket="dead", Key="x")
    s3.put_object(Bucket="alive", Key="x", Body=b"")
