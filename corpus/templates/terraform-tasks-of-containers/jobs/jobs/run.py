import os

import boto3

boto3.client("sqs").receive_message(QueueUrl=os.environ["QUEUE_URL"])
