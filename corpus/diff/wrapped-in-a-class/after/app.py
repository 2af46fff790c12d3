import boto3


class Orders:
    def __init__(self):
        self.table = boto3.resource("dynamodb").Table("orders")

    def load(self, key):
        return self.table.get_item(Key=key)["Item"]


orders = Orders()


def handler(event, context):
    return orders.load({"id": event["id"]})
