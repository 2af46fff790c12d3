import boto3


def handler(event, context):
    boto3.client("sts").assume_role(RoleArn=event["role"], RoleSessionName="s")
