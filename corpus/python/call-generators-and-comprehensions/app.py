import boto3

s3 = boto3.client("s3")


def numbered(prefix, count):
    for number in range(count):
        yield s3.put_object(Bucket="many", Key=f"{prefix}/{number}", Body=b"")


def reader(bucket):
    return lambda key: s3.get_object(Bucket=bucket, Key=key)


def deleter(bucket):
    def delete(key):
        s3.delete_object(Bucket=bucket, Key=key)

    return delete


def handler(event, context):
    list(numbered("generated", 2))
    read = reader("many")
    bodies = [read(key)["Body"] for key in ("generated/0", "generated/1")]
    tags = {key: s3.get_object_tagging(Bucket="many", Key=key) for key in ["generated/0"]}
    delete = deleter("many")
    any(delete(key) for key in ["generated/1"])
    return len(bodies), len(tags)
