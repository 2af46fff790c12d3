import boto3

table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    return table.query(KeyConditionExpression="id = :id")
