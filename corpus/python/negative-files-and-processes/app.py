import os
import subprocess

import boto3
import httpx
import requests

s3 = boto3.client("s3")


def handler(event, context):
    event.get("get_object")
    subprocess.run(["aws", "s3", "cp", "s3://a/b", "."], check=True)
    os.system("aws dynamodb delete-table --table-name x")
    requests.get("https://s3.amazonaws.com/bucket/key")
    httpx.post("https://sqs.us-east-1.amazonaws.com", data={"Action": "SendMessage"})
    with open("put_object") as file:
        file.read()
    event.update(Bucket="b")
    {"put_item": 1}.pop("put_item")
    [].copy()
