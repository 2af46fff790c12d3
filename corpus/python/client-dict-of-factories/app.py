import boto3

FACTORIES = {"files": lambda: boto3.client("s3"), "mail": lambda: boto3.client("sqs")}


def get(name):
    return FACTORIES[name]()


def handler(event, context):
    get("files").put_object(Bucket="factories", Key="x", Body=b"")
    get("mail").get_queue_url(QueueName="factories")
