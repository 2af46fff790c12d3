import os

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def handler(event, context):
    prefix = ssm.get_parameter(Name="/shop/export/prefix")["Parameter"]["Value"]
    rows = table.query(IndexName="by-day", KeyConditionExpression=Key("day").eq(event["day"]))
    s3.list_objects_v2(Bucket=os.environ["EXPORTS"], Prefix=prefix)
    s3.get_object(Bucket=os.environ["EXPORTS"], Key="template.csv")
    return len(rows["Items"])
