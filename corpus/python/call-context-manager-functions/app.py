import json
from contextlib import ExitStack, closing, contextmanager

import boto3


@contextmanager
def state(bucket, key):
    s3 = boto3.client("s3")
    data = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    try:
        yield data
    finally:
        s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(data).encode())


class Lock:
    def __init__(self, name):
        self.name = name
        self.table = boto3.resource("dynamodb").Table("locks")

    def __enter__(self):
        self.table.put_item(Item={"id": self.name})
        return self

    def __exit__(self, *error):
        self.table.delete_item(Key={"id": self.name})


def handler(event, context):
    with Lock("state"), state("states", "current.json") as data:
        data["runs"] = 1
    with ExitStack() as stack:
        stack.enter_context(Lock("other"))
    with closing(boto3.client("sqs")) as sqs:
        sqs.get_queue_url(QueueName="states")
