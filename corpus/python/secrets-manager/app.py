import json

import boto3

_cache = {}


def credentials(name):
    """Asks once per name, as extension-free functions do."""
    if name not in _cache:
        client = boto3.client("secretsmanager")
        _cache[name] = json.loads(client.get_secret_value(SecretId=name)["SecretString"])
    return _cache[name]


def handler(event, context):
    database = credentials("shop/database")
    mail = credentials("shop/mail")
    return [database["user"], mail["user"]]
