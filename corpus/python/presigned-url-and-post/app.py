"""Hands out links for a download and for an upload; the browser does the rest."""

import boto3

s3 = boto3.client("s3")


def download_link(document):
    return s3.generate_presigned_url(
        "get_object",
        Params={"Bucket": "documents", "Key": f"signed/{document}.pdf"},
        ExpiresIn=300,
    )


def upload_form(customer):
    return s3.generate_presigned_post(
        Bucket="documents",
        Key=f"inbox/{customer}/${{filename}}",
        Conditions=[["content-length-range", 1, 1_000_000]],
    )


def handler(event, context):
    return {
        "download": download_link(event["document"]),
        "upload": upload_form(event["customer"]),
    }
