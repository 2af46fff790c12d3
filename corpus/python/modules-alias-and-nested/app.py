import lib.storage as store
import lib.tables


def handler(event, context):
    store.put("x")
    lib.tables.scan()
