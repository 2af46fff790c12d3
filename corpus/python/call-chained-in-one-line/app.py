import boto3


def handler(event, context):
    boto3.Session().resource("s3").Bucket("one-line").put_object(Key="a", Body=b"")
    boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket="one-line").build_full_result()
    return boto3.resource("dynamodb").Table("one-line").get_item(Key={"id": "1"}).get("Item", {})
