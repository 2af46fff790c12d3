from unittest import mock
from unittest.mock import MagicMock, patch

import boto3

fake = MagicMock()
spec = mock.create_autospec(object)


def demo():
    fake.put_object(Bucket="b", Key="k")
    spec.delete_object(Bucket="b", Key="k")
    with patch("boto3.client") as factory:
        factory.return_value.get_object(Bucket="b", Key="k")
    MagicMock(spec=boto3.client).scan(TableName="t")
