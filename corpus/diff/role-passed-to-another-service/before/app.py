import boto3

ROLE = "arn:aws:iam::123456789012:role/worker"


def handler(event, context):
    boto3.client("lambda").create_function(FunctionName="worker", Role=ROLE, Code={})
