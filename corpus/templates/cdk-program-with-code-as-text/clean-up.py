import boto3


def main(event, context):
    boto3.client("s3").delete_object(Bucket="logs", Key="old")
