import boto3

FAST = "cache--euc1-az1--x-s3"

s3 = boto3.client("s3")


def handler(event, context):
    s3.download_file(FAST, "model.bin", "/tmp/model.bin")
    s3.put_object(Bucket=FAST, Key="result.json", Body=b"{}")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=FAST):
        print(page["KeyCount"])
    s3.copy_object(Bucket="archive", Key="result.json", CopySource={"Bucket": "inbox", "Key": "result.json"})
