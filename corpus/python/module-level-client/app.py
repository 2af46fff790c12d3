"""Reads one customer from DynamoDB and remembers when it was looked at."""

import json
import time

import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    customer_id = event["pathParameters"]["id"]
    found = dynamodb.get_item(
        TableName="customers",
        Key={"id": {"S": customer_id}},
    )
    if "Item" not in found:
        return {"statusCode": 404, "body": ""}

    dynamodb.update_item(
        TableName="customers",
        Key={"id": {"S": customer_id}},
        UpdateExpression="SET seen_at = :now",
        ExpressionAttributeValues={":now": {"N": str(int(time.time()))}},
    )
    return {"statusCode": 200, "body": json.dumps(found["Item"])}
