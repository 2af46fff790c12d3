import boto3

s3 = boto3.client("s3")
BUCKETS = {"eu": "branch-eu", "us": "branch-us"}


def bucket_of(event):
    return BUCKETS.get(event.get("region"), "branch-other")


def handler(event, context):
    s3.put_object(Bucket=bucket_of(event), Key="dictionary", Body=b"")
    key = "yes" if event.get("flag") else "no"
    s3.put_object(Bucket="branch-eu", Key=key, Body=b"")
    for kind in ("x", "y"):
        for number in [1, 2]:
            s3.put_object(Bucket="branch-us", Key=f"{kind}{number}", Body=b"")
