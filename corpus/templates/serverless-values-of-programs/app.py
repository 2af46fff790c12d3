import os

import boto3


def save(event, context):
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item=event)
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key="last", Body=b"")
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Message="saved")
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="saved")
