import boto3
from botocore.stub import Stubber

s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table("prices")


def describe():
    return {
        "region": s3.meta.region_name,
        "operations": len(s3.meta.method_to_api_mapping),
        "pages": s3.can_paginate("list_objects_v2"),
        "waiters": s3.waiter_names,
        "table": table.name,
        "profiles": boto3.Session().available_profiles,
        "services": len(boto3.Session().get_available_services()),
    }


def handler(event, context):
    Stubber(s3)
    dir(s3.delete_object)
    return describe()
