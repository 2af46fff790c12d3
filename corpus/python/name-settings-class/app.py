import os
from dataclasses import dataclass, field

import boto3
from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    bucket: str
    table_name: str = "settings-table"
    queue: str = Field("settings-queue", env="QUEUE_NAME")

    class Config:
        env_prefix = "APP_"


@dataclass
class Options:
    topic: str = os.environ.get("TOPIC", "arn:aws:sns:us-east-1:123456789012:settings")
    stream: str = field(default_factory=lambda: os.getenv("STREAM", "settings-stream"))


class Env:
    function = os.getenv("FUNCTION", "settings-function")


settings = Settings()
options = Options()


def handler(event, context):
    boto3.client("s3").put_object(Bucket=settings.bucket, Key="k", Body=b"")
    boto3.resource("dynamodb").Table(settings.table_name).scan()
    boto3.client("sqs").get_queue_url(QueueName=settings.queue)
    boto3.client("sns").publish(TopicArn=options.topic, Message="m")
    boto3.client("kinesis").put_record(StreamName=options.stream, Data=b"x", PartitionKey="1")
    boto3.client("lambda").invoke(FunctionName=Env.function)
