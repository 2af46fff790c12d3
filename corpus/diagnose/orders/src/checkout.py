import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")
sqs = boto3.client("sqs")
secrets = boto3.client("secretsmanager")


def handler(event, context):
    order = json.loads(event["body"])
    token = secrets.get_secret_value(SecretId="payments/api")["SecretString"]
    table.put_item(Item=order)
    s3.put_object(Bucket=os.environ["RECEIPTS"], Key=f"receipts/{order['id']}.txt", Body=token)
    sqs.send_message(QueueUrl=os.environ["JOBS"], MessageBody=event["body"])
