import json
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table("events")


def handler(event, context):
    for record in event["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        s3.copy_object(
            Bucket="event-archive",
            Key=f"archive/{key}",
            CopySource={"Bucket": "event-inbox", "Key": f"inbox/{key}"},
        )
    body = json.loads(event.get("body", "{}"))
    s3.put_object(Bucket="event-archive", Key="user/" + body.get("user", "nobody") + "/x.json", Body=b"")
