import boto3


def paginate(client, method, **kwargs):
    paginator = client.get_paginator(method.__name__)
    for page in paginator.paginate(**kwargs):
        yield page


def handler(event, context):
    client = boto3.client("dynamodb")
    return list(paginate(client, client.query, TableName="visits", KeyConditionExpression="id = :id"))
