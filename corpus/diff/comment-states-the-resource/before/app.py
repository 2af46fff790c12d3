import boto3


def handler(event, context):
    boto3.client("s3").get_object(Bucket=event["bucket"], Key="settings.json")
