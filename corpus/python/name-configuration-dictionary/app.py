import boto3

from config import CONFIG, DEFAULTS

s3 = boto3.client("s3")


def handler(event, context):
    storage = CONFIG["storage"]
    for prefix in storage["prefixes"]:
        s3.put_object(Bucket=storage["bucket"], Key=f"{prefix}/x", Body=b"")
    boto3.resource("dynamodb").Table(CONFIG.get("tables", {}).get("orders").get("name")).scan()
    boto3.client("sqs").get_queue_url(QueueName=DEFAULTS["queue"])
    boto3.client("sns").create_topic(Name=DEFAULTS["nested"]["topic"])
