"""Hands out short-lived credentials for a partner's account."""

import boto3

sts = boto3.client("sts")


def handler(event, context):
    me = sts.get_caller_identity()["Account"]
    assumed = sts.assume_role(
        RoleArn=f"arn:aws:iam::{event['account']}:role/partner/reader",
        RoleSessionName=f"from-{me}",
        DurationSeconds=900,
    )
    return assumed["Credentials"]["AccessKeyId"]
