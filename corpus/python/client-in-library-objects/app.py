import threading

import boto3
from fastapi import FastAPI, Request
from flask import Flask, current_app, g

local = threading.local()
app = FastAPI()
site = Flask(__name__)


@app.on_event("startup")
def start():
    app.state.s3 = boto3.client("s3")


@app.get("/report")
def report(request: Request):
    return request.app.state.s3.get_object(Bucket="reports", Key="today")["ContentLength"]


@site.before_request
def connect():
    g.table = boto3.resource("dynamodb").Table("visits")
    site.config["QUEUE"] = "https://sqs.us-east-1.amazonaws.com/123456789012/visits"


@site.route("/")
def index():
    g.table.put_item(Item={"page": "/"})
    boto3.client("sqs").send_message(QueueUrl=current_app.config["QUEUE"], MessageBody="visit")


class Storage:
    @property
    def bucket(self):
        if getattr(local, "bucket", None) is None:
            local.bucket = boto3.resource("s3").Bucket("files")
        return local.bucket

    def delete(self, name):
        self.bucket.Object(name).delete()
