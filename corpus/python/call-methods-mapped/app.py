import boto3

table = boto3.resource("dynamodb").Table("mapped")


def each(function, items):
    return [function(**item) for item in items]


def pipeline(value, *steps):
    for step in steps:
        value = step(value)
    return value


def handler(event, context):
    each(table.put_item, [{"Item": {"id": "1"}}, {"Item": {"id": "2"}}])
    list(map(lambda key: table.delete_item(Key={"id": key}), ["1"]))
    pipeline({"id": "2"}, lambda key: table.get_item(Key=key), print)
    callbacks = [table.scan]
    for callback in callbacks:
        callback()
