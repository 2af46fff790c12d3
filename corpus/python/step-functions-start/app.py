import json
import uuid

import boto3

states = boto3.client("stepfunctions")
ACCOUNT = "123456789012"
MACHINE = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:parcel-delivery"


def handler(event, context):
    started = states.start_execution(
        stateMachineArn=MACHINE,
        name=str(uuid.uuid4()),
        input=json.dumps({"parcel": event["parcel"]}),
    )
    return started["executionArn"]
