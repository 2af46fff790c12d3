import functools
import json
from functools import lru_cache

import boto3

ssm = boto3.client("ssm")
audit = boto3.client("firehose")


def audited(kind):
    """Sends a record before the decorated function runs."""

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            audit.put_record(
                DeliveryStreamName="audit-trail",
                Record={"Data": json.dumps({"kind": kind}).encode()},
            )
            return function(*args, **kwargs)

        return wrapper

    return decorate


@lru_cache(maxsize=None)
def limit(name):
    return int(ssm.get_parameter(Name=f"/limits/{name}")["Parameter"]["Value"])


@audited("transfer")
def transfer(amount):
    if amount > limit("transfer"):
        raise ValueError("over the limit")
    return amount


def handler(event, context):
    return transfer(event["amount"])
