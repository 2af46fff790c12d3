import os

import boto3


def handler(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key="all.pdf")
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="done")
