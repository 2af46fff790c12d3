import boto3

table = boto3.resource("dynamodb").Table("orders")
sqs = boto3.client("sqs")
ssm = boto3.client("ssm")


def handler(event, context):
    table.put_item(Item={"id": event["id"]})
    sqs.send_message(QueueUrl="https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", MessageBody="x")
    # Not encrypted, or not read decrypted.
    ssm.get_parameter(Name="/app/mode")
    sqs.get_queue_attributes(QueueUrl="https://sqs.eu-west-1.amazonaws.com/123456789012/jobs")
