from os import environ, getenv

import boto3


class Settings:
    table = environ["TABLE"]
    index = getenv("INDEX")


def handler(event, context):
    table = boto3.resource("dynamodb").Table(Settings.table)
    return table.scan(IndexName=Settings.index)["Count"]
