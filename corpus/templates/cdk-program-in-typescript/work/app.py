import os

import boto3


def handler(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key="done", Body=b"")
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Message="x")
