import boto3

ssm = boto3.client("ssm")


def parameter(name, decrypt=False):
    return ssm.get_parameter(Name=f"/app/{name}", WithDecryption=decrypt)["Parameter"]["Value"]


def handler(event, context):
    boto3.client("s3").put_object(Bucket=parameter("bucket"), Key="fixed/key", Body=b"")
