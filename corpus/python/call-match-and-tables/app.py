import boto3

table = boto3.resource("dynamodb").Table("things")


def create(thing):
    table.put_item(Item=thing)


class Reads:
    def one(self, thing):
        return table.get_item(Key={"id": thing["id"]})


ACTIONS = {"create": create, "read": Reads().one, "delete": lambda thing: table.delete_item(Key={"id": thing["id"]})}


def handler(event, context):
    ACTIONS[event["action"]]({"id": "1"})
    match event:
        case {"all": True}:
            table.scan()
        case {"action": "create" | "read"}:
            ACTIONS.get("read")({"id": "1"})
        case _:
            boto3.client("sns").publish(
                TopicArn="arn:aws:sns:us-east-1:123456789012:things", Message=event["action"]
            )
