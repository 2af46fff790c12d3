import boto3


def test_handler():
    boto3.client("dynamodb").create_table(TableName="orders")
