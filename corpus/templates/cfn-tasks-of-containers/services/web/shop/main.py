import os

import boto3
from flask import Flask

app = Flask(__name__)


@app.get("/orders/<key>")
def order(key):
    table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])
    return table.get_item(Key={"id": key})["Item"]


@app.post("/orders")
def create():
    boto3.client("s3").put_object(Bucket=os.environ["ARCHIVE"], Key="order.json", Body=b"")
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Message="created")
    return {}
