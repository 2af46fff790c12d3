"""An HTTP API in one function: routes in a dictionary."""

import json

import boto3

notes = boto3.resource("dynamodb").Table("notes")


def list_notes(event):
    return notes.scan(ProjectionExpression="id, title")["Items"]


def create_note(event):
    note = json.loads(event["body"])
    notes.put_item(Item=note)
    return note


class Attachments:
    def __init__(self, bucket):
        self.bucket = boto3.resource("s3").Bucket(bucket)

    def upload(self, event):
        self.bucket.put_object(Key=f"notes/{event['id']}/attachment", Body=event["body"])
        return {}


attachments = Attachments("note-attachments")

ROUTES = {
    ("GET", "/notes"): list_notes,
    ("POST", "/notes"): create_note,
    ("PUT", "/attachments"): attachments.upload,
}


def handler(event, context):
    route = ROUTES.get((event["httpMethod"], event["path"]))
    if route is None:
        return {"statusCode": 404}
    return {"statusCode": 200, "body": json.dumps(route(event), default=str)}
