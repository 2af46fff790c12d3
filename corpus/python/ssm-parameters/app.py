import os

import boto3

ssm = boto3.client("ssm")
ROOT = f"/{os.environ.get('STAGE', 'prod')}/billing"


def settings():
    found = ssm.get_parameters_by_path(Path=ROOT, Recursive=True, WithDecryption=True)
    return {item["Name"].removeprefix(ROOT): item["Value"] for item in found["Parameters"]}


def handler(event, context):
    values = settings()
    values["currency"] = ssm.get_parameter(Name="shop.currency")["Parameter"]["Value"]
    both = ssm.get_parameters(Names=[f"{ROOT}/key", f"{ROOT}/salt"])
    return values, len(both["Parameters"])
