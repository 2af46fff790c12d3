import boto3


def handler(event, context):
    boto3.client("ssm").get_parameter(Name="/service/limit")
