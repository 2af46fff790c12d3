from dataclasses import dataclass, field
from typing import Any

import boto3


@dataclass
class Context:
    bucket: str
    s3: Any = field(default_factory=lambda: boto3.client("s3"))
    table: Any = None

    def store(self, key):
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=b"")
        self.table.put_item(Item={"id": key})


def handler(event, context):
    table = boto3.resource("dynamodb").Table("keys")
    Context("things", table=table).store("a/b")
