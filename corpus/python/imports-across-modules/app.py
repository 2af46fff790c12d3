import shop.settings
from shop import save_order
from shop.storage.tables import *  # noqa: F403


def handler(event, context):
    save_order(event)
    stock_table().delete_item(Key={"id": event["article"]})  # noqa: F405
    return shop.settings.ORDERS
