import boto3
from boto3.dynamodb.conditions import Key

ORDERS = boto3.resource("dynamodb").Table("orders")


def orders_of_customer(customer):
    items = []
    arguments = {
        "IndexName": "by-customer",
        "KeyConditionExpression": Key("customer").eq(customer),
    }
    while True:
        page = ORDERS.query(**arguments)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def open_orders():
    return ORDERS.scan(IndexName="open-orders", Limit=50)["Items"]


def handler(event, context):
    if customer := event.get("customer"):
        return orders_of_customer(customer)
    return open_orders()
