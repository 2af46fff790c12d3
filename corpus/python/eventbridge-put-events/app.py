import json

import boto3

events = boto3.client("events")


def entry(kind, detail, bus=None):
    made = {"Source": "shop", "DetailType": kind, "Detail": json.dumps(detail)}
    if bus is not None:
        made["EventBusName"] = bus
    return made


def handler(event, context):
    events.put_events(Entries=[entry("OrderPlaced", event, "shop-events")])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "Seen", "Detail": "{}"}])
