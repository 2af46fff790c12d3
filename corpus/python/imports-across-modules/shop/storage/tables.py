import boto3

from ..settings import STOCK as STOCK_TABLE

_dynamodb = boto3.resource("dynamodb")


def table(name):
    return _dynamodb.Table(name)


def stock_table():
    return table(STOCK_TABLE)
