from shared.store import store


def handler(event, context):
    store("from-function")
