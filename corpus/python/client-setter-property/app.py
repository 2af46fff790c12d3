import boto3


class Repository:
    def __init__(self):
        self._table = None

    @property
    def table(self):
        return self._table

    @table.setter
    def table(self, name):
        self._table = boto3.resource("dynamodb").Table(name)


def handler(event, context):
    repository = Repository()
    repository.table = "set-items"
    repository.table.put_item(Item={"id": "1"})
