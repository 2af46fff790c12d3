import boto3

import settings
from settings import Config, Prefix, Tables

s3 = boto3.client("s3")
dynamodb = boto3.resource("dynamodb")


def handler(event, context):
    s3.put_object(Bucket=settings.BUCKET, Key=f"{Prefix.RAW.value}/a", Body=b"")
    s3.put_object(Bucket=settings.BUCKET, Key=f"{Prefix.CLEAN}/a", Body=b"")
    dynamodb.Table(Tables.ORDERS.value).get_item(Key={"id": "1"})
    for table in Tables:
        dynamodb.Table(table.value).scan()
    boto3.client("sqs").get_queue_url(QueueName=Config.QUEUE)
    boto3.client("sns").publish(TopicArn=Config.Topics.DONE, Message="x")
