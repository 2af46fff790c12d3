import boto3

_sqs = None


def sqs():
    global _sqs
    if _sqs is None:
        _sqs = boto3.client("sqs")
    return _sqs


def handler(event, context):
    url = sqs().get_queue_url(QueueName="mail")["QueueUrl"]
    sqs().send_message(QueueUrl=url, MessageBody="hello")
