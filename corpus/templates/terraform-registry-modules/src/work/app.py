import os

import boto3


def handler(event, context):
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).update_item(Key={"id": "1"}, UpdateExpression="SET a = b")
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key="done", Body=b"")
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Message="x")
