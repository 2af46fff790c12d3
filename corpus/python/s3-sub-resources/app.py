"""Brings the audit bucket into the state that the company's rules ask for."""

import json

import boto3

POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "OnlyTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "arn:aws:s3:::audit-trail/*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}


def main():
    s3 = boto3.resource("s3")
    bucket = s3.Bucket("audit-trail")

    versioning = bucket.Versioning()
    if versioning.status != "Enabled":
        versioning.enable()

    bucket.Policy().put(Policy=json.dumps(POLICY))
    s3.BucketTagging("audit-trail").put(
        Tagging={"TagSet": [{"Key": "owner", "Value": "audit"}]}
    )


if __name__ == "__main__":
    main()
