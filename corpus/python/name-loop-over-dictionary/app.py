import boto3

s3 = boto3.client("s3")
ROUTES = {"orders": "route-orders", "users": "route-users"}


def handler(event, context):
    for name, bucket in ROUTES.items():
        s3.put_object(Bucket=bucket, Key=f"{name}.csv", Body=b"")
    for bucket in ROUTES.values():
        s3.get_bucket_location(Bucket=bucket)
    for name in ROUTES:
        boto3.client("sqs").get_queue_url(QueueName=f"queue-{name}")
    for number, name in enumerate(sorted(ROUTES), start=1):
        s3.put_object(Bucket="route-all", Key=f"sorted/{name}", Body=b"")
    for left, right in zip(["a", "b"], ["1", "2"]):
        s3.put_object(Bucket="route-all", Key=f"{left}{right}", Body=b"")
