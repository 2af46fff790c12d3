import os

import boto3

sns = boto3.client("sns")
QUEUE_NAME = os.environ["QUEUE_NAME"]


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message=event["text"])
    boto3.resource("sqs").create_queue(QueueName=f"{QUEUE_NAME}-retry")
