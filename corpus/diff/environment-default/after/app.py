import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ.get("TABLE", "orders"))
table.get_item(Key={"id": "1"})
