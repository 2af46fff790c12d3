import os

import boto3

TABLE = os.environ.get("SESSIONS_TABLE", "sessions")
BUCKET = os.getenv("BUCKET", default="session-dumps")

table = boto3.resource("dynamodb").Table(TABLE)
s3 = boto3.client("s3")


def handler(event, context):
    session = table.get_item(Key={"id": event["id"]}).get("Item")
    prefix = os.environ.get("PREFIX") or "dumps"
    s3.put_object(Bucket=BUCKET, Key=f"{prefix}/{event['id']}", Body=repr(session).encode())
