import boto3

s3 = boto3.client("s3")


def handler(event, context):
    found = event.get("key") and s3.get_object(Bucket="expressions", Key="and")
    kept = s3.put_object(Bucket="expressions", Key="if", Body=b"") if event.get("keep") else None
    parts = [*map(str, s3.list_objects_v2(Bucket="expressions").get("Contents", []))]
    return bool(found), bool(kept), f"{s3.get_bucket_location(Bucket='expressions')} {parts}"
