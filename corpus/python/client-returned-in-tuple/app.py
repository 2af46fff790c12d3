import boto3


def clients():
    session = boto3.Session(region_name="us-east-1")
    return session.client("s3"), session.resource("dynamodb"), {"sqs": session.client("sqs")}


s3, dynamodb, others = clients()


def handler(event, context):
    s3.put_object(Bucket="tupled", Key="x", Body=b"")
    dynamodb.Table("tupled").scan()
    others["sqs"].get_queue_url(QueueName="tupled")
