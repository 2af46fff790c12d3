import boto3

sqs = boto3.client("sqs")
URL = "https://sqs.us-east-1.amazonaws.com/123456789012/work"


def call(name, **kwargs):
    return getattr(sqs, name)(QueueUrl=URL, **kwargs)


def handler(event, context):
    call("send_message", MessageBody="x")
    action = "purge_queue" if event.get("purge") else "get_queue_attributes"
    call(action)
