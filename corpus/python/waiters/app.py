import boto3

dynamodb = boto3.client("dynamodb")
s3 = boto3.client("s3")


def create_archive_table():
    dynamodb.create_table(
        TableName="archive",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName="archive")


def wait_for_export():
    waiter = s3.get_waiter("object_exists")
    waiter.config.delay = 1
    waiter.wait(Bucket="exports", Key="ready.flag")


if __name__ == "__main__":
    create_archive_table()
    wait_for_export()
