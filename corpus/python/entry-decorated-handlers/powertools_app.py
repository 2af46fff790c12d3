import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source

tracer = Tracer()
logger = Logger()
app = APIGatewayRestResolver()
table = boto3.resource("dynamodb").Table("powertools-items")


@app.get("/items/<item_id>")
@tracer.capture_method
def item(item_id):
    return table.get_item(Key={"id": item_id})


@app.delete("/items/<item_id>")
def drop(item_id):
    table.delete_item(Key={"id": item_id})


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event, context):
    return app.resolve(event, context)


@event_source(data_class=SQSEvent)
def queue_handler(event, context):
    for record in event.records:
        table.put_item(Item={"id": record.body})
