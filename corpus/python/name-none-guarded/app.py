import boto3


def save(item, table_name=None):
    table_name = table_name or "guarded-default"
    boto3.resource("dynamodb").Table(table_name).put_item(Item=item)


def archive(item, table_name=None):
    if table_name is None:
        table_name = "guarded-archive"
    boto3.resource("dynamodb").Table(table_name).put_item(Item=item)


def handler(event, context):
    save({"id": "1"})
    archive({"id": "1"})
    archive({"id": "1"}, "guarded-given")
