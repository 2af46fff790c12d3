import boto3

s3 = boto3.resource("s3")


def clean_up():
    """Removes what interrupted imports have left."""
    s3.Bucket("imports").objects.filter(Prefix="tmp/").delete()


def sizes():
    return {summary.key: summary.size for summary in s3.Bucket("imports").objects.all()}


def bucket_names():
    return [bucket.name for bucket in s3.buckets.all()]


def handler(event, context):
    clean_up()
    return {"buckets": bucket_names(), "sizes": sizes()}
