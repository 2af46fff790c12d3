"""Makes a thumbnail-sized copy of an uploaded file and keeps both."""

import io
import tempfile

import boto3

s3 = boto3.client("s3")
gallery = boto3.resource("s3").Bucket("gallery")


def fetch(name):
    picture = io.BytesIO()
    s3.download_fileobj("incoming", f"pictures/{name}", picture)
    return picture.getvalue()


def keep(name, data):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        s3.upload_file(file.name, "gallery", f"original/{name}")
    gallery.upload_fileobj(io.BytesIO(data[:100]), f"small/{name}")


def handler(event, context):
    name = event["name"]
    keep(name, fetch(name))
