"""Keeps data in memory with the vocabulary of DynamoDB; the SDK is used for the queue only."""

import boto3

sqs = boto3.client("sqs")


class MemoryTable:
    def __init__(self, name):
        self.name = name
        self.items = {}

    def put_item(self, Item):
        self.items[Item["id"]] = Item

    def get_item(self, Key):
        return {"Item": self.items.get(Key["id"])}

    def delete_item(self, Key):
        self.items.pop(Key["id"], None)


def handler(event, context):
    table = MemoryTable("orders")
    table.put_item(Item={"id": "1"})
    table.delete_item(Key={"id": "1"})
    sqs.send_message(
        QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/orders",
        MessageBody=str(table.get_item(Key={"id": "1"})),
    )
