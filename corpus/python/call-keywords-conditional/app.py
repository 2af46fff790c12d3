import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    params = dict(TableName="events", KeyConditionExpression="id = :id")
    params["ExpressionAttributeValues"] = {":id": {"S": "1"}}
    if event.get("by_day"):
        params["IndexName"] = "by-day"
    params.update(Limit=10)
    dynamodb.query(**params)

    get = {"TableName": "events"} | {"Key": {"id": {"S": "1"}}}
    dynamodb.get_item(**get)
    put = {**get, "TableName": "event-log"}
    put.pop("Key")
    put["Item"] = {"id": {"S": "1"}}
    dynamodb.put_item(**put)
