import boto3
from botocore.config import Config

config = Config(retries={"max_attempts": 3})


def handler(event, context):
    boto3.client(service_name="s3", config=config).put_object(Bucket="configured-client", Key="x", Body=b"")
    boto3.resource(service_name="dynamodb", config=config).Table(name="configured-client").scan()
