import boto3
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Base(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")

    bucket: str = "shop-dev"
    queue_name: str = "orders-dev"


class Settings(Base):
    table: str = Field("products-dev", validation_alias="PRODUCT_TABLE")
    topic: str = Field(default="arn:aws:sns:eu-west-1:123456789012:dev", env="SHOP_ALERTS")
    stream: str = "clicks-dev"


settings = Settings()
fixed = Settings(stream="clicks-fixed")


def handler(event, context):
    boto3.client("s3").put_object(Bucket=settings.bucket, Key="k", Body=b"")
    boto3.client("sqs").get_queue_url(QueueName=settings.queue_name)
    boto3.resource("dynamodb").Table(settings.table).scan()
    boto3.client("sns").publish(TopicArn=settings.topic, Message="m")
    kinesis = boto3.client("kinesis")
    kinesis.put_record(StreamName=settings.stream, Data=b"x", PartitionKey="1")
    kinesis.get_shard_iterator(StreamName=fixed.stream, ShardId="1", ShardIteratorType="LATEST")
