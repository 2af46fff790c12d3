import boto3

import reports

table = boto3.resource("dynamodb").Table("bookings")


def book(event, context):
    table.put_item(Item={"id": event["id"], "day": event["day"]})
    reports.note(event["day"])


def cancel(event, context):
    table.delete_item(Key={"id": event["id"]})
    reports.rebuild()
