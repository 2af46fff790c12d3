import os

import boto3

PREFIX = os.environ.get("PREFIX", "team")


def handler(event, context):
    boto3.resource("dynamodb").Table(f"{PREFIX}-users").scan()
    boto3.client("sqs").get_queue_url(QueueName="-".join([PREFIX, "jobs"]))
