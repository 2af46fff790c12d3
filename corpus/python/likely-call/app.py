import boto3

from repository import save

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    for name in dynamodb.list_tables()["TableNames"]:
        print(name)
    return True
