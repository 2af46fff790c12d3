import boto3

orders_table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    return orders_table.get_item(Key={"id": event["id"]})["Item"]
