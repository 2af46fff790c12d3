from functools import wraps

import boto3


def with_client(service):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            kwargs["client"] = boto3.client(service)
            return function(*args, **kwargs)

        return wrapper

    return decorate


@with_client("iam")
def describe_role(name, **kwargs):
    client = kwargs.pop("client")
    return client.get_role(RoleName=name, **kwargs)


def handler(event, context):
    return describe_role("reports-reader")
