import accounts


def handler(event, context):
    return accounts.close(event["account"])
