import boto3

ALARMS = boto3.resource("sns").Topic("arn:aws:sns:us-east-1:123456789012:alarms")


def handler(event, context):
    ALARMS.publish(Subject="Temperature", Message=f"{event['degrees']} degrees")
    ALARMS.subscribe(Protocol="email", Endpoint=event["mail"])
    boto3.resource("sns").create_topic(Name="alarms-archive").publish(Message="copy")
