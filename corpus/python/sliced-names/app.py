import sys

import boto3

stage = sys.argv[1]
queue = f"shop-{stage}-jobs"[-80:]
# Names that are longer than the limit lose what stands behind.
key = f"daily-{stage}"[:40]
topic = f"alerts-{stage}"[:6]
table = ("orders-" + stage + "-orders")[-100:]

boto3.client("sqs").create_queue(QueueName=queue)
boto3.client("s3").put_object(Bucket="reports", Key=key, Body=b"")
boto3.client("sns").create_topic(Name=topic)
boto3.client("dynamodb").get_item(TableName=table, Key={"id": {"S": "1"}})
