import boto3

client = boto3.client("s3")


def publish(document):
    client.copy({"Bucket": "drafts", "Key": "contracts/2026.pdf"}, "published", "contracts/2026.pdf")


def handler(event, context):
    publish(event)
