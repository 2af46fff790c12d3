import boto3

s3 = boto3.client("s3")
iam = boto3.client("iam")


def keys():
    token = None
    while True:
        extra = {"ContinuationToken": token} if token else {}
        page = s3.list_objects_v2(Bucket="by-hand", **extra)
        yield from (item["Key"] for item in page.get("Contents", []))
        if not page["IsTruncated"]:
            return
        token = page["NextContinuationToken"]


def handler(event, context):
    found = list(keys())
    marker = {}
    while True:
        page = iam.list_roles(PathPrefix="/teams/", **marker)
        if not page.get("IsTruncated"):
            break
        marker = {"Marker": page["Marker"]}
    return len(found)
