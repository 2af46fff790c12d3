import boto3

OPERATIONS = {"s3": ["get_object", "delete_bucket"], "iam": ["create_user"]}
DOC = """
client = boto3.client("iam")
client.create_user(UserName="x")
"""


def describe(service):
    return ", ".join(OPERATIONS[service])


def handler(event, context):
    boto3.client("sts").get_caller_identity()
    return describe("iam") + DOC
