import boto3

s3 = boto3.client("s3")


def handler(event, context):
    try:
        region = s3.meta.region_name
    except s3.exceptions.NoSuchBucket:
        region = None
    return region, s3.can_paginate("list_objects_v2"), boto3.Session().get_available_services()
