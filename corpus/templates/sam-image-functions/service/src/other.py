import boto3


def main(event, context):
    boto3.client("ssm").put_parameter(Name="/service/limit", Value="1")
