import boto3

s3 = boto3.client("s3")


def size(key):
    return s3.head_object(Bucket="keyed", Key=key)["ContentLength"]


def handler(event, context):
    largest = max(["a", "b"], key=size)
    ordered = sorted(["a", "b"], key=lambda key: s3.get_object_tagging(Bucket="keyed", Key=key)["TagSet"] and 1 or 0)
    return largest, ordered
