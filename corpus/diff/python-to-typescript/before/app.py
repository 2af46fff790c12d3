import json

import boto3

table = boto3.resource("dynamodb").Table("orders")
s3 = boto3.client("s3")


def handler(event, context):
    item = table.get_item(Key={"id": event["id"]})["Item"]
    s3.put_object(Bucket="receipts", Key=f"{event['id']}.json", Body=json.dumps(item))
