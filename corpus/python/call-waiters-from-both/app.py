import boto3

s3 = boto3.client("s3")


def wait(name, **names):
    s3.get_waiter(name).wait(**names, WaiterConfig={"Delay": 1, "MaxAttempts": 1})


def handler(event, context):
    wait("bucket_exists", Bucket="waited")
    wait("object_exists", Bucket="waited", Key="a")
    boto3.resource("s3").Object("waited", "a").wait_until_exists()
    boto3.resource("dynamodb").Table("waited").wait_until_exists()
