"""Documentation generator.

Example of what a caller writes:

    s3 = boto3.client("s3")
    s3.delete_bucket(Bucket="everything")
"""

# dynamodb = boto3.resource("dynamodb"); dynamodb.Table("users").put_item(Item={})

SNIPPET = '''
import boto3
boto3.client("ec2").terminate_instances(InstanceIds=["i-1"])
'''


def handler(event, context):
    text = "boto3.client('iam').create_user(UserName='x')"
    return {"snippet": SNIPPET, "text": text}
