import boto3


def handler(event, context):
    arn = event["Records"][0]["eventSourceARN"]
    boto3.client("sqs").get_queue_url(QueueName=arn.split(":")[5])
