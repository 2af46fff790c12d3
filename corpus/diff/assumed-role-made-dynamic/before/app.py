import boto3


def handler(event, context):
    boto3.client("sts").assume_role(RoleArn="arn:aws:iam::210987654321:role/reader", RoleSessionName="s")
