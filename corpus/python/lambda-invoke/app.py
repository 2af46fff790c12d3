import json

import boto3

functions = boto3.client("lambda")


def ask(name, payload, **options):
    return functions.invoke(FunctionName=name, Payload=json.dumps(payload).encode(), **options)


def handler(event, context):
    ask("make-invoice", event, InvocationType="Event")
    ask("price-of", event, Qualifier="live")
    ask("arn:aws:lambda:eu-west-1:210987654321:function:tax-rates", {"country": "FR"})
