import boto3

dynamodb = boto3.client("dynamodb")


def reserve(seat, guest):
    dynamodb.transact_write_items(
        TransactItems=[
            {
                "Update": {
                    "TableName": "seats",
                    "Key": {"id": {"S": seat}},
                    "UpdateExpression": "SET guest = :guest",
                    "ExpressionAttributeValues": {":guest": {"S": guest}},
                }
            },
            {"Put": {"TableName": "reservations", "Item": {"id": {"S": f"{seat}/{guest}"}}}},
            {
                "ConditionCheck": {
                    "TableName": "guests",
                    "Key": {"id": {"S": guest}},
                    "ConditionExpression": "attribute_exists(id)",
                }
            },
        ]
    )


def handler(event, context):
    reserve(event["seat"], event["guest"])
    found = dynamodb.batch_get_item(
        RequestItems={"seats": {"Keys": [{"id": {"S": event["seat"]}}]}}
    )
    return found["Responses"]["seats"]
