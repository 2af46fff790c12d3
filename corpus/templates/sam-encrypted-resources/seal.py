import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    s3.put_object(Bucket=os.environ["SEALED"], Key="a", Body=b"")
    s3.get_object(Bucket=os.environ["PLAIN"], Key="b")
    boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["TOKEN"])
    boto3.client("sns").publish(TopicArn=os.environ["ALERTS"], Message="sealed")
