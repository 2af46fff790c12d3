import os

import boto3

orders = boto3.resource("dynamodb").Table(os.environ["ORDERS"])
scheduler = boto3.client("scheduler")


def handler(event, context):
    orders.get_item(Key={"id": event["id"]})
    scheduler.delete_schedule(GroupName=os.environ["GROUP"], Name="nightly")
