import json

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    s3.put_object(
        Bucket="nested-calls",
        Key="copy",
        Body=s3.get_object(Bucket="nested-calls", Key="source")["Body"].read(),
    )
    return json.dumps(str(s3.list_buckets()["Buckets"]))
