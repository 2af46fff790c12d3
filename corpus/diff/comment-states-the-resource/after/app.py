import boto3


def handler(event, context):
    # perm-infer: resource arn:aws:s3:::tenant-*/settings.json
    boto3.client("s3").get_object(Bucket=event["bucket"], Key="settings.json")
