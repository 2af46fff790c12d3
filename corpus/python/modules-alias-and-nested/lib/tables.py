import boto3


def scan():
    return boto3.resource("dynamodb").Table("aliased").scan()
