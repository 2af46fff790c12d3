import boto3

sns = boto3.client("sns")


def tag(event):
    client = boto3.client(event["service"])
    client.tag_resource(ResourceArn=event["arn"], Tags=event["tags"])


def handler(event, context):
    tag(event)
    sns.publish(TopicArn="arn:aws:sns:us-east-1:123456789012:tagged", Message=event["arn"])
