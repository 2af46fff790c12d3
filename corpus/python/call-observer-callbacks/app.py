from collections import defaultdict

import boto3

table = boto3.resource("dynamodb").Table("observed")


class Bus:
    def __init__(self):
        self.listeners = defaultdict(list)

    def on(self, name):
        def register(function):
            self.listeners[name].append(function)
            return function

        return register

    def emit(self, name, **data):
        for listener in self.listeners[name]:
            listener(**data)


bus = Bus()


@bus.on("created")
def created(item):
    table.put_item(Item=item)


@bus.on("removed")
def removed(item):
    table.delete_item(Key={"id": item["id"]})


def handler(event, context):
    bus.emit("created", item={"id": "1"})
    bus.emit("removed", item={"id": "1"})
