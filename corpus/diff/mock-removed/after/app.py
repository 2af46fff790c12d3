class Table:
    def get_item(self, Key):
        return {"Item": Key}


table = Table()


def handler(event, context):
    return table.get_item(Key={"id": event["id"]})["Item"]
