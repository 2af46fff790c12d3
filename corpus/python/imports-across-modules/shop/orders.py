from . import settings
from .storage import tables as t


def save_order(order):
    t.table(settings.ORDERS).put_item(Item={"id": order["id"], "article": order["article"]})
