import boto3

dynamodb = boto3.client("dynamodb")


def register(mail):
    try:
        dynamodb.put_item(
            TableName="subscribers",
            Item={"mail": {"S": mail}},
            ConditionExpression="attribute_not_exists(mail)",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return "known"
    except dynamodb.exceptions.from_code("ThrottlingException"):
        return "later"
    return "new"


def handler(event, context):
    print("using", dynamodb.meta.region_name, dynamodb.can_paginate("scan"))
    return [register(mail) for mail in event["mails"]]
