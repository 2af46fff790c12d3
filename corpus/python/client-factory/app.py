from aws import get_client


def handler(event, context):
    get_client("ssm").put_parameter(
        Name="/newsletter/last-issue", Value=event["issue"], Type="String", Overwrite=True
    )
    get_client("sqs").send_message(
        QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/newsletter",
        MessageBody=event["issue"],
    )
