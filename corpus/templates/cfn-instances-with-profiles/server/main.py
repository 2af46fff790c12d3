import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
table.put_item(Item={"id": "1"})
