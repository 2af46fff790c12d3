import os

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, batch_processor
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent,
    idempotent_function,
)

store = DynamoDBPersistenceLayer(table_name=os.environ.get("IDEMPOTENCY_TABLE", "idempotency"))
config = IdempotencyConfig(event_key_jmespath="id")
processor = BatchProcessor(event_type=EventType.SQS)
orders = boto3.resource("dynamodb").Table("idempotent-orders")


@idempotent_function(data_keyword_argument="record", config=config, persistence_store=store)
def process(record):
    orders.put_item(Item={"id": record["messageId"]})


@batch_processor(record_handler=process, processor=processor)
def queue_handler(event, context):
    return processor.response()


@idempotent(persistence_store=store, config=config)
def handler(event, context):
    return orders.get_item(Key={"id": event["id"]})
