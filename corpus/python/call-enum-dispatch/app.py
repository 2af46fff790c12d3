from enum import Enum

import boto3

table = boto3.resource("dynamodb").Table("dispatched")


class Action(Enum):
    ADD = "add"
    DROP = "drop"


def add(key):
    table.put_item(Item={"id": key})


def drop(key):
    table.delete_item(Key={"id": key})


ACTIONS = {Action.ADD: add, Action.DROP: drop}


def handler(event, context):
    ACTIONS[Action(event["action"])]("1")
