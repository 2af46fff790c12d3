import boto3

from accounts import session_for

results = boto3.resource("dynamodb").Table("audit-results")


def audit(account_id):
    session = session_for(account_id)
    ec2 = session.resource("ec2")
    for volume in ec2.volumes.filter(Filters=[{"Name": "encrypted", "Values": ["false"]}]):
        yield volume.id
    for page in session.client("iam").get_paginator("list_users").paginate():
        for user in page["Users"]:
            yield user["UserName"]


def handler(event, context):
    for account_id in event["accounts"]:
        for finding in audit(account_id):
            results.put_item(Item={"id": f"{account_id}/{finding}"})
