from unittest.mock import MagicMock, patch

import app
import boto3


def test_total():
    table = MagicMock()
    table.query.return_value = {"Items": [{"amount": 2}]}
    assert app.total(table, "c1") == 2


@patch("app.boto3")
def test_buckets(fake):
    fake.client.return_value.list_buckets.return_value = {"Buckets": []}
    assert app.buckets() == []
    boto3.client("s3").delete_bucket(Bucket="left-over")
