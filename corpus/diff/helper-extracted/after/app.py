import boto3

table = boto3.resource("dynamodb").Table("orders")


def load(key):
    return table.get_item(Key=key)["Item"]


def handler(event, context):
    return load({"id": event["id"]})
