import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
sqs = boto3.client("sqs")
sns = boto3.client("sns")
s3 = boto3.client("s3")
flows = boto3.client("stepfunctions")


def handler(event, context):
    table.put_item(Item=event)
    sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps(event))
    sns.publish(TopicArn=os.environ["TOPIC"], Message="booked")
    s3.put_object(Bucket="ledger-archive", Key="2026/entry.json", Body=json.dumps(event))
    flows.start_execution(stateMachineArn=os.environ["FLOW"], input="{}")
    key = boto3.client("kms")
    key.encrypt(KeyId="arn:aws:kms:eu-west-1:444455556666:key/partner", Plaintext=b"x")
