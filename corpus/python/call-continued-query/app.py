import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("pages")


def everything(**query):
    response = table.query(**query)
    items = response["Items"]
    while "LastEvaluatedKey" in response:
        response = table.query(ExclusiveStartKey=response["LastEvaluatedKey"], **query)
        items.extend(response["Items"])
    return items


def handler(event, context):
    rows = everything(KeyConditionExpression=Key("id").eq("1"))
    scan = table.scan(Limit=1)
    while scan.get("LastEvaluatedKey"):
        scan = table.scan(Limit=1, ExclusiveStartKey=scan["LastEvaluatedKey"])
    with table.batch_writer() as batch:
        for row in rows:
            batch.delete_item(Key={"id": row["id"]})
        batch.put_item(Item={"id": "2"})
