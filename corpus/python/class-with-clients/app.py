from stores import ArticleStore


class Shop:
    def __init__(self, store):
        self.store = store

    def restock(self, article):
        stock = self.store.get(article)
        self.store.put({**stock, "id": article, "stock": 100})
        self.store.announce(f"{article} is back")


def handler(event, context):
    Shop(ArticleStore()).restock(event["article"])
