import boto3

s3 = boto3.client("s3")


def read(key):
    # perm-infer: resource arn:aws:s3:::*/*
    return s3.get_object(Bucket="reports", Key=f"daily/{key}")


def write(key):
    # A sentence about perm-infer: ignore is no order.
    s3.put_object(Bucket="reports", Key=f"daily/{key}", Body=b"# perm-infer: ignore")


def extend():
    # perm-infer: allow s3:* on arn:aws:s3:::reports/*
    # perm-infer: allow dynamodb:GetItem on *
    # perm-infer: resource everything
    return None
