import boto3

s3 = boto3.client("s3")


def walk(prefix):
    page = s3.list_objects_v2(Bucket="folders", Prefix=prefix, Delimiter="/")
    for item in page.get("Contents", []):
        s3.get_object(Bucket="folders", Key=item["Key"])
    for folder in page.get("CommonPrefixes", []):
        walk(folder["Prefix"])


def handler(event, context):
    walk("top/")
