import json
import urllib.request

BASE = "https://inventory.example.com"


class InventoryClient:
    """A client of our own HTTP API that happens to name its calls like the SDK."""

    def __init__(self, session):
        self.session = session

    def get_object(self, Bucket, Key):
        return self.session.get(f"{BASE}/{Bucket}/{Key}")

    def send_message(self, QueueUrl, MessageBody):
        return self.session.post(QueueUrl, data=MessageBody)


def handler(event, context):
    requests = __import__("requests") if event.get("online") else None
    if requests:
        client = InventoryClient(requests.Session())
        client.get_object(Bucket="shelf", Key="1")
        client.send_message(QueueUrl=f"{BASE}/queue", MessageBody=json.dumps(event))
    return urllib.request.Request(BASE, method="POST").get_method()
