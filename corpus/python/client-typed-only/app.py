from __future__ import annotations

from typing import TYPE_CHECKING, Optional, cast

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs.client import SQSClient


def store(s3: S3Client, key: str) -> None:
    s3.put_object(Bucket="typed", Key=f"in/{key}", Body=b"")


def save(table: "Table", item):
    table.put_item(Item=item)


def maybe(queue: Optional["SQSClient"] = None, other: S3Client | None = None):
    if queue:
        queue.get_queue_url(QueueName="typed")
    if other is not None:
        other.delete_object(Bucket="typed", Key="old")


def use(anything):
    client = cast("S3Client", anything)
    client.get_object(Bucket="typed", Key="new")
