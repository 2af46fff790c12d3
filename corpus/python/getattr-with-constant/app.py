import boto3

glue = boto3.client("glue")

ACTIONS = {"start": "start_crawler", "stop": "stop_crawler"}


def run(method, **arguments):
    return getattr(glue, method)(**arguments)


def handler(event, context):
    run(ACTIONS["start"], Name="sales")
    run("get_crawler", Name="sales")
