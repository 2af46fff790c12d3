"""A small shopping basket on one table."""

import boto3
from boto3.dynamodb.conditions import Attr, Key

table = boto3.resource("dynamodb").Table("baskets")


def add(basket_id, article, quantity):
    table.put_item(Item={"basket": basket_id, "article": article, "quantity": quantity})


def read(basket_id):
    found = table.query(KeyConditionExpression=Key("basket").eq(basket_id))
    return found["Items"]


def remove(basket_id, article):
    table.delete_item(
        Key={"basket": basket_id, "article": article},
        ConditionExpression=Attr("article").exists(),
    )


def handler(event, context):
    basket_id = event["basket"]
    for line in event.get("add", []):
        add(basket_id, line["article"], line["quantity"])
    for article in event.get("remove", []):
        remove(basket_id, article)
    return read(basket_id)
