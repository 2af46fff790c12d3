"""Moves messages from the dead-letter queue back to the queue."""

import boto3

sqs = boto3.client("sqs")


def url_of(name):
    return sqs.get_queue_url(QueueName=name)["QueueUrl"]


def handler(event, context):
    source = url_of("payments-dlq")
    target = url_of("payments")
    received = sqs.receive_message(QueueUrl=source, MaxNumberOfMessages=10)
    messages = received.get("Messages", [])
    for message in messages:
        sqs.send_message(QueueUrl=target, MessageBody=message["Body"])
    if messages:
        sqs.delete_message_batch(
            QueueUrl=source,
            Entries=[
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(messages)
            ],
        )
    return len(messages)
