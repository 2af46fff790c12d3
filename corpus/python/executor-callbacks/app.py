from concurrent.futures import ThreadPoolExecutor
from functools import partial

import boto3

s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table("checksums")


def size_of(key):
    return s3.head_object(Bucket="packages", Key=f"pool/{key}")["ContentLength"]


def remove(bucket, key):
    s3.delete_object(Bucket=bucket, Key=f"old/{key}")


def remember(key, size):
    table.put_item(Item={"key": key, "size": size})


def handler(event, context):
    keys = event["keys"]
    with ThreadPoolExecutor(max_workers=4) as pool:
        sizes = list(pool.map(size_of, keys))
        waiting = [pool.submit(remember, key, size) for key, size in zip(keys, sizes)]
        for future in waiting:
            future.result()
    list(map(partial(remove, "packages"), keys))
    sorted(keys, key=lambda key: s3.get_object_attributes(
        Bucket="packages", Key=f"pool/{key}", ObjectAttributes=["ObjectSize"]
    )["ObjectSize"])
