import boto3
import requests

client = boto3.client("s3")
client = requests.Session()


def handler(event, context):
    client.delete_object(Bucket="b", Key="k")
    s3 = boto3.client("s3")
    s3 = {"get_object": "x"}
    s3.get("get_object")
    boto3 = None
    return boto3
