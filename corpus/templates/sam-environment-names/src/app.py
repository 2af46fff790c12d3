import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
sqs = boto3.client("sqs")
s3 = boto3.client("s3")


def place(event, context):
    table.put_item(Item={"id": event["id"]})
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=event["id"])


def work(event, context):
    for record in event["Records"]:
        table.update_item(Key={"id": record["body"]})
        s3.put_object(Bucket=f"receipts-{os.environ['STAGE']}", Key=f"done/{record['body']}.json")


def report(event, context):
    return table.scan()
